"""Start events of the newest version: who listens for which message or signal, and timer starts."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from engine.bpmn.iso8601 import Cycle, parse_cycle, parse_duration, parse_moment
from engine.bpmn.model import EventDefinition, EventKind, Process, Timer, TimerKind
from engine.definitions.models import EventStart, ProcessDefinitionVersion
from engine.jobs.models import Job
from kernel.ids import new_id


def replace_starts(
    session: Session, version: ProcessDefinitionVersion, process: Process, at: datetime
) -> None:
    """Let events start this version instead of the ones before it."""
    older = select(ProcessDefinitionVersion.id).where(ProcessDefinitionVersion.key == version.key)
    session.execute(delete(EventStart).where(EventStart.key == version.key))
    session.execute(
        update(Job)
        .where(Job.kind == "start", Job.version_id.in_(older), Job.status.in_(("ready", "running")))
        .values(status="dropped", finished_at=at),
        execution_options={"synchronize_session": False},
    )
    for name in process.starts:
        event = process.elements[name].event
        for definition in () if event is None else event.definitions:
            _listen(session, version, name, definition, at)


def _listen(
    session: Session, version: ProcessDefinitionVersion, name: str, event: EventDefinition, at: datetime
) -> None:
    """Let one event definition of a start event start the version."""
    if event.timer is not None:
        moment = {"kind": event.timer.kind.value, "text": _moment_text(event.timer)}
        arm_timer_start(session, version, name, moment, at)
    else:
        kind = "condition" if event.kind is EventKind.CONDITIONAL else event.kind.value
        row = {"id": new_id(), "version_id": version.id, "key": version.key, "element_id": name}
        session.execute(insert(EventStart), [{**row, "kind": kind, "name": event.name or ""}])


def arm_timer_start(
    session: Session,
    version: ProcessDefinitionVersion,
    element_id: str,
    moment: dict[str, Any],
    after: datetime,
) -> None:
    """Plan the next start at a timer start event; ``moment`` is ``{"kind", "text", "left"?}``."""
    due_at, left = _next(moment, after)
    if due_at is None:
        return
    session.execute(
        insert(Job),
        [_start_job(version.id, version.key, element_id, {**moment, "left": left}, due_at, after)],
    )


def _next(moment: dict[str, Any], after: datetime) -> tuple[datetime | None, int | None]:
    """Return when to start next and how many starts are left after it (None: without end)."""
    is_first = "left" not in moment
    if moment["kind"] == TimerKind.CYCLE.value:
        cycle = parse_cycle(moment["text"])
        left = cycle.times if is_first else moment["left"]
        if left == 0:
            return None, 0
        due_at = _first(cycle, after) if is_first and cycle.start else cycle.interval.after(after)
        return due_at, None if left is None else left - 1
    if not is_first:
        return None, 0
    if moment["kind"] == TimerKind.DATE.value:
        return parse_moment(moment["text"]), 0
    return parse_duration(moment["text"]).after(after), 0


def _first(cycle: Cycle, after: datetime) -> datetime | None:
    """Return the first moment of a cycle that names its start.

    A cycle without end whose start lies in the past goes on at its next moment: a process that is deployed
    today does not make up for the days before it existed.
    """
    due_at = cycle.start
    if due_at is None or cycle.times is not None or due_at >= after:
        return due_at
    if not cycle.interval.months:
        return due_at + -((due_at - after) // cycle.interval.exact) * cycle.interval.exact
    while due_at < after:
        due_at = cycle.interval.after(due_at)
    return due_at


def _moment_text(timer: Timer) -> str:
    # A start event has no variables to read: its moment is a constant.
    return str(timer.moment.evaluate({}))


def _start_job(
    version_id: UUID, key: str, element_id: str, moment: dict[str, Any], due_at: datetime, at: datetime
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "kind": "start",
        "instance_id": None,
        "version_id": version_id,
        "reference": element_id,
        "element_id": element_id,
        "scope_process": key,
        "topic": None,
        "parameters": moment,
        "status": "ready",
        "run_at": due_at,
        "lease_until": None,
        "attempts": 0,
        "last_error": None,
        "created_at": at,
        "finished_at": None,
    }
