"""One transaction per command; what is refused is recorded and nothing else stays."""

import threading

import pytest
from sqlalchemy.orm import Session

from kernel.actor import Actor
from kernel.audit import AuditEntry, AuditSearch, append, search, verify
from kernel.database import Database
from kernel.errors import Conflict, FieldProblem, Invalid, StaleState
from kernel.ids import new_id
from kernel.language import Text
from kernel.unit_of_work import Concern, after_commit, concerning, perform

ACTOR = Actor(person_id=new_id(), name="示例甲")
SAID = Text("名称已存在", "The name is taken")


def note(session: Session, action: str, stream: str = "system:test") -> None:
    append(session, AuditEntry(action=action, actor=ACTOR, stream=stream))


def test_a_refusal_leaves_only_its_own_record(database: Database) -> None:
    def work(session: Session) -> None:
        note(session, "component.created")
        raise Invalid(SAID, (FieldProblem("name", "V-NAME-03", SAID),))

    with pytest.raises(Invalid):
        perform(database, "component.create", ACTOR, work)

    with database.read() as session:
        rows = search(session, AuditSearch())
    assert [(row.action, row.outcome) for row in rows] == [("component.create", "refused")]
    assert rows[0].asked is not None
    assert rows[0].asked["problems"][0]["rule"] == "V-NAME-03"


def test_a_refusal_is_recorded_where_the_work_said_that_it_belongs(database: Database) -> None:
    instance_id = new_id()

    def work(session: Session) -> None:
        concerning(session, Concern(instance_id=instance_id, element_id="review", region_code="990100"))
        raise Conflict(SAID)

    with pytest.raises(Conflict):
        perform(database, "user_task.complete", ACTOR, work)

    with database.read() as session:
        (row,) = search(session, AuditSearch(stream=f"instance:{instance_id}"))
    assert (row.outcome, row.instance_id, row.element_id) == ("refused", instance_id, "review")


def test_a_bug_rolls_back_and_rises(database: Database) -> None:
    def work(session: Session) -> None:
        note(session, "component.created")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        perform(database, "component.create", ACTOR, work)

    with database.read() as session:
        assert search(session, AuditSearch()) == []


def test_a_lost_race_is_run_again_and_callbacks_run_once(database: Database) -> None:
    attempts: list[int] = []
    called: list[str] = []

    def work(session: Session) -> str:
        attempts.append(1)
        after_commit(session, lambda: called.append("sent"))
        if len(attempts) < 3:
            raise StaleState(SAID)
        return "won"

    assert perform(database, "anything", ACTOR, work) == "won"
    assert (len(attempts), called) == (3, ["sent"])


def test_a_race_lost_every_time_ends_as_a_conflict(database: Database) -> None:
    def work(_session: Session) -> None:
        raise StaleState(SAID)

    with pytest.raises(Conflict):
        perform(database, "anything", ACTOR, work)


@pytest.mark.parametrize("stream", ["system:test", "instance:{}"])
def test_concurrent_writers_keep_every_chain_whole(database: Database, stream: str) -> None:
    def write(number: int) -> None:
        for _ in range(10):
            perform(database, "x", ACTOR, lambda session: note(session, "x.done", stream.format(number)))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.read() as session:
        found = verify(session)
    assert (found.ok, found.checked_events) == (True, 40)
