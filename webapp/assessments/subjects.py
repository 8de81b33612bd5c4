"""For what a report or material is handed in: the version with the digests of the files that lie here."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from domain.assessments import queries
from domain.assessments.service import ReportSubject
from domain.catalogue import queries as catalogue
from handlers.assessment.material import artefact_of
from kernel.actor import Actor


def report_subject(session: Session, actor: Actor, version_id: UUID) -> ReportSubject:
    """Return a version as the subject of what its owners hand in.

    Raises:
        VersionNotFound: no such version, or the actor may not see it.
    """
    version = catalogue.version_detail(session, actor, version_id)
    material = queries.materials_of(session, version_id).values()
    artefact = artefact_of(session, version)
    digests = {row.digest for row in material if row.kind == "source"}
    # Where the record names a file that is gone there is nothing to compare with.
    digests |= {artefact.digest} if artefact is not None else set()
    return ReportSubject(
        type="version",
        id=version_id,
        region_code=version.region_code,
        unit_id=version.unit_id,
        provider_unit_id=version.provider_unit_id,
        artefact_digests=frozenset(digests),
    )
