"""Recording what a handler yielded, in the job's second transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson

from engine.errors import InstanceNotActive
from engine.instances.causes import Cause
from engine.instances.execution import Execution
from engine.instances.running import RunningInstance
from engine.jobs.locking import LockedJob, end_job
from engine.registry import BPMNError, HandlerResult
from engine.runtime.commands import CompleteActivity, ThrowError


def record_result(execution: Execution, job: LockedJob, result: HandlerResult) -> bool:
    """Apply the handler's writes, complete the activity with its data; tells whether the result counted."""
    instance = instance_of(execution, job)
    refuse_suspended(instance)
    if not end_job(execution.session, job, execution.at):
        record_dropped(execution, job, instance, {"data": dict(result.data)})
        return False
    data = dict(result.data)
    if result.apply is not None:
        data |= plain_json(result.apply(execution.session) or {})
    if result.subject is not None:
        _set_subject(instance, result.subject, data)
    execution.advance(
        instance,
        CompleteActivity(job.reference, data),
        _cause("job.completed", instance, job, {"result": data}),
    )
    return True


def _set_subject(instance: RunningInstance, subject: tuple[str, str], data: Mapping[str, Any]) -> None:
    subject_type, field = subject
    if data.get(field):
        instance.subject_type, instance.subject_id = subject_type, UUID(str(data[field]))


def plain_json(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data as JSON values; what is not JSON fails here, as the handler's fault."""
    plain: dict[str, Any] = orjson.loads(orjson.dumps(dict(data)))
    return plain


def record_error(execution: Execution, job: LockedJob, error: BPMNError) -> bool:
    """Apply the handler's writes, throw the business error into the diagram; tells whether it counted."""
    instance = instance_of(execution, job)
    refuse_suspended(instance)
    if not end_job(execution.session, job, execution.at):
        record_dropped(execution, job, instance, {"error": error.code})
        return False
    if error.apply is not None:
        error.apply(execution.session)
    execution.advance(
        instance,
        ThrowError(job.reference, error.code, error.data),
        _cause("job.error_thrown", instance, job, {"error": error.code, "message": error.message}),
    )
    return True


def record_dropped(
    execution: Execution, job: LockedJob, instance: RunningInstance, result: Mapping[str, Any]
) -> None:
    """Record a result that came after its activity was cancelled or another run had answered."""
    execution.record(
        instance,
        "job.result_dropped",
        instance.find_element(job.scope_process, job.element_id),
        asked={"job": str(job.id), "topic": job.topic, "attempt": job.attempt},
        after=dict(result),
    )


def instance_of(execution: Execution, job: LockedJob) -> RunningInstance:
    """Return the instance that the job serves."""
    instance_id: UUID | None = job.instance_id
    if instance_id is None:
        raise LookupError(f"job {job.id} belongs to no instance")
    return execution.load(instance_id)


def refuse_suspended(instance: RunningInstance) -> None:
    """Refuse a result while the instance stands still; its handler runs again after the resumption.

    Raises:
        InstanceNotActive: it is suspended.
    """
    if instance.status == "suspended":
        raise InstanceNotActive(instance.id, instance.status)


def _cause(action: str, instance: RunningInstance, job: LockedJob, after: dict[str, Any]) -> Cause:
    return Cause(
        action=action,
        element=instance.find_element(job.scope_process, job.element_id),
        activity_id=job.reference,
        asked={"job": str(job.id), "topic": job.topic, "attempt": job.attempt, "parameters": job.parameters},
        after=after,
    )
