"""Create the table of changes of listed components: what is pending beside what holds.

Revision ID: 0020_changes
Revises: 0009_dictionaries
"""

import sqlalchemy as sa
from alembic import op

revision = "0020_changes"
down_revision = "0009_dictionaries"
branch_labels = None
depends_on = None

_INDEXES = (
    ("ix_component_change_version_id_id", ["version_id", "id"]),
    ("ix_component_change_region_code_id", ["region_code", "id"]),
    ("ix_component_change_base_digest", ["base_digest"]),
    ("ix_component_change_pending_digest", ["pending_digest"]),
    ("ix_component_change_new_version_id", ["new_version_id"]),
)


def upgrade() -> None:
    op.create_table(
        "component_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("open_key", sa.Uuid(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=True),
        sa.Column("cause_id", sa.String(length=60), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("impact", sa.Text(), nullable=False),
        sa.Column("rollback_plan", sa.Text(), nullable=False),
        sa.Column("compatibility_plan", sa.Text(), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=True),
        sa.Column("window_end", sa.DateTime(timezone=True), nullable=True),
        sa.Column("new_version", sa.String(length=64), nullable=True),
        sa.Column("contract_file", sa.String(length=60), nullable=True),
        sa.Column("new_version_id", sa.Uuid(), nullable=True),
        sa.Column("base_digest", sa.String(length=64), nullable=False),
        sa.Column("pending_digest", sa.String(length=64), nullable=True),
        sa.Column("risk_score", sa.Integer(), nullable=True),
        sa.Column("risk_level", sa.String(length=10), nullable=True),
        sa.Column("assessment", sa.Text(), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ending_reason", sa.Text(), nullable=True),
        sa.Column("sunset_on", sa.String(length=10), nullable=True),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["component_version.id"],
            name="fk_component_change_version_id_component_version",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["new_version_id"],
            ["component_version.id"],
            name="fk_component_change_new_version_id_component_version",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["base_digest"],
            ["record_snapshot.digest"],
            name="fk_component_change_base_digest_record_snapshot",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["pending_digest"],
            ["record_snapshot.digest"],
            name="fk_component_change_pending_digest_record_snapshot",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_component_change"),
        sa.UniqueConstraint("open_key", name="uq_component_change_open_key"),
        sa.UniqueConstraint("instance_id", name="uq_component_change_instance_id"),
    )
    for name, columns in _INDEXES:
        op.create_index(name, "component_change", columns)


def downgrade() -> None:
    for name, _columns in reversed(_INDEXES):
        op.drop_index(name, table_name="component_change")
    op.drop_table("component_change")
