"""Where tokens may still come from: what the join of an inclusive gateway has to wait for.

Looked up once when the diagram is compiled, because the runtime asks at every rest.

Source: BPMN 2.0.2, clause 13.4.3 (inclusive gateway).
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from engine.bpmn.model import Element, ElementKind, Flow


def with_upstream(elements: Mapping[str, Element], flows: Mapping[str, Flow]) -> dict[str, Element]:
    """Return the elements, in which each inclusive join knows what lies before each incoming flow."""
    before = _predecessors(elements)
    return {
        element.id: replace(
            element,
            upstream={flow: _upstream(flows[flow].source, element.id, before) for flow in element.incoming},
        )
        if element.kind is ElementKind.INCLUSIVE_GATEWAY and len(element.incoming) > 1
        else element
        for element in elements.values()
    }


def _predecessors(elements: Mapping[str, Element]) -> dict[str, list[str]]:
    before: dict[str, list[str]] = defaultdict(list)
    for element in elements.values():
        for following in next_of(element):
            before[following].append(element.id)
    return before


def next_of(element: Element) -> list[str]:
    """List the elements to which a token in this one may go next, within its scope."""
    linked = [] if element.link_target is None else [element.link_target]
    return [flow.target for flow in element.outgoing] + linked + list(element.boundary_events)


def _upstream(source: str, gateway: str, before: Mapping[str, list[str]]) -> frozenset[str]:
    """Collect the elements from which a token comes to the source without passing the gateway itself."""
    seen: set[str] = set()
    waiting = [source]
    while waiting:
        element_id = waiting.pop()
        if element_id != gateway and element_id not in seen:
            seen.add(element_id)
            waiting += before.get(element_id, [])
    return frozenset(seen)
