"""The title of a diagram that may not compile yet."""

from __future__ import annotations

from engine.bpmn.findings import Findings
from engine.bpmn.xml_source import BPMN, ZUJIAN, parse
from kernel.language import Text


def process_title(diagram: bytes, key: str) -> Text:
    """Return the name of the process in both languages, or its key where the diagram cannot be read."""
    root = parse("diagram.bpmn", diagram, Findings())
    node = root.find(f"{{{BPMN}}}process") if root is not None else None
    if node is None:
        return Text(key, key)
    name = node.get("name") or key
    return Text(name, node.get(f"{{{ZUJIAN}}}nameEn") or name)
