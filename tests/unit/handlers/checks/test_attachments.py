"""Attachments are judged by what is in them."""

from __future__ import annotations

import io

import pytest

from handlers.checks.attachments import MAX_BYTES, Attachment, check_attachments, inspect_attachment
from handlers.checks.results import Severity, Status
from tests.unit.handlers.checks import documents


def attachment(name: str, content: bytes | None) -> Attachment:
    """Hand a file in as the form would."""
    stream = None if content is None else io.BytesIO(content)
    return Attachment(place="functionalTestReport", name=name, size=len(content or b""), stream=stream)


def rules(name: str, content: bytes | None) -> list[str]:
    """Return the ids of the broken rules."""
    return [finding.rule for finding in inspect_attachment(attachment(name, content))]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("功能测试报告.pdf", documents.pdf()),
        ("report.PDF", documents.pdf(pages=3)),
        ("report.docx", documents.docx()),
        ("report.ofd", documents.ofd()),
        ("report.doc", documents.word_document()),
        ("report.wps", documents.word_document()),
        ("reports.zip", documents.zipped({"a/report.txt": "ok", "b.txt": "ok"})),
    ],
)
def test_readable_file_of_an_allowed_type_has_no_finding(name: str, content: bytes) -> None:
    assert rules(name, content) == []


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("report.pdf", None, "F-PRESENT"),
        ("report.pdf", b"", "F-EMPTY"),
        ("report.pdf", b"MZ\x90\x00 this is a program", "F-TYPE"),
        ("report.pdf", b"just text", "F-TYPE"),
        ("report.pdf", documents.docx(), "F-NAME"),
        ("report", documents.pdf(), "F-NAME"),
        ("report.pdf", documents.pdf(password="geheim"), "F-ENCRYPTED"),
        ("report.zip", documents.encrypted_zip(), "F-ENCRYPTED"),
        ("report.doc", documents.word_document(encrypted=True), "F-ENCRYPTED"),
        ("report.docx", documents.ole({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}), "F-ENCRYPTED"),
        ("report.doc", documents.ole({"Workbook": b"x"}), "F-TYPE"),
        ("report.pdf", documents.pdf()[:300], "F-CORRUPT"),
        ("report.pdf", b"%PDF-1.7\nnothing that a reader understands\n%%EOF", "F-CORRUPT"),
        ("report.docx", documents.docx(body="<w:document"), "F-CORRUPT"),
        ("report.zip", documents.zipped({"a.txt": "x" * 9000})[:-30], "F-CORRUPT"),
        ("report.doc", documents.word_document()[:600], "F-CORRUPT"),
        ("report.docx", documents.docx(body='<!DOCTYPE d [<!ENTITY a "b">]><d>&a;</d>'), "F-BOMB"),
        ("report.zip", documents.zipped({"zeros": b"\0" * 30_000_000}), "F-BOMB"),
        ("report.zip", documents.zipped({"../../etc/cron.d/job": "x"}), "F-PATH"),
        ("report.zip", documents.zipped({"/etc/passwd": "x"}), "F-PATH"),
        ("report.zip", documents.zipped({"..\\evil.exe": "x"}), "F-PATH"),
        ("report.zip", documents.linked_zip(), "F-PATH"),
    ],
)
def test_planted_fault_is_named_by_its_rule(name: str, content: bytes | None, rule: str) -> None:
    assert rules(name, content) == [rule]


def test_damaged_entry_is_found_by_its_checksum() -> None:
    content = bytearray(documents.zipped({"a.txt": "the report says that all is well " * 40}))
    content[60] ^= 0xFF

    assert rules("report.zip", bytes(content)) == ["F-CORRUPT"]


def test_file_over_the_limit_is_not_read_at_all() -> None:
    too_large = Attachment("applicationGuide", "guide.pdf", MAX_BYTES + 1, stream=io.BytesIO(b""))

    assert [finding.rule for finding in inspect_attachment(too_large)] == ["F-SIZE"]


def test_macros_are_a_warning_that_fails_nothing() -> None:
    old = attachment("old.doc", documents.word_document(macros=True))
    new = attachment("new.docx", documents.docx(**{"word/vbaProject.bin": b"x"}))

    result = check_attachments([old, new])

    assert [finding.rule for finding in result.findings] == ["F-MACRO", "F-MACRO"]
    assert {finding.severity for finding in result.findings} == {Severity.WARNING}
    assert result.status is Status.PASSED


def test_one_missing_report_fails_the_whole_check_and_says_where() -> None:
    result = check_attachments([attachment("a.pdf", documents.pdf()), attachment("b.pdf", None)])

    assert result.status is Status.FAILED
    assert result.errors[0].place == "functionalTestReport"
    assert result.errors[0].clause == "8.2.1c"


def test_no_attachment_at_all_is_not_checked() -> None:
    assert check_attachments([]).status is Status.NOT_CHECKED
