"""Many processes asking for the same at the same moment; prints who got it.

python -m tests.reliability.races FOLDER URL (same-task | same-instance) --people 12
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Final
from uuid import UUID

from engine.api import InboxFilter
from kernel import unit_of_work
from kernel.actor import Actor
from kernel.database import Database
from kernel.errors import Conflict
from kernel.ids import new_id
from tests.reliability import load
from tests.reliability.checker import check
from tests.reliability.ledger import Ledger
from tests.reliability.processes import PANEL
from tests.reliability.worker import CITY, Assignment, Worker, person

WON, LOST, BROKEN = range(3)
NAMES: Final = {WON: "won", LOST: "conflict", BROKEN: "broken"}


def race(url: str, folder: Path, people: int, *, same_task: bool) -> dict[str, int]:
    """Let so many people complete one task, or one task each of one instance; returns how it went."""
    load.prepare(url)
    database = Database(url)
    worker = Worker(Assignment("race", "starter", database, folder / "ledger", 0))
    tasks = _open_tasks(worker, people)
    database.dispose()
    gate, opening = os.pipe()
    children = []
    for number in range(people):
        task_id = tasks[0] if same_task else tasks[number]
        if child := os.fork():
            children.append(child)
        else:
            os.close(opening)
            os._exit(_compete(worker, person("operator", number), task_id, gate, folder))
    os.close(gate)
    os.close(opening)
    outcomes = Counter(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children)
    found = {name: outcomes[status] for status, name in NAMES.items()}
    return {**found, "violations": len(check(url, folder / "ledger"))}


def _open_tasks(worker: Worker, people: int) -> list[UUID]:
    """Start an instance with a task for each of so many people."""
    starter, operator = person("releasing_unit", 0), person("operator", 0)
    started = []

    def work(session: object) -> None:
        ref = worker.engine.start_instance(
            session,
            starter,
            PANEL,
            {"people": people},
            business_key=str(new_id()),
            region_code=CITY,
        )
        started.append(ref)

    unit_of_work.perform(worker.database, "reliability.work", starter, work)
    with worker.database.read() as session:
        wanted = InboxFilter(view="claimable", limit=people)
        return [row.id for row in worker.engine.inbox(session, operator, wanted).rows]


def _compete(worker: Worker, actor: Actor, task_id: UUID, gate: int, folder: Path) -> int:
    """Complete the task as soon as the gate opens."""
    try:
        worker.ledger = Ledger(folder / "ledger", f"racer-{os.getpid()}")
        mark = str(new_id())
        facts = {"task": task_id.hex, "mark": mark}
        worker.ledger.write("asked", "completed", **facts)
        # The gate gives nothing to read; it is open when its other end is closed.
        os.read(gate, 1)
        data = {"outcome": "agree", "opinion": mark}
        unit_of_work.perform(
            worker.database,
            "reliability.work",
            actor,
            lambda session: worker.engine.complete_user_task(session, actor, task_id, data),
        )
        worker.ledger.write("acknowledged", "completed", **facts)
        return WON
    except Conflict:
        return LOST
    except Exception as error:
        sys.stderr.write(f"{error!r}\n")
        return BROKEN


def main() -> int:
    """Run one race and print how it went as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("url")
    parser.add_argument("kind", choices=["same-task", "same-instance"])
    parser.add_argument("--people", type=int, default=12)
    given = parser.parse_args()
    found = race(given.url, given.folder, given.people, same_task=given.kind == "same-task")
    sys.stdout.write(json.dumps(found) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
