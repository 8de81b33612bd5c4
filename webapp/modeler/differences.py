"""What changed between two versions of a definition, element by element and form by form.

Only what a process means is compared: positions, sizes and colours of the drawing are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from lxml import etree

Kind = Literal["added", "removed", "changed"]
Facts = Mapping[str, str]

# Who is connected to whom is said by the sequence flows themselves.
IGNORED_TAGS = {"incoming", "outgoing", "flowNodeRef"}
DRAWING = "BPMNDiagram"
# These only hold others; naming them would make every path longer and say nothing.
TRANSPARENT_TAGS = {"extensionElements", "properties", "parameters"}
PARTS_WITH_ID = {"serviceTaskOperator", "parameter", "property", "conditionExpression"}
# What tells parts of the same kind apart.
KEYS = ("variable", "topic", "name", "id")


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One property of an element before and after; empty where it did not exist."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ElementChange:
    """One element (or file) that was added, removed or changed."""

    element_id: str
    name: str
    name_en: str
    kind: Kind
    tag: str
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class _Element:
    tag: str
    facts: Facts

    def name(self) -> str:
        return self.facts.get("name", "")


def compare_files(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[ElementChange]:
    """Return what changed: the elements of the diagram first, then whole files such as forms."""
    found: list[ElementChange] = []
    for name in sorted(before.keys() | after.keys(), key=lambda name: (not name.endswith(".bpmn"), name)):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if name.endswith(".bpmn") and old is not None and new is not None:
            found += compare_diagrams(old, new)
        else:
            kind: Kind = "added" if old is None else "removed" if new is None else "changed"
            found.append(ElementChange("", name, name, kind, "file"))
    return found


def compare_diagrams(before: bytes, after: bytes) -> list[ElementChange]:
    """Return the elements that differ; a diagram that cannot be read has none to compare."""
    old, new = _elements(before), _elements(after)
    found = []
    for element_id in [*new, *(gone for gone in old if gone not in new)]:
        change = _compare(element_id, old.get(element_id), new.get(element_id))
        if change:
            found.append(change)
    return found


def _compare(element_id: str, old: _Element | None, new: _Element | None) -> ElementChange | None:
    shown = new or old
    if shown is None or (old and new and old.facts == new.facts and old.tag == new.tag):
        return None
    kind: Kind = "added" if old is None else "removed" if new is None else "changed"
    fields = _fields(old.facts, new.facts) if old and new else ()
    return ElementChange(element_id, shown.name(), shown.facts.get("nameEn", ""), kind, shown.tag, fields)


def _fields(old: Facts, new: Facts) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(field, old.get(field, ""), new.get(field, ""))
        for field in sorted(old.keys() | new.keys())
        if old.get(field) != new.get(field)
    )


def _elements(content: bytes) -> dict[str, _Element]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        return {}
    found = {}
    for node in root.iter(etree.Element):
        element_id = node.get("id")
        if element_id and _is_element(node) and not _is_drawing(node) and _local(node.tag) != "definitions":
            found[element_id] = _Element(_local(node.tag), dict(_facts(node)))
    return found


def _is_drawing(node: etree._Element) -> bool:
    return any(_local(holder.tag) == DRAWING for holder in (node, *node.iterancestors()))


def _facts(node: etree._Element, path: str = "") -> Iterator[tuple[str, str]]:
    """Give attributes and texts of an element and of its parts, not of the elements inside it."""
    for name, value in node.attrib.items():
        if path or name != "id":
            yield f"{path}{_local(name)}", str(value)
    text = (node.text or "").strip()
    if path and text:
        yield path.removesuffix("."), text
    seen: dict[str, int] = {}
    for part in node.iterchildren(etree.Element):
        tag = _local(part.tag)
        if tag in IGNORED_TAGS or _is_element(part):
            continue
        if tag in TRANSPARENT_TAGS:
            yield from _facts(part, path)
            continue
        seen[tag] = seen.get(tag, 0) + 1
        yield from _facts(part, f"{path}{_place(part, tag, seen[tag])}.")


def _place(part: etree._Element, tag: str, count: int) -> str:
    key = next((part.get(name) for name in KEYS if part.get(name)), None)
    return f"{tag}[{key}]" if key else tag if count == 1 else f"{tag}[{count}]"


def _is_element(node: etree._Element) -> bool:
    return node.get("id") is not None and _local(node.tag) not in PARTS_WITH_ID


def _local(name: object) -> str:
    return str(name).rpartition("}")[2]
