"""Asking for an operation, taking the request back, refusing it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from engine.errors import ConsentByRequester, OperationNotFound, OperationNotOpen
from engine.instances.execution import Execution
from engine.instances.pending import affected
from engine.operations.access import (
    CONSENT,
    check_in_charge,
    check_may,
    check_reason,
    permission_of,
    reaches,
)
from engine.operations.acting import KINDS, check, written
from engine.operations.models import OperationRequest
from engine.operations.rows import Operation, OperationRow
from engine.registry import Registry
from kernel.actor import Actor
from kernel.audit import AuditEntry, append
from kernel.clock import now
from kernel.ids import new_id


def request_operation(
    session: Session,
    registry: Registry,
    actor: Actor,
    instance_id: UUID,
    operation: Operation,
    reason: str,
) -> OperationRow:
    """Ask for an operation on an instance; it is tried in memory first, so that a hopeless one is refused.

    Raises:
        NotAllowed: the actor lacks ``instance.operate`` (``instance.cancel`` to cancel).
        InstanceNotFound: there is none in the actor's regions.
        Invalid: no reason, or the operation cannot be done or would be unsafe.
        Conflict: the instance or the activity is in no state for it.
    """
    kind = KINDS[type(operation)]
    person_id = check_may(actor, permission_of(kind))
    execution = Execution(session, registry, actor)
    instance = execution.load(instance_id)
    check_in_charge(session, actor, instance)
    check_reason(reason)
    check(execution, instance, operation)
    asked = written(operation, instance)
    request = insert_request(session, kind, person_id, instance_id, instance.region_code, asked, reason)
    execution.record(
        instance,
        "operation.requested",
        reason=reason,
        asked={"request": str(request.id), "operation": kind, **asked},
    )
    execution.finish()
    return request


def insert_request(
    session: Session,
    kind: str,
    person_id: UUID,
    instance_id: UUID | None,
    region_code: str,
    asked: dict[str, Any],
    reason: str,
) -> OperationRow:
    """Add the row of a request and return it."""
    request_id = new_id()
    values = {
        "id": request_id,
        "kind": kind,
        "instance_id": instance_id,
        "region_code": region_code,
        "asked": asked,
        "reason": reason,
        "status": "pending",
        "requested_by": person_id,
        "requested_at": now(),
        "decided_by": None,
        "decided_at": None,
        "decision_reason": "",
    }
    session.execute(insert(OperationRequest), [values])
    return read_request(session, request_id)


def refuse_operation(session: Session, actor: Actor, request_id: UUID, reason: str) -> OperationRow:
    """Turn a request of somebody else down, with a reason.

    Raises:
        NotAllowed, ConsentByRequester, OperationNotFound, OperationNotOpen.
        Invalid: no reason was given.
    """
    request = request_to_decide(session, actor, request_id)
    check_reason(reason)
    decide(session, actor, request, "refused", reason)
    _audit(session, actor, "operation.refused", request, reason)
    return read_request(session, request_id)


def withdraw_operation(session: Session, actor: Actor, request_id: UUID) -> OperationRow:
    """Take one's own request back.

    Raises:
        OperationNotFound: there is none of the actor's own.
        OperationNotOpen: it was decided meanwhile.
    """
    request = read_request(session, request_id)
    if request.requested_by != actor.person_id:
        raise OperationNotFound(request_id)
    decide(session, actor, request, "withdrawn", "")
    _audit(session, actor, "operation.withdrawn", request, None)
    return read_request(session, request_id)


def request_to_decide(session: Session, actor: Actor, request_id: UUID) -> OperationRow:
    """Return a request that the actor may decide.

    Raises:
        NotAllowed: the actor lacks ``instance.consent``.
        OperationNotFound: there is none in the actor's regions.
        ConsentByRequester: the actor asked for it.
    """
    person_id = check_may(actor, CONSENT)
    request = read_request(session, request_id)
    if not reaches(actor, request.region_code):
        raise OperationNotFound(request_id)
    if request.requested_by == person_id:
        raise ConsentByRequester(request_id)
    return request


def decide(session: Session, actor: Actor, request: OperationRow, status: str, reason: str) -> None:
    """Write the decision, unless somebody else decided meanwhile.

    Raises:
        OperationNotOpen: somebody did.
    """
    decided = session.execute(
        update(OperationRequest)
        .where(OperationRequest.id == request.id, OperationRequest.status == "pending")
        .values(status=status, decided_by=actor.person_id, decided_at=now(), decision_reason=reason),
        execution_options={"synchronize_session": False},
    )
    if affected(decided) != 1:
        raise OperationNotOpen(request.id)


def read_request(session: Session, request_id: UUID) -> OperationRow:
    """Return a request.

    Raises:
        OperationNotFound: there is none.
    """
    row = session.scalar(
        select(OperationRequest).where(OperationRequest.id == request_id),
        execution_options={"populate_existing": True},
    )
    if row is None:
        raise OperationNotFound(request_id)
    return request_row(row)


def request_row(row: OperationRequest) -> OperationRow:
    """Return a request as outsiders see it."""
    return OperationRow(
        id=row.id,
        kind=row.kind,  # type: ignore[arg-type]  # the column holds nothing else
        instance_id=row.instance_id,
        region_code=row.region_code,
        asked=row.asked,
        reason=row.reason,
        status=row.status,  # type: ignore[arg-type]  # the column holds nothing else
        requested_by=row.requested_by,
        requested_at=row.requested_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        decision_reason=row.decision_reason,
    )


def stream_of(request: OperationRow) -> str:
    """Return the audit stream that a request belongs to."""
    return f"instance:{request.instance_id}" if request.instance_id else "system:operations"


def _audit(session: Session, actor: Actor, action: str, request: OperationRow, reason: str | None) -> None:
    entry = AuditEntry(
        action=action,
        actor=actor,
        stream=stream_of(request),
        instance_id=request.instance_id,
        reason=reason,
        asked={"request": str(request.id), "operation": request.kind, **request.asked},
        region_code=request.region_code,
    )
    append(session, entry)
