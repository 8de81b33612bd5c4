"""Activities that run more than once: how many or how long, over what, collecting what.

Source: BPMN 2.0.2, clauses 13.3.6 (loop activity) and 13.3.7 (multiple instances activity).
"""

from engine.bpmn.expression_fields import check_variable, read_expression
from engine.bpmn.findings import Findings
from engine.bpmn.model import MultiInstance, StandardLoop
from engine.bpmn.xml_source import Node, child_text, children
from kernel.language import Text


def read_standard_loop(node: Node, findings: Findings) -> StandardLoop | None:
    """Read the loop marker of an activity; None when it has none."""
    loop = next(children(node, "standardLoopCharacteristics"), None)
    if loop is None:
        return None
    element_id = node.get("id")
    if next(children(node, "multiInstanceLoopCharacteristics"), None) is not None:
        findings.refuse(
            element_id,
            "loop.twofold",
            Text(zh="活动同时是循环和多实例。", en="The activity has a loop and several instances."),
            Text(zh="保留其中之一，或放进子流程。", en="Keep one of them, or put one into a sub-process."),
        )
    condition = child_text(loop, "loopCondition")
    maximum = loop.get("loopMaximum")
    if maximum is not None and not (maximum.isdecimal() and int(maximum) > 0):
        findings.refuse(
            element_id,
            "loop.maximum",
            Text(zh=f"“{maximum}”不是循环次数上限。", en=f'"{maximum}" is no number of rounds.'),
            Text(zh="填写正整数，或删除。", en="Write a whole number from 1, or remove it."),
        )
        maximum = None
    elif condition is None and maximum is None:
        findings.refuse(
            element_id,
            "loop.endless",
            Text(zh="循环没有条件，也没有次数上限。", en="The loop has neither condition nor maximum."),
            Text(zh="填写 loopCondition 或 loopMaximum。", en="Fill in loopCondition or loopMaximum."),
        )
    return StandardLoop(
        condition=read_expression(element_id, "loopCondition", condition, findings),
        tests_before=loop.get("testBefore") == "true",
        maximum=None if maximum is None else int(maximum),
    )


def read_multi_instance(node: Node, findings: Findings) -> MultiInstance | None:
    """Read the multi-instance marker of an activity; None when it has none."""
    loop = next(children(node, "multiInstanceLoopCharacteristics"), None)
    if loop is None:
        return None
    element_id = node.get("id")
    result_variable = child_text(loop, "loopDataOutputRef")
    multi_instance = MultiInstance(
        sequential=loop.get("isSequential") == "true",
        cardinality=read_expression(
            element_id, "loopCardinality", child_text(loop, "loopCardinality"), findings
        ),
        collection=read_expression(
            element_id, "loopDataInputRef", child_text(loop, "loopDataInputRef"), findings
        ),
        item=_item_name(loop, "inputDataItem"),
        result_variable=result_variable,
        result_item=_item_name(loop, "outputDataItem"),
        completion_condition=read_expression(
            element_id, "completionCondition", child_text(loop, "completionCondition"), findings
        ),
    )
    if result_variable is not None:
        check_variable(element_id, result_variable, findings)
    _check_count(element_id, loop, multi_instance, findings)
    _check_results(element_id, multi_instance, findings)
    return multi_instance


def _item_name(loop: Node, tag: str) -> str | None:
    item = next(children(loop, tag), None)
    return None if item is None else item.get("name") or item.get("id")


def _check_count(element_id: str | None, loop: Node, read: MultiInstance, findings: Findings) -> None:
    has_cardinality = child_text(loop, "loopCardinality") is not None
    has_collection = child_text(loop, "loopDataInputRef") is not None
    if has_cardinality == has_collection:
        findings.refuse(
            element_id,
            "loop.count",
            Text(
                zh="多实例需要循环次数或输入集合，且只能有一个。",
                en="A multi-instance activity needs a cardinality or an input collection, and not both.",
            ),
            Text(
                zh="填写 loopCardinality 或 loopDataInputRef。",
                en="Fill in loopCardinality or loopDataInputRef.",
            ),
        )
    if read.item is not None:
        check_variable(element_id, read.item, findings)
        if not has_collection:
            findings.refuse(
                element_id,
                "loop.item-without-collection",
                Text(zh="有循环项但没有输入集合。", en="There is an input item but no input collection."),
                Text(zh="填写 loopDataInputRef。", en="Fill in loopDataInputRef."),
            )


def _check_results(element_id: str | None, read: MultiInstance, findings: Findings) -> None:
    if (read.result_variable is None) != (read.result_item is None):
        findings.refuse(
            element_id,
            "loop.results",
            Text(
                zh="汇总结果需要同时填写输出集合与输出项。",
                en="Collecting results takes both an output collection and an output item.",
            ),
            Text(
                zh="填写 loopDataOutputRef 与 outputDataItem。",
                en="Fill in loopDataOutputRef and outputDataItem.",
            ),
        )
