"""Running one job: lock, commit, work outside any transaction, record in a second one.

A handler may therefore run twice; what it gives to ``HandlerResult.apply`` happens exactly once. Every
driver ends here: the scheduler inside the single process, the workers, Celery, the command line, tests.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Mapping
from typing import Any, Final, Literal, TypeVar
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from engine.errors import EngineIncident, InstanceNotActive
from engine.instances.execution import Execution
from engine.instances.running import load_instance
from engine.instances.variables import variables_of
from engine.jobs.failing import record_failure
from engine.jobs.heartbeat import Heartbeat
from engine.jobs.locking import LockedJob, due_jobs, lock_job, take_next
from engine.jobs.metrics import JOB_DELAY_SECONDS, JOB_SECONDS, JOBS
from engine.jobs.moments import deliver_held, fire_timer, remind, start_on_time
from engine.jobs.recording import plain_json, record_error, record_result, refuse_suspended
from engine.operations.holding import put_back
from engine.registry import BPMNError, HandlerContract, HandlerResult, JobContext, Registry, TechnicalFailure
from kernel.actor import system_actor
from kernel.clock import now
from kernel.database import Database
from kernel.errors import PlatformError
from kernel.unit_of_work import Concern, perform

Result = TypeVar("Result")
MAX_CAUSE: Final = 4000
Outcome = Literal["done", "error_thrown", "retried", "incident", "dropped", "held"]
_MOMENTS: Final[Mapping[str, Callable[[Execution, LockedJob], Any]]] = {
    "timer": fire_timer,
    "delivery": deliver_held,
    "reminder": remind,
    "escalation": remind,
    "start": start_on_time,
}
_heartbeat: Final = Heartbeat()
_log = structlog.get_logger(__name__)


def run_due(database: Database, registry: Registry, limit: int) -> int:
    """Run due jobs, oldest first, and what becomes due through them, up to ``limit`` of them."""
    # A look without a lock first: most of the time nothing is due.
    with database.read() as session:
        if not due_jobs(session, now(), 1):
            return 0
    for ran in range(limit):
        with database.write() as session:
            job = take_next(session, now())
        if job is None:
            return ran
        _run(database, registry, job)
    return limit


def run_job(database: Database, registry: Registry, job_id: UUID) -> bool:
    """Run one job if it is due and free; tells whether it ran."""
    with database.write() as session:
        job = lock_job(session, job_id, now())
    if job is None:
        return False
    _run(database, registry, job)
    return True


def _run(database: Database, registry: Registry, job: LockedJob) -> None:
    begin = time.perf_counter()
    JOB_DELAY_SECONDS.labels(job.kind).observe(max(0.0, (now() - job.run_at).total_seconds()))
    with structlog.contextvars.bound_contextvars(
        job_id=str(job.id),
        process_instance_id=str(job.instance_id) if job.instance_id else None,
        topic=job.topic,
        attempt=job.attempt,
    ):
        outcome = _work_or_record_why_not(database, registry, job)
        seconds = time.perf_counter() - begin
        if structlog.is_configured():
            # Who embeds the engine and set up no logs reads of failures only.
            _log.info("job.ran", kind=job.kind, outcome=outcome, milliseconds=round(seconds * 1000, 1))
    JOBS.labels(job.kind, job.topic or "", outcome).inc()
    JOB_SECONDS.labels(job.kind, job.topic or "").observe(seconds)


def _work_or_record_why_not(database: Database, registry: Registry, job: LockedJob) -> Outcome:
    if job.is_exhausted:
        spent = (
            f"the process that ran this job stopped before it could say how it went, {job.attempt - 1} times"
        )
        return record_failure(database, registry, job, spent, at_once=True, kind="job_failed")
    try:
        return _work(database, registry, job)
    except InstanceNotActive:
        # The instance was suspended while the job was in our hands.
        with database.write() as session:
            put_back(session, job)
        return "held"
    except Exception as error:
        # The edge of the job: whatever went wrong spends an attempt or becomes an incident.
        _log.warning("job.failed", kind=job.kind, error=type(error).__name__)
        at_once = isinstance(error, EngineIncident)
        return record_failure(database, registry, job, cause_of(error), at_once=at_once)


def _work(database: Database, registry: Registry, job: LockedJob) -> Outcome:
    if job.kind == "service":
        return _run_service(database, registry, job)
    moment = _MOMENTS[job.kind]
    _record(database, registry, job, lambda execution: moment(execution, job))
    return "done"


def _run_service(database: Database, registry: Registry, job: LockedJob) -> Outcome:
    contract = registry.find_handler(job.topic or "")
    if contract is None:
        cause = f"no handler is registered for the topic {job.topic!r}"
        return record_failure(database, registry, job, cause, at_once=True, kind="handler_missing")
    try:
        with _heartbeat.keeping(database, job):
            result = _call(contract, _context(database, job))
    except BPMNError as error:
        thrown = error
        if _record(database, registry, job, lambda execution: record_error(execution, job, thrown)):
            return "error_thrown"
        return "dropped"
    counted = _record(database, registry, job, lambda execution: record_result(execution, job, result))
    return "done" if counted else "dropped"


def _context(database: Database, job: LockedJob) -> JobContext:
    if job.instance_id is None:
        raise TechnicalFailure("the job belongs to no instance")
    with database.read() as session:
        instance = load_instance(session, job.instance_id)
    refuse_suspended(instance)
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
    database: Database, registry: Registry, job: LockedJob, work: Callable[[Execution], Result]
) -> Result:
    actor = system_actor()

    def record(session: Session) -> Result:
        execution = Execution(session, registry, actor)
        result = work(execution)
        execution.finish()
        return result

    return perform(database, f"job.{job.kind}", actor, record, concern=Concern(instance_id=job.instance_id))


def cause_of(error: BaseException) -> str:
    """Return what an operator needs to know: our own errors in words, others with their trace."""
    if isinstance(error, TechnicalFailure):
        return str(error)[:MAX_CAUSE] or type(error).__name__
    if isinstance(error, PlatformError):
        return f"{type(error).__name__}: {error}"[:MAX_CAUSE]
    return "".join(traceback.format_exception(error))[-MAX_CAUSE:]
