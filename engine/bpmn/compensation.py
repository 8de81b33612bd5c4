"""Which activity undoes which: a compensation boundary event and the association drawn from it.

No token ever waits at such an event, so the other boundary events of an activity are told
apart from it here, once and for all.

Source: BPMN 2.0.2, clauses 10.5.5 (compensation events) and 13.5.5 (compensation).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.bpmn.xml_source import Node, children


@dataclass(frozen=True, slots=True)
class Compensation:
    """``boundary_events`` by the activity they are attached to, ``handlers`` by boundary event.

    ``events`` are all compensation boundary events, also such as belong to no activity or lead
    to no handler: the rules on compensation refuse those.
    """

    events: frozenset[str]
    boundary_events: Mapping[str, str]
    handlers: Mapping[str, str]


def read_compensation(nodes: Iterable[Node], associations: Iterable[tuple[str, str]]) -> Compensation:
    """Find the compensation boundary events among flow nodes, and where associations lead from them.

    An association with a note is only a line; of several handlers none is taken.
    """
    nodes = list(nodes)
    ids = {node.get("id") for node in nodes}
    drawn = {
        node.get("id") or "": node.get("attachedToRef") or ""
        for node in nodes
        if node.get("attachedToRef") is not None
        and next(children(node, "compensateEventDefinition"), None) is not None
    }
    behind: dict[str, list[str]] = {event: [] for event in drawn}
    for source, target in associations:
        if source in behind and target in ids:
            behind[source].append(target)
    return Compensation(
        events=frozenset(drawn),
        boundary_events={host: event for event, host in drawn.items()},
        handlers={event: targets[0] for event, targets in behind.items() if len(targets) == 1},
    )
