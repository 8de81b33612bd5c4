"""Keep what reviewers do beside completing: delegations, added signatures, urgings, copies.

The columns are empty for every task on which no such action was done, so that opening and completing a
task writes as much as before.

Revision ID: 0005_reviewer_actions
Revises: 0004_api
"""

import sqlalchemy as sa
from alembic import op

revision = "0005_reviewer_actions"
down_revision = "0004_api"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("delegated_by", sa.Uuid()),
    ("advisers", sa.Text()),
    ("urged_at", sa.DateTime(timezone=True)),
    ("added_by", sa.Uuid()),
    ("added_to", sa.String(40)),
    ("place", sa.String(8)),
    ("vote", sa.String(40)),
    ("superseded_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    for name, kind in _COLUMNS:
        op.add_column("user_task", sa.Column(name, kind, nullable=True))
    _create_user_task_copy()
    _create_user_task_action()


def downgrade() -> None:
    op.drop_table("user_task_action")
    op.drop_table("user_task_copy")
    for name, _ in reversed(_COLUMNS):
        op.drop_column("user_task", name)


def _create_user_task_copy() -> None:
    op.create_table(
        "user_task_copy",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("sent_by", sa.Uuid(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_id"], ["user_task.id"], name="fk_user_task_copy_task_id_user_task", ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["process_instance.id"],
            name="fk_user_task_copy_instance_id_process_instance",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("task_id", "person_id", name="pk_user_task_copy"),
    )
    op.create_index("ix_user_task_copy_person_id", "user_task_copy", ["person_id", "sent_at"])
    op.create_index("ix_user_task_copy_instance_id", "user_task_copy", ["instance_id", "person_id"])


def _create_user_task_action() -> None:
    op.create_table(
        "user_task_action",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("reason", sa.Text()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["process_instance.id"],
            name="fk_user_task_action_instance_id_process_instance",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["user_task.id"], name="fk_user_task_action_task_id_user_task", ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_user_task_action"),
    )
    op.create_index("ix_user_task_action_instance_id", "user_task_action", ["instance_id", "id"])
