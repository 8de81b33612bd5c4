"""Attachments: there, readable, of an allowed type by content, of a sane size, not locked or damaged.

Types are told by content, never by the name alone; a name that claims another type is a finding.

Source: draft standard, Table 1 (componentDetails) and clause 8.2.1 c, d; docs/reference/table-1-rules.md
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

import pypdf
from pypdf.errors import PyPdfError

from handlers.checks.containers import (
    ContainerBroken,
    ContainerEncrypted,
    ContainerLimits,
    ContainerUnsafe,
    read_ole,
    read_zip,
    require_well_formed,
)
from handlers.checks.results import CheckResult, Finding, Rule, Severity, concluded
from kernel.language import Text

CHECK = "attachments"
MAX_BYTES = 50 * 1024 * 1024
LIMITS = ContainerLimits()

_HEAD = 1024
_ALLOWED = {
    "pdf": {"pdf"},
    "ofd": {"ofd"},
    "docx": {"docx"},
    "ole_word": {"doc", "wps"},
    "zip": {"zip"},
}

F_PRESENT = Rule(
    "F-PRESENT",
    Severity.ERROR,
    "8.2.1c",
    Text("应上传此附件：文件不存在或尚未上传", "This attachment is required and has not been uploaded"),
)
F_EMPTY = Rule(
    "F-EMPTY", Severity.ERROR, "8.2.1c", Text("文件为空，请重新上传", "The file is empty, upload it again")
)
F_SIZE = Rule(
    "F-SIZE",
    Severity.ERROR,
    "表1 Table 1",
    Text("文件超过50 MB，请压缩或拆分", "The file exceeds 50 MB, make it smaller or split it"),
)
F_TYPE = Rule(
    "F-TYPE",
    Severity.ERROR,
    "表1 Table 1",
    Text(
        "按内容判断不是允许的类型（pdf、ofd、doc、docx、wps、zip）",
        "By its content this is not an allowed type (pdf, ofd, doc, docx, wps, zip)",
    ),
)
F_NAME = Rule(
    "F-NAME",
    Severity.ERROR,
    "表1 Table 1",
    Text(
        "文件扩展名与内容不符，请核对后重新上传",
        "The file name does not match the content, check it and upload again",
    ),
)
F_ENCRYPTED = Rule(
    "F-ENCRYPTED",
    Severity.ERROR,
    "8.2.1c",
    Text(
        "文件已加密，审核人员无法打开，请上传未加密的文件",
        "The file is encrypted, upload one without a password",
    ),
)
F_CORRUPT = Rule(
    "F-CORRUPT",
    Severity.ERROR,
    "8.2.1c",
    Text("文件已损坏，无法完整读取，请重新导出并上传", "The file is damaged, export it again and upload it"),
)
F_BOMB = Rule(
    "F-BOMB",
    Severity.ERROR,
    "8.2.4",
    Text(
        "压缩内容异常膨胀，可能为压缩炸弹，已停止读取",
        "The content expands beyond all measure, reading was stopped",
    ),
)
F_PATH = Rule(
    "F-PATH",
    Severity.ERROR,
    "8.2.4",
    Text("压缩包内含越出目录的路径或链接", "The archive holds a path or link that leaves its folder"),
)
F_MACRO = Rule(
    "F-MACRO",
    Severity.WARNING,
    "8.2.4",
    Text("文档含宏，宜上传不含宏的版本", "The document carries macros, prefer a version without them"),
)


@dataclass(frozen=True)
class Attachment:
    """A file as handed in; ``stream`` is None when it is not there."""

    place: str
    name: str
    size: int = 0
    stream: BinaryIO | None = None


def check_attachments(attachments: Iterable[Attachment]) -> CheckResult:
    """Look into every attachment and conclude one check over all of them."""
    files = list(attachments)
    findings = [finding for attachment in files for finding in inspect_attachment(attachment)]
    looked_at = Text(f"附件（{len(files)} 个）", f"Attachments ({len(files)})")
    if not files:
        return concluded(CHECK, looked_at, (), Text("未提供任何附件", "none was given"))
    return concluded(CHECK, looked_at, findings)


def inspect_attachment(attachment: Attachment) -> list[Finding]:
    """Return what is wrong with one attachment, in the order it was noticed."""
    place, stream = attachment.place, attachment.stream
    if stream is None:
        return [F_PRESENT.broken(place=place, evidence=attachment.name)]
    if attachment.size == 0:
        return [F_EMPTY.broken(place=place, evidence=attachment.name)]
    if attachment.size > MAX_BYTES:
        return [F_SIZE.broken(place=place, evidence=f"{attachment.name}: {attachment.size} bytes")]
    try:
        kind, findings = _identify(stream, attachment)
    except ContainerEncrypted as error:
        return [F_ENCRYPTED.broken(place=place, evidence=f"{attachment.name}: {error}")]
    except ContainerBroken as error:
        return [F_CORRUPT.broken(place=place, evidence=f"{attachment.name}: {error}")]
    except ContainerUnsafe as error:
        rule = F_BOMB if error.kind == "bomb" else F_PATH
        return [rule.broken(place=place, evidence=f"{attachment.name}: {error}")]
    if kind is None:
        return [F_TYPE.broken(place=place, evidence=attachment.name)]
    extension = attachment.name.rsplit(".", 1)[-1].lower() if "." in attachment.name else ""
    if extension not in _ALLOWED[kind]:
        evidence = f"{attachment.name}: {kind}"
        findings.append(F_NAME.broken(place=place, evidence=evidence))
    return findings


def _identify(stream: BinaryIO, attachment: Attachment) -> tuple[str | None, list[Finding]]:
    """Tell the kind of a file by its content, having read it to its end."""
    stream.seek(0)
    head = stream.read(_HEAD)
    stream.seek(0)
    if b"%PDF-" in head:
        _read_pdf(stream)
        return "pdf", []
    if head.startswith(b"PK\x03\x04"):
        return _identify_zip(stream, attachment)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        contents = read_ole(stream)
        macros = [F_MACRO.broken(place=attachment.place, evidence=attachment.name)]
        return ("ole_word" if contents.is_word else None), (macros if contents.has_macros else [])
    return None, []


def _identify_zip(stream: BinaryIO, attachment: Attachment) -> tuple[str, list[Finding]]:
    contents = read_zip(stream, attachment.size, LIMITS)
    macros = [F_MACRO.broken(place=attachment.place, evidence=attachment.name)]
    findings = macros if contents.has_macros else []
    if "[Content_Types].xml" in contents.names and "word/document.xml" in contents.names:
        require_well_formed(stream, "word/document.xml", LIMITS)
        return "docx", findings
    if "OFD.xml" in contents.names:
        require_well_formed(stream, "OFD.xml", LIMITS)
        return "ofd", findings
    return "zip", findings


def _read_pdf(stream: BinaryIO) -> None:
    """Open a PDF as a reader would.

    Raises:
        ContainerEncrypted: it needs a password.
        ContainerBroken: cut off, without pages, or damaged.
    """
    stream.seek(0, 2)
    stream.seek(max(0, stream.tell() - 2 * _HEAD))
    if b"%%EOF" not in stream.read():
        raise ContainerBroken("no end-of-file mark")
    stream.seek(0)
    try:
        reader = pypdf.PdfReader(stream, strict=False)
        if reader.is_encrypted:
            raise ContainerEncrypted("PDF")
        pages = len(reader.pages)
        if pages:
            reader.pages[0].get_contents()
            reader.pages[pages - 1].get_contents()
    except (PyPdfError, ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise ContainerBroken(str(error) or type(error).__name__) from error
    if pages == 0:
        raise ContainerBroken("no pages")
