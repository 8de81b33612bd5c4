"""The processes that are measured."""

from __future__ import annotations

from typing import Any

from tests.integration.engine.diagrams import (
    chain,
    diagram,
    end,
    files,
    flow,
    node,
    review_form,
    start,
    user_task,
)

Files = dict[str, bytes]
APPROVAL, ROUNDS, BRANCHES = "bench-approval", "bench-rounds", "bench-branches"
# Who works on which element; the lanes of the drawing.
LANES = {
    "releasing_unit": ("fill_in",),
    "operator": ("precheck",),
    "reviewer": ("review", "expert"),
    "provider": ("legal", "decide"),
}
BRANCH_COUNT = 8
_OPINION = "材料齐全，符合第9.1条的要求，同意进入下一环节。请发布单位按期完成登记并通知各方。"


def approval() -> Files:
    """Return twelve elements in four lanes: six tasks, a decision, two branches that join, a way back."""
    four_eyes = 'zujian:differsFrom="fill_in"'
    tasks = (
        _task("fill_in"),
        _task("precheck", 'zujian:deadline="5D"'),
        _task("review", four_eyes),
        _task("expert", four_eyes),
        _task("legal"),
        _task("decide", 'zujian:deadline="5D"', "decision=outcome"),
    )
    return files(
        APPROVAL,
        diagram(
            APPROVAL,
            _lanes("fill_in", "precheck", "review", "expert", "legal", "decide"),
            start(),
            *tasks,
            node("parallelGateway", "split"),
            node("parallelGateway", "joined"),
            node("exclusiveGateway", "decided"),
            end("refused", "refused"),
            end(),
            *chain(
                "begin", "fill_in", "precheck", "review", "split", "expert", "joined", "decide", "decided"
            ),
            *chain("split", "legal", "joined"),
            flow("decided", "refused", "decision == 'return'"),
            flow("decided", "done", "decision == 'agree'"),
        ),
        review=_form(),
    )


def rounds() -> Files:
    """Return a task that is sent back to the one before it, as often as one likes."""
    return files(
        ROUNDS,
        diagram(
            ROUNDS,
            _lanes("fill_in", "review"),
            start(),
            _task("fill_in"),
            _task("review", 'zujian:differsFrom="fill_in"', "decision=outcome"),
            node("exclusiveGateway", "decided"),
            end(),
            *chain("begin", "fill_in", "review", "decided"),
            flow("decided", "fill_in", "decision == 'return'"),
            flow("decided", "done", "decision == 'agree'"),
        ),
        review=_form(),
    )


def branches() -> Files:
    """Return eight tasks side by side that join."""
    names = [f"part_{number}" for number in range(BRANCH_COUNT)]
    return files(
        BRANCHES,
        diagram(
            BRANCHES,
            start(),
            user_task("fill_in", "releasing_unit", "review.json"),
            node("parallelGateway", "split"),
            *(user_task(name, "reviewer", "review.json") for name in names),
            node("parallelGateway", "joined"),
            end(),
            *chain("begin", "fill_in", "split"),
            *(part for name in names for part in chain("split", name, "joined")),
            *chain("joined", "done"),
        ),
        review=_form(),
    )


def answer(size: int = 200, outcome: str = "agree") -> dict[str, Any]:
    """Return form data of about ``size`` bytes."""
    room = max(0, size - 45)
    opinion = (_OPINION * (room // len(_OPINION.encode()) + 1)).encode()[:room].decode(errors="ignore")
    return {"outcome": outcome, "opinion": opinion, "score": 95}


def role_of(element: str) -> str:
    """Return who works on an element."""
    return next((role for role, names in LANES.items() if element in names), "reviewer")


def _form() -> dict[str, Any]:
    form = review_form()
    form["properties"]["opinion"]["maxLength"] = 20_000
    return form


def _task(name: str, attributes: str = "", outputs: str = "") -> str:
    return user_task(name, role_of(name), "review.json", attributes, outputs)


def _lanes(*present: str) -> str:
    drawn = "".join(
        f'<bpmn:lane id="lane_{role}" name="{role}" zujian:role="{role}">'
        + "".join(f"<bpmn:flowNodeRef>{name}</bpmn:flowNodeRef>" for name in names if name in present)
        + "</bpmn:lane>"
        for role, names in LANES.items()
    )
    return f'<bpmn:laneSet id="lanes">{drawn}</bpmn:laneSet>'
