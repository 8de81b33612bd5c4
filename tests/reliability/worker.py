"""One operating-system process at work on a database, until it is killed or told to stop.

Each role loops over one kind of work: *clerk* completes user tasks, *jobs* runs what is due, *initiator*
starts instances, *messenger* answers those who wait for a message. The *finisher* does all of it, starts
nothing, and stops when nothing is open.
"""

from __future__ import annotations

import logging
import os
import random
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

import structlog
from sqlalchemy import text
from sqlalchemy.orm import Session

import engine.jobs.failing
import engine.jobs.locking
from engine.api import (
    Engine,
    HandlerResult,
    InboxFilter,
    JobContext,
    Parameter,
    Registry,
    TaskRow,
    TechnicalFailure,
)
from kernel import unit_of_work
from kernel.actor import Actor, Grant
from kernel.database import Database
from kernel.errors import Rejected, Unavailable
from kernel.ids import new_id
from kernel.language import Text
from tests.reliability import faults
from tests.reliability.ledger import Ledger
from tests.reliability.processes import ANSWER, FOLLOW_UP, REVIEW, ROLES, TOPIC

CITY: Final = "990200"
OPEN_INSTANCES: Final = 30
READING_SECONDS: Final = 0.01
IDLE_SECONDS: Final = 0.05
COUNT_OPEN: Final = (
    "SELECT count(*) FROM process_instance "
    f"WHERE definition_key IN ('{REVIEW}', '{FOLLOW_UP}') AND status = 'active'"
)
FIRST_ATTEMPT_FAILS: Final = 3  # one job in so many
LEASE: Final = timedelta(seconds=2)
BACK_OFF: Final = (timedelta(milliseconds=300), timedelta(milliseconds=600))
EFFECTS: Final = "CREATE TABLE reliability_effect (job_id VARCHAR(36) NOT NULL, attempt INTEGER NOT NULL)"


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a process is to do; ``name`` is its file in the ledger.

    ``database`` has no open connection: what its maker had prepared is inherited, connections are not.
    """

    role: str
    name: str
    database: Database
    ledger: Path
    seed: int
    fault: str | None = None
    seconds: float = 3600.0


def person(role: str, number: int) -> Actor:
    """Return the same person in every process, so that a claim outlives the process that made it."""
    return Actor(
        person_id=uuid5(NAMESPACE_URL, f"{role}/{number}"),
        name=f"{role} {number}",
        grants=(Grant(role, CITY),),
        permissions=frozenset({"incident.resolve"}),
    )


PEOPLE: Final = tuple(person(role, number) for role in ROLES for number in range(2))


def registry() -> Registry:
    """Return the handler and the roles of ``processes.py``."""
    filled = Registry()
    for role in ROLES:
        filled.role(role, Text(role, role))
    filled.handler(
        TOPIC,
        _handle,
        Text("处理", "Work"),
        (Parameter("work", Text("工作", "Work"), "str"),),
        {"passed": Text("通过", "Passed")},
    )
    return filled


def _handle(job: JobContext) -> HandlerResult:
    """Fail the first attempt now and then; write the effect in the transaction that records the result."""
    time.sleep(random.uniform(0, 0.01))
    if job.attempt == 1 and job.job_id.int % FIRST_ATTEMPT_FAILS == 0:
        raise TechnicalFailure("the first attempt of this job fails")

    def apply(session: Session) -> None:
        values = {"job": job.job_id.hex, "attempt": job.attempt}
        session.execute(text("INSERT INTO reliability_effect VALUES (:job, :attempt)"), values)

    return HandlerResult({"passed": True}, apply)


def shorten_waits() -> None:
    """Let a killed worker's job be free after seconds and a failed one be tried again at once."""
    engine.jobs.locking.LEASE = LEASE
    engine.jobs.failing.BACK_OFF = BACK_OFF


class Worker:
    """The work of one process; every method does one step and notes it in the ledger."""

    def __init__(self, assignment: Assignment) -> None:
        self.random = random.Random(assignment.seed)
        self.ledger = Ledger(assignment.ledger, assignment.name)
        self.database = assignment.database
        self.engine = Engine(registry())
        self.deadline = time.monotonic() + assignment.seconds

    def complete_something(self) -> bool:
        """Complete a task near the top of somebody's inbox, as others may be doing at this moment."""
        actor = self.random.choice(PEOPLE)
        view = "mine" if self.random.random() < 0.3 else "claimable"
        with self.database.read() as session:
            rows = self.engine.inbox(session, actor, InboxFilter(view=view, limit=4)).rows
        if not rows:
            return False
        task = self.random.choice(rows)
        time.sleep(self.random.uniform(0, READING_SECONDS))
        chance = self.random.random()
        if chance < 0.1:
            self._perform(actor, lambda session: self.engine.claim_user_task(session, actor, task.id))
        elif chance < 0.15 and view == "mine":
            self._perform(actor, lambda session: self.engine.unclaim_user_task(session, actor, task.id))
        elif chance < 0.2 and view == "mine":
            self._perform(actor, lambda session: self.engine.save_task_draft(session, actor, task.id, {}))
        else:
            self.complete(actor, task)
        return True

    def complete_many(self) -> bool:
        """Complete what comes to hand, up to thirty tasks."""
        done = idle = 0
        # People are asked at random, so that several may have nothing to do before one has.
        while done < 30 and idle < 60:
            if self.complete_something():
                done, idle = done + 1, 0
            else:
                idle += 1
        return done > 0

    def complete(self, actor: Actor, task: TaskRow) -> None:
        """Complete one task; its opinion is a mark that nobody else writes."""
        mark = str(new_id())
        returned = task.element_id == "first_review" and self.random.random() < 0.25
        data = {"outcome": "return" if returned else "agree", "opinion": mark}
        facts = {"task": task.id.hex, "instance": task.instance_id.hex, "mark": mark}
        self.ledger.write("asked", "completed", **facts)
        if self._perform(
            actor, lambda session: self.engine.complete_user_task(session, actor, task.id, data)
        ):
            self.ledger.write("acknowledged", "completed", **facts)

    def start_something(self) -> bool:
        """Start an instance, unless enough are open."""
        if self._scalar(COUNT_OPEN) >= OPEN_INSTANCES:
            return False
        reference, actor = str(new_id()), PEOPLE[0]
        self.ledger.write("asked", "started", reference=reference)
        started: list[UUID] = []

        def work(session: Session) -> None:
            given: dict[str, Any] = {"business_key": reference, "region_code": CITY}
            ref = self.engine.start_instance(session, actor, REVIEW, {"reference": reference}, **given)
            started[:] = [ref.id]

        if self._perform(actor, work):
            self.ledger.write("acknowledged", "started", instance=started[0].hex)
        return True

    def answer_somebody(self) -> bool:
        """Send a message to an instance that waits for one, as others may be doing at this moment."""
        query = (
            f"SELECT correlation_key FROM job WHERE status = 'waiting' AND event_name = '{ANSWER}' "
            "ORDER BY correlation_key LIMIT 5"
        )
        with self.database.read() as session:
            keys = list(session.scalars(text(query)))
        if not keys:
            return False
        key, actor = self.random.choice(keys), PEOPLE[0]
        self.ledger.write("asked", "message", key=key)
        if self._perform(actor, lambda session: self.engine.send_message(session, actor, ANSWER, key, {})):
            self.ledger.write("acknowledged", "message", key=key)
        return True

    def run_jobs(self) -> bool:
        """Run a few jobs and timers that are due."""
        return self.engine.run_due(self.database, limit=5) > 0

    def retry_incidents(self) -> bool:
        """Give stuck jobs new attempts, as an operator would."""
        actor = person("operator", 0)
        with self.database.read() as session:
            found = self.engine.incidents(session, actor)
        for incident in found:
            chosen = incident.id
            self._perform(
                actor, lambda session, i=chosen: self.engine.retry_incident(session, actor, i, "再试")
            )
        return bool(found)

    def is_all_done(self) -> bool:
        """Tell whether no instance is open."""
        return bool(self._scalar(COUNT_OPEN) == 0)

    def _perform(self, actor: Actor, work: Callable[[Session], Any]) -> bool:
        """Ask the engine as an edge would; tells whether it agreed."""
        try:
            unit_of_work.perform(self.database, "reliability.work", actor, work)
        except Rejected as refusal:
            self.ledger.write("refused", type(refusal).__name__)
            return False
        return True

    def _scalar(self, query: str) -> Any:
        with self.database.read() as session:
            return session.scalar(text(query))


ROLES_OF_WORKERS: Final[dict[str, tuple[Callable[[Worker], bool], ...]]] = {
    "clerk": (Worker.complete_something,),
    "jobs": (Worker.run_jobs,),
    "initiator": (Worker.start_something,),
    "messenger": (Worker.answer_somebody,),
    "finisher": (
        Worker.complete_many,
        Worker.run_jobs,
        Worker.answer_somebody,
        Worker.retry_incidents,
    ),
}


def run(assignment: Assignment) -> int:
    """Work until the time is over, or until all is done; returns the exit status."""
    shorten_waits()
    # Lost races and kills are what happens here all the time.
    logging.getLogger("psycopg").setLevel(logging.ERROR)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    worker = Worker(assignment)
    if assignment.fault:
        faults.install(assignment.fault, worker.database)
    steps = ROLES_OF_WORKERS[assignment.role]
    parent = os.getppid()
    # Who has lost its parent would never be killed.
    while time.monotonic() < worker.deadline and os.getppid() == parent:
        try:
            busy = [step(worker) for step in steps]
            if assignment.role == "finisher" and worker.is_all_done():
                return 0
        except Unavailable as outage:
            worker.ledger.write("unavailable", type(outage).__name__)
            busy = []
        except Exception:
            worker.ledger.write("crashed", assignment.role, error=traceback.format_exc()[-3000:])
            raise
        if not any(busy):
            time.sleep(IDLE_SECONDS)
    return 0


def fork(assignment: Assignment) -> int:
    """Start a process for the assignment and return its id; everything is imported already."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        status = run(assignment)
    finally:
        # Nothing of the parent may run in the child, such as its handlers at exit.
        os._exit(status)
