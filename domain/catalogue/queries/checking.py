"""Table 1 on a stored version: the context of the rules, and the rules run."""

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.catalogue.dictionary_rules import KINDS, Entry
from domain.catalogue.errors import VersionNotFound
from domain.catalogue.models import CatalogueClaim, ComponentVersion, RecordSnapshot
from domain.catalogue.policy import strict_rules
from domain.catalogue.queries.dictionaries import codes_of, dictionary_entries
from domain.catalogue.rules import RuleBreach, RuleContext, Stage, check_record
from domain.people import queries as people


def claim_digest(value: str) -> str:
    """Return the key under which a claimed value is kept."""
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()


def holder_of(session: Session, kind: str, value: str) -> UUID | None:
    """Return the component that holds a value, or None."""
    query = select(CatalogueClaim.component_id).where(
        CatalogueClaim.kind == kind, CatalogueClaim.value_digest == claim_digest(value)
    )
    return session.scalar(query)


def rule_context(
    session: Session,
    component_id: UUID | None = None,
    version_id: UUID | None = None,
    *,
    strict: bool | None = None,
) -> RuleContext:
    """Return what the rules must know, read from the database.

    Values held by ``component_id`` itself count as free, and so does the number of
    ``version_id``. A value retired from its dictionary holds where the version has it
    already. ``strict`` overrides the setting of the installation.
    """

    def is_taken(kind: str, value: str) -> bool:
        return holder_of(session, kind, value) not in (None, component_id)

    def has_version(canonical: str) -> bool:
        if component_id is None:
            return False
        query = select(ComponentVersion.id).where(
            ComponentVersion.component_id == component_id, ComponentVersion.version_key == canonical
        )
        return session.scalar(query) not in (None, version_id)

    held = _record_of(session, version_id)
    entries = dictionary_entries(session)
    return RuleContext(
        regions=frozenset(region.name for region in people.regions(session)),
        functional_areas=frozenset(map(int, _allowed(entries, "functionalAreas", held))),
        icons=_allowed(entries, "image", held),
        network_zones=_allowed(entries, "networkZone", held),
        is_taken=is_taken,
        has_version=has_version,
        strict=strict_rules() if strict is None else strict,
    )


def check_version(
    session: Session, version_id: UUID, stage: Stage, *, strict: bool | None = None
) -> list[RuleBreach]:
    """Run Table 1 on the stored record of a version.

    Raises:
        VersionNotFound: no such version.
    """
    query = (
        select(ComponentVersion.component_id, RecordSnapshot.content)
        .join(RecordSnapshot, RecordSnapshot.digest == ComponentVersion.record_digest)
        .where(ComponentVersion.id == version_id)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise VersionNotFound(version_id)
    record: dict[str, Any] = row.content
    return check_record(record, stage, rule_context(session, row.component_id, version_id, strict=strict))


def _allowed(entries: Mapping[str, tuple[Entry, ...]], key: str, held: Mapping[str, Any]) -> frozenset[str]:
    kept = frozenset(codes_of(held, KINDS[key]))
    return frozenset(entry.code for entry in entries[key] if entry.is_active or entry.code in kept)


def _record_of(session: Session, version_id: UUID | None) -> Mapping[str, Any]:
    if version_id is None:
        return {}
    query = (
        select(RecordSnapshot.content)
        .join(ComponentVersion, RecordSnapshot.digest == ComponentVersion.record_digest)
        .where(ComponentVersion.id == version_id)
    )
    return session.scalar(query) or {}


def record_under(session: Session, digest: str) -> Mapping[str, Any]:
    """Return the record that is kept under a digest; records are written once and never change."""
    content: dict[str, Any] = session.get_one(RecordSnapshot, digest).content
    return content


def version_numbers(session: Session, component_id: UUID) -> tuple[str, ...]:
    """Return the canonical numbers that a component has given out, without those of cancelled versions."""
    query = select(ComponentVersion.version_key).where(
        ComponentVersion.component_id == component_id, ComponentVersion.version_key.is_not(None)
    )
    return tuple(key for key in session.scalars(query) if key is not None)
