"""Count attempts per job, note who drives the queue, let an incident stand without an instance or a job.

A timer that cannot start an instance has none to raise its incident on. The old code goes on working:
the new column has a default, and it never reads the new table.

Revision ID: 0006_job_drivers
Revises: 0005_reviewer_actions
"""

import sqlalchemy as sa
from alembic import op

revision = "0006_job_drivers"
down_revision = "0005_reviewer_actions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("job", sa.Column("max_attempts", sa.Integer(), nullable=False, server_default="3"))
    op.create_table(
        "job_driver",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_job_driver"),
    )
    op.create_index("ix_job_driver_seen_at", "job_driver", ["seen_at"])
    with op.batch_alter_table("incident") as incident:
        incident.alter_column("instance_id", existing_type=sa.Uuid(), nullable=True)
        incident.alter_column("job_id", existing_type=sa.Uuid(), nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM incident WHERE instance_id IS NULL OR job_id IS NULL")
    with op.batch_alter_table("incident") as incident:
        incident.alter_column("job_id", existing_type=sa.Uuid(), nullable=False)
        incident.alter_column("instance_id", existing_type=sa.Uuid(), nullable=False)
    op.drop_index("ix_job_driver_seen_at", table_name="job_driver")
    op.drop_table("job_driver")
    op.drop_column("job", "max_attempts")
