"""Reading variables out of an instance's state, without changing it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.runtime.state import State

Values = Mapping[str, Any]


def variables_of(state: State | None, activity_id: str | None = None) -> Values:
    """Return what an open activity sees, or the variables of the instance's own process without one.

    Inside a called process these are the called process' variables; inside a multi-instance activity the
    locals of that instance cover them.
    """
    if state is None:
        return {}
    if activity_id is None or activity_id not in state["activities"]:
        return _root_variables(state)
    covered: list[Values] = []
    while True:
        activity = state["activities"][activity_id]
        covered.append(activity.get("locals", {}))
        scope = state["scopes"][activity["scope"]]
        covered.append(scope.get("variables", {}))
        if scope["element"] is None:
            return {name: value for values in reversed(covered) for name, value in values.items()}
        activity_id = scope["owner"]
        if activity_id is None:
            return _root_variables(state)


def _root_variables(state: State) -> Values:
    for scope in state["scopes"].values():
        if scope["owner"] is None:
            return scope.get("variables", {})
    return {}
