"""Completing an activity: its outputs reach the process, its listeners hear, its token moves on.

Source: BPMN 2.0.2, clause 13.3.2 (life cycle of an activity).
"""

from engine.bpmn.model import Element, ElementKind
from engine.runtime.effects import UserTaskClosed
from engine.runtime.multi_instance import finish_instance
from engine.runtime.records import remember
from engine.runtime.run import Run
from engine.runtime.standard_loop import finish_round
from engine.runtime.state import Activity, Variables
from engine.runtime.stretches import close_way_back, note_completed, note_done
from engine.runtime.tokens import move_on
from engine.runtime.variables import (
    Environment,
    call_listeners,
    environment,
    evaluate_all,
    guard_size,
    write,
)
from engine.runtime.waits import drop_waits_of_activity


def complete(run: Run, activity_id: str, own_result: Environment) -> None:
    """End a visit as drawn, with what it yielded."""
    activity = run.activities[activity_id]
    element = run.element_of(activity)
    run.line = activity.get("line")
    if "work" in activity or element.kind is ElementKind.USER_TASK:
        note_done(run, activity_id)
    if activity.get("work") == "user":
        run.effects.append(UserTaskClosed(activity_id, completed=True))
    outputs = _outputs(run, activity_id, element, own_result)
    if "instance_of" in activity and element.repeat is not None:
        write(run, activity["scope"], outputs, element)
        remember(run, activity_id, element)
        run.completed(activity_id, element)
        call_listeners(run, activity["scope"], element, own_result, activity_id)
        finish_round(run, activity_id, element, element.repeat)
        return
    if "instance_of" in activity:
        _complete_instance(run, activity_id, activity, element, outputs, own_result)
        return
    note_completed(run, activity_id, element, outputs)
    write(run, activity["scope"], outputs, element)
    remember(run, activity_id, element)
    drop_waits_of_activity(run, activity_id)
    del run.activities[activity_id]
    run.completed(activity_id, element)
    call_listeners(run, activity["scope"], element, own_result)
    if element.no_return:
        close_way_back(run)
    move_on(run, activity, element)


def _outputs(run: Run, activity_id: str, element: Element, own_result: Environment) -> Variables:
    """Evaluate what the activity gives away: its outputs, and the result variable of its handler."""
    values: Variables = {}
    if element.result_variable is not None:
        values[element.result_variable] = dict(own_result)
    if element.outputs:
        scope_id = run.activities[activity_id]["scope"]
        variables = environment(run, scope_id, activity_id, own_result)
        values.update(evaluate_all(element.outputs, variables, element))
    return values


def _complete_instance(
    run: Run,
    activity_id: str,
    activity: Activity,
    element: Element,
    outputs: Variables,
    own_result: Environment,
) -> None:
    """Keep the outputs of one instance to itself; the multi-instance activity collects what it wants."""
    if outputs:
        guard_size(outputs, element)
        run.activities[activity_id] = {**activity, "locals": {**activity["locals"], **outputs}}
    remember(run, activity_id, element)
    run.completed(activity_id, element)
    finish_instance(run, activity_id, element, own_result)
