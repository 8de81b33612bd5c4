"""Reading definitions."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from engine.definitions.models import DefinitionDraftRow, ProcessDefinitionVersion
from engine.definitions.pinned import files_of_versions
from engine.definitions.rows import DefinitionFiles, DefinitionRow, DefinitionVersion
from engine.definitions.versions import find_version, latest_versions, version_row
from engine.instances.models import ProcessInstance


def definitions(session: Session) -> tuple[DefinitionRow, ...]:
    """List the processes with their newest versions, by key."""
    running = _counts(
        session,
        select(ProcessInstance.definition_key, func.count())
        .where(ProcessInstance.status.in_(("active", "suspended")))
        .group_by(ProcessInstance.definition_key),
    )
    drafts = _counts(
        session,
        select(DefinitionDraftRow.key, func.count())
        .where(DefinitionDraftRow.status.in_(("draft", "submitted")))
        .group_by(DefinitionDraftRow.key),
    )
    return tuple(
        DefinitionRow(
            latest=version_row(version),
            versions=version.version,
            running=running.get(key, 0),
            open_drafts=drafts.get(key, 0),
            start_roles=tuple(version.start_roles),
        )
        for key, version in sorted(latest_versions(session).items())
    )


def definition_versions(session: Session, key: str) -> tuple[DefinitionVersion, ...]:
    """List the versions of one process, newest first."""
    query = (
        select(ProcessDefinitionVersion)
        .where(ProcessDefinitionVersion.key == key)
        .order_by(ProcessDefinitionVersion.version.desc())
    )
    return tuple(version_row(version) for version in session.scalars(query))


def definition_files(session: Session, version_id: UUID) -> DefinitionFiles:
    """Return one version with its files.

    Raises:
        DefinitionNotFound: there is none.
    """
    version = find_version(session, version_id)
    running = session.scalar(
        select(func.count()).where(
            ProcessInstance.definition_version_id == version_id,
            ProcessInstance.status.in_(("active", "suspended")),
        )
    )
    return DefinitionFiles(
        version_row(version), files_of_versions(session, [version_id]).get(version_id, {}), running or 0
    )


def _counts(session: Session, query: Select[str, int]) -> Mapping[str, int]:
    return {row[0]: row[1] for row in session.execute(query)}
