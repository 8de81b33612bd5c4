"""Variables: who sees which, and how a result reaches the process.

What an activity yields is its own. Only its outputs carry something over, into the
variables of the process, or of the one instance of a multi-instance activity that
the element belongs to. So no branch sees or overwrites what another is deciding.
"""

from collections import ChainMap
from collections.abc import Iterable, Mapping
from typing import Any

from engine.bpmn.expressions import ExpressionError
from engine.bpmn.model import Assignment, Element, Expression, Process
from engine.runtime.effects import ListenerCalled
from engine.runtime.errors import Incident
from engine.runtime.run import Run
from engine.runtime.state import Variables
from engine.runtime.stretches import note_firm, note_written
from kernel.language import Text

LARGEST_VALUE = 200_000

Environment = Mapping[str, Any]


def environment(
    run: Run, scope_id: str, activity_id: str | None = None, own_result: Environment | None = None
) -> Environment:
    """Return what an expression sees: own result, locals of its instance, variables of the process.

    The whole own result is also there as ``output``, for fields that may be missing.
    """
    frames = _frames(run, scope_id, activity_id)
    if own_result is not None:
        frames.insert(0, {"output": own_result, **own_result})
    return frames[0] if len(frames) == 1 else ChainMap(*frames)


def _frames(run: Run, scope_id: str, activity_id: str | None) -> list[Variables]:
    """Collect the frames from the inside outwards; the last are the variables of the process."""
    frames: list[Variables] = []
    while True:
        if activity_id is not None:
            activity = run.activities[activity_id]
            if "added_to" in activity and "instance_of" not in activity:
                # Who signs before or after a visit sees what it sees.
                activity = run.activities[activity["added_to"]]
            # What compensates an instance sees what that instance saw.
            if "locals" in activity:
                frames.append(activity["locals"])
            if "instance_of" in activity:
                frames.append(_counters(run, activity["instance_of"]))
            scope_id = activity["scope"]
        scope = run.scopes[scope_id]
        if "variables" in scope:
            frames.append(scope["variables"])
        if scope["element"] is None:
            return frames
        activity_id = scope["owner"]


def _counters(run: Run, body_id: str) -> Variables:
    """Return the attributes of a multi-instance activity (BPMN 2.0.2, 13.3.7)."""
    loop = run.activities[body_id].get("loop")
    if loop is None:
        return {}
    return {
        "numberOfInstances": loop["total"],
        "numberOfActiveInstances": loop["started"] - loop["done"],
        "numberOfCompletedInstances": loop["done"],
        "numberOfTerminatedInstances": loop.get("removed", 0),
    }


def evaluate(expression: Expression, variables: Environment, element: Element) -> Any:
    """Evaluate an expression of an element.

    Raises:
        Incident: it has no value for these variables.
    """
    try:
        return expression.evaluate(variables)
    except ExpressionError as error:
        raise Incident("expression.no-value", error.message, element.id) from error


def holds(condition: Expression, variables: Environment, element: Element) -> bool:
    """Decide a condition. Only a boolean decides: a text that happens to be there does not.

    Raises:
        Incident: the condition is neither true nor false.
    """
    value = evaluate(condition, variables, element)
    if not isinstance(value, bool):
        raise Incident(
            "condition.not-boolean",
            Text(
                zh=f"条件 {condition.text} 的结果不是真或假。",
                en=f"Condition {condition.text} is neither true nor false.",
            ),
            element.id,
        )
    return value


def evaluate_all(assignments: Iterable[Assignment], variables: Environment, element: Element) -> Variables:
    """Evaluate parameters, inputs or outputs; none of them sees another."""
    return {each.variable: evaluate(each.expression, variables, element) for each in assignments}


def write(run: Run, scope_id: str, values: Variables, element: Element) -> None:
    """Set variables: data objects of the sub-process that declares them, all else further out.

    That is in the process, or in the instance of a multi-instance sub-process around the scope.
    """
    guard_size(values, element)
    guard_collections(run.process_of(scope_id), values, element)
    while values:
        scope = run.scopes[scope_id]
        if "variables" in scope:
            is_process = scope["element"] is None
            own = {name: value for name, value in values.items() if is_process or name in scope["variables"]}
            note_written(run, scope_id, scope["variables"], own)
            run.scopes[scope_id] = {**scope, "variables": {**scope["variables"], **own}}
            values = {name: value for name, value in values.items() if name not in own}
            if not values:
                return
        owner_id = scope["owner"] or ""
        owner = run.activities[owner_id]
        # What one round of a standard loop decides is for the next round and for the process to see.
        is_instance = "instance_of" in owner or "again" in owner
        if is_instance and "locals" in owner and run.element_of(owner).repeat is None:
            note_written(run, owner_id, owner["locals"], values)
            run.activities[owner_id] = {**owner, "locals": {**owner["locals"], **values}}
            return
        scope_id = owner["scope"]


def guard_collections(process: Process, values: Variables, element: Element) -> None:
    """Refuse what is no list where a data object is a collection (BPMN 2.0.2, 10.4.1).

    Raises:
        Incident: one of the values is no list.
    """
    for name in process.collections.intersection(values):
        if not isinstance(values[name], list):
            raise Incident(
                "data-object.no-list",
                Text(zh=f"数据对象 {name} 需要列表。", en=f"The data object {name} takes a list."),
                element.id,
            )


def guard_size(values: Variables, element: Element) -> None:
    """Refuse values that would bloat the state.

    Raises:
        Incident: one of the values is too large.
    """
    for name, value in values.items():
        if weigh(value, LARGEST_VALUE) > LARGEST_VALUE:
            raise Incident(
                "guard.value-too-large",
                Text(zh=f"变量 {name} 的值过大。", en=f"The value of the variable {name} is too large."),
                element.id,
            )


def weigh(value: Any, limit: int) -> int:
    """Count the characters and entries of a value, but not much further than the limit."""
    weight, waiting = 0, [value]
    while waiting and weight <= limit:
        current = waiting.pop()
        if isinstance(current, str):
            weight += len(current)
        elif isinstance(current, Mapping):
            weight += sum(map(len, current))
            waiting.extend(current.values())
        elif isinstance(current, list):
            waiting.extend(current)
        weight += 1
    return weight


def call_listeners(
    run: Run, scope_id: str, element: Element, own_result: Environment, activity_id: str | None = None
) -> None:
    """Tell the listeners of an element that it completed; the shell calls them in order."""
    if not element.listeners:
        return
    variables = environment(run, scope_id, activity_id, own_result)
    for listener in element.listeners:
        if listener.when is None or holds(listener.when, variables, element):
            parameters = evaluate_all(listener.parameters, variables, element)
            note_firm(run)
            run.effects.append(
                ListenerCalled(element.id, element.process, listener.topic, parameters, dict(own_result))
            )
