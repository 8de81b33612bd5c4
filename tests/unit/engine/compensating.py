"""What the tests of compensation draw."""

from tests.unit.engine.diagram import compensation, event, undoing, undone, user

A_AND_B = {
    "a": user(),
    "b": user(),
    "undo_a": undone("a", "no_a"),
    "undo_b": undone("b", "no_b"),
    "no_a": undoing(),
    "no_b": undoing(),
}
INNER = {"a": user(), "b": user(), "undo_a": undone("a", "no_a"), "no_a": undoing()}


def throw(activity: str | None = None, *, waits: bool = True) -> str:
    """Draw a throw event that asks for compensation, of one activity or of all."""
    return event("intermediateThrowEvent", compensation(activity, waits=waits))
