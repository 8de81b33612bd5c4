"""Create the table of answered requests, so that a request sent twice is carried out once.

Revision ID: 0004_api
Revises: 0003_domain
"""

import sqlalchemy as sa
from alembic import op

revision = "0004_api"
down_revision = "0003_domain"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "idempotent_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("idempotency_key", sa.String(200), nullable=False),
        sa.Column("request_digest", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_idempotent_request"),
        sa.UniqueConstraint(
            "person_id", "idempotency_key", name="uq_idempotent_request_person_id_idempotency_key"
        ),
    )
    op.create_index("ix_idempotent_request_answered_at", "idempotent_request", ["answered_at"])


def downgrade() -> None:
    op.drop_table("idempotent_request")
