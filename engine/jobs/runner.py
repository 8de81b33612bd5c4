"""Running one job: lock, commit, work outside any transaction, record in a second one.

A handler may therefore run twice; what it gives to ``HandlerResult.apply`` happens exactly once.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from engine.errors import EngineIncident
from engine.instances.execution import Execution
from engine.instances.running import load_instance
from engine.instances.variables import variables_of
from engine.jobs.failing import record_failure
from engine.jobs.locking import LockedJob, due_jobs, lock_job
from engine.jobs.moments import fire_timer, remind, start_on_time
from engine.jobs.recording import plain_json, record_error, record_result
from engine.registry import BPMNError, HandlerContract, HandlerResult, JobContext, Registry, TechnicalFailure
from kernel.actor import system_actor
from kernel.clock import now
from kernel.database import Database
from kernel.errors import PlatformError
from kernel.unit_of_work import Concern, perform

MAX_CAUSE: Final = 4000
_log = structlog.get_logger(__name__)


def run_due(database: Database, registry: Registry, limit: int) -> int:
    """Run due jobs, oldest first, and what becomes due through them, up to ``limit`` of them."""
    ran = 0
    while ran < limit:
        with database.read() as session:
            waiting = due_jobs(session, now(), limit - ran)
        before = ran
        for job_id in waiting:
            ran += run_job(database, registry, job_id)
        if ran == before:
            break
    return ran


def run_job(database: Database, registry: Registry, job_id: UUID) -> bool:
    """Run one job if it is due and free; tells whether it ran."""
    with database.write() as session:
        job = lock_job(session, job_id, now())
    if job is None:
        return False
    try:
        _work(database, registry, job)
    except Exception as error:
        # The edge of the job: whatever went wrong spends an attempt or becomes an incident.
        _log.warning(
            "job_failed",
            job_id=str(job.id),
            kind=job.kind,
            topic=job.topic,
            attempt=job.attempt,
            process_instance_id=str(job.instance_id),
            error=type(error).__name__,
        )
        record_failure(database, registry, job, cause_of(error), at_once=isinstance(error, EngineIncident))
    return True


def _work(database: Database, registry: Registry, job: LockedJob) -> None:
    if job.kind == "service":
        _run_service(database, registry, job)
        return
    moment = {"timer": fire_timer, "reminder": remind, "escalation": remind, "start": start_on_time}[job.kind]
    _record(database, registry, job, lambda execution: moment(execution, job))


def _run_service(database: Database, registry: Registry, job: LockedJob) -> None:
    contract = registry.find_handler(job.topic or "")
    if contract is None:
        cause = f"no handler is registered for the topic {job.topic!r}"
        record_failure(database, registry, job, cause, at_once=True, kind="handler_missing")
        return
    try:
        result = _call(contract, _context(database, job))
    except BPMNError as error:
        thrown = error
        _record(database, registry, job, lambda execution: record_error(execution, job, thrown))
        return
    _record(database, registry, job, lambda execution: record_result(execution, job, result))


def _context(database: Database, job: LockedJob) -> JobContext:
    if job.instance_id is None:
        raise TechnicalFailure("the job belongs to no instance")
    with database.read() as session:
        instance = load_instance(session, job.instance_id)
    return JobContext(
        job_id=job.id,
        topic=job.topic or "",
        parameters=job.parameters,
        instance=instance.facts(job.element_id, variables_of(instance.state, job.reference)),
        database=database,
        attempt=job.attempt,
    )


def _call(contract: HandlerContract, context: JobContext) -> HandlerResult:
    result = contract.function(context)
    return HandlerResult(plain_json(result.data), result.apply, result.subject)


def _record(
    database: Database, registry: Registry, job: LockedJob, work: Callable[[Execution], None]
) -> None:
    actor = system_actor()

    def record(session: Session) -> None:
        execution = Execution(session, registry, actor)
        work(execution)
        execution.finish()

    perform(database, f"job.{job.kind}", actor, record, concern=Concern(instance_id=job.instance_id))


def cause_of(error: BaseException) -> str:
    """Return what an operator needs to know: our own errors in words, others with their trace."""
    if isinstance(error, TechnicalFailure):
        return str(error)[:MAX_CAUSE] or type(error).__name__
    if isinstance(error, PlatformError):
        return f"{type(error).__name__}: {error}"[:MAX_CAUSE]
    return "".join(traceback.format_exception(error))[-MAX_CAUSE:]
