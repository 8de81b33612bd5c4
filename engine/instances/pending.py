"""Rows that a command wants written; collected first, then written in few statements."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import BindParameter, CursorResult, Result, Table, bindparam, insert, or_, update

from engine.incidents.ending import END_INCIDENTS, ended_incidents
from engine.incidents.rows import IncidentStatus
from engine.instances.running import RunningInstance
from engine.jobs.models import WAITING, Job
from engine.messages.subscriptions import reference_of
from engine.runtime.effects import Spans
from engine.user_tasks.ending import END_OR_REINSTATE, END_TASK, ended_task, reinstated_tasks
from engine.user_tasks.models import UserTask
from kernel.database import Instant
from kernel.statements import Batch, Statement

Row = dict[str, Any]
Step = list[Any]
OPEN_JOBS: Final = ("ready", "running", "failed", "held", WAITING)
_job_table = cast(Table, Job.__table__)
_INSERT_TASKS: Final = Statement(insert(cast(Table, UserTask.__table__)))
_INSERT_JOBS: Final = Statement(insert(_job_table))


def _drop_job() -> Statement:
    of_instance: BindParameter[UUID] = bindparam("of_instance")
    of_reference: BindParameter[str] = bindparam("of_reference")
    ended_at: BindParameter[datetime] = bindparam("ended_at", type_=Instant)
    drop = update(_job_table).where(
        _job_table.c.instance_id == of_instance,
        _job_table.c.reference == of_reference,
        or_(*(_job_table.c.status == status for status in OPEN_JOBS)),
    )
    return Statement(drop.values(status="dropped", finished_at=ended_at))


_DROP_JOB: Final = _drop_job()
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
        self._paths: dict[UUID, list[Step]] = {}
        self._ended_tasks: list[tuple[Row, Callable[[], Exception]]] = []
        self._closed_tasks: Closing = {}
        self._reinstated_tasks: list[Row] = []
        self._dropped_jobs: Closing = {}
        self._ended_incidents: list[Row] = []

    def begin_path(self, instance: RunningInstance) -> list[Step]:
        """Return the list to which the steps of the instance are added from now on, for its audit event."""
        steps: list[Step] = []
        self._paths[instance.id] = steps
        return steps

    def step(
        self,
        instance: RunningInstance,
        kind: str,
        element_id: str,
        scope_process: str,
        activity_id: str | None = None,
        by_person: bool = False,
    ) -> None:
        """Add one step to the path of the instance.

        ``[kind, element or flow id, activity id, process key, whether the person did it]``; ``kind`` is
        *entered*, *completed*, *cancelled* or *flow*.
        """
        self._paths[instance.id].append([kind, element_id, activity_id, scope_process, by_person])

    def end_task(self, values: Row, otherwise: Callable[[], Exception]) -> None:
        """End the task at hand; ``otherwise`` makes what is raised when somebody else was faster."""
        self._ended_tasks.append((values, otherwise))

    def reinstate_tasks(self, instance: RunningInstance, spans: Spans) -> None:
        """Let completions count again that a return had made void."""
        self._reinstated_tasks += reinstated_tasks(instance.id, spans)

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

    def waits_for(self, kind: str, name: str, key: str) -> Iterator[Row]:
        """Return the waits for an event that are not written yet."""
        event = (WAITING, kind, name, key)
        for row in self.jobs:
            if (row["status"], row["kind"], row["event_name"], row["correlation_key"]) == event:
                yield row

    def drop_wait(self, instance: RunningInstance, wait_id: str) -> None:
        """Forget what an instance waited for."""
        self.drop_jobs(instance, reference_of(wait_id))

    def hold_jobs(self, instance: RunningInstance) -> None:
        """Let what was asked for wait like everything else of a suspended instance."""
        for row in self.jobs:
            if row["instance_id"] == instance.id and row["status"] == "ready":
                row["status"] = "held"

    def end_incidents(
        self, instance: RunningInstance, status: IncidentStatus, reference: str | None = None
    ) -> None:
        """End the open incidents of commands on an activity that is over, or all when the instance is."""
        if instance.open_incidents:
            instance.recounts_incidents = instance.is_changed = True
            self._ended_incidents.append(
                ended_incidents(instance.id, reference, status, self.at, self._person_id)
            )

    def _end_incidents_of_dropped_jobs(self) -> None:
        for instance, references in self._dropped_jobs.values():
            for reference in sorted(references):
                self.end_incidents(instance, "dropped", reference)

    def close(self, batch: Batch) -> None:
        """Write what was closed or dropped."""
        self._end_tasks(batch)
        self._end_incidents_of_dropped_jobs()
        batch.add(END_INCIDENTS, self._ended_incidents)
        batch.add(
            _DROP_JOB,
            [
                {"of_instance": instance_id, "of_reference": reference, "ended_at": self.at}
                for instance_id, reference in _each(self._dropped_jobs)
            ],
        )
        self._dropped_jobs, self._ended_incidents = {}, []

    def _end_tasks(self, batch: Batch) -> None:
        """Write by one statement which tasks end, whoever ends them, and which completions count again."""
        statement = END_OR_REINSTATE if self._reinstated_tasks else END_TASK
        for values, otherwise in self._ended_tasks:
            batch.add(statement, [values], 1, otherwise)
        cancelled = (
            ended_task(instance_id, activity_id, "cancelled", self.at)
            for instance_id, activity_id in _each(self._closed_tasks)
        )
        batch.add(statement, [*cancelled, *self._reinstated_tasks])
        self._ended_tasks, self._closed_tasks, self._reinstated_tasks = [], {}, []

    def insert(self, batch: Batch) -> None:
        """Write the new rows; those of their instances are there already."""
        batch.add(_INSERT_TASKS, self.tasks)
        batch.add(_INSERT_JOBS, self.jobs)
        self.tasks, self.jobs = [], []


def _each(closing: Closing) -> Iterator[tuple[UUID, str]]:
    for instance, references in closing.values():
        for reference in sorted(references):
            yield instance.id, reference


def _add(closing: Closing, instance: RunningInstance, reference: str) -> None:
    closing.setdefault(instance.id, (instance, set()))[1].add(reference)


def affected(result: Result[Any]) -> int:
    """Return how many rows an UPDATE or DELETE changed."""
    return cast(CursorResult[Any], result).rowcount
