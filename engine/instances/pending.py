"""Rows that a command wants written; collected first, then written in few statements."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import CursorResult, Result, Table, delete, insert, select, update
from sqlalchemy.orm import Session

from engine.incidents.models import IncidentRecord
from engine.instances.models import HistoryEntry
from engine.instances.running import RunningInstance
from engine.jobs.models import Job
from engine.messages.models import EventSubscription
from engine.user_tasks.models import UserTask
from kernel.ids import new_id

Row = dict[str, Any]
OPEN_JOBS = ("ready", "running", "failed")
OPEN_TASKS = ("open", "claimed")


# Built once: building a statement costs more than running it.
_INSERTS: Final = tuple(
    insert(cast(Table, model.__table__)) for model in (UserTask, Job, EventSubscription, HistoryEntry)
)
Closing = dict[UUID, tuple[RunningInstance, set[str]]]


class Pending:
    """Inserts by table, and what is to be closed, by instance.

    What was opened and closed by the same command is taken out again in memory.
    """

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.tasks: list[Row] = []
        self.jobs: list[Row] = []
        self.waits: list[Row] = []
        self.history: list[Row] = []
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
        person_id: UUID | None = None,
    ) -> None:
        """Add one history row."""
        self.history.append(
            {
                "id": new_id(),
                "instance_id": instance.id,
                "kind": kind,
                "element_id": element_id,
                "activity_id": activity_id,
                "scope_process": scope_process,
                "person_id": person_id,
                "at": self.at,
            }
        )

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

    def close(self, session: Session) -> None:
        """Write what was closed or dropped; incidents of dropped jobs end with them."""
        for instance, activities in self._closed_tasks.values():
            _cancel_tasks(session, instance, activities, self.at)
        for instance, references in self._dropped_jobs.values():
            _drop_jobs(session, instance, references, self.at)
        for instance, waits in self._dropped_waits.values():
            session.execute(
                delete(EventSubscription).where(
                    EventSubscription.instance_id == instance.id, EventSubscription.wait_id.in_(waits)
                )
            )
        self._closed_tasks, self._dropped_jobs, self._dropped_waits = {}, {}, {}

    def insert(self, session: Session) -> None:
        """Write the new rows; those of their instances are there already."""
        for statement, rows in zip(_INSERTS, (self.tasks, self.jobs, self.waits, self.history), strict=True):
            if rows:
                session.connection().execute(statement, rows)
        self.tasks, self.jobs, self.waits, self.history = [], [], [], []


def _add(closing: Closing, instance: RunningInstance, reference: str) -> None:
    closing.setdefault(instance.id, (instance, set()))[1].add(reference)


def _cancel_tasks(session: Session, instance: RunningInstance, activities: set[str], at: datetime) -> None:
    session.execute(
        update(UserTask)
        .where(
            UserTask.instance_id == instance.id,
            UserTask.activity_id.in_(activities),
            UserTask.status.in_(OPEN_TASKS),
        )
        .values(status="cancelled", completed_at=at, revision=UserTask.revision + 1),
        execution_options={"synchronize_session": False},
    )


def _drop_jobs(session: Session, instance: RunningInstance, references: set[str], at: datetime) -> None:
    served = (Job.instance_id == instance.id, Job.reference.in_(references))
    if instance.open_incidents:
        jobs = select(Job.id).where(*served)
        dropped = session.execute(
            update(IncidentRecord)
            .where(IncidentRecord.job_id.in_(jobs), IncidentRecord.status == "open")
            .values(status="dropped", decided_at=at),
            execution_options={"synchronize_session": False},
        )
        instance.open_incidents -= affected(dropped)
        instance.is_changed = True
    session.execute(
        update(Job).where(*served, Job.status.in_(OPEN_JOBS)).values(status="dropped", finished_at=at),
        execution_options={"synchronize_session": False},
    )


def affected(result: Result[Any]) -> int:
    """Return how many rows an UPDATE or DELETE changed."""
    return cast(CursorResult[Any], result).rowcount
