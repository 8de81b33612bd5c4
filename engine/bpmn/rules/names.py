"""Ids that would collide elsewhere."""

import re

from engine.bpmn.findings import Findings
from engine.bpmn.model import Process
from kernel.language import Text

# SpiffWorkflow uses these names internally, so the second opinion could not read the diagram.
_RESERVED = frozenset({"Start", "End", "Root"})
_ID = re.compile(r"[A-Za-z_][\w.-]{0,99}")


def check_names(process: Process, findings: Findings) -> None:
    """Refuse ids that are reserved or could not be written in an address or a log line."""
    for identifier in (process.key, *process.elements, *process.flows):
        if identifier in _RESERVED or not _ID.fullmatch(identifier):
            findings.refuse(
                identifier,
                "id.reserved" if identifier in _RESERVED else "id.form",
                Text(zh=f"编号“{identifier}”不可用。", en=f'The id "{identifier}" cannot be used.'),
                Text(
                    zh="以字母开头，只用字母、数字、点、连字符和下划线。",
                    en="Begin with a letter; use letters, digits, dots, hyphens and underscores.",
                ),
            )
