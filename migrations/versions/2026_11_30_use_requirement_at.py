"""Keep with each change of state what the record said then of the use requirement.

An evaluation counts what was mandatory at the end of its period; the record of a version that is mended
may say something else later. Changes of earlier days have none: for them the record of today stands in.

Revision ID: 0043_use_requirement_at
Revises: 0042_standby
"""

import sqlalchemy as sa
from alembic import op

revision = "0043_use_requirement_at"
down_revision = "0042_standby"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("state_change", sa.Column("use_requirements", sa.String(4), nullable=True))


def downgrade() -> None:
    op.drop_column("state_change", "use_requirements")
