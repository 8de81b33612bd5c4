"""Reading XML that strangers may have written: no entities, no network, no giants."""

from collections.abc import Iterator

from lxml import etree

from engine.bpmn.findings import Findings
from kernel.language import Text

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
SPIFFWORKFLOW = "http://spiffworkflow.org/bpmn/schema/1.0/core"
ZUJIAN = "urn:zujian:bpmn:1"
DIAGRAM_NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/BPMN/20100524/DI",
        "http://www.omg.org/spec/DD/20100524/DC",
        "http://www.omg.org/spec/DD/20100524/DI",
    }
)
XSI = "http://www.w3.org/2001/XMLSchema-instance"

LARGEST_FILE_BYTES = 2_000_000

Node = etree._Element  # lxml exports the type of its elements under this name only


def parse(name: str, content: bytes, findings: Findings) -> Node | None:
    """Parse one diagram, or note why it cannot be read and return None."""
    root = read_xml(name, content, findings)
    if root is not None and root.tag != f"{{{BPMN}}}definitions":
        _refuse_file(findings, name, "xml.not-bpmn", str(root.tag))
        return None
    return root


def read_xml(name: str, content: bytes, findings: Findings) -> Node | None:
    """Parse one file of any kind safely, or note why it cannot be read and return None."""
    if len(content) > LARGEST_FILE_BYTES:
        findings.refuse(
            None,
            "xml.too-large",
            Text(zh=f"文件 {name} 超过 2 MB。", en=f"File {name} is larger than 2 MB."),
            Text(zh="拆分为多个流程。", en="Split it into several processes."),
        )
        return None
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        _refuse_file(findings, name, "xml.malformed", str(error))
        return None
    # A document type can define entities; a diagram has no use for one.
    if root.getroottree().docinfo.internalDTD is not None:
        _refuse_file(findings, name, "xml.document-type", "DOCTYPE")
        return None
    return root


def _refuse_file(findings: Findings, name: str, rule: str, detail: str) -> None:
    findings.refuse(
        None,
        rule,
        Text(
            zh=f"文件 {name} 不是可读的 BPMN 2.0 或 DMN XML：{detail}",
            en=f"File {name} is not BPMN 2.0 or DMN XML: {detail}",
        ),
        Text(zh="用建模器重新保存该文件。", en="Save the file again with a modeler."),
    )


def split_name(qualified: str) -> tuple[str, str]:
    """Return namespace (empty if none) and local name of a tag or attribute in lxml's notation."""
    if qualified.startswith("{"):
        namespace, _, local = qualified[1:].partition("}")
        return namespace, local
    return "", qualified


def attributes_of(node: Node) -> Iterator[tuple[str, str]]:
    """Give names (in lxml's notation) and values of the attributes."""
    return ((str(name), str(value)) for name, value in node.attrib.items())


def children(node: Node, *tags: str, namespace: str = BPMN) -> Iterator[Node]:
    """Give the children with one of these local names, in document order."""
    wanted = {f"{{{namespace}}}{tag}" for tag in tags}
    return (child for child in node if child.tag in wanted)


def child_text(node: Node, tag: str) -> str | None:
    """Return the stripped text of the first such child; None when there is no such child."""
    child = node.find(f"{{{BPMN}}}{tag}")
    return None if child is None else (child.text or "").strip()


def zujian(node: Node, attribute: str) -> str | None:
    """Return one of our own attributes, stripped; None when it is absent."""
    value = node.get(f"{{{ZUJIAN}}}{attribute}")
    return None if value is None else value.strip()


def label(node: Node) -> str:
    """Return the name as drawn, on one line."""
    return " ".join((node.get("name") or "").split())


def english_label(node: Node) -> str:
    """Return the English name, on one line."""
    return " ".join((zujian(node, "nameEn") or "").split())


def words(value: str | None) -> tuple[str, ...]:
    """Split a list attribute at its white space."""
    return tuple((value or "").split())


def local_reference(value: str | None) -> str | None:
    """Strip the namespace prefix that modelers may put before a reference."""
    return value.strip().rpartition(":")[2] if value else None
