"""Migration of what completed blocks keep to be undone, and of event sub-processes that go on listening."""

from __future__ import annotations

import pytest

from engine.bpmn.model import Net
from tests.unit.engine.diagram import (
    compensation,
    diagram,
    event,
    event_sub_process,
    message,
    output,
    sub_process,
    undoing,
    undone,
    user,
)
from tests.unit.engine.instance import Instance
from tests.unit.engine.runtime.test_data_objects import data_object
from tests.unit.engine.runtime.test_migrating import moved, reasons, state_of


def block_to_undo(
    outer: str = "block", inner: str = "one", *, plan: bool = False, more: bool = False, handled: bool = True
) -> Net:
    """Return a process whose block has completed something to undo, and perhaps holds data objects."""
    inside = {inner: user(output("plan", "said") if plan else ""), "last": user()}
    if handled:
        inside |= {f"u_{inner}": undone(inner, f"no_{inner}"), f"no_{inner}": undoing()}
    if plan:
        inside["plan"] = data_object("plan")
    if more:
        inside["more"] = data_object("more")
    block = sub_process(f"start_in -> {inner} -> last -> end_in", **inside)
    undo = event("intermediateThrowEvent", compensation())
    return diagram(f"start -> {outer} -> two -> undo -> end", two=user(), undo=undo, **{outer: block})


def test_the_content_of_a_completed_block_is_undone_under_its_new_names() -> None:
    instance = Instance(block_to_undo()).complete("one").complete("last")

    moved(instance, block_to_undo("stage", "first"), block="stage", one="first")

    assert instance.complete("two").work == ["no_first"]
    assert instance.complete("no_first").end is not None


def test_the_data_objects_of_a_completed_block_go_along_and_new_ones_are_empty() -> None:
    instance = Instance(block_to_undo(plan=True)).complete("one", said="x").complete("last")
    old = state_of(instance)["scopes"]

    moved(instance, block_to_undo(plan=True, more=True))

    (record,) = state_of(instance)["scopes"][next(iter(old))]["done"]
    assert record["inside"]["variables"] == {"plan": "x", "more": None}
    assert instance.complete("two").work == ["no_one"]


def test_a_completed_block_has_to_keep_the_place_of_what_it_holds() -> None:
    instance = Instance(block_to_undo(plan=True)).complete("one", said="x").complete("last")

    assert reasons(instance, block_to_undo()) == [("migrate.data-object", "block")]
    gone = reasons(instance, block_to_undo(plan=True), block="gone")
    assert gone[0] == ("migrate.element", "block")
    assert ("migrate.data-object", "block") in gone


def test_what_is_inside_a_completed_block_must_still_be_undone_there() -> None:
    instance = Instance(block_to_undo()).complete("one").complete("last")

    assert reasons(instance, block_to_undo(handled=False)) == [("migrate.handler", "one")]
    assert reasons(instance, block_to_undo(inner="first")) == [("migrate.element", "one")]


def listening(*, where: str = "in", event_id: str = "told") -> Net:
    """Return a process whose block, or itself, listens for a message beside its work."""
    begun = event("startEvent", message("m"), isInterrupting="false", zujian_correlationKey="'k'")
    beside = event_sub_process(f"{event_id} -> noted -> end_n", **{event_id: begun, "noted": user()})
    inside = {"one": user()} | ({"beside": beside} if where == "in" else {})
    block = sub_process("start_in -> one -> end_in", **inside)
    return diagram("start -> block -> end", block=block, **({"beside": beside} if where == "out" else {}))


@pytest.mark.parametrize("where", ["in", "out"])
def test_an_event_sub_process_goes_on_listening_under_its_new_name(where: str) -> None:
    instance = Instance(listening(where=where))

    moved(instance, listening(where=where, event_id="heard"), told="heard")

    assert instance.last == []
    assert [wait["element"] for wait in state_of(instance)["waits"].values()] == ["heard"]
