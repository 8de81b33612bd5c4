"""Create the evidence and the recognised levels of maturity, by which Table 3 scores a region.

Revision ID: 0041_evaluation
Revises: 0040_organisations
"""

import sqlalchemy as sa
from alembic import op

revision = "0041_evaluation"
down_revision = "0040_organisations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "maturity_evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(6), nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("handed_in_by", sa.Uuid(), nullable=True),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 5", name="ck_maturity_evidence_level"),
        sa.ForeignKeyConstraint(
            ["region_code"],
            ["region.code"],
            name="fk_maturity_evidence_region_code_region",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["stored_file.id"],
            name="fk_maturity_evidence_file_id_stored_file",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_maturity_evidence"),
    )
    op.create_index("ix_maturity_evidence_file_id", "maturity_evidence", ["file_id"])
    op.create_index("ix_maturity_evidence_region_code_period", "maturity_evidence", ["region_code", "period"])
    op.create_table(
        "maturity_level",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(6), nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("recognised_by", sa.Uuid(), nullable=True),
        sa.Column("recognised_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 5", name="ck_maturity_level_level"),
        sa.ForeignKeyConstraint(
            ["region_code"], ["region.code"], name="fk_maturity_level_region_code_region", ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_maturity_level"),
        sa.UniqueConstraint("region_code", "period", name="uq_maturity_level_region_code_period"),
    )


def downgrade() -> None:
    op.drop_table("maturity_level")
    op.drop_table("maturity_evidence")
