"""What an assessment looks at: the files of the subject, its API document and its address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from domain.admissions.queries import admission_row
from domain.assessments.queries import AssessmentDetail, assessment_detail, materials_of
from domain.assessments.scanned import Subject
from domain.catalogue import queries as catalogue
from domain.catalogue.queries import VersionDetail
from domain.deployments import queries as deployments
from engine.api import JobContext, TechnicalFailure
from handlers.environment import PLATFORM, Environment
from handlers.parameters import mapping
from handlers.preparation import api_document
from kernel.errors import NotFound
from kernel.files import REFERENCE_PREFIX, StoredFile, find_file

HOSTED, UNHOSTED, EXTERNAL = "hosted", "unhosted", "external"


@dataclass(frozen=True, slots=True)
class HeldFile:
    """One file of the subject as it lies in the store."""

    name: str
    digest: str
    path: Path


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that the checks of one assessment may look at."""

    detail: AssessmentDetail
    artefact: HeldFile | None = None
    source: HeldFile | None = None
    sbom: HeldFile | None = None
    document: bytes | None = None
    record: Mapping[str, Any] = field(default_factory=dict)

    @property
    def version_id(self) -> UUID | None:
        """Return the component version, where the subject is one."""
        return self.detail.row.version_id

    @property
    def address(self) -> str | None:
        """Return where the component answers."""
        return self.detail.row.address

    @property
    def code(self) -> HeldFile | None:
        """Return what is looked at for code and secrets: source before the artefact."""
        return self.source or self.artefact


def subject_of_version(session: Session, version_id: UUID, caller: str) -> Subject:
    """Describe a component version as the subject of an assessment."""
    version = catalogue.version_detail(session, PLATFORM, version_id)
    artefact = artefact_of(session, version)
    source = materials_of(session, version_id).get("source")
    looked_at = artefact.digest if artefact else source.digest if source else None
    return Subject(
        type="version",
        id=version_id,
        name=f"{version.name} {version.version}",
        region_code=version.region_code,
        unit_id=version.unit_id,
        provider_unit_id=version.provider_unit_id,
        version_id=version_id,
        caller=caller,
        form=version.row.technical_field or "5",
        hosting=HOSTED if version.row.is_hosting == 1 else UNHOSTED,
        artefact_digest=looked_at,
        address=address_of(session, version),
    )


def subject_of_admission(session: Session, admission_id: UUID, caller: str) -> Subject:
    """Describe an external product as the subject of an assessment."""
    admission = admission_row(session, admission_id)
    return Subject(
        type="admission",
        id=admission_id,
        name=f"{admission.name} {admission.product_version}",
        region_code=admission.region_code,
        unit_id=None,
        provider_unit_id=admission.provider_unit_id,
        version_id=None,
        caller=caller,
        form=EXTERNAL,
        hosting=EXTERNAL,
        artefact_digest=admission.digest or None,
        address=None,
    )


def artefact_of(session: Session, version: VersionDetail) -> StoredFile | None:
    """Return the artefact or model that the provider uploaded for deployment, if there is one."""
    extension = mapping(version.record.get("extension"))
    files = (mapping(extension.get(kind)).get("file") for kind in ("artefact", "model"))
    return next((held for held in map(partial(_file, session), files) if held is not None), None)


def address_of(session: Session, version: VersionDetail) -> str | None:
    """Return where the component answers: in the pre-release environment, else as it was declared."""
    deployed = deployments.running(session, version.id)
    if deployed is not None and deployed.address:
        return deployed.address
    extension = mapping(version.record.get("extension"))
    declared = extension.get("serviceAddress")
    return declared.strip() or None if isinstance(declared, str) else None


def gather(environment: Environment, job: JobContext, assessment_id: UUID) -> Material:
    """Read what the checks of an assessment may look at.

    Raises:
        AssessmentNotFound: no such assessment.
    """
    with job.database.read() as session:
        detail = assessment_detail(session, PLATFORM, assessment_id)
        handed_in = {
            kind: find_file(session, row.file_id)
            for kind, row in materials_of(session, detail.row.subject_id).items()
        }
        if detail.row.version_id is None:
            admission = admission_row(session, detail.row.subject_id)
            artefact = find_file(session, admission.artefact_file_id) if admission.artefact_file_id else None
            document, record = None, {}
        else:
            version = catalogue.version_detail(session, PLATFORM, detail.row.version_id)
            artefact = artefact_of(session, version)
            document, record = api_document(environment, version), dict(version.record)
    return Material(
        detail=detail,
        artefact=_held(environment, artefact),
        source=_held(environment, handed_in.get("source")),
        sbom=_held(environment, handed_in.get("sbom")),
        document=document,
        record=record,
    )


def _file(session: Session, reference: object) -> StoredFile | None:
    if not isinstance(reference, str) or not reference.startswith(REFERENCE_PREFIX):
        return None
    try:
        return find_file(session, reference)
    except NotFound:
        return None


def _held(environment: Environment, file: StoredFile | None) -> HeldFile | None:
    if file is None:
        return None
    try:
        return HeldFile(file.name, file.digest, environment.files.path(file.digest))
    except NotFound as error:
        raise TechnicalFailure(f"the store has lost {file.name} ({file.digest[:12]})") from error
