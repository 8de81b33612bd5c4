"""Which elements of one scope may be active at the same time.

The structural concurrency relation of Kovalyov and Esparza, on the token game of the
scope: two places are concurrent when one transition fills both, or when one of them
is concurrent to everything that a transition consumes before it fills the other.
The relation is never too small; it is exact for diagrams without superfluous tokens.

Source: A. Kovalyov, J. Esparza, "A polynomial algorithm to compute the concurrency
relation of free-choice signal transition graphs", WODES 1996.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from engine.bpmn.model import Element, ElementKind, EventDefinition, EventKind, Process
from engine.bpmn.rules.compensation import undone_by
from engine.bpmn.rules.inclusive_joins import waited_for

# The token of a throw is in what it undoes, and goes back to the throw and nowhere else.
_UNDONE = " undone by "
AGAIN = " again"


@dataclass(frozen=True, slots=True)
class _Transition:
    """Tokens are taken from all inputs and put on all outputs."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]

    def may_fire_beside(self, other: str, relation: Mapping[str, set[str]]) -> bool:
        """Say whether a token may stay at the other place while this transition fires."""
        return all(other in relation[place] for place in self.inputs)


@dataclass(frozen=True, slots=True)
class _InclusiveJoin(_Transition):
    """Tokens are taken from some inputs, when no other token can come to the empty ones.

    ``reaching`` says per input from which places a token comes that is waited for.
    """

    reaching: Mapping[str, frozenset[str]]

    def may_fire_beside(self, other: str, relation: Mapping[str, set[str]]) -> bool:
        """See above: a token that can reach an input stays only if it is one too many there."""
        if other in self.inputs:
            return other in relation[other]
        reached = [place for place in self.inputs if other in self.reaching[place]]
        if reached:
            return all(other in relation[place] for place in reached)
        return any(other in relation[place] for place in self.inputs)


def concurrent_elements(process: Process, scope: str | None) -> set[tuple[str, str]]:
    """Return all ordered pairs of elements of the scope that may be active together.

    A pair of an element with itself means that two tokens may be in it at once.
    ``scope`` is the id of a sub-process, or None for the process itself. A sub-process that is
    opened again to be compensated has ``AGAIN`` behind its id.
    """
    elements = [
        element
        for element in process.elements.values()
        if element.parent == scope and not element.triggered_by_event
    ]
    transitions = [transition for element in elements for transition in _transitions(element, process)]
    relation = _relation(transitions)
    named = {place: place.partition(_UNDONE)[0] for place in relation}
    return {
        (named[a], named[b])
        for a, others in relation.items()
        for b in others
        if named[a].removesuffix(AGAIN) in process.elements
        and named[b].removesuffix(AGAIN) in process.elements
    }


def _transitions(element: Element, process: Process) -> Iterator[_Transition]:
    """Describe how tokens reach and leave one element. An active element is a place with its id."""
    outgoing = tuple(flow.id for flow in element.outgoing)
    if element.kind is ElementKind.PARALLEL_GATEWAY:
        yield _Transition(element.incoming, outgoing)
        return
    if element.upstream:
        yield _InclusiveJoin(element.incoming, outgoing, waited_for(element, process))
        return
    for flow in element.incoming:
        yield _Transition((flow,), (element.id,))
    if element.kind in {ElementKind.EXCLUSIVE_GATEWAY, ElementKind.EVENT_BASED_GATEWAY}:
        for flow in outgoing:
            yield _Transition((element.id,), (flow,))
        return
    if element.link_target is not None:
        outgoing = (element.link_target,)
    if element.event is not None and element.event.kind is EventKind.COMPENSATE:
        yield from _undoing(element, element.event, process)
    default = element.default_flow
    yield _Transition(
        (element.id,), tuple(flow for flow in outgoing if default is None or flow != default.id)
    )
    if default is not None:
        free = tuple(flow.id for flow in element.outgoing if flow.condition is None)
        yield _Transition((element.id,), free)
    for event_id in element.boundary_events:
        stays = () if process.elements[event_id].interrupting else (element.id,)
        yield _Transition((element.id,), (*stays, event_id))


def _undoing(throw: Element, event: EventDefinition, process: Process) -> Iterator[_Transition]:
    """Describe how the token of a compensation throw is in one handler after the other (13.5.5).

    If the throw does not wait, a token of its own is, beside that of the throw.
    """
    token = throw.id if event.waits else f"{throw.id}{_UNDONE}"
    if not event.waits:
        yield _Transition((throw.id,), (token, *(flow.id for flow in throw.outgoing)))
    for element in undone_by(throw, process):
        event_of = process.elements.get(element.compensated_by or "")
        undone = f"{element.id}{AGAIN}" if event_of is None else event_of.handler
        place = f"{undone}{_UNDONE}{throw.id}"
        yield _Transition((token,), (place,))
        yield _Transition((place,), (token,))


def _relation(transitions: Iterable[_Transition]) -> dict[str, set[str]]:
    relation: dict[str, set[str]] = defaultdict(set)
    consumers: dict[str, list[_Transition]] = defaultdict(list)
    new_pairs: list[tuple[str, str]] = []

    def relate(a: str, b: str) -> None:
        if b not in relation[a]:
            relation[a].add(b)
            relation[b].add(a)
            new_pairs.append((a, b))

    for transition in transitions:
        for place in transition.inputs:
            consumers[place].append(transition)
        for a, b in combinations(transition.outputs, 2):
            relate(a, b)
    while new_pairs:
        a, b = new_pairs.pop()
        for consumed, other in ((a, b), (b, a)):
            for transition in consumers[consumed]:
                if transition.may_fire_beside(other, relation):
                    for output in transition.outputs:
                        relate(other, output)
    return relation
