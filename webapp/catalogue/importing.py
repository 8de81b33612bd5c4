"""Importing components from JSON and workbooks: shared by the page, the command line and the API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy.orm import Session

from domain.catalogue.exchange import WorkbookRecords
from domain.catalogue.service import ImportReport, import_components
from kernel.actor import Actor
from kernel.errors import FieldProblem, Invalid
from kernel.language import Text
from kernel.unit_of_work import perform
from webapp.catalogue.workbooks import from_workbook, is_workbook
from webapp.wiring import Platform

MAX_FILE_BYTES = 10 * 1024 * 1024
MAX_RECORDS = 1000


def read_records(content: bytes) -> list[Any]:
    """Read the records of a JSON file: an array, or one JSON object.

    Raises:
        Invalid: the file is no JSON, holds neither, or is too large.
    """
    if len(content) > MAX_FILE_BYTES:
        raise _malformed("文件超过 10 MB，请拆分后导入", "The file exceeds 10 MB; split it")
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise _malformed(
            f"文件不是有效的 JSON（第 {error.lineno} 行第 {error.colno} 列）",
            f"The file is not valid JSON (line {error.lineno}, column {error.colno})",
        ) from None
    records = [document] if isinstance(document, dict) else document
    if not isinstance(records, list) or not records:
        raise _malformed(
            "文件应为组件记录的 JSON 数组，至少一条",
            "The file must be a JSON array of component records",
        )
    return records


@dataclass(frozen=True, slots=True)
class ImportFile:
    """A file read: its records, and the workbook that they came from, if it is one."""

    source: str
    records: Sequence[Any]
    workbook: WorkbookRecords | None = None

    def place(self, index: int, path: str) -> str:
        """Return where a breach lies: a cell of the workbook, else the path itself."""
        return self.workbook.cell(index, path) if self.workbook else path


def read_file(platform: Platform, content: bytes, source: str) -> ImportFile:
    """Read a file by its content, whatever it is called.

    Raises:
        Invalid: it is neither JSON nor a workbook that can be read.
    """
    if not is_workbook(content):
        return ImportFile(source, read_records(content))
    with platform.database.read() as session:
        workbook = from_workbook(session, content)
    return ImportFile(source, workbook.records, workbook)


def import_file(
    platform: Platform,
    actor: Actor,
    file: ImportFile,
    attachments_root: Path | None = None,
    *,
    rehearse: bool = False,
) -> ImportReport:
    """Import the records in one transaction; each is accepted or refused by itself.

    ``rehearse`` does everything and keeps nothing: the report says what an import would do.
    """

    def work(session: Session) -> ImportReport:
        return import_in(
            session, platform, actor, file.records, file.source, attachments_root, workbook=file.workbook
        )

    if rehearse:
        with platform.database.write() as session:
            report = work(session)
            session.rollback()
        return report
    return perform(platform.database, "component.import", actor, work, stream="system:import")


def import_records(
    platform: Platform,
    actor: Actor,
    records: Sequence[Any],
    source: str,
    attachments_root: Path | None = None,
) -> ImportReport:
    """Import records that were read before, in one transaction."""
    return import_file(platform, actor, ImportFile(source, records), attachments_root)


def import_in(
    session: Session,
    platform: Platform,
    actor: Actor,
    records: Sequence[Any],
    source: str,
    attachments_root: Path | None = None,
    *,
    workbook: WorkbookRecords | None = None,
) -> ImportReport:
    """Import the records in a transaction that is open already."""
    return import_components(
        session,
        actor,
        records,
        source=source,
        store=platform.files,
        attachments_root=attachments_root,
        strict=platform.settings.strict_table_1,
        typed_format=workbook is None,
        broken=workbook.broken if workbook else {},
    )


def _malformed(zh: str, en: str) -> Invalid:
    message = Text(zh, en)
    return Invalid(message, (FieldProblem("", "import.file", message),))
