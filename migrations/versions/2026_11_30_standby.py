"""Create the library of standby components, and what core business depends on.

Revision ID: 0042_standby
Revises: 0041_evaluation
"""

import sqlalchemy as sa
from alembic import op

revision = "0042_standby"
down_revision = "0041_evaluation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "standby_pair",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("open_pair", sa.String(80), nullable=True),
        sa.Column("main_id", sa.Uuid(), nullable=False),
        sa.Column("standby_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(6), nullable=False),
        sa.Column("similarity", sa.Integer(), nullable=False),
        sa.Column("switch_notes", sa.Text(), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("similarity BETWEEN 0 AND 100", name="ck_standby_pair_similarity"),
        sa.CheckConstraint("main_id <> standby_id", name="ck_standby_pair_two"),
        _key("standby_pair", "main_id"),
        _key("standby_pair", "standby_id"),
        sa.PrimaryKeyConstraint("id", name="pk_standby_pair"),
        sa.UniqueConstraint("open_pair", name="uq_standby_pair_open_pair"),
    )
    op.create_index("ix_standby_pair_main_id", "standby_pair", ["main_id"])
    op.create_index("ix_standby_pair_standby_id", "standby_pair", ["standby_id"])
    op.create_table(
        "core_component",
        sa.Column("component_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(6), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("marked_by", sa.Uuid(), nullable=True),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        _key("core_component", "component_id"),
        sa.PrimaryKeyConstraint("component_id", name="pk_core_component"),
    )


def downgrade() -> None:
    op.drop_table("core_component")
    op.drop_table("standby_pair")


def _key(table: str, column: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_component"
    return sa.ForeignKeyConstraint([column], ["component.id"], name=name, ondelete="RESTRICT")
