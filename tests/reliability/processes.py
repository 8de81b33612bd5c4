"""The processes that run under fire: parallel branches, rework, retries, timers, a call, messages.

``REVIEW`` is the case. Its first half goes round again when the reviewer returns it; in its second half a
timer passes, another timer races with a person, and a message is awaited. When it ends it throws a message
that starts ``FOLLOW_UP``, in which three people work side by side.
"""

from __future__ import annotations

from typing import Final

from tests.integration.engine.diagrams import (
    boundary,
    chain,
    diagram,
    end,
    files,
    flow,
    node,
    review_form,
    service_task,
    start,
    timer,
    user_task,
)

REVIEW: Final = "soak-review"
PART: Final = "soak-part"
FOLLOW_UP: Final = "soak-follow-up"
PANEL: Final = "soak-panel"
TOPIC: Final = "soak.work"
ANSWER: Final = "soak.answer"
ROLES: Final = ("releasing_unit", "provider", "reviewer", "operator")

Files = dict[str, bytes]


def definitions() -> dict[str, Files]:
    """Return the files of every process by key, in the order in which they can be deployed."""
    return {PART: part(), FOLLOW_UP: follow_up(), PANEL: panel(), REVIEW: review()}


def review() -> Files:
    """Return fill in → (review | check, then review | called part) → pause → race → answer → end."""
    form = "review.json"
    message = '<bpmn:messageEventDefinition messageRef="{}"/>'
    return files(
        REVIEW,
        diagram(
            REVIEW,
            start(),
            user_task("fill_in", "releasing_unit", form),
            node("parallelGateway", "fork"),
            user_task("first_review", "reviewer", form, outputs="decision=outcome"),
            service_task("check", TOPIC, "work='check'", "checked=passed"),
            user_task("second_review", "operator", form),
            node("callActivity", "part", attributes=f'calledElement="{PART}"'),
            node("parallelGateway", "join"),
            node("exclusiveGateway", "decided"),
            node("intermediateCatchEvent", "pause", timer("PT1S")),
            user_task("race", "reviewer", form),
            boundary("too_late", "race", timer("PT2S")),
            node("exclusiveGateway", "raced"),
            service_task("record", TOPIC, "work='record'"),
            node(
                "intermediateCatchEvent",
                "answer",
                message.format("answered"),
                'zujian:correlationKey="reference"',
            ),
            node(
                "intermediateThrowEvent",
                "tell",
                message.format("finished"),
                'zujian:correlationKey="reference"',
            ),
            end(),
            *chain("begin", "fill_in", "fork", "first_review", "join", "decided"),
            *chain("fork", "check", "second_review", "join"),
            *chain("fork", "part", "join"),
            flow("decided", "fill_in", "decision == 'return'"),
            flow("decided", "pause", "decision == 'agree'"),
            *chain("pause", "race", "raced", "record", "answer", "tell", "done"),
            *chain("too_late", "raced"),
            declarations=f'<bpmn:message id="answered" name="{ANSWER}"/>'
            '<bpmn:message id="finished" name="soak.finished"/>',
        ),
        review=review_form(),
    )


def part() -> Files:
    """Return the called process: a service task, then a person."""
    return files(
        PART,
        diagram(
            PART,
            start(),
            service_task("prepare", TOPIC, "work='prepare'"),
            user_task("confirm", "provider", "review.json"),
            end(),
            *chain("begin", "prepare", "confirm", "done"),
        ),
        review=review_form(),
    )


def follow_up() -> Files:
    """Return the process that the message at the end of a case starts: three people at once."""
    return files(
        FOLLOW_UP,
        diagram(
            FOLLOW_UP,
            start("told", '<bpmn:messageEventDefinition messageRef="finished"/>'),
            _at_once("3"),
            end(),
            *chain("told", "panel", "done"),
            declarations='<bpmn:message id="finished" name="soak.finished"/>',
        ),
        review=review_form(),
    )


def panel() -> Files:
    """Return a process in which as many people as its variable says work side by side."""
    return files(
        PANEL,
        diagram(PANEL, start(), _at_once("people"), end(), *chain("begin", "panel", "done")),
        review=review_form(),
    )


def _at_once(people: str) -> str:
    """Return a user task of several people at once."""
    loop = (
        '<bpmn:multiInstanceLoopCharacteristics isSequential="false">'
        f'<bpmn:loopCardinality xsi:type="bpmn:tFormalExpression">{people}</bpmn:loopCardinality>'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    return user_task("panel", "operator", "review.json").replace(
        "</bpmn:userTask>", f"{loop}</bpmn:userTask>"
    )
