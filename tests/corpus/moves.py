"""Commands as the corpus writes them: by element and not by id, because later code may number otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from engine.runtime.commands import (
    Cancel,
    Command,
    CompleteActivity,
    DeliverMessage,
    DeliverSignal,
    FireTimer,
    Start,
    ThrowError,
)
from engine.runtime.state import State

Move = dict[str, Any]

_OF_ACTIVITIES: dict[str, type[Any]] = {"complete": CompleteActivity, "error": ThrowError}
_OF_WAITS: dict[str, type[Any]] = {"message": DeliverMessage, "signal": DeliverSignal, "timer": FireTimer}


def written(state: State | None, command: Command) -> Move:
    """Write a command that is about to be given to a state."""
    if isinstance(command, Start):
        return {
            "do": "start",
            "process": command.process,
            "variables": dict(command.variables),
            "event": command.start_event,
        }
    if isinstance(command, Cancel) or state is None:
        return {"do": "cancel"}
    for verb, kind in {**_OF_ACTIVITIES, **_OF_WAITS}.items():
        if isinstance(command, kind):
            records = _records(state, verb)
            first, *others = (getattr(command, each.name) for each in fields(kind))
            element = records[first]["element"]
            return {
                "do": verb,
                "element": element,
                "index": _ids(records, element).index(first),
                "given": [dict(each) if isinstance(each, Mapping) else each for each in others],
            }
    raise TypeError(f"the corpus does not know {command!r}")


def read(state: State | None, move: Move) -> Command:
    """Find the command that a move stands for in a state."""
    if move["do"] == "start":
        return Start(move["process"], move["variables"], move["event"])
    if move["do"] == "cancel" or state is None:
        return Cancel()
    found = _ids(_records(state, move["do"]), move["element"])[move["index"]]
    kind = {**_OF_ACTIVITIES, **_OF_WAITS}[move["do"]]
    command: Command = kind(found, *move["given"])
    return command


def _records(state: State, verb: str) -> dict[str, Any]:
    if verb in _OF_ACTIVITIES:
        return {key: each for key, each in state["activities"].items() if "work" in each}
    return {key: each for key, each in state["waits"].items() if each["kind"] == verb}


def _ids(records: dict[str, Any], element: str) -> list[str]:
    return sorted((key for key, each in records.items() if each["element"] == element), key=int)
