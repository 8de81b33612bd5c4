"""What a suspended instance holds back: its jobs and timers, and messages that reach it meanwhile.

A held job keeps its due moment and is found by no driver. Nothing is lost: what came due, and what was
delivered, follows when the instance is resumed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.instances.causes import Delivery
from engine.instances.models import ProcessInstance
from engine.instances.running import RunningInstance
from engine.jobs.locking import LockedJob
from engine.jobs.models import Job
from engine.jobs.queue import job_row

DELIVERY = "delivery"


def hold_jobs(session: Session, instance_id: UUID) -> None:
    """Hold what waits to run; a job that runs at this moment is held when it wants to record its result."""
    _change(session, instance_id, "ready", "held")


def release_jobs(session: Session, instance_id: UUID) -> None:
    """Let the held jobs run when they are due, or now."""
    _change(session, instance_id, "held", "ready")


def put_back(session: Session, job: LockedJob) -> None:
    """Put a job back whose instance was found suspended; the run does not count as an attempt."""
    status = session.scalar(select(ProcessInstance.status).where(ProcessInstance.id == job.instance_id))
    session.execute(
        update(Job)
        .where(Job.id == job.id, Job.status == "running", Job.attempts == job.attempt)
        .values(
            status="held" if status == "suspended" else "ready",
            lease_until=None,
            max_attempts=Job.max_attempts + 1,
        ),
        execution_options={"synchronize_session": False},
    )


def held_delivery(instance: RunningInstance, delivery: Delivery, at: datetime) -> dict[str, Any] | None:
    """Return the job that hands a message or signal over after the resumption; None if nobody waits."""
    wait_id = delivery.wait_id or ""
    state = instance.state
    if state is None or wait_id not in state["waits"]:
        return None
    wait = state["waits"][wait_id]
    process = state["scopes"][wait["scope"]]["process"]
    given = {
        "kind": delivery.kind,
        "name": delivery.name,
        "key": delivery.key,
        "from": delivery.sender.case_number if delivery.sender else None,
        "payload": dict(delivery.payload),
    }
    row = job_row(DELIVERY, instance, wait_id, wait["element"], process, at, at)
    return {**row, "parameters": given, "status": "held"}


def _change(session: Session, instance_id: UUID, before: str, after: str) -> None:
    session.execute(
        update(Job).where(Job.instance_id == instance_id, Job.status == before).values(status=after),
        execution_options={"synchronize_session": False},
    )
