"""The audit trail: chained, append-only, and every kind of tampering is found and located."""

from uuid import UUID

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from kernel.actor import Actor
from kernel.audit import AuditEntry, AuditSearch, append, events_of_stream, search, verify
from kernel.audit.models import AuditEvent, AuditStream
from kernel.database import Database
from kernel.ids import new_id

STREAM = "instance:0198"
ACTOR = Actor(person_id=new_id(), name="示例甲", address="192.0.2.7")


def write_events(session: Session, count: int = 3, stream: str = STREAM) -> list[UUID]:
    return append(
        session,
        *(
            AuditEntry(
                action="user_task.completed",
                actor=ACTOR,
                stream=stream,
                reason=f"意见 {number}",
                before={"state": "DRAFT"},
                after={"state": "AUTHORIZED", "weights": [60, 40], "large": 2**60},
                region_code="990100",
            )
            for number in range(count)
        ),
    )


def lift_protection(session: Session) -> None:
    """Do what only somebody with the rights of the database owner can."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ALTER TABLE audit_event DISABLE TRIGGER USER"))
        return
    session.execute(text("DROP TRIGGER audit_event_refuses_update"))
    session.execute(text("DROP TRIGGER audit_event_refuses_delete"))


def test_an_untouched_trail_verifies_and_reads_back(database: Database) -> None:
    with database.write() as session:
        write_events(session)
        write_events(session, 2, "system:sign-in")
        write_events(session, 1)

    with database.read() as session:
        found = verify(session)
        rows = events_of_stream(session, STREAM)

    assert (found.ok, found.checked_events, found.checked_streams) == (True, 6, 2)
    assert [row.sequence for row in rows] == [1, 2, 3, 4]
    assert (rows[0].actor_name, rows[0].address, rows[0].reason) == ("示例甲", "192.0.2.7", "意见 0")
    assert rows[0].after == {"state": "AUTHORIZED", "weights": [60, 40], "large": str(2**60)}


def test_the_chain_holds_only_commitments_to_personal_values(database: Database) -> None:
    with database.write() as session:
        write_events(session)
        content = session.query(AuditEvent.content).first()

    assert content is not None
    assert "示例甲" not in content[0]
    assert "192.0.2.7" not in content[0]


def test_an_erased_personal_value_leaves_the_chain_whole(database: Database) -> None:
    with database.write() as session:
        write_events(session)
        session.execute(update(AuditEvent).values(personal=None))

    with database.read() as session:
        assert verify(session).ok


@pytest.mark.parametrize("verb", ["UPDATE audit_event SET action = 'x'", "DELETE FROM audit_event"])
def test_the_database_itself_refuses_to_change_an_event(database: Database, verb: str) -> None:
    with database.write() as session:
        write_events(session)

    with pytest.raises(DatabaseError, match="append-only"), database.write() as session:
        session.execute(text(verb))


def test_the_database_itself_refuses_an_event_that_does_not_continue_its_chain(database: Database) -> None:
    with database.write() as session:
        write_events(session)
        stranger = dict(session.execute(select(*AuditEvent.__table__.c)).mappings().first() or {})

    gap = {**stranger, "id": new_id(), "sequence": 7}
    with pytest.raises(DatabaseError, match="must continue its chain"), database.write() as session:
        session.execute(insert(AuditEvent), [gap])


def test_personal_values_can_be_erased_but_not_exchanged(database: Database) -> None:
    with database.write() as session:
        write_events(session)

    exchanged = {"actorName": {"salt": "00", "value": "别人"}}
    with pytest.raises(DatabaseError, match="append-only"), database.write() as session:
        session.execute(update(AuditEvent).values(personal=exchanged))


TAMPERINGS = {
    "content": (update(AuditEvent).where(AuditEvent.sequence == 2).values(content='{"a":1}'), 2),
    "column": (update(AuditEvent).where(AuditEvent.sequence == 2).values(outcome="refused"), 2),
    "actor": (update(AuditEvent).where(AuditEvent.sequence == 2).values(actor_id=new_id()), 2),
    "missing": (delete(AuditEvent).where(AuditEvent.sequence == 2), 3),
    "cut off": (delete(AuditEvent).where(AuditEvent.sequence == 3), 2),
    "renumbered": (update(AuditEvent).where(AuditEvent.sequence == 3).values(sequence=7), 7),
    "head moved": (update(AuditStream).values(last_sequence=2), 3),
    "head removed": (delete(AuditStream), 3),
    "personal value": (
        update(AuditEvent).values(personal={"actorName": {"salt": "00", "value": "别人"}}),
        1,
    ),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_found_and_located(database: Database, name: str) -> None:
    statement, place = TAMPERINGS[name]
    with database.write() as session:
        write_events(session)
        lift_protection(session)
        session.execute(statement)

    with database.read() as session:
        found = verify(session)

    assert not found.ok
    assert (found.breaks[0].stream, found.breaks[0].sequence) == (STREAM, place)


def test_a_stream_removed_whole_is_missed(database: Database) -> None:
    with database.write() as session:
        write_events(session)
        lift_protection(session)
        session.execute(delete(AuditEvent))

    with database.read() as session:
        assert [broken.stream for broken in verify(session).breaks] == [STREAM]


def test_search_narrows_by_everything_it_offers(database: Database) -> None:
    with database.write() as session:
        write_events(session)
        append(
            session, AuditEntry(action="grant.given", actor=ACTOR, stream="system:grants", outcome="refused")
        )

    with database.read() as session:
        assert len(search(session, AuditSearch(region_code="990000"))) == 3
        assert [row.action for row in search(session, AuditSearch(outcome="refused"))] == ["grant.given"]
        assert [row.action for row in search(session, AuditSearch(stream_prefix="system:"))] == [
            "grant.given"
        ]
        newest = search(session, AuditSearch(actor_id=ACTOR.person_id, limit=1))[0]
        assert len(search(session, AuditSearch(before=newest.id))) == 3
