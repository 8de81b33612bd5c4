"""Rows that a command wants written; collected first, then written in few statements."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CursorResult,
    Result,
    Table,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from engine.incidents.models import IncidentRecord
from engine.instances.models import PathEntry
from engine.instances.running import RunningInstance
from engine.jobs.models import Job
from engine.messages.models import EventSubscription
from engine.user_tasks.models import UserTask
from kernel.database import Instant
from kernel.ids import new_id
from kernel.statements import Batch, Statement

Row = dict[str, Any]
Step = list[Any]
OPEN_JOBS = ("ready", "running", "failed", "held")
OPEN_TASKS = ("open", "claimed", "held")


_INSERTS: Final = tuple(
    Statement(insert(cast(Table, model.__table__))) for model in (UserTask, Job, EventSubscription, PathEntry)
)


def _one_of(column: ColumnElement[str], values: tuple[str, ...]) -> ColumnElement[bool]:
    return or_(*(column == value for value in values))


def _ends() -> tuple[Statement, Statement, Statement]:
    """Return the statements that cancel an open task, drop a job and forget a wait."""
    task, job, wait = (cast(Table, model.__table__) for model in (UserTask, Job, EventSubscription))
    of_instance: BindParameter[UUID] = bindparam("of_instance")
    of_reference: BindParameter[str] = bindparam("of_reference")
    ended_at: BindParameter[datetime] = bindparam("ended_at", type_=Instant)
    cancel = update(task).where(
        task.c.instance_id == of_instance,
        task.c.activity_id == of_reference,
        _one_of(task.c.status, OPEN_TASKS),
    )
    drop = update(job).where(
        job.c.instance_id == of_instance, job.c.reference == of_reference, _one_of(job.c.status, OPEN_JOBS)
    )
    forget = delete(wait).where(wait.c.instance_id == of_instance, wait.c.wait_id == of_reference)
    return (
        Statement(cancel.values(status="cancelled", completed_at=ended_at, revision=task.c.revision + 1)),
        Statement(drop.values(status="dropped", finished_at=ended_at)),
        Statement(forget),
    )


_ENDS: Final = _ends()
Closing = dict[UUID, tuple[RunningInstance, set[str]]]


class Pending:
    """Inserts by table, and what is to be closed, by instance.

    What was opened and closed by the same command is taken out again in memory.
    """

    def __init__(self, at: datetime, person_id: UUID | None) -> None:
        self.at = at
        self._person_id = person_id
        self.tasks: list[Row] = []
        self.jobs: list[Row] = []
        self.waits: list[Row] = []
        self._paths: dict[UUID, list[Step]] = {}
        self._closed_tasks: Closing = {}
        self._dropped_jobs: Closing = {}
        self._dropped_waits: Closing = {}

    def step(
        self,
        instance: RunningInstance,
        kind: str,
        element_id: str,
        scope_process: str,
        activity_id: str | None = None,
        by_person: bool = False,
    ) -> None:
        """Add one step to the path of the instance."""
        steps = self._paths.setdefault(instance.id, [])
        steps.append([kind, element_id, activity_id, scope_process, by_person])

    def close_task(self, instance: RunningInstance, activity_id: str) -> None:
        """Cancel an open user task."""
        for row in self.tasks:
            if row["instance_id"] == instance.id and row["activity_id"] == activity_id:
                row["status"] = "cancelled"
                return
        _add(self._closed_tasks, instance, activity_id)

    def drop_jobs(self, instance: RunningInstance, reference: str) -> None:
        """Drop the service job, timer, reminder and escalation that serve an activity or a wait."""
        kept = [
            row for row in self.jobs if (row["instance_id"], row["reference"]) != (instance.id, reference)
        ]
        if len(kept) == len(self.jobs):
            _add(self._dropped_jobs, instance, reference)
        self.jobs = kept

    def drop_wait(self, instance: RunningInstance, wait_id: str) -> None:
        """Forget what an instance waited for."""
        kept = [row for row in self.waits if (row["instance_id"], row["wait_id"]) != (instance.id, wait_id)]
        if len(kept) == len(self.waits):
            _add(self._dropped_waits, instance, wait_id)
        self.waits = kept

    def close(self, batch: Batch) -> None:
        """Write what was closed or dropped."""
        at = self.at
        for statement, closing in zip(
            _ENDS, (self._closed_tasks, self._dropped_jobs, self._dropped_waits), strict=True
        ):
            batch.add(
                statement,
                [
                    {"of_instance": instance.id, "of_reference": reference, "ended_at": at}
                    for instance, references in closing.values()
                    for reference in sorted(references)
                ],
            )
        self._closed_tasks, self._dropped_jobs, self._dropped_waits = {}, {}, {}

    def drop_incidents(self, session: Session) -> None:
        """End the open incidents of the jobs that are dropped."""
        for instance, references in self._dropped_jobs.values():
            if instance.open_incidents:
                _drop_incidents(session, instance, references, self.at)

    def insert(self, batch: Batch) -> None:
        """Write the new rows; those of their instances are there already."""
        paths = [
            {
                "id": new_id(),
                "instance_id": instance_id,
                "person_id": self._person_id,
                "at": self.at,
                "steps": steps,
            }
            for instance_id, steps in self._paths.items()
        ]
        for statement, rows in zip(_INSERTS, (self.tasks, self.jobs, self.waits, paths), strict=True):
            batch.add(statement, rows)
        self.tasks, self.jobs, self.waits, self._paths = [], [], [], {}


def _add(closing: Closing, instance: RunningInstance, reference: str) -> None:
    closing.setdefault(instance.id, (instance, set()))[1].add(reference)


def _drop_incidents(session: Session, instance: RunningInstance, references: set[str], at: datetime) -> None:
    jobs = select(Job.id).where(Job.instance_id == instance.id, Job.reference.in_(references))
    dropped = session.execute(
        update(IncidentRecord)
        .where(IncidentRecord.job_id.in_(jobs), IncidentRecord.status == "open")
        .values(status="dropped", decided_at=at),
        execution_options={"synchronize_session": False},
    )
    instance.open_incidents -= affected(dropped)
    instance.is_changed = True


def affected(result: Result[Any]) -> int:
    """Return how many rows an UPDATE or DELETE changed."""
    return cast(CursorResult[Any], result).rowcount
