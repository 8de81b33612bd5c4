"""What administrators may do to an instance: move a token, correct variables.

BPMN draws no such thing; both leave a state as it could be at rest in the diagram. Who may ask, the
reason and the second administrator's consent are the business of ``engine.operations``; whether a moved
token lets a join starve is found out by ``engine.verification.continuation``.
"""

from engine.bpmn.model import Element, ElementKind
from engine.runtime.cancelling import cancel_activity
from engine.runtime.commands import JsonObject
from engine.runtime.errors import Incident, NoLongerWaiting
from engine.runtime.run import Arrival, Run
from engine.runtime.scopes import INITIATOR
from engine.runtime.state import Stretch, root_scope
from engine.runtime.stretches import close_way_back
from engine.runtime.variables import write
from kernel.language import Text

# An instance of several, an added signature, and what undoes or is undone: their tokens are not their own.
PART_OF_ANOTHER = frozenset({"instance_of", "added_to", "undo", "undoes"})
_NOT_A_PLACE = frozenset({ElementKind.START_EVENT, ElementKind.BOUNDARY_EVENT})


def move_token(run: Run, activity_id: str, to: str) -> None:
    """Interrupt a visit (BPMN 2.0.2, 13.3.2) and let its token arrive at another element of its scope.

    Raises:
        NoLongerWaiting: the visit is over.
        Incident: the token cannot be taken out there, or not be put down here.
    """
    activity = run.activities.get(activity_id)
    if activity is None:
        raise NoLongerWaiting(f"activity {activity_id}")
    element = run.element_of(activity)
    if activity.keys() & PART_OF_ANOTHER or element.triggered_by_event:
        raise _cannot_leave(element)
    scope_id = activity["scope"]
    target = run.process_of(scope_id).elements.get(to)
    if target is None or target.parent != run.scopes[scope_id]["element"] or not is_place(target):
        raise _no_place(element, to)
    cancel_activity(run, activity_id)
    # What led here is not the way that the diagram draws to there: nobody is returned along it.
    run.line = activity.get("line")
    close_way_back(run)
    # No flow was taken: nothing that is put down here asks from where it came.
    run.arrivals.append(Arrival(scope_id, to, "", run.line))


def is_place(element: Element) -> bool:
    """Tell whether a token may be put down before an element.

    Not where no token ever arrives by a flow (starts, boundary events, event sub-processes), and not
    before a join, which counts the flows on which tokens came.
    """
    is_join = "Gateway" in element.kind.value and element.kind is not ElementKind.EXCLUSIVE_GATEWAY
    if element.kind in _NOT_A_PLACE or not element.incoming:
        return False
    return not (is_join and len(element.incoming) > 1)


def correct_variables(run: Run, activity_id: str | None, values: JsonObject) -> None:
    """Set variables of the instance's own process, or of the scope that an open activity works in.

    Raises:
        NoLongerWaiting: the activity is over.
        Incident: a value is too large, or the variable says who began the instance.
    """
    if activity_id is not None and activity_id not in run.activities:
        raise NoLongerWaiting(f"activity {activity_id}")
    scope_id = root_scope(run.state)[0] if activity_id is None else run.activities[activity_id]["scope"]
    process = run.process_of(scope_id)
    if INITIATOR in values:
        raise Incident(
            "correct.initiator",
            Text(
                zh="发起人不能更正：回避规则以其为准。",
                en="Who began the instance cannot be corrected: four eyes depend on it.",
            ),
        )
    write(run, scope_id, dict(values), process.elements[process.starts[0]])
    _forget_short_cuts(run)


def _forget_short_cuts(run: Run) -> None:
    """Nobody saw these values: nothing is taken back past them, and no approval spared behind them."""
    if "way_back" not in run.state:
        return
    lines = run.state["way_back"]["lines"]
    for line_id, line in lines.items():
        lines[line_id] = {**line, "stretches": [_firm(stretch) for stretch in line["stretches"]]}


def _firm(stretch: Stretch) -> Stretch:
    firm: Stretch = {**stretch, "firm": True}
    firm.pop("straight", None)
    return firm


def _cannot_leave(element: Element) -> Incident:
    return Incident(
        "move.source",
        Text(
            zh="多实例中的一个实例、加签、补偿和事件子流程不能移动；请移动整个活动或其中的步骤。",
            en="One instance of several, an added signature, a compensation and an event sub-process are not"
            " moved; move the whole activity, or an element inside.",
        ),
        element.id,
    )


def _no_place(element: Element, to: str) -> Incident:
    return Incident(
        "move.target",
        Text(
            zh=f"令牌不能放到“{to}”：须是同一范围内有流入顺序流的元素，且不是汇合网关。",
            en=f"The token cannot be put before “{to}”: that must be an element of the same scope,"
            " with an incoming flow and no join.",
        ),
        element.id,
    )
