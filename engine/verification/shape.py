"""The shape of a state: where its tokens are, whatever the ids.

Two states of one shape behave alike, so exploring needs to look at one of them.
"""

from collections import defaultdict
from collections.abc import Hashable

from engine.runtime.state import Activity, Done, State

Shape = Hashable
MOST_OF_A_KIND = 2


def shape_of(state: State) -> Shape:
    """Return a value that is equal for states in which the same can happen next."""
    return _Shaper(state).scope(next(key for key, each in state["scopes"].items() if each["owner"] is None))


def records_of(done: list[Done]) -> Shape:
    """Describe what can be compensated, in order. Three of a kind show nothing that two do not."""
    kept: list[Shape] = []
    for record in done:
        inside = record.get("inside")
        content = None if inside is None else records_of(inside["done"])
        shape = (record["element"], "failed" in record, content)
        if kept.count(shape) < MOST_OF_A_KIND:
            kept.append(shape)
    return tuple(kept)


class _Shaper:
    """Describes scopes and activities from the outside inwards, sorted, without ids."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._visits: dict[str, list[str]] = defaultdict(list)
        self._instances: dict[str, list[str]] = defaultdict(list)
        self._waits: dict[str, list[str]] = defaultdict(list)
        for activity_id, activity in state["activities"].items():
            if "instance_of" in activity:
                self._instances[activity["instance_of"]].append(activity_id)
            else:
                self._visits[activity["scope"]].append(activity_id)
        for wait in state["waits"].values():
            # A repeating timer that will fire once more differs from one that will not.
            self._waits[wait.get("activity", wait["scope"])].append(
                f"{wait['element']} {wait.get('part')} {wait.get('repeats')}"
            )

    def scope(self, scope_id: str) -> Shape:
        scope = self._state["scopes"][scope_id]
        return (
            scope["process"],
            scope["element"],
            records_of(scope.get("done", [])),
            tuple(sorted(scope["joins"].items())),
            tuple(sorted(map(self._activity, self._visits[scope_id]), key=repr)),
            tuple(sorted(self._waits[scope_id])),
        )

    def _undo(self, activity: Activity) -> Shape:
        undo = activity.get("undo")
        if undo is None:
            return "undoes" in activity
        return (records_of(undo["todo"]), undo.get("event"), undo.get("error"), "aside" in undo)

    def _activity(self, activity_id: str) -> Shape:
        activity = self._state["activities"][activity_id]
        loop = activity.get("loop")
        return (
            activity["element"],
            self._undo(activity),
            records_of(activity.get("done", [])),
            None if loop is None else (loop["started"], loop["done"]),
            tuple(sorted(map(self._activity, self._instances[activity_id]), key=repr)),
            self.scope(activity["child"]) if "child" in activity else None,
            tuple(sorted(self._waits[activity_id])),
            # Before or after which signature a task stands; most have none.
            activity.get("place"),
            "held" in activity,
            "given" in activity,
        )
