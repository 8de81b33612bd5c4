"""What the database itself does for the trail: it moves the heads of the chains, and refuses changes.

The migrations create the same for databases of the platform; this is for tables that are made straight from
the models, where the engine is embedded elsewhere. A test holds the two together.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import DDL, Table, event

_REFUSAL: Final = "the audit trail is append-only"
_FIXED: Final = (
    *("id", "stream", "sequence", "schema_version", "hash_algorithm", "occurred_at", "action", "outcome"),
    *("actor_id", "instance_id", "element_id", "subject_type", "subject_id", "region_code", "unit_id"),
    *("content", "previous_hash", "hash"),
)
_CHANGED: Final = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in _FIXED)

# Personal values may be erased; the chain holds only what commits to them.
SQLITE: Final = (
    f"""CREATE TRIGGER audit_event_refuses_update BEFORE UPDATE ON audit_event
    WHEN NEW.personal IS NOT NULL OR {_CHANGED} BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END""",
    f"""CREATE TRIGGER audit_event_refuses_delete BEFORE DELETE ON audit_event
    BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END""",
    """CREATE TRIGGER audit_event_moves_head AFTER INSERT ON audit_event BEGIN
    INSERT INTO audit_stream (name, last_sequence, last_hash)
        SELECT NEW.stream, 0, NEW.previous_hash
        WHERE NEW.sequence = 1 AND NOT EXISTS (SELECT 1 FROM audit_stream WHERE name = NEW.stream);
    UPDATE audit_stream SET last_sequence = NEW.sequence, last_hash = NEW.hash
        WHERE name = NEW.stream AND last_sequence = NEW.sequence - 1 AND last_hash = NEW.previous_hash;
    SELECT RAISE(ABORT, 'an audit event must continue its chain') WHERE changes() = 0;
END""",
)
POSTGRESQL: Final = (
    f"""CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'UPDATE' THEN OLD.personal := NULL;
    IF ROW(NEW.*) IS NOT DISTINCT FROM ROW(OLD.*) THEN RETURN NEW; END IF; END IF;
    RAISE EXCEPTION '{_REFUSAL}'; END $$""",
    """CREATE TRIGGER audit_event_is_append_only BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()""",
    """CREATE TRIGGER audit_event_is_not_truncated BEFORE TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()""",
    """CREATE FUNCTION move_audit_head() RETURNS trigger LANGUAGE plpgsql AS $$
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
END $$""",
    """CREATE TRIGGER audit_event_moves_head AFTER INSERT ON audit_event
    FOR EACH ROW EXECUTE FUNCTION move_audit_head()""",
)


def protect(table: Table) -> None:
    """Let whoever creates the table of events from the models create its protection with it."""
    for dialect, statements in (("sqlite", SQLITE), ("postgresql", POSTGRESQL)):
        for statement in statements:
            # A percent sign would be read as a place for a value.
            ddl = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy
            event.listen(table, "after_create", ddl.execute_if(dialect=dialect))
