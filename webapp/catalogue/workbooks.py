"""Workbooks at the edge: the template with today's codes, the export of a list, the cells behind a breach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from domain.catalogue.dictionary_rules import KINDS
from domain.catalogue.exchange import CodeList, WorkbookRecords, read_workbook, write_workbook
from domain.catalogue.queries import dictionary_entries, dictionary_words
from domain.people import queries as people
from kernel.language import Text

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP_SIGNATURE = b"PK\x03\x04"


def as_workbook(session: Session, records: Sequence[Mapping[str, Any]]) -> bytes:
    """Return a workbook of the records; without any it is the template.

    Raises:
        Invalid: too many records.
    """
    return write_workbook(records, dictionary_words(session), _lists(session))


def from_workbook(session: Session, content: bytes) -> WorkbookRecords:
    """Return the records of a workbook.

    Raises:
        Invalid: hostile, damaged, or not made from the template.
    """
    return read_workbook(content, dictionary_words(session))


def is_workbook(content: bytes) -> bool:
    """Tell by the content whether a file claims to be a workbook; JSON cannot begin so."""
    return content.startswith(ZIP_SIGNATURE)


def _lists(session: Session) -> list[CodeList]:
    entries = dictionary_entries(session)
    lists = [
        CodeList(key, [(kind.code(e.code), e.text) for e in entries[key] if e.is_active])
        for key, kind in KINDS.items()
    ]
    regions = [(row.name, Text(row.name, row.name_en)) for row in people.regions(session)]
    return [*lists, CodeList("publicRegion", regions)]
