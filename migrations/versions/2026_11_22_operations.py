"""Create the tables of operations, and let an incident name the task that a person could not complete.

Revision ID: 0008_operations
Revises: 0007_fewer_statements
"""

import sqlalchemy as sa
from alembic import op

revision = "0008_operations"
down_revision = "0007_fewer_statements"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "operation_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=True),
        sa.Column("region_code", sa.String(6), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["process_instance.id"],
            name="fk_operation_request_instance_id_process_instance",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_operation_request"),
    )
    op.create_index("ix_operation_request_status_id", "operation_request", ["status", "id"])
    op.create_index("ix_operation_request_instance_id_id", "operation_request", ["instance_id", "id"])
    op.create_table(
        "migration_result",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("is_moved", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["operation_request.id"],
            name="fk_migration_result_request_id_operation_request",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["process_instance.id"],
            name="fk_migration_result_instance_id_process_instance",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("request_id", "instance_id", name="pk_migration_result"),
    )
    op.create_index("ix_migration_result_instance_id", "migration_result", ["instance_id"])
    op.add_column("incident", sa.Column("activity_id", sa.String(40), nullable=True))


def downgrade() -> None:
    op.drop_column("incident", "activity_id")
    op.drop_table("migration_result")
    op.drop_table("operation_request")
