"""Putting databases under load and killing those who work on them; then finishing the work and judging.

One process forks the workers, kills each at a moment of its own choosing and starts the next. It holds no
connection while it forks, and it runs as a program of its own, so that the tests' process is never forked::

    python -m tests.reliability.load FOLDER URL… --seconds 20 [--fault NAME]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlalchemy import inspect, text

from engine.api import Engine
from kernel.actor import Actor
from kernel.database import Database
from kernel.ids import new_id
from kernel.unit_of_work import perform
from tests.reliability.ledger import read_ledger
from tests.reliability.processes import definitions
from tests.reliability.worker import EFFECTS, Assignment, Worker, fork, registry
from webapp import schema

CREW: Final = ("clerk", "clerk", "clerk", "jobs", "jobs", "initiator", "messenger")
# Most live shortly, so that many are killed; a few live long enough to keep the work going.
SHORT_LIFE: Final = 0.5
LONG_LIFE: Final = 5.0
SHARE_OF_LONG_LIVES: Final = 0.2
SECONDS_BETWEEN_MASSACRES: Final = 15.0
SECONDS_BETWEEN_ACCIDENTS: Final = 90.0
FINISH_SECONDS: Final = 300.0
FEWEST_KILLS: Final = 12
SECONDS_OF_A_FAULT: Final = 2.0
# On a starved machine few people meet at one task; the judge gets time until two have.
ROUNDS_OF_A_FAULT: Final = 90


@dataclass(slots=True)
class Report:
    """What a run on one database did and what the judge found."""

    database: str
    seconds: float = 0.0
    kills: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    violations: list[dict[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Life:
    """One worker process and when it will be killed."""

    process_id: int
    role: str
    end: float


class Crew:
    """The workers on one database, and the one who kills them."""

    def __init__(self, url: str, folder: Path, seed: int, fault: str | None = None) -> None:
        # A fault needs time to do its harm more than it needs kills.
        self.short_life = SHORT_LIFE if fault is None else 3 * SHORT_LIFE
        self.url = url
        self.database = Database(url)
        self.folder = folder
        self.ledger = folder / "ledger"
        self.random = random.Random(seed)
        self.fault = fault
        self.kills = 0
        self.hired = 0
        self.lives: list[Life] = []
        self.next_massacre = time.monotonic() + SECONDS_BETWEEN_MASSACRES

    def hire(self, role: str) -> None:
        """Start a worker that will be killed at a random moment."""
        long = self.random.random() < SHARE_OF_LONG_LIVES
        life = self.random.uniform(0, LONG_LIFE if long else self.short_life)
        process_id = fork(self._assignment(role))
        self.lives.append(Life(process_id, role, time.monotonic() + life))

    def warm_up(self) -> None:
        """Do a little of everything, so that those who are born later need not learn it first."""
        worker = Worker(self._assignment("warm-up"))
        # No jobs: their heartbeat is a thread, and who forks has none.
        for step in (Worker.start_something, Worker.complete_many):
            step(worker)
        self.database.dispose()

    def start(self) -> None:
        """Start the whole crew."""
        for role in CREW:
            self.hire(role)

    def step(self) -> None:
        """Kill whose time has come, now and then all at once, and start others in their place."""
        now = time.monotonic()
        if now >= self.next_massacre:
            self.next_massacre = now + SECONDS_BETWEEN_MASSACRES
            self.kill_all()
            self.start()
            return
        for life in [life for life in self.lives if life.end <= now or self._has_ended(life)]:
            self._kill(life)
            self.hire(life.role)

    def kill_all(self) -> None:
        """Kill every worker, as a power cut would."""
        for life in list(self.lives):
            if life.process_id:
                os.kill(life.process_id, signal.SIGKILL)
        for life in list(self.lives):
            self._kill(life)

    def finish(self, seconds: float) -> bool:
        """Let one worker do all that is left, unharmed; tells whether it came to the end."""
        child = fork(self._assignment("finisher", seconds))
        _, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status) == 0

    def _assignment(self, role: str, seconds: float = 3600.0) -> Assignment:
        self.hired += 1
        name = f"{self.hired:06d}-{role}"
        return Assignment(
            role, name, self.database, self.ledger, self.random.getrandbits(32), self.fault, seconds
        )

    def _has_ended(self, life: Life) -> bool:
        """Tell whether the worker ended by itself, which is an accident that its ledger explains."""
        done, _ = os.waitpid(life.process_id, os.WNOHANG)
        if done:
            life.process_id = 0
        return bool(done)

    def _kill(self, life: Life) -> None:
        self.lives.remove(life)
        if life.process_id:
            os.kill(life.process_id, signal.SIGKILL)
            os.waitpid(life.process_id, 0)
            self.kills += 1


def prepare(url: str) -> None:
    """Bring a database to the newest schema and deploy the processes on it, unless that was done before."""
    database = Database(url)
    schema.upgrade(database)
    if inspect(database.engine).has_table("reliability_effect"):
        database.dispose()
        return
    with database.write() as session:
        session.execute(text(EFFECTS))
    engine = Engine(registry())
    deployer = Actor(person_id=new_id(), name="deployer", permissions=frozenset({"definition.deploy"}))
    for key, files in definitions().items():
        perform(
            database,
            "definition.deploy",
            deployer,
            lambda session, key=key, files=files: engine.deploy_files(session, deployer, key, files),
        )
    database.dispose()


def judge(crew: Crew, *, ended: bool) -> list[dict[str, str]]:
    """Let the checker, a program of its own, read the database and the ledger."""
    command = [sys.executable, "-m", "tests.reliability.checker", crew.url, str(crew.ledger)]
    answer = subprocess.run([*command, *(["--ended"] if ended else [])], capture_output=True, text=True)
    if answer.returncode not in (0, 1) or (answer.returncode == 1 and not answer.stdout):
        raise RuntimeError(f"the checker did not judge: {answer.stderr[-2000:]}")
    return [json.loads(line) for line in answer.stdout.splitlines()]


def load(crews: list[Crew], seconds: float, accident: Callable[[], None] | None = None) -> None:
    """Keep the crews at work for so long, killing; ``accident`` happens now and then."""
    end = time.monotonic() + seconds
    # A busy machine gets more time, so that there is something to judge.
    last = end + 10 * seconds
    next_accident = time.monotonic() + SECONDS_BETWEEN_ACCIDENTS
    try:
        for crew in crews:
            crew.start()
        while (now := time.monotonic()) < end or (
            now < last and any(crew.kills < FEWEST_KILLS for crew in crews)
        ):
            for crew in crews:
                crew.step()
            if accident and time.monotonic() > next_accident:
                accident()
                next_accident = time.monotonic() + SECONDS_BETWEEN_ACCIDENTS
            time.sleep(0.005)
    finally:
        for crew in crews:
            crew.kill_all()


def counts(crew: Crew) -> dict[str, int]:
    """Count what the ledger and the database tell of the work done."""
    found = Counter(f"{entry['what']} {entry['entry']}" for entry in read_ledger(crew.ledger))
    database = Database(crew.url)
    with database.read() as session:
        for name, query in _COUNTED.items():
            found[name] = session.execute(text(query)).scalar_one()
    database.dispose()
    return dict(sorted(found.items()))


_COUNTED: Final = {
    "instances ended": "SELECT count(*) FROM process_instance WHERE status = 'completed'",
    "tasks completed": "SELECT count(*) FROM user_task WHERE status = 'completed'",
    "jobs done": "SELECT count(*) FROM job WHERE kind = 'service' AND status = 'done'",
    "jobs run again": "SELECT count(*) FROM job WHERE kind = 'service' AND attempts > 1",
    "timers fired": "SELECT count(*) FROM job WHERE kind = 'timer' AND status = 'done'",
    "incidents": "SELECT count(*) FROM incident",
    "audit events": "SELECT count(*) FROM audit_event",
}


def survive(
    urls: list[str], folder: Path, seconds: float, seed: int = 0, accident: Callable[[], None] | None = None
) -> list[Report]:
    """Load the databases at once, finish what was begun, and judge."""
    crews = _crews(urls, folder, seed)
    load(crews, seconds, accident)
    for crew in crews:
        crew.finish(FINISH_SECONDS)
    return [Report(crew.url, seconds, crew.kills, counts(crew), judge(crew, ended=True)) for crew in crews]


def seed_fault(urls: list[str], folder: Path, fault: str, seed: int = 0) -> list[Report]:
    """Load the databases with an engine that has the fault, until the judge notices or gives up."""
    crews = _crews(urls, folder, seed, fault)
    reports = [Report(crew.url) for crew in crews]
    for _ in range(ROUNDS_OF_A_FAULT):
        unnoticed = [crew for crew, report in zip(crews, reports, strict=True) if not report.violations]
        if not unnoticed:
            break
        load(unnoticed, SECONDS_OF_A_FAULT)
        for crew, report in zip(crews, reports, strict=True):
            if crew in unnoticed:
                report.seconds += SECONDS_OF_A_FAULT
                report.kills = crew.kills
                report.violations = judge(crew, ended=False)
    return reports


def _crews(urls: list[str], folder: Path, seed: int, fault: str | None = None) -> list[Crew]:
    crews = [
        Crew(url, folder / f"database-{number}", seed + number, fault) for number, url in enumerate(urls)
    ]
    for crew in crews:
        prepare(crew.url)
        crew.warm_up()
    return crews


def main() -> int:
    """Run as the command line says and print one report per database as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("urls", nargs="+")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--fault")
    parser.add_argument("--seed", type=int, default=0)
    given: Any = parser.parse_args()
    if given.fault:
        reports = seed_fault(given.urls, given.folder, given.fault, given.seed)
    else:
        reports = survive(given.urls, given.folder, given.seconds, given.seed)
    sys.stdout.write(json.dumps([asdict(report) for report in reports], ensure_ascii=False, indent=1) + "\n")
    return 1 if any(report.violations for report in reports) else 0


if __name__ == "__main__":
    sys.exit(main())
