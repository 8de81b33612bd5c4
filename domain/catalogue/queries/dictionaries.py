"""Reads about dictionaries: the values in force, and the editions that led to them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.catalogue.dictionary_rules import KINDS, DictionaryKind, Entry, read_entries, shipped_entries
from domain.catalogue.errors import DictionaryNotFound
from domain.catalogue.models import ComponentVersion, DictionaryEdition, RecordSnapshot
from domain.catalogue.rules.model import value_at
from domain.catalogue.states import State
from kernel.language import Text

Code = str | int
_ENDED = (State.CANCELLED.value, State.ARCHIVED.value)


@dataclass(frozen=True, slots=True)
class EditionRow:
    """One edition; ``status`` is draft, released or refused."""

    id: UUID
    dictionary: str
    number: int
    entries: tuple[Entry, ...]
    status: str
    drafted_by: UUID
    drafted_at: datetime
    purpose: str
    decided_by: UUID | None
    decided_at: datetime | None
    reason: str | None


def dictionary_kind(key: str) -> DictionaryKind:
    """Return the dictionary of this key.

    Raises:
        DictionaryNotFound: there is none.
    """
    if key not in KINDS:
        raise DictionaryNotFound(key)
    return KINDS[key]


def dictionary_entries(session: Session) -> dict[str, tuple[Entry, ...]]:
    """Return the values of every dictionary that are in force, retired ones included, in their order."""
    released = (
        select(DictionaryEdition.dictionary, DictionaryEdition.entries)
        .where(DictionaryEdition.status == "released")
        .order_by(DictionaryEdition.number)
    )
    found = {key: shipped_entries(kind) for key, kind in KINDS.items()}
    for key, document in session.execute(released):
        if key in KINDS:
            found[key] = read_entries(KINDS[key], document["entries"])
    return found


def dictionary_codes(session: Session, key: str) -> tuple[Code, ...]:
    """Return the codes of a dictionary that may be chosen, as a record holds them."""
    kind = dictionary_kind(key)
    return tuple(kind.code(entry.code) for entry in dictionary_entries(session)[key] if entry.is_active)


def dictionary_words(session: Session) -> dict[str, dict[Code, Text]]:
    """Return the words of every value of every dictionary, retired ones included."""
    return {
        key: {KINDS[key].code(entry.code): entry.text for entry in entries}
        for key, entries in dictionary_entries(session).items()
    }


def dictionary_editions(session: Session, key: str) -> list[EditionRow]:
    """Return the editions of a dictionary, the newest first."""
    kind = dictionary_kind(key)
    query = (
        select(DictionaryEdition)
        .where(DictionaryEdition.dictionary == key)
        .order_by(DictionaryEdition.number.desc())
    )
    return [_edition(kind, row) for row in session.scalars(query)]


def codes_in_use(session: Session, kind: DictionaryKind) -> frozenset[str]:
    """Return the codes that the records of versions hold which were neither cancelled nor archived."""
    records = session.scalars(
        select(RecordSnapshot.content)
        .join(ComponentVersion, ComponentVersion.record_digest == RecordSnapshot.digest)
        .where(ComponentVersion.state.not_in(_ENDED))
    )
    return frozenset(code for record in records for code in codes_of(record, kind))


def codes_of(record: Mapping[str, Any], kind: DictionaryKind) -> Iterable[str]:
    """Return the codes of a dictionary that one record holds."""
    value = value_at(record, kind.field)
    values = value if isinstance(value, list) else [value]
    wanted = int if kind.is_number else str
    return [str(code) for code in values if type(code) is wanted]


def _edition(kind: DictionaryKind, row: DictionaryEdition) -> EditionRow:
    return EditionRow(
        id=row.id,
        dictionary=row.dictionary,
        number=row.number,
        entries=read_entries(kind, row.entries["entries"]),
        status=row.status,
        drafted_by=row.drafted_by,
        drafted_at=row.drafted_at,
        purpose=row.purpose,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reason=row.reason,
    )
