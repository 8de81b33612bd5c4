"""Create the audit trail, which nothing can update or delete, and the stored files.

Revision ID: 0001_kernel
Revises: (none)
"""

import sqlalchemy as sa
from alembic import op

revision = "0001_kernel"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_stream",
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("last_sequence", sa.Integer(), nullable=False),
        sa.Column("last_hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_audit_stream"),
    )
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("stream", sa.String(80), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("schema_version", sa.Integer(), nullable=False),
        sa.Column("hash_algorithm", sa.String(16), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(80), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("actor_id", sa.Uuid()),
        sa.Column("instance_id", sa.Uuid()),
        sa.Column("element_id", sa.String(120)),
        sa.Column("subject_type", sa.String(40)),
        sa.Column("subject_id", sa.Uuid()),
        sa.Column("region_code", sa.String(6)),
        sa.Column("unit_id", sa.Uuid()),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_event"),
        sa.UniqueConstraint("stream", "sequence", name="uq_audit_event_stream_sequence"),
    )
    for column in ("instance_id", "subject_id", "actor_id", "action"):
        op.create_index(f"ix_audit_event_{column}_id", "audit_event", [column, "id"])
    op.create_index("ix_audit_event_occurred_at", "audit_event", ["occurred_at"])
    op.create_table(
        "audit_personal_value",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("values", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name="pk_audit_personal_value"),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["audit_event.id"],
            name="fk_audit_personal_value_event_id_audit_event",
            ondelete="RESTRICT",
        ),
    )
    op.create_table(
        "stored_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("scan_state", sa.String(16), nullable=False),
        sa.Column("stored_by", sa.Uuid()),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_stored_file"),
    )
    op.create_index("ix_stored_file_digest", "stored_file", ["digest"])
    _refuse_changes()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_event_is_append_only ON audit_event")
        op.execute("DROP TRIGGER audit_event_is_not_truncated ON audit_event")
    op.drop_table("stored_file")
    op.drop_table("audit_personal_value")
    op.drop_table("audit_event")
    op.drop_table("audit_stream")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_audit_change()")


def _refuse_changes() -> None:
    """Let the database itself refuse to update or delete an audit event."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_event_is_append_only BEFORE UPDATE OR DELETE ON audit_event "
            "FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()"
        )
        op.execute(
            "CREATE TRIGGER audit_event_is_not_truncated BEFORE TRUNCATE ON audit_event "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_event_refuses_{verb.lower()} BEFORE {verb} ON audit_event "
            "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
        )
