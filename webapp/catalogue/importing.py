"""Importing components from JSON: shared by the page, the command line and the interface for programs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
from sqlalchemy.orm import Session

from domain.catalogue.service import ImportReport, import_components
from kernel.actor import Actor
from kernel.errors import FieldProblem, Invalid
from kernel.language import Text
from kernel.unit_of_work import perform
from webapp.wiring import Platform

MAX_FILE_BYTES = 10 * 1024 * 1024


def read_records(content: bytes) -> list[Any]:
    """Read the records of a file: a JSON array, or one JSON object.

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


def import_records(
    platform: Platform,
    actor: Actor,
    records: list[Any],
    source: str,
    attachments_root: Path | None = None,
) -> ImportReport:
    """Import the records in one transaction; each is accepted or refused by itself."""

    def work(session: Session) -> ImportReport:
        return import_in(session, platform, actor, records, source, attachments_root)

    return perform(platform.database, "component.import", actor, work, stream="system:import")


def import_in(
    session: Session,
    platform: Platform,
    actor: Actor,
    records: list[Any],
    source: str,
    attachments_root: Path | None = None,
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
    )


def _malformed(zh: str, en: str) -> Invalid:
    message = Text(zh, en)
    return Invalid(message, (FieldProblem("", "import.file", message),))
