"""The second administrator's consent, which carries the operation out in the same transaction."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from engine.errors import OperationNotFound
from engine.instances.execution import Execution
from engine.operations.access import check_in_charge
from engine.operations.acting import Order, act, check, read, refuse_outdated
from engine.operations.requesting import decide, read_request, request_to_decide
from engine.operations.rows import OperationRow
from engine.registry import Registry
from kernel.actor import Actor
from kernel.audit import AuditEntry, append


def consent_to_operation(
    session: Session, registry: Registry, actor: Actor, request_id: UUID, note: str
) -> OperationRow:
    """Consent to another administrator's request; what it asks for is done, or nothing is.

    Consent to a migration lets it run; ``engine.operations.migrations`` carries it out.

    Raises:
        NotAllowed, ConsentByRequester, OperationNotFound, OperationNotOpen.
        OperationOutdated: the case has moved on since the request.
        Invalid, Conflict: it cannot be done any more, see ``request_operation``.
    """
    request = request_to_decide(session, actor, request_id)
    if request.kind == "migrate":
        _consent_to_migration(session, actor, request, note)
        return read_request(session, request_id)
    if request.instance_id is None:
        raise OperationNotFound(request_id)
    execution = Execution(session, registry, actor)
    instance = execution.load(request.instance_id)
    check_in_charge(session, actor, instance)
    decide(session, actor, request, "done", note)
    operation = read(request.kind, request.asked)
    refuse_outdated(instance, operation, request.asked)
    check(execution, instance, operation)
    asked = {"request": str(request.id), "requestedBy": str(request.requested_by), **request.asked}
    act(execution, instance, Order(operation, request.reason, asked))
    execution.finish()
    return read_request(session, request_id)


def _consent_to_migration(session: Session, actor: Actor, request: OperationRow, note: str) -> None:
    decide(session, actor, request, "done", note)
    entry = AuditEntry(
        action="operation.consented",
        actor=actor,
        stream="system:operations",
        reason=note or None,
        asked={"request": str(request.id), "operation": request.kind, **request.asked},
        region_code=request.region_code,
    )
    append(session, entry)
