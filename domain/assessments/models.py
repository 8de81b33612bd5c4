"""Assessments with their checks, findings, judgements and reports."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, Document, Id, JsonDocument, Timestamp

_FILE = "stored_file.id"


class Assessment(Base):
    """One round of assessing one subject: a component version, or an external product.

    ``run`` counts the scans of the round: scanning again keeps what was found before. ``baseline_edition``
    is the one that the process read; ``valid_until`` is set when it passes.
    """

    __tablename__ = "assessment"
    __table_args__ = (
        UniqueConstraint("opened_by_job"),
        CheckConstraint("subject_type IN ('version', 'admission')", name="subject_type"),
        Index("ix_assessment_subject_id_id", "subject_id", "id"),
        Index("ix_assessment_version_id_id", "version_id", "id"),
        Index("ix_assessment_region_code_id", "region_code", "id"),
    )

    id: Mapped[Id]
    subject_type: Mapped[str] = mapped_column(String(12))
    subject_id: Mapped[UUID] = mapped_column(Uuid)
    version_id: Mapped[UUID | None] = mapped_column(ForeignKey("component_version.id", ondelete="RESTRICT"))
    subject_name: Mapped[str] = mapped_column(Text)
    region_code: Mapped[str] = mapped_column(String(6))
    unit_id: Mapped[UUID | None] = mapped_column(Uuid)
    provider_unit_id: Mapped[UUID | None] = mapped_column(Uuid)
    instance_id: Mapped[UUID | None] = mapped_column(Uuid)
    opened_by_job: Mapped[UUID | None] = mapped_column(Uuid)
    caller: Mapped[str] = mapped_column(String(20))
    form: Mapped[str] = mapped_column(String(12))
    hosting: Mapped[str] = mapped_column(String(12))
    round: Mapped[int] = mapped_column(Integer)
    previous_id: Mapped[UUID | None] = mapped_column(ForeignKey("assessment.id", ondelete="RESTRICT"))
    run: Mapped[int] = mapped_column(Integer)
    standing: Mapped[str] = mapped_column(String(12))
    artefact_digest: Mapped[str | None] = mapped_column(String(64))
    address: Mapped[str | None] = mapped_column(Text)
    baseline_edition: Mapped[int | None] = mapped_column(Integer)
    baseline: Mapped[list[dict[str, object]] | None] = mapped_column(JsonDocument)
    opened_at: Mapped[Timestamp]
    decided_at: Mapped[datetime | None]
    valid_until: Mapped[datetime | None]
    report_digest: Mapped[str | None] = mapped_column(String(64))
    report_file_id: Mapped[UUID | None] = mapped_column(ForeignKey(_FILE, ondelete="RESTRICT"))


class AssessmentItem(Base):
    """One check in one run of an assessment; the newest run counts."""

    __tablename__ = "assessment_item"
    __table_args__ = (UniqueConstraint("assessment_id", "item", "run"),)

    id: Mapped[Id]
    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"))
    item: Mapped[str] = mapped_column(String(20))
    run: Mapped[int] = mapped_column(Integer)
    job_id: Mapped[UUID | None] = mapped_column(Uuid)
    status: Mapped[str] = mapped_column(String(16))
    scanned_status: Mapped[str] = mapped_column(String(16))
    tool: Mapped[str] = mapped_column(String(80))
    tool_version: Mapped[str] = mapped_column(String(80))
    basis: Mapped[Document]
    summary: Mapped[Document]
    counts: Mapped[Document]
    looked_at: Mapped[Document]
    exceeded: Mapped[list[dict[str, object]]] = mapped_column(JsonDocument)
    seconds: Mapped[float] = mapped_column(Float)
    raw_digest: Mapped[str | None] = mapped_column(String(64))
    report_id: Mapped[UUID | None] = mapped_column(ForeignKey("third_party_report.id", ondelete="RESTRICT"))
    recorded_at: Mapped[Timestamp]


class AssessmentFinding(Base):
    """One thing that a check found; ``fingerprint`` knows it again in another round."""

    __tablename__ = "assessment_finding"
    __table_args__ = (
        UniqueConstraint("item_id", "position"),
        Index("ix_assessment_finding_fingerprint", "fingerprint"),
    )

    id: Mapped[Id]
    item_id: Mapped[UUID] = mapped_column(ForeignKey("assessment_item.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(Integer)
    fingerprint: Mapped[str] = mapped_column(String(64))
    tool: Mapped[str] = mapped_column(String(80))
    tool_version: Mapped[str] = mapped_column(String(80))
    rule: Mapped[str] = mapped_column(String(120))
    severity: Mapped[str] = mapped_column(String(12))
    place: Mapped[str] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(Text)
    clause: Mapped[str] = mapped_column(String(120))
    message: Mapped[Document]
    identifiers: Mapped[list[str]] = mapped_column(JsonDocument)
    component: Mapped[str] = mapped_column(Text)
    fixed_in: Mapped[list[str]] = mapped_column(JsonDocument)
    is_uncertain: Mapped[bool] = mapped_column(Boolean)
    is_false_positive: Mapped[bool] = mapped_column(Boolean)


class AssessmentJudgement(Base):
    """What one operator judged of one item or finding, and the second who agreed or did not."""

    __tablename__ = "assessment_judgement"
    __table_args__ = (Index("ix_assessment_judgement_assessment_id_id", "assessment_id", "id"),)

    id: Mapped[Id]
    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"))
    run: Mapped[int] = mapped_column(Integer)
    item: Mapped[str] = mapped_column(String(20))
    fingerprint: Mapped[str] = mapped_column(String(64))
    verdict: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    evidence_file_id: Mapped[UUID | None] = mapped_column(ForeignKey(_FILE, ondelete="RESTRICT"))
    report_id: Mapped[UUID | None] = mapped_column(ForeignKey("third_party_report.id", ondelete="RESTRICT"))
    judged_by: Mapped[UUID | None] = mapped_column(Uuid)
    judged_by_name: Mapped[str] = mapped_column(String(80))
    judged_at: Mapped[Timestamp]
    is_current: Mapped[bool] = mapped_column(Boolean)
    agreed_by: Mapped[UUID | None] = mapped_column(Uuid)
    agreed_by_name: Mapped[str | None] = mapped_column(String(80))
    agreed_at: Mapped[datetime | None]


class AssessmentDispute(Base):
    """A provider's objection to a finding: it is then judged by people instead of failing at once."""

    __tablename__ = "assessment_dispute"
    __table_args__ = (UniqueConstraint("subject_id", "fingerprint"),)

    id: Mapped[Id]
    subject_id: Mapped[UUID] = mapped_column(Uuid)
    fingerprint: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    raised_by: Mapped[UUID | None] = mapped_column(Uuid)
    raised_by_name: Mapped[str] = mapped_column(String(80))
    raised_at: Mapped[Timestamp]


class ThirdPartyReport(Base):
    """A report handed in for a check that cannot run here (A23); ``subject_digest`` is what it is about."""

    __tablename__ = "third_party_report"
    __table_args__ = (
        CheckConstraint("standing IN ('handed_in', 'accepted', 'refused')", name="standing"),
        Index("ix_third_party_report_subject_id_id", "subject_id", "id"),
    )

    id: Mapped[Id]
    subject_type: Mapped[str] = mapped_column(String(12))
    subject_id: Mapped[UUID] = mapped_column(Uuid)
    region_code: Mapped[str] = mapped_column(String(6))
    item: Mapped[str] = mapped_column(String(20))
    issuer: Mapped[str] = mapped_column(Text)
    issued_on: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date] = mapped_column(Date)
    subject_digest: Mapped[str] = mapped_column(String(64))
    scope: Mapped[str] = mapped_column(Text)
    commitment: Mapped[str] = mapped_column(Text)
    file_id: Mapped[UUID] = mapped_column(ForeignKey(_FILE, ondelete="RESTRICT"))
    file_digest: Mapped[str] = mapped_column(String(64))
    standing: Mapped[str] = mapped_column(String(12))
    handed_in_by: Mapped[UUID | None] = mapped_column(Uuid)
    handed_in_by_name: Mapped[str] = mapped_column(String(80))
    handed_in_at: Mapped[Timestamp]
    accepted_by_name: Mapped[str | None] = mapped_column(String(80))
    agreed_by_name: Mapped[str | None] = mapped_column(String(80))
    accepted_at: Mapped[datetime | None]


class BillOfMaterialsEntry(Base):
    """One library in the bill of materials of an assessment, searchable by its name."""

    __tablename__ = "bill_of_materials_entry"
    __table_args__ = (
        Index("ix_bill_of_materials_entry_assessment_id", "assessment_id"),
        Index("ix_bill_of_materials_entry_name_key", "name_key"),
    )

    id: Mapped[Id]
    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"))
    purl: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    name_key: Mapped[str] = mapped_column(String(200))
    version: Mapped[str] = mapped_column(Text)
    licences: Mapped[list[str]] = mapped_column(JsonDocument)
    place: Mapped[str] = mapped_column(Text)


class AssessmentMaterial(Base):
    """Source or a bill of materials that a provider hands in for the checks; one of each kind counts."""

    __tablename__ = "assessment_material"
    __table_args__ = (
        UniqueConstraint("subject_id", "kind"),
        CheckConstraint("kind IN ('source', 'sbom')", name="kind"),
    )

    id: Mapped[Id]
    subject_id: Mapped[UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(String(8))
    file_id: Mapped[UUID] = mapped_column(ForeignKey(_FILE, ondelete="RESTRICT"))
    digest: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(255))
    handed_in_by: Mapped[UUID | None] = mapped_column(Uuid)
    handed_in_by_name: Mapped[str] = mapped_column(String(80))
    handed_in_at: Mapped[Timestamp]
