"""Regions, units, persons, identities and grants."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, Id, Timestamp


class Region(Base):
    """A province or city by its six-digit code."""

    __tablename__ = "region"

    code: Mapped[str] = mapped_column(String(6), primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    name_en: Mapped[str] = mapped_column(String(120))


class Unit(Base):
    """An organisation: a bureau, a company, an operating centre."""

    __tablename__ = "unit"
    __table_args__ = (Index("ix_unit_region_code_kind", "region_code", "kind"),)

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    region_code: Mapped[str] = mapped_column(String(6), ForeignKey("region.code", ondelete="RESTRICT"))
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[Timestamp]


class Person(Base):
    """A natural person; how they sign in stands in ``identity``."""

    __tablename__ = "person"
    __table_args__ = (Index("ix_person_name_id", "name", "id"),)

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(80))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"), index=True)
    region_code: Mapped[str] = mapped_column(String(6))
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[Timestamp]
    last_sign_in_at: Mapped[datetime | None]


class Identity(Base):
    """One way in: the provider ``local`` keeps an argon2 hash, others keep none."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("provider", "subject"),)

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    provider: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_set_at: Mapped[datetime | None]
    must_change: Mapped[bool] = mapped_column(Boolean, default=False)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    locked_until: Mapped[datetime | None]


class FormerPassword(Base):
    """The hash of a password that was replaced; the last five may not come back."""

    __tablename__ = "former_password"

    id: Mapped[Id]
    identity_id: Mapped[UUID] = mapped_column(ForeignKey("identity.id", ondelete="CASCADE"), index=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    replaced_at: Mapped[Timestamp]


class RoleGrant(Base):
    """A role for a region and, where given, a unit and a period (ISO dates, both ends included).

    ``administrator_slot`` is filled on every standing grant of an administrator role, so
    that the database itself refuses a second one for the same person.
    """

    __tablename__ = "role_grant"
    __table_args__ = (
        UniqueConstraint("person_id", "administrator_slot"),
        CheckConstraint("status IN ('proposed', 'active', 'refused', 'revoked')", name="status"),
        CheckConstraint(
            "status <> 'active' OR decided_by IS NULL OR decided_by <> proposed_by", name="four_eyes"
        ),
        Index("ix_role_grant_role_status", "role", "status"),
        Index("ix_role_grant_status_id", "status", "id"),
    )

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    role: Mapped[str] = mapped_column(String(40))
    region_code: Mapped[str] = mapped_column(String(6), ForeignKey("region.code", ondelete="RESTRICT"))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    status: Mapped[str] = mapped_column(String(10))
    administrator_slot: Mapped[str | None] = mapped_column(String(20))
    proposed_by: Mapped[UUID | None]
    proposed_at: Mapped[Timestamp]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)
    starts_on: Mapped[str | None] = mapped_column(String(10))
    ends_on: Mapped[str | None] = mapped_column(String(10))


class UnitPlace(Base):
    """Where a unit stands among the others, and by which code the state knows it (GB 32100)."""

    __tablename__ = "unit_place"

    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id", ondelete="CASCADE"), primary_key=True)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"), index=True)
    credit_code: Mapped[str | None] = mapped_column(String(18), unique=True)


class PersonVerification(Base):
    """That an administrator made sure of a person's real name, and on which basis."""

    __tablename__ = "person_verification"
    __table_args__ = (Index("ix_person_verification_person_id_id", "person_id", "id"),)

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    verified_by: Mapped[UUID]
    verified_at: Mapped[Timestamp]
    basis: Mapped[str] = mapped_column(Text)
    withdrawn_by: Mapped[UUID | None]
    withdrawn_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)


class DelegatedAuthority(Base):
    """A department lets a company onboard components in its name: scope, region and period (8.2.1b)."""

    __tablename__ = "delegated_authority"
    __table_args__ = (
        Index("ix_delegated_authority_company_unit_id_id", "company_unit_id", "id"),
        Index("ix_delegated_authority_department_unit_id_id", "department_unit_id", "id"),
        CheckConstraint("starts_on <= ends_on", name="period"),
        CheckConstraint("department_unit_id <> company_unit_id", name="two_units"),
    )

    id: Mapped[Id]
    department_unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    company_unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    region_code: Mapped[str] = mapped_column(String(6), ForeignKey("region.code", ondelete="RESTRICT"))
    scope: Mapped[str] = mapped_column(Text)
    starts_on: Mapped[str] = mapped_column(String(10))
    ends_on: Mapped[str] = mapped_column(String(10))
    granted_by: Mapped[UUID]
    granted_at: Mapped[Timestamp]
    revoked_by: Mapped[UUID | None]
    revoked_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)
