"""What an inclusive join is sure to wait for, told from the drawing alone.

The runtime looks at the tokens there are; here it is enough to know of some places that
a token in them keeps the join from firing, so that both are not active together.

Source: BPMN 2.0.2, clause 13.4.3; see ``engine.runtime.inclusive_gateway``.
"""

from engine.bpmn.model import Element, ElementKind, Process
from engine.bpmn.upstream import next_of


def waited_for(gateway: Element, process: Process) -> dict[str, frozenset[str]]:
    """Find the places, elements and flows alike, whose token the join is sure to wait for, per flow.

    These lead to the flow past nothing that would itself wait for the join: no parallel join
    behind it, no inclusive join that leads to several of its flows.
    """
    free = _flows_before(gateway, process)
    found: dict[str, frozenset[str]] = {}
    for incoming in gateway.incoming:
        others = [before for flow, before in gateway.upstream.items() if flow != incoming]
        elements = _certain(incoming, gateway, process, free, others)
        found[incoming] = elements | {each.id for each in process.flows.values() if each.target in elements}
    return found


def _certain(
    incoming: str,
    gateway: Element,
    process: Process,
    free: set[str],
    others: list[frozenset[str]],
) -> frozenset[str]:
    seen: set[str] = set()
    waiting = [process.flows[incoming].source]
    while waiting:
        element = process.elements[waiting.pop()]
        is_join = element.kind is ElementKind.PARALLEL_GATEWAY and not free.issuperset(element.incoming)
        is_around = bool(element.upstream) and any(element.id in before for before in others)
        if element.id in seen or element.id == gateway.id or is_join or is_around:
            continue
        seen.add(element.id)
        waiting += [each.id for each in process.elements.values() if element.id in next_of(each)]
    return frozenset(seen)


def _flows_before(gateway: Element, process: Process) -> set[str]:
    """Collect the flows of the scope to which a token can come that never passed the gateway."""
    inside = [each for each in process.elements.values() if each.parent == gateway.parent]
    waiting = [each.id for each in inside if not each.incoming and each.attached_to is None]
    seen: set[str] = {gateway.id}
    flows: set[str] = set()
    while waiting:
        element = process.elements[waiting.pop()]
        if element.id not in seen:
            seen.add(element.id)
            flows.update(flow.id for flow in element.outgoing)
            waiting += next_of(element)
    return flows
