"""Let a command write fewer rows: the path, the snapshot, four eyes and personal values go where they belong.

- The path of an instance is kept in one row for each command instead of one for each step.
- The snapshot of a completed task lies beside its digest; those written before stay in ``content_blob``.
- An instance knows who completed the elements that four eyes look at; NULL stands for "look it up".
- Personal values lie beside their audit event. The database lets nothing but their erasure through.
- The database itself moves the head of an audit stream, and refuses an event that does not continue it.
- Indexes of the lists hold what the lists can show: open tasks or finished ones. One that no search could use
  is gone, and open tasks are found by their unit.

Revision ID: 0007_fewer_statements
Revises: 0006_job_drivers
"""

import sqlalchemy as sa
from alembic import op

revision = "0007_fewer_statements"
down_revision = "0006_job_drivers"
branch_labels = None
depends_on = None

FIXED = (
    *("id", "stream", "sequence", "schema_version", "hash_algorithm", "occurred_at", "action", "outcome"),
    *("actor_id", "instance_id", "element_id", "subject_type", "subject_id", "region_code", "unit_id"),
    *("content", "previous_hash", "hash"),
)
APPEND_ONLY = "the audit trail is append-only"
WIDE = {
    "ix_user_task_candidate": ("candidate_role status sort_at id", None),
    "ix_user_task_assignee": ("assignee_id status sort_at id", None),
    "ix_user_task_initiator": ("initiator_id status sort_at id", None),
    "ix_user_task_completed_by": ("completed_by completed_at id", None),
    "ix_audit_event_subject_id_id": ("subject_id id", None),
    "ix_audit_event_action_id": ("action id", None),
}
OPEN = "completed_at IS NULL"
NARROW = {
    "ix_user_task_candidate": ("candidate_role status sort_at id region_code", OPEN),
    "ix_user_task_unit": ("candidate_role candidate_unit_id status sort_at id region_code", OPEN),
    "ix_user_task_assignee": ("assignee_id status sort_at id", f"{OPEN} AND assignee_id IS NOT NULL"),
    "ix_user_task_initiator": ("initiator_id status sort_at id", OPEN),
    "ix_user_task_completed_by": ("completed_by completed_at id", "completed_by IS NOT NULL"),
    "ix_audit_event_subject_id_id": ("subject_id id", "subject_id IS NOT NULL"),
}
MOVE_HEAD_SQLITE = """
CREATE TRIGGER audit_event_moves_head AFTER INSERT ON audit_event BEGIN
    INSERT INTO audit_stream (name, last_sequence, last_hash)
        SELECT NEW.stream, 0, NEW.previous_hash
        WHERE NEW.sequence = 1 AND NOT EXISTS (SELECT 1 FROM audit_stream WHERE name = NEW.stream);
    UPDATE audit_stream SET last_sequence = NEW.sequence, last_hash = NEW.hash
        WHERE name = NEW.stream AND last_sequence = NEW.sequence - 1 AND last_hash = NEW.previous_hash;
    SELECT RAISE(ABORT, 'an audit event must continue its chain') WHERE changes() = 0;
END
"""
MOVE_HEAD_POSTGRESQL = """
CREATE FUNCTION move_audit_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE audit_stream SET last_sequence = NEW.sequence, last_hash = NEW.hash
        WHERE name = NEW.stream AND last_sequence = NEW.sequence - 1 AND last_hash = NEW.previous_hash;
    IF FOUND THEN
        RETURN NULL;
    END IF;
    IF NEW.sequence <> 1 THEN
        RAISE EXCEPTION 'an audit event must continue its chain' USING ERRCODE = 'unique_violation';
    END IF;
    INSERT INTO audit_stream (name, last_sequence, last_hash) VALUES (NEW.stream, 1, NEW.hash);
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    op.add_column("user_task", sa.Column("snapshot", sa.Text()))
    op.add_column("process_instance", sa.Column("performers", sa.Text()))
    _create_path()
    op.execute(
        "INSERT INTO instance_path (id, instance_id, person_id, at, steps) "
        "SELECT id, instance_id, person_id, at, '[[\"' || kind || '\",\"' || element_id || '\",' || "
        "coalesce('\"' || activity_id || '\"', 'null') || ',\"' || scope_process || '\",' || "
        "CASE WHEN person_id IS NULL THEN 'false' ELSE 'true' END || ']]' FROM instance_history"
    )
    op.drop_table("instance_history")
    op.add_column("audit_event", sa.Column("personal", sa.Text()))
    _drop_refusal_of_updates()
    op.execute(
        'UPDATE audit_event SET personal = (SELECT kept."values" FROM audit_personal_value AS kept '
        "WHERE kept.event_id = audit_event.id)"
    )
    op.drop_table("audit_personal_value")
    _refuse_updates(but_erasure=True)
    _move_heads()
    _exchange_indexes(WIDE, NARROW)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_event_moves_head ON audit_event")
        op.execute("DROP FUNCTION move_audit_head()")
    else:
        op.execute("DROP TRIGGER audit_event_moves_head")
    _exchange_indexes(NARROW, WIDE)
    _create_personal_values()
    op.execute(
        'INSERT INTO audit_personal_value (event_id, "values") '
        "SELECT id, personal FROM audit_event WHERE personal IS NOT NULL"
    )
    _drop_refusal_of_updates()
    op.drop_column("audit_event", "personal")
    _refuse_updates(but_erasure=False)
    # The steps of a row have no order that the old table could keep, and the table only colours diagrams.
    op.drop_table("instance_path")
    _create_history()
    op.drop_column("process_instance", "performers")
    op.drop_column("user_task", "snapshot")


def _create_path() -> None:
    op.create_table(
        "instance_path",
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("steps", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", "id", name="pk_instance_path"),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["process_instance.id"],
            name="fk_instance_path_instance_id_process_instance",
            ondelete="RESTRICT",
        ),
        sqlite_with_rowid=False,
    )


def _exchange_indexes(old: dict[str, tuple[str, str | None]], new: dict[str, tuple[str, str | None]]) -> None:
    for name in old:
        op.drop_index(name, _table_of(name))
    for name, (columns, condition) in new.items():
        where = sa.text(condition) if condition else None
        op.create_index(name, _table_of(name), columns.split(), sqlite_where=where, postgresql_where=where)


def _table_of(index: str) -> str:
    return "audit_event" if index.startswith("ix_audit") else "user_task"


def _create_history() -> None:
    op.create_table(
        "instance_history",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("element_id", sa.String(120), nullable=False),
        sa.Column("activity_id", sa.String(40)),
        sa.Column("scope_process", sa.String(80), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_instance_history"),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["process_instance.id"],
            name="fk_instance_history_instance_id_process_instance",
            ondelete="RESTRICT",
        ),
    )
    op.create_index("ix_instance_history_instance_id_id", "instance_history", ["instance_id", "id"])


def _create_personal_values() -> None:
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


def _drop_refusal_of_updates() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_event_is_append_only ON audit_event")
    else:
        op.execute("DROP TRIGGER audit_event_refuses_update")


def _refuse_updates(but_erasure: bool) -> None:
    if op.get_bind().dialect.name == "postgresql":
        erasure = (
            "IF TG_OP = 'UPDATE' THEN OLD.personal := NULL; "
            "IF ROW(NEW.*) IS NOT DISTINCT FROM ROW(OLD.*) THEN RETURN NEW; END IF; END IF; "
        )
        op.execute(
            "CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {erasure if but_erasure else ''}RAISE EXCEPTION '{APPEND_ONLY}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_event_is_append_only BEFORE UPDATE OR DELETE ON audit_event "
            "FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()"
        )
        return
    changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in FIXED)
    condition = f"WHEN NEW.personal IS NOT NULL OR {changed} " if but_erasure else ""
    op.execute(
        f"CREATE TRIGGER audit_event_refuses_update BEFORE UPDATE ON audit_event {condition}"
        f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END"
    )


def _move_heads() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(MOVE_HEAD_POSTGRESQL)
        op.execute(
            "CREATE TRIGGER audit_event_moves_head AFTER INSERT ON audit_event "
            "FOR EACH ROW EXECUTE FUNCTION move_audit_head()"
        )
        return
    op.execute(MOVE_HEAD_SQLITE)
