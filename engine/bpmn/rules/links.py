"""Link events: each has a name, no flow where the link is, and exactly one target.

Source: BPMN 2.0.2, clause 10.5.5 (link event definition): several sources, one target.
"""

from engine.bpmn.findings import Findings
from engine.bpmn.links import is_link, is_link_throw, targets_of
from engine.bpmn.model import Element, Process
from kernel.language import Text


def check_links(process: Process, findings: Findings) -> None:
    """Check each link event; one that is caught and never thrown is found as unreachable."""
    for element in process.elements.values():
        if is_link(element):
            _check_link(element, process, findings)


def _check_link(element: Element, process: Process, findings: Findings) -> None:
    if element.event is None or element.event.name is None:
        findings.refuse(
            element.id,
            "link.name-missing",
            Text(zh="链接事件没有名称。", en="The link event has no name."),
            Text(zh="给成对的链接事件填写相同的名称。", en="Give both ends of the link the same name."),
        )
    elif is_link_throw(element) and element.link_target is None:
        _refuse_target(element, len(targets_of(element, process.elements)), findings)
    elif element.outgoing if is_link_throw(element) else element.incoming:
        findings.refuse(
            element.id,
            "link.connected",
            Text(
                zh="链接抛出事件之后、链接捕获事件之前不能有顺序流。",
                en="No flow leaves a link that is thrown or enters one that is caught.",
            ),
            Text(zh="删除该顺序流：链接本身就是连接。", en="Remove the flow: the link is the connection."),
        )


def _refuse_target(throw: Element, count: int, findings: Findings) -> None:
    findings.refuse(
        throw.id,
        "link.target",
        Text(
            zh=f"同一层中应有一个同名的链接捕获事件，实际有 {count} 个。",
            en=f"There should be one link catch event of this name in its scope; there are {count}.",
        ),
        Text(zh="保留一个同名的链接捕获事件。", en="Keep one link catch event of this name."),
    )
