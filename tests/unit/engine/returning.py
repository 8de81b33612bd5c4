"""What the tests of returning draw and ask."""

from typing import Any

from engine.runtime.commands import ReturnTo
from engine.runtime.effects import ElementEntered
from engine.runtime.returning import return_targets
from tests.unit.engine.diagram import user
from tests.unit.engine.instance import Instance


def ask(*extensions: str, **attributes: str) -> str:
    """Draw a user task from which every return is allowed."""
    return user("".join(extensions), zujian_actions="return", **attributes)


def targets(instance: Instance, element: str) -> list[str]:
    """Name the elements to which an open task may be returned, nearest first."""
    assert instance.state is not None
    found = return_targets(instance.net, instance.state, instance.activity(element))
    return [target.element_id for target in found]


def returned(instance: Instance, element: str, to: str, **how: Any) -> Instance:
    """Return an open task."""
    return instance.send(ReturnTo(instance.activity(element), to, **how))


def visits(instance: Instance, element: str) -> list[str]:
    """Return the visits to an element so far."""
    entered = [each for each in instance.history if isinstance(each, ElementEntered)]
    return [each.activity_id for each in entered if each.element_id == element]
