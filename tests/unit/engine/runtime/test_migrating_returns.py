"""Migration of instances that remember their way: an open task stays one that may be returned to."""

from __future__ import annotations

from engine.runtime.commands import ReturnTo
from engine.runtime.returning import return_targets
from tests.unit.engine.diagram import boundary, diagram, service, timer, user
from tests.unit.engine.instance import Instance
from tests.unit.engine.runtime.test_migrating import moved, state_of

TASK = user(zujian_actions="return")


def targets(instance: Instance, element: str) -> list[str]:
    """Return to which elements an open task may be returned, nearest first."""
    found = return_targets(instance.net, state_of(instance), instance.activity(element))
    return [each.element_id for each in found]


def test_of_a_long_way_only_the_open_task_may_be_returned_to_later() -> None:
    tasks = dict.fromkeys(("one", "two", "three", "four"), TASK)
    instance = Instance(diagram("start -> one -> two -> three -> four -> end", **tasks))
    instance.complete("one").complete("two")

    moved(instance, instance.net)

    assert targets(instance.complete("three"), "four") == ["three"]
    assert instance.send(ReturnTo(instance.activity("four"), "three")).work == ["three"]


def test_a_task_that_an_event_ended_before_is_not_returned_to() -> None:
    flows = "start -> one -> two -> end\nlate -> job -> two"
    late = boundary("one", timer("P1D"))
    instance = Instance(diagram(flows, one=TASK, late=late, job=service(), two=TASK)).fire("late")

    moved(instance, instance.net)

    assert targets(instance.complete("job"), "two") == []
    assert instance.complete("two").end is not None
