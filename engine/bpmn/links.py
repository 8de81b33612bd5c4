"""Link events: a thrown link goes on at the catch event of its name, as if one flow led there.

Source: BPMN 2.0.2, clauses 10.5.5 (link event definition) and 13.5.2 (intermediate events).
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from engine.bpmn.model import Element, ElementKind, EventKind


def is_link(element: Element) -> bool:
    """Say whether an event throws or catches a link."""
    return element.event is not None and element.event.kind is EventKind.LINK


def is_link_throw(element: Element) -> bool:
    """Say whether an event throws a link."""
    return is_link(element) and element.kind is ElementKind.THROW_EVENT


def linked(elements: Mapping[str, Element]) -> dict[str, Element]:
    """Return the elements, in which each thrown link knows its one target; the rules refuse all others."""
    return {
        element.id: replace(element, link_target=targets[0].id)
        if is_link_throw(element) and len(targets := targets_of(element, elements)) == 1
        else element
        for element in elements.values()
    }


def targets_of(throw: Element, elements: Mapping[str, Element]) -> list[Element]:
    """List the catch events of the same name in the same scope: a link never leaves its scope."""
    return [each for each in _catches(elements)[throw.parent] if each.event == throw.event]


def _catches(elements: Mapping[str, Element]) -> Mapping[str | None, list[Element]]:
    found: dict[str | None, list[Element]] = defaultdict(list)
    for element in elements.values():
        if is_link(element) and element.kind is ElementKind.CATCH_EVENT:
            found[element.parent].append(element)
    return found
