"""Create the table of dictionary editions, so that administrators change the codes of Table 1.

Revision ID: 0009_dictionaries
Revises: 0008_operations
"""

import sqlalchemy as sa
from alembic import op

revision = "0009_dictionaries"
down_revision = "0008_operations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dictionary_edition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dictionary", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Text(), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("drafted_by", sa.Uuid(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("status IN ('draft', 'released', 'refused')", name="ck_dictionary_edition_status"),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> drafted_by", name="ck_dictionary_edition_four_eyes"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_dictionary_edition"),
        sa.UniqueConstraint("dictionary", "number", name="uq_dictionary_edition_dictionary_number"),
    )


def downgrade() -> None:
    op.drop_table("dictionary_edition")
