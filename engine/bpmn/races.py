"""What an element reads although another element may write it at the same time.

Such a reading decides by chance of time, which BPMN allows. It matters where work is returned: what a
token read from another cannot stay when the other's work is withdrawn.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from engine.bpmn.model import Element, Expression, Process
from engine.bpmn.rules.writers import Together, written

_WAYS_BACK = frozenset({"return", "takeBack"})


def allows_way_back(process: Process) -> bool:
    """Say whether somebody may return or take back a user task of the process."""
    return any(element.actions & _WAYS_BACK for element in process.elements.values())


def with_races(process: Process) -> Process:
    """Return the process with what its elements read at the same time as others may write it."""
    writers: dict[str, list[Element]] = defaultdict(list)
    for element in process.elements.values():
        for _, variable in written(element, process):
            writers[variable].append(element)
    together = Together(process)
    races: dict[str, frozenset[str]] = {}
    for element in process.elements.values():
        names = {name for expression in _expressions(element) for name in expression.names}
        names.update(element.data_inputs)
        if element.called_decision is not None:
            # A decision may read whatever there is.
            names = set(writers)
        raced = frozenset(
            name
            for name in names & writers.keys()
            if any(together.may_be_active(element, writer) for writer in writers[name])
        )
        if raced:
            races[element.id] = raced
    return replace(process, races=races)


def _expressions(element: Element) -> Iterator[Expression]:
    """Give every expression of an element."""
    loop, event = element.loop, element.event
    single = [
        element.unit,
        element.region,
        element.prefill,
        *(flow.condition for flow in element.outgoing),
        *(listener.when for listener in element.listeners),
    ]
    assignments = [*element.parameters, *element.script, *element.inputs, *element.outputs]
    for listener in element.listeners:
        assignments += listener.parameters
    if element.repeat is not None:
        single.append(element.repeat.condition)
    if loop is not None:
        single += [loop.cardinality, loop.collection, loop.completion_condition]
    for each in () if event is None else event.definitions:
        moment = None if each.timer is None else each.timer.moment
        single += [each.correlation_key, each.condition, moment]
        assignments += each.payload
    yield from (each for each in single if each is not None)
    yield from (each.expression for each in assignments)
