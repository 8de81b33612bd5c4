"""Definitions that several of the engine's tests deploy."""

from __future__ import annotations

from tests.integration.engine.diagrams import (
    boundary,
    chain,
    diagram,
    end,
    files,
    flow,
    listener,
    node,
    review_form,
    service_task,
    start,
    timer,
    user_task,
)

Files = dict[str, bytes]


def review_process(key: str = "review-process") -> Files:
    """Return fill in → check → review, back to fill in when returned."""
    return files(
        key,
        diagram(
            key,
            start(),
            user_task("fill_in", "releasing_unit"),
            service_task("check", "checks.run", "stage='creation'", "passed=passed"),
            user_task(
                "review", "reviewer", "review.json", 'zujian:differsFrom="fill_in"', "decision=outcome"
            ),
            node("exclusiveGateway", "decided"),
            end(),
            *chain("begin", "fill_in", "check", "review", "decided"),
            flow("decided", "fill_in", "decision == 'return'"),
            flow("decided", "done", "decision == 'agree'"),
        ),
        review=review_form(),
    )


def single_task(
    key: str = "single", attributes: str = "", role: str = "reviewer", form: bool = True
) -> Files:
    """Return one user task between start and end."""
    forms = {"review": review_form()} if form else {}
    task = user_task("review", role, "review.json" if form else "", attributes)
    return files(key, diagram(key, start(), task, end(), *chain("begin", "review", "done")), **forms)


def parallel_reviews(key: str = "parallel") -> Files:
    """Return two reviews side by side that join before the end."""
    return files(
        key,
        diagram(
            key,
            start(),
            node("parallelGateway", "fork"),
            user_task("first", "reviewer"),
            user_task("second", "operator"),
            node("parallelGateway", "join"),
            end(),
            *chain("begin", "fork", "first", "join", "done"),
            *chain("fork", "second", "join"),
        ),
    )


def single_service(key: str = "service", parameters: str = "stage='creation'") -> Files:
    """Return one service task with a business error that leads to another end."""
    error = '<bpmn:error id="refused_error" name="refused" errorCode="refused"/>'
    catch = '<bpmn:errorEventDefinition errorRef="refused_error"/>'
    return files(
        key,
        diagram(
            key,
            start(),
            service_task("check", "checks.run", parameters, "passed=passed"),
            boundary("was_refused", "check", catch),
            end(),
            end("refused_end", "refused"),
            *chain("begin", "check", "done"),
            *chain("was_refused", "refused_end"),
            declarations=error,
        ),
    )


def task_with_timeout(key: str = "timeout") -> Files:
    """Return a user task that is given up after three days."""
    return files(
        key,
        diagram(
            key,
            start(),
            user_task("answer", "provider"),
            boundary("too_late", "answer", timer("P3D")),
            end(),
            end("given_up", "overdue"),
            *chain("begin", "answer", "done"),
            *chain("too_late", "given_up"),
        ),
    )


def task_with_listener(key: str = "listener", event: str = "APPROVE") -> Files:
    """Return a user task whose completion asks for a transition."""
    extension = listener("catalogue.transition", f"event='{event}'")
    task = user_task("review", "reviewer").replace(
        "</bpmn:userTask>", f"<bpmn:extensionElements>{extension}</bpmn:extensionElements></bpmn:userTask>"
    )
    return files(key, diagram(key, start(), task, end(), *chain("begin", "review", "done")))


def block_with_listener(key: str = "block") -> Files:
    """Return a sub-process that a person's task ends, and whose end asks for a transition."""
    inside = "".join(
        (
            start("inside"),
            user_task("review", "reviewer"),
            end("reviewed"),
            '<bpmn:sequenceFlow id="in_1" sourceRef="inside" targetRef="review"/>',
            '<bpmn:sequenceFlow id="in_2" sourceRef="review" targetRef="reviewed"/>',
        )
    )
    extension = listener("catalogue.transition", "event='APPROVE'")
    part = node("subProcess", "part", inside, extensions=extension)
    return files(key, diagram(key, start(), part, end(), *chain("begin", "part", "done")))


def throwing_process(key: str = "creation") -> Files:
    """Return a task after which ``component.created`` is thrown."""
    message = '<bpmn:message id="created" name="component.created"/>'
    payload = '<zujian:parameter name="versionId" value="versionId"/>'
    throw = node(
        "intermediateThrowEvent",
        "tell",
        '<bpmn:messageEventDefinition messageRef="created"/>',
        'zujian:correlationKey="versionId"',
        f"<zujian:payload>{payload}</zujian:payload>",
    )
    return files(
        key,
        diagram(
            key,
            start(),
            user_task("prepare", "releasing_unit"),
            throw,
            end(),
            *chain("begin", "prepare", "tell", "done"),
            declarations=message,
        ),
    )


def message_started_process(key: str = "onboarding", exclusive: bool = True) -> Files:
    """Return a process that ``component.created`` starts, one for each business key."""
    message = '<bpmn:message id="created" name="component.created"/>'
    begin = start("told", '<bpmn:messageEventDefinition messageRef="created"/>')
    return files(
        key,
        diagram(
            key,
            begin,
            user_task("adapt", "provider"),
            end(),
            *chain("told", "adapt", "done"),
            declarations=message,
            attributes='zujian:exclusive="true"' if exclusive else "",
        ),
    )


def calling_process(key: str = "caller", called: str = "single") -> Files:
    """Return a process that calls another one and ends with its result."""
    call = node(
        "callActivity",
        "part",
        attributes=f'calledElement="{called}"',
        extensions='<zujian:output variable="partResult" expression="get(output, \'result\', None)"/>',
    )
    return files(key, diagram(key, start(), call, end(), *chain("begin", "part", "done")))
