"""For what a report or material is handed in: the version with the digests of the files that lie here."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from sqlalchemy.orm import Session

from domain.assessments import queries
from domain.assessments.service import ReportSubject
from domain.catalogue import queries as catalogue
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.files import REFERENCE_PREFIX, find_file


def report_subject(session: Session, actor: Actor, version_id: UUID) -> ReportSubject:
    """Return a version as the subject of what its owners hand in.

    Raises:
        VersionNotFound: no such version, or the actor may not see it.
    """
    version = catalogue.version_detail(session, actor, version_id)
    extension = version.record.get("extension")
    artefact = extension.get("artefact") if isinstance(extension, dict) else None
    reference = artefact.get("file") if isinstance(artefact, dict) else None
    digests = {
        row.digest for row in queries.materials_of(session, version_id).values() if row.kind == "source"
    }
    if isinstance(reference, str) and reference.startswith(REFERENCE_PREFIX):
        # Where the record names a file that is gone there is nothing to compare with.
        with suppress(NotFound):
            digests.add(find_file(session, reference).digest)
    return ReportSubject(
        type="version",
        id=version_id,
        region_code=version.region_code,
        unit_id=version.unit_id,
        provider_unit_id=version.provider_unit_id,
        artefact_digests=frozenset(digests),
    )
