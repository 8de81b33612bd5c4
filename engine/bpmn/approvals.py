"""Votes: how many of several instances of a user task must agree, and which outcomes say so."""

import re
from typing import Final

from engine.bpmn.expression_fields import check_variable
from engine.bpmn.findings import Findings
from engine.bpmn.model import Approval, ElementKind
from engine.bpmn.xml_source import Node, child_text, children, words, zujian
from kernel.language import Text

AGREE: Final = "agree"
_SHARE: Final = re.compile(r"(?P<percent>[1-9]\d?|100)%|(?P<of>[1-9]\d?)/(?P<whole>[1-9]\d?)")


def read_agreeing(node: Node) -> frozenset[str]:
    """Read the outcomes that agree; ``agree`` where the diagram names none."""
    return frozenset(words(zujian(node, "agreeing"))) or frozenset({AGREE})


def read_approval(node: Node, kind: ElementKind, findings: Findings) -> Approval | None:
    """Read ``zujian:approval`` and ``zujian:decision``: the rule of a vote, and who gets its decision."""
    text, variable = zujian(node, "approval"), zujian(node, "decision")
    if text is None and variable is None:
        return None
    approval = _share(text or "", variable or "")
    fault = _not_understood(text or "") if approval is None else _misplaced(node, kind, variable)
    if fault is not None:
        findings.refuse(node.get("id"), "user-task.approval", *fault)
        return None
    check_variable(node.get("id"), variable or "", findings)
    return approval


def _not_understood(text: str) -> tuple[Text, Text]:
    return (
        Text(f"不能理解表决规则“{text}”。", f'The rule of the vote "{text}" is not understood.'),
        Text(
            "可用：all、any、60%、2/3。",
            "Write all, any, a percentage such as 60%, or a share such as 2/3.",
        ),
    )


def _misplaced(node: Node, kind: ElementKind, variable: str | None) -> tuple[Text, Text] | None:
    """Return what stands against a vote on this element and its cure."""
    if variable is None:
        return (
            Text("表决没有写入结果的变量。", "The vote names no variable for its decision."),
            Text("填写 zujian:decision。", "Fill in zujian:decision."),
        )
    loop = next(children(node, "multiInstanceLoopCharacteristics"), None)
    if kind is not ElementKind.USER_TASK or loop is None:
        return (
            Text("只有多实例用户任务可以表决。", "Only a user task with several instances can vote."),
            Text("设为多实例，或删除表决规则。", "Give it several instances, or remove the vote."),
        )
    if child_text(loop, "completionCondition") is not None:
        return (
            Text(
                "表决与完成条件不能同时使用。", "It has a vote and a completion condition, which both end it."
            ),
            Text("保留其中之一。", "Keep one of the two."),
        )
    return None


def _share(text: str, variable: str) -> Approval | None:
    if text == "any":
        return Approval(variable, 0, 1)
    if text == "all":
        return Approval(variable, 1, 1)
    found = _SHARE.fullmatch(text)
    if found is None:
        return None
    if found["percent"]:
        return Approval(variable, int(found["percent"]), 100)
    part, whole = int(found["of"]), int(found["whole"])
    return Approval(variable, part, whole) if part <= whole else None
