"""Large stores, made in bulk: copies of one real instance that waits at a task with a deadline.

Each copy has rows of its own in every table that a command touches, so that the indexes are as large as
they would be in service. The audit events are copies too: heads and numbers are right, digests are not.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import islice
from typing import Any, Final, cast

from sqlalchemy import Table, insert, select

from engine.instances.models import ProcessInstance
from engine.jobs.models import Job
from engine.user_tasks.models import UserTask
from kernel.audit.models import AuditEvent
from kernel.ids import new_id
from kernel.statements import Batch, Statement
from tests.benchmarks.office import Office
from tests.benchmarks.process import APPROVAL, LANES, answer

CITIES: Final = ("990100", "990200", "990300", "990400")
UNITS: Final = tuple(new_id() for _ in range(200))
_BATCH: Final = 2_000
_TABLES: Final = tuple(cast(Table, model.__table__) for model in (ProcessInstance, UserTask, Job, AuditEvent))
_INSERTS: Final = tuple(Statement(insert(table)) for table in _TABLES)
Rows = list[list[dict[str, Any]]]


def seed(office: Office, count: int, already: int = 0) -> None:
    """Add instances with an open task each, until there are ``count``."""
    patterns = _patterns(office)
    numbers = iter(range(already, count))
    while part := list(islice(numbers, _BATCH)):
        copies = [_copy(patterns, number) for number in part]
        batch = Batch()
        for place, statement in enumerate(_INSERTS):
            batch.add(statement, [row for rows in copies for row in rows[place]])
        with office.database.write() as session:
            batch.send(session)


def _patterns(office: Office) -> Rows:
    """Return the rows of an instance at its second task, which has a deadline."""
    instance_id = office.start(APPROVAL)
    (task,) = office.open_tasks(instance_id)
    office.complete(task, answer())
    with office.database.read() as session:
        found = []
        for table in _TABLES:
            key = table.c.id if table.name == "process_instance" else table.c.instance_id
            rows = session.execute(select(*table.c).where(key == instance_id)).mappings()
            found.append([dict(row) for row in rows])
    found[1] = [row for row in found[1] if row["status"] == "open"]
    found[3] = found[3][:1]
    return found


def _copy(patterns: Rows, number: int) -> Rows:
    """Return the rows of one more instance."""
    instance_id, task_id = new_id(), new_id()
    (instance,), (task,), jobs, events = patterns
    city, role = CITIES[number % len(CITIES)], tuple(LANES)[number // len(CITIES) % len(LANES)]
    later = timedelta(seconds=number % 1_000_000)
    unit_id = UNITS[number % len(UNITS)] if role == "provider" else None
    return [
        [{**instance, "id": instance_id, "case_number": f"S-{number}", "region_code": city}],
        [
            {
                **task,
                "id": task_id,
                "instance_id": instance_id,
                "candidate_role": role,
                "candidate_unit_id": unit_id,
                "region_code": city,
                "sort_at": task["sort_at"] + later,
                "due_at": task["due_at"] + later,
            }
        ],
        [
            {**job, "id": new_id(), "instance_id": instance_id, "run_at": job["run_at"] + later}
            for job in jobs
        ],
        [
            {**event, "id": new_id(), "instance_id": instance_id, "stream": f"instance:{instance_id}"}
            for event in events
        ],
    ]
