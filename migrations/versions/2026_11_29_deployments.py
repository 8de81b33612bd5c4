"""Create the table of deployments, and let a check run name the content that it looked at.

Revision ID: 0032_deployments
Revises: 0031_assessments
"""

import sqlalchemy as sa
from alembic import op

revision = "0032_deployments"
down_revision = "0031_assessments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("check_run", sa.Column("subject", sa.String(64), nullable=True))
    op.create_table(
        "deployment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(6), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid()),
        sa.Column("job_id", sa.Uuid()),
        sa.Column("stage", sa.String(12), nullable=False),
        sa.Column("driver", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("file_name", sa.String(255), nullable=False),
        sa.Column("environment", sa.Text(), nullable=False),
        sa.Column("health_path", sa.String(200), nullable=False),
        sa.Column("metrics_path", sa.String(200)),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("address", sa.String(200)),
        sa.Column("process", sa.Text()),
        sa.Column("reason", sa.Text()),
        sa.Column("requested_by", sa.Uuid()),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("stopped_at", sa.DateTime(timezone=True)),
        sa.Column("exit_code", sa.Integer()),
        sa.Column("log_digest", sa.String(64)),
        sa.Column("log_bytes", sa.BigInteger()),
        sa.Column("log_tail", sa.Text()),
        sa.CheckConstraint("stage IN ('pre_release', 'production')", name="ck_deployment_stage"),
        sa.CheckConstraint(
            "state IN ('preparing', 'running', 'failed', 'stopping', 'stopped', 'lost')",
            name="ck_deployment_state",
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["component_version.id"],
            name="fk_deployment_version_id_component_version",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_deployment"),
        sa.UniqueConstraint("job_id", name="uq_deployment_job_id"),
    )
    op.create_index("ix_deployment_version_id_id", "deployment", ["version_id", "id"])
    op.create_index("ix_deployment_state", "deployment", ["state"])


def downgrade() -> None:
    op.drop_table("deployment")
    op.drop_column("check_run", "subject")
