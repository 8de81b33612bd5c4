"""Reading hostile and odd XML: what is refused says why, and nothing is fetched or blown up."""

from __future__ import annotations

import pytest

from engine.bpmn.findings import Findings
from engine.bpmn.xml_source import BPMN, LARGEST_FILE_BYTES, child_text, local_reference, read_xml

OPEN = f'<bpmn:definitions xmlns:bpmn="{BPMN}">'
CLOSE = "</bpmn:definitions>"
BOMB = (
    '<!DOCTYPE d [<!ENTITY a "'
    + "a" * 1000
    + '">'
    + "".join(
        f'<!ENTITY {name} "{("&" + of + ";") * 50}">' for name, of in zip("bcdef", "abcde", strict=True)
    )
    + "]>"
)


def refusals(content: str) -> list[tuple[str, str]]:
    """Return rule and English message of what is refused."""
    findings = Findings()
    assert read_xml("f.bpmn", content.encode(), findings) is None
    return [(problem.rule, problem.message.en) for problem in findings.problems]


@pytest.mark.parametrize(
    ("head", "used"),
    [
        ("<!DOCTYPE d>", ""),
        ('<!DOCTYPE d SYSTEM "file:///nowhere/d.dtd">', ""),
        ('<!DOCTYPE d [<!ENTITY f SYSTEM "file:///nowhere/f">]>', "&f;"),
    ],
)
def test_a_document_type_is_refused_and_nothing_of_it_is_fetched(head: str, used: str) -> None:
    # What is not there would be missed, were it looked for.
    ((rule, message),) = refusals(head + OPEN + used + CLOSE)

    assert rule == "xml.document-type"
    assert message.endswith("XML: DOCTYPE")


def test_entities_that_multiply_are_refused() -> None:
    assert [rule for rule, _message in refusals(BOMB + OPEN + "&f;" + CLOSE)] == ["xml.malformed"]


def test_what_is_nested_without_end_is_refused() -> None:
    ((rule, _message),) = refusals(OPEN + "<a>" * 2_000 + "</a>" * 2_000 + CLOSE)

    assert rule == "xml.malformed"


def test_a_file_of_the_largest_size_is_read_and_none_beyond() -> None:
    filled = OPEN + " " * (LARGEST_FILE_BYTES - len(OPEN) - len(CLOSE)) + CLOSE

    assert read_xml("f.bpmn", filled.encode(), Findings()) is not None
    assert [rule for rule, _ in refusals(filled + " ")] == ["xml.too-large"]


@pytest.mark.parametrize("aside", ["<!-- why -->", "<?editor fold?>"])
def test_remarks_do_not_cut_a_text(aside: str) -> None:
    root = read_xml("f.bpmn", f"{OPEN}<bpmn:text>a {aside}== 1</bpmn:text>{CLOSE}".encode(), Findings())

    assert root is not None
    assert child_text(root, "text") == "a == 1"


@pytest.mark.parametrize(
    ("written", "meant"), [("semantic:m1", "m1"), ("m1", "m1"), (" a:b ", "b"), ("", None), (None, None)]
)
def test_a_reference_may_have_a_prefix(written: str | None, meant: str | None) -> None:
    assert local_reference(written) == meant
