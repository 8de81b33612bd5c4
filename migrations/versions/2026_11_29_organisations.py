"""Give units a place and a code, grants a period, persons a verification, departments authority to delegate.

Revision ID: 0040_organisations
Revises: 0032_waits_are_jobs
"""

import sqlalchemy as sa
from alembic import op

revision = "0040_organisations"
down_revision = "0032_waits_are_jobs"
branch_labels = None
depends_on = None

_FOUR_EYES = "status <> 'active' OR decided_by IS NULL OR decided_by <> proposed_by"


def upgrade() -> None:
    # SQLite adds a constraint by copying the table; nothing points at this one.
    with op.batch_alter_table("role_grant") as grants:
        grants.add_column(sa.Column("starts_on", sa.String(10), nullable=True))
        grants.add_column(sa.Column("ends_on", sa.String(10), nullable=True))
        grants.create_check_constraint("ck_role_grant_four_eyes", _FOUR_EYES)
    op.create_table(
        "unit_place",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("credit_code", sa.String(18), nullable=True),
        _key("unit_place", "unit_id", "unit", "CASCADE"),
        _key("unit_place", "parent_id", "unit"),
        sa.PrimaryKeyConstraint("unit_id", name="pk_unit_place"),
        sa.UniqueConstraint("credit_code", name="uq_unit_place_credit_code"),
    )
    op.create_index("ix_unit_place_parent_id", "unit_place", ["parent_id"])
    op.create_table(
        "person_verification",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("verified_by", sa.Uuid(), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        _key("person_verification", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_person_verification"),
    )
    op.create_index("ix_person_verification_person_id_id", "person_verification", ["person_id", "id"])
    op.create_table(
        "delegated_authority",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("department_unit_id", sa.Uuid(), nullable=False),
        sa.Column("company_unit_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(6), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.String(10), nullable=False),
        sa.Column("ends_on", sa.String(10), nullable=False),
        sa.Column("granted_by", sa.Uuid(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        _key("delegated_authority", "department_unit_id", "unit"),
        _key("delegated_authority", "company_unit_id", "unit"),
        sa.ForeignKeyConstraint(
            ["region_code"],
            ["region.code"],
            name="fk_delegated_authority_region_code_region",
            ondelete="RESTRICT",
        ),
        sa.CheckConstraint("starts_on <= ends_on", name="ck_delegated_authority_period"),
        sa.CheckConstraint("department_unit_id <> company_unit_id", name="ck_delegated_authority_two_units"),
        sa.PrimaryKeyConstraint("id", name="pk_delegated_authority"),
    )
    for unit in ("company_unit_id", "department_unit_id"):
        op.create_index(f"ix_delegated_authority_{unit}_id", "delegated_authority", [unit, "id"])


def downgrade() -> None:
    for table in ("delegated_authority", "person_verification", "unit_place"):
        op.drop_table(table)
    with op.batch_alter_table("role_grant") as grants:
        grants.drop_constraint("ck_role_grant_four_eyes", type_="check")
        grants.drop_column("ends_on")
        grants.drop_column("starts_on")


def _key(table: str, column: str, target: str, ondelete: str = "RESTRICT") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}_{target}", ondelete=ondelete
    )
