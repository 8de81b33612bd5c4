"""A task that others are asked to sign, and what they say."""

from engine.bpmn.model import Net
from engine.runtime.commands import AddSignatory, CompleteActivity
from engine.runtime.effects import UserTaskOpened
from tests.unit.engine import diagram as d
from tests.unit.engine.instance import Instance

OUTCOME = d.output("decision", "outcome")


def reviewed() -> Instance:
    """Return an instance at its review."""
    return Instance(d.diagram("start -> review -> later -> end", review=d.user(OUTCOME), later=d.user()))


def add(case: Instance, place: str, *who: str, element: str = "review", index: int = 0) -> list[str]:
    """Add signatories and return the ids of what was opened for them."""
    signatories = tuple({"person": name} for name in who)
    case.send(AddSignatory(case.activity(element, index), place, signatories))  # type: ignore[arg-type]
    return [each.activity_id for each in case.happened(UserTaskOpened)]


def say(case: Instance, activity_id: str, outcome: str = "agree") -> Instance:
    """Complete a task or signature with an outcome."""
    return case.send(CompleteActivity(activity_id, {"outcome": outcome}))


def voters(**options: object) -> Net:
    """Return a diagram of three reviews over a list."""
    loop = d.instances(over="people", item="who", into="said", result="outcome", **options)  # type: ignore[arg-type]
    return d.diagram("start -> review -> later -> end", review=d.user("", loop), later=d.user())
