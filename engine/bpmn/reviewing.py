"""What reviewers may do with a user task beside completing it: nothing, unless the diagram says so."""

from engine.bpmn.findings import Findings
from engine.bpmn.xml_source import Node, words, zujian
from kernel.language import Text

ACTIONS = (
    "return",
    "takeBack",
    "addSignatory",
    "removeSignatory",
    "transfer",
    "delegate",
    "copy",
    "urge",
)
RETURN_TO = ("initiator", "previous", "any")


def read_actions(node: Node, findings: Findings) -> frozenset[str]:
    """Read ``zujian:actions``: what is not named there is not allowed."""
    return _known(node, "actions", ACTIONS, findings)


def read_return_to(node: Node, findings: Findings) -> frozenset[str]:
    """Read ``zujian:returnTo``; a task that may be returned, without it, goes anywhere."""
    named = _known(node, "returnTo", RETURN_TO, findings)
    if "return" in words(zujian(node, "actions")):
        return named or frozenset(RETURN_TO)
    if named:
        findings.refuse(
            node.get("id"),
            "user-task.return-to",
            Text(
                zh="写了退回的范围，却不允许退回。",
                en="It says how far to return, but not that it may be returned.",
            ),
            Text(
                zh="在 zujian:actions 中加上 return，或删除 zujian:returnTo。",
                en="Add return to zujian:actions, or remove zujian:returnTo.",
            ),
        )
    return frozenset()


def _known(node: Node, attribute: str, known: tuple[str, ...], findings: Findings) -> frozenset[str]:
    named = words(zujian(node, attribute))
    strange = [word for word in named if word not in known]
    if strange:
        findings.refuse(
            node.get("id"),
            "user-task.actions",
            Text(
                zh=f"{attribute} 中没有“{'、'.join(strange)}”这一项。",
                en=f'{attribute} does not know "{", ".join(strange)}".',
            ),
            Text(zh=f"可用：{' '.join(known)}", en=f"Possible: {' '.join(known)}"),
        )
    return frozenset(named)
