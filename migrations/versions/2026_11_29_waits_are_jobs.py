"""Keep what instances wait for among the jobs, so that a command writes timers and waits together.

A wait for a message or a signal is a job that nobody runs: *waiting* until a delivery ends it. The path of
an instance is told by its audit events from now on; ``instance_path`` keeps what was written before.

Revision ID: 0032_waits_are_jobs
Revises: 0032_deployments
"""

import sqlalchemy as sa
from alembic import op

revision = "0032_waits_are_jobs"
down_revision = "0032_deployments"
branch_labels = None
depends_on = None

WAITING = sa.text("status = 'waiting'")
SHARED = "id, instance_id, kind, element_id, scope_process, correlation_key, created_at"


def upgrade() -> None:
    op.add_column("job", sa.Column("event_name", sa.String(200)))
    op.add_column("job", sa.Column("correlation_key", sa.String(200)))
    op.execute(
        f"INSERT INTO job ({SHARED}, reference, event_name, parameters, status, run_at, attempts) "  # noqa: S608
        f"SELECT {SHARED}, 'event:' || wait_id, name, '{{}}', 'waiting', created_at, 0 "
        "FROM event_subscription"
    )
    op.drop_table("event_subscription")
    op.create_index(
        "ix_job_event",
        "job",
        ["kind", "event_name", "correlation_key"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )


def downgrade() -> None:
    op.create_table(
        "event_subscription",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("wait_id", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("correlation_key", sa.String(200), nullable=False),
        sa.Column("element_id", sa.String(120), nullable=False),
        sa.Column("scope_process", sa.String(80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["process_instance.id"],
            name="fk_event_subscription_instance_id_process_instance",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_event_subscription"),
        sa.UniqueConstraint("instance_id", "wait_id", name="uq_event_subscription_instance_id_wait_id"),
    )
    op.create_index("ix_event_subscription_event", "event_subscription", ["kind", "name", "correlation_key"])
    op.execute(
        f"INSERT INTO event_subscription ({SHARED}, wait_id, name) "  # noqa: S608
        f"SELECT {SHARED}, substr(reference, 7), event_name FROM job WHERE status = 'waiting'"
    )
    op.execute("DELETE FROM job WHERE kind IN ('message', 'signal')")
    op.drop_index("ix_job_event", "job")
    op.drop_column("job", "correlation_key")
    op.drop_column("job", "event_name")
