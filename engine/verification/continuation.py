"""Can an instance still end from where an operation or a migration would put it?

The definition is explored at deployment from its start events. An operation puts tokens where no run
of the diagram would: out of one branch of a parallel block, say, so that the join waits for ever. The
same exploration, begun at the state in question, finds that before it happens. It is made twice, the
second time as if nothing ever interrupted: an end that is reached only because a timer gives up on a
block that can no longer finish is not what was drawn.
"""

from engine.bpmn.model import Net
from engine.runtime.migrating import without_line
from engine.runtime.state import State, Wait
from engine.verification.exploration import Exploration
from engine.verification.soundness import Violation, violations_of


def obstacles(net: Net, state: State) -> tuple[Violation, ...]:
    """Return what may go wrong from this state on, and could not from the start of the process.

    Empty means: explored up to the bound, every way found leads to an end, no join starves and nothing
    is done twice that was drawn to be done once. A warning that the definition itself was deployed with
    is not held against the state.
    """
    process = net.processes[state["process"]]
    if state["status"] != "running":
        return ()
    begin_at = _explorable(state)
    found: dict[tuple[str, str | None], Violation] = {}
    for is_calm in (False, True):
        new = _keyed(violations_of(Exploration(net, process, process.starts[0], begin_at, is_calm=is_calm)))
        if new:
            drawn = (Exploration(net, process, start, is_calm=is_calm) for start in process.starts)
            known = {key for each in drawn for key in _keyed(violations_of(each))}
            found.update((key, each) for key, each in new.items() if key not in known)
    return tuple(found.values())


def _keyed(violations: list[Violation]) -> dict[tuple[str, str | None], Violation]:
    return {(each.kind, each.element_id): each for each in violations}


def _explorable(state: State) -> State:
    """Return the state as the exploration knows it: without its way, its conditions as signals."""
    result: State = state.copy()
    result.pop("way_back", None)
    result["activities"] = {key: without_line(each) for key, each in state["activities"].items()}
    result["waits"] = {key: _wait(each) for key, each in state["waits"].items()}
    return result


def _wait(wait: Wait) -> Wait:
    """A condition comes true at any time, like a signal; see ``abstraction``."""
    if wait["kind"] != "condition":
        return wait
    result: Wait = {**wait, "kind": "signal", "name": "condition"}
    result.pop("held", None)
    return result
