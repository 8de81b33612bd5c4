"""Components, their versions, the records by content, and what is reserved for them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
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

from kernel.database import Base, Document, Id, Timestamp


class Component(Base):
    """What all versions share: the name and the releasing unit."""

    __tablename__ = "component"
    __table_args__ = (
        Index("ix_component_region_code_id", "region_code", "id"),
        Index("ix_component_unit_id", "unit_id"),
    )

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(Text)
    external_id: Mapped[str | None] = mapped_column(String(100), unique=True)
    region_code: Mapped[str] = mapped_column(String(6), ForeignKey("region.code", ondelete="RESTRICT"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    created_by: Mapped[UUID | None] = mapped_column(Uuid)
    created_at: Mapped[Timestamp]


class ComponentVersion(Base):
    """One version with its state; the record is kept by digest in ``record_snapshot``.

    ``version_key`` is the canonical version while the number is taken and empty once the
    version is cancelled. ``offered_unit_id`` is the provider that is asked to take the mandate
    and may read the version meanwhile. ``revision`` counts changes, so that of two at once one wins.
    """

    __tablename__ = "component_version"
    __table_args__ = (
        UniqueConstraint("component_id", "version_key"),
        Index("ix_component_version_region_code_id", "region_code", "id"),
        Index("ix_component_version_unit_id_id", "unit_id", "id"),
        Index("ix_component_version_provider_unit_id_id", "provider_unit_id", "id"),
        Index("ix_component_version_offered_unit_id_id", "offered_unit_id", "id"),
        Index("ix_component_version_state_id", "state", "id"),
        Index("ix_component_version_record_digest", "record_digest"),
    )

    id: Mapped[Id]
    component_id: Mapped[UUID] = mapped_column(ForeignKey("component.id", ondelete="RESTRICT"))
    region_code: Mapped[str] = mapped_column(String(6), ForeignKey("region.code", ondelete="RESTRICT"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    provider_unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    offered_unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    version_raw: Mapped[str] = mapped_column(String(64))
    version_canonical: Mapped[str] = mapped_column(String(80))
    version_key: Mapped[str | None] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(20))
    revision: Mapped[int] = mapped_column(Integer)
    record_digest: Mapped[str] = mapped_column(ForeignKey("record_snapshot.digest", ondelete="RESTRICT"))
    import_digest: Mapped[str | None] = mapped_column(String(64))
    build_mode: Mapped[str] = mapped_column(String(20))
    technical_field: Mapped[str | None] = mapped_column(String(4))
    layer: Mapped[str | None] = mapped_column(String(10))
    capability_class: Mapped[str | None] = mapped_column(String(10))
    use_requirements: Mapped[str | None] = mapped_column(String(4))
    is_hosting: Mapped[int | None] = mapped_column(Integer)
    listed_at: Mapped[datetime | None]
    suspended_from: Mapped[str | None] = mapped_column(String(20))
    delist_from: Mapped[str | None] = mapped_column(String(20))
    round: Mapped[int] = mapped_column(Integer)
    round_started_at: Mapped[Timestamp]
    submitted_by: Mapped[UUID | None] = mapped_column(Uuid)
    duplicate_score: Mapped[float | None] = mapped_column(Float)
    review_needed: Mapped[bool | None] = mapped_column(Boolean)
    directory_id: Mapped[str | None] = mapped_column(String(100))
    directory_receipt: Mapped[str | None] = mapped_column(String(200))
    created_by: Mapped[UUID | None] = mapped_column(Uuid)
    created_at: Mapped[Timestamp]
    updated_at: Mapped[Timestamp]

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012  # SQLAlchemy reads a plain dict


class RecordSnapshot(Base):
    """A Table 1 record under the SHA-256 of its canonical form; written once."""

    __tablename__ = "record_snapshot"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[Document]
    created_at: Mapped[Timestamp]


class CatalogueClaim(Base):
    """A value that only one component may hold: its name, an API name, code or path.

    The key is the SHA-256 of the value, because a name can grow past what every
    database indexes.
    """

    __tablename__ = "catalogue_claim"

    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    value_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    component_id: Mapped[UUID] = mapped_column(ForeignKey("component.id", ondelete="CASCADE"), index=True)


class ComponentBigram(Base):
    """Two neighbouring characters of a component's normalised name, for search and similarity."""

    __tablename__ = "component_bigram"

    gram: Mapped[str] = mapped_column(String(8), primary_key=True)
    component_id: Mapped[UUID] = mapped_column(
        ForeignKey("component.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Attachment(Base):
    """A stored file in its role for a version; a newer one of the kind takes its place."""

    __tablename__ = "attachment"
    __table_args__ = (UniqueConstraint("version_id", "kind"),)

    id: Mapped[Id]
    version_id: Mapped[UUID] = mapped_column(ForeignKey("component_version.id", ondelete="RESTRICT"))
    kind: Mapped[str] = mapped_column(String(40))
    stored_file_id: Mapped[UUID] = mapped_column(
        ForeignKey("stored_file.id", ondelete="RESTRICT"), index=True
    )
    attached_by: Mapped[UUID | None] = mapped_column(Uuid)
    attached_at: Mapped[Timestamp]


class Authorisation(Base):
    """A releasing unit's mandate to a provider unit, accepted by the provider."""

    __tablename__ = "authorisation"
    __table_args__ = (Index("ix_authorisation_version_id_id", "version_id", "id"),)

    id: Mapped[Id]
    version_id: Mapped[UUID] = mapped_column(ForeignKey("component_version.id", ondelete="RESTRICT"))
    provider_unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"), index=True)
    scope: Mapped[str] = mapped_column(Text)
    starts_on: Mapped[str | None] = mapped_column(String(10))
    ends_on: Mapped[str | None] = mapped_column(String(10))
    granted_by: Mapped[UUID | None] = mapped_column(Uuid)
    accepted_by: Mapped[UUID | None] = mapped_column(Uuid)
    instance_id: Mapped[UUID | None] = mapped_column(Uuid)
    recorded_at: Mapped[Timestamp]
    revoked_at: Mapped[datetime | None]


class StateChange(Base):
    """One transition that took place, in the order of its number within the version.

    ``use_requirements`` is what the record said then; changes of earlier days do not tell.
    """

    __tablename__ = "state_change"
    __table_args__ = (UniqueConstraint("version_id", "number"),)

    id: Mapped[Id]
    version_id: Mapped[UUID] = mapped_column(ForeignKey("component_version.id", ondelete="RESTRICT"))
    number: Mapped[int] = mapped_column(Integer)
    transition: Mapped[str] = mapped_column(String(4))
    event: Mapped[str] = mapped_column(String(30))
    from_state: Mapped[str | None] = mapped_column(String(20))
    to_state: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[UUID | None] = mapped_column(Uuid)
    actor_name: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str | None] = mapped_column(Text)
    instance_id: Mapped[UUID | None] = mapped_column(Uuid)
    use_requirements: Mapped[str | None] = mapped_column(String(4))
    changed_at: Mapped[Timestamp]


class DictionaryEdition(Base):
    """One edition of a dictionary: all its entries, who drafted it and who released or refused it.

    The newest released edition is in force; a dictionary without one is as it was shipped.
    """

    __tablename__ = "dictionary_edition"
    __table_args__ = (
        UniqueConstraint("dictionary", "number"),
        CheckConstraint("status IN ('draft', 'released', 'refused')", name="status"),
        CheckConstraint("decided_by IS NULL OR decided_by <> drafted_by", name="four_eyes"),
    )

    id: Mapped[Id]
    dictionary: Mapped[str] = mapped_column(String(40))
    number: Mapped[int] = mapped_column(Integer)
    entries: Mapped[Document]
    status: Mapped[str] = mapped_column(String(10))
    drafted_by: Mapped[UUID] = mapped_column(Uuid)
    drafted_at: Mapped[Timestamp]
    purpose: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[UUID | None] = mapped_column(Uuid)
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)
