"""For what a report or material is handed in: a version, or a product that is to be admitted."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from domain.admissions import queries as admissions
from domain.assessments import queries
from domain.assessments.service import ReportSubject, require_owner
from domain.catalogue import queries as catalogue
from handlers.assessment.material import artefact_of
from kernel.actor import Actor
from kernel.errors import NotAllowed


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


def admission_subject(session: Session, actor: Actor, admission_id: UUID) -> ReportSubject:
    """Return a product that is to be admitted as the subject of the reports of its provider.

    Raises:
        AdmissionNotFound: no such admission, or the actor may not see it.
    """
    admission = admissions.admission_for(session, actor, admission_id)
    return ReportSubject(
        type="admission",
        id=admission_id,
        region_code=admission.region_code,
        unit_id=None,
        provider_unit_id=admission.provider_unit_id,
        artefact_digests=frozenset({admission.digest.lower()} if admission.digest else ()),
    )


def require_readable(session: Session, actor: Actor, subject_type: str, subject_id: UUID) -> None:
    """Refuse whoever may not see the subject of a report.

    Raises:
        VersionNotFound: of a version.
        AdmissionNotFound: of a product that is to be admitted.
    """
    if subject_type == "admission":
        admissions.admission_for(session, actor, subject_id)
    else:
        catalogue.version_detail(session, actor, subject_id)


def is_owner(actor: Actor, subject: ReportSubject) -> bool:
    """Tell whether the actor may hand something in for the subject."""
    try:
        require_owner(actor, subject)
    except NotAllowed:
        return False
    return True
