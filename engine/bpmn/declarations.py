"""Messages, signals, errors and escalations that a file declares and its events refer to."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.bpmn.findings import Findings
from engine.bpmn.xml_source import Node, children, local_reference
from kernel.language import Text


@dataclass(frozen=True, slots=True)
class Declarations:
    """By id: the names of messages and signals, the codes of errors and escalations."""

    messages: Mapping[str, str]
    signals: Mapping[str, str]
    errors: Mapping[str, str]
    escalations: Mapping[str, str]

    def look_up(self, kind: str, reference: str | None) -> str | None:
        """Return the name behind a reference such as ``messageRef``; None when there is none."""
        names = {
            "message": self.messages,
            "signal": self.signals,
            "error": self.errors,
            "escalation": self.escalations,
        }
        return names[kind].get(local_reference(reference) or "")


def read_declarations(root: Node, findings: Findings) -> Declarations:
    """Collect what the file declares; note declarations without a name."""
    return Declarations(
        messages=_named(root, "message", "name", findings),
        signals=_named(root, "signal", "name", findings),
        errors=_named(root, "error", "errorCode", findings),
        escalations=_named(root, "escalation", "escalationCode", findings),
    )


def _named(root: Node, tag: str, attribute: str, findings: Findings) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in children(root, tag):
        identifier, name = node.get("id"), (node.get(attribute) or "").strip()
        if identifier and name:
            found[identifier] = name
            continue
        findings.refuse(
            identifier,
            "declaration.nameless",
            Text(
                zh=f"{tag} 声明缺少 id 或 {attribute}。", en=f"The {tag} declaration lacks id or {attribute}."
            ),
            Text(zh=f"填写 {attribute}。", en=f"Fill in {attribute}."),
        )
    return found
