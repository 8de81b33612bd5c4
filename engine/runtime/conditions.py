"""Conditional events: what happens when a condition turns from false to true.

Source: BPMN 2.0.2, clauses 10.5.5 (conditional event definition) and 10.5.2 (start events).
"""

from collections.abc import Iterator

from engine.bpmn.model import Element, Expression
from engine.runtime.run import Run
from engine.runtime.state import Wait
from engine.runtime.variables import Environment, environment, holds


def condition_that_turned(run: Run) -> str | None:
    """Note which conditions hold, and return the first wait whose condition has just become true."""
    for wait_id, wait in list(run.waits.items()):
        if wait["kind"] == "condition":
            is_true = is_fulfilled(run, wait)
            if is_true != wait["held"]:
                run.waits[wait_id] = {**wait, "held": is_true}
                if is_true:
                    return wait_id
    return None


def is_fulfilled(run: Run, wait: Wait) -> bool:
    """Say whether the condition that is waited for holds now."""
    event = run.process_of(wait["scope"]).elements[wait["element"]]
    definitions = () if event.event is None else event.event.definitions
    condition = definitions[wait.get("part", 0)].condition
    return condition is not None and _holds(
        condition, environment(run, wait["scope"], wait.get("activity")), event
    )


def may_start(start: Element, variables: Environment) -> bool:
    """Say whether one of the conditions of a start event holds for these variables."""
    return any(_holds(condition, variables, start) for condition in _conditions(start))


def _conditions(element: Element) -> Iterator[Expression]:
    for definition in () if element.event is None else element.event.definitions:
        if definition.condition is not None:
            yield definition.condition


def _holds(condition: Expression, variables: Environment, element: Element) -> bool:
    """Decide a condition; while a variable that it reads does not exist, it is false."""
    return all(name in variables for name in condition.names) and holds(condition, variables, element)
