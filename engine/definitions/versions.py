"""Which versions are in service: the newest of a key, and the pins an instance starts with."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.definitions.models import ProcessDefinitionVersion
from engine.definitions.rows import DefinitionVersion
from engine.errors import DefinitionNotFound
from kernel.language import Text


def latest_versions(
    session: Session, keys: Iterable[str] | None = None
) -> dict[str, ProcessDefinitionVersion]:
    """Return the newest version of each key (of all keys when none are given)."""
    version = ProcessDefinitionVersion
    newest = select(version.key, func.max(version.version).label("version")).group_by(version.key)
    if keys is not None:
        newest = newest.where(version.key.in_(list(keys)))
    found = newest.subquery()
    query = select(version).join(found, (version.key == found.c.key) & (version.version == found.c.version))
    return {row.key: row for row in session.scalars(query)}


def latest_version(session: Session, key: str) -> ProcessDefinitionVersion:
    """Return the newest version of a process.

    Raises:
        DefinitionNotFound: nothing is deployed under the key.
    """
    found = latest_versions(session, [key]).get(key)
    if found is None:
        raise DefinitionNotFound(key)
    return found


def pins_of(session: Session, version: ProcessDefinitionVersion) -> dict[str, str]:
    """Return the version ids of the process and of everything it calls, deeply, as of now.

    Raises:
        DefinitionNotFound: a called process is not deployed.
    """
    pins = {version.key: str(version.id)}
    wanted = set(version.calls) - pins.keys()
    while wanted:
        found = latest_versions(session, wanted)
        for key in wanted - found.keys():
            raise DefinitionNotFound(key)
        pins |= {key: str(called.id) for key, called in found.items()}
        wanted = {key for called in found.values() for key in called.calls} - pins.keys()
    return pins


def version_row(version: ProcessDefinitionVersion) -> DefinitionVersion:
    """Return a version as outsiders see it."""
    return DefinitionVersion(
        id=version.id,
        key=version.key,
        version=version.version,
        name=Text(version.name, version.name_en),
        digest=version.digest,
        deployed_by=version.deployed_by,
        deployed_at=version.deployed_at,
        note=version.note,
    )


def find_version(session: Session, version_id: UUID) -> ProcessDefinitionVersion:
    """Return a version by id.

    Raises:
        DefinitionNotFound: there is none.
    """
    found = session.get(ProcessDefinitionVersion, version_id)
    if found is None:
        raise DefinitionNotFound(str(version_id))
    return found
