"""The instances about a thing that is gone, cancelled together by the platform in the case that removed it.

No administrator asks for this and none consents: the case that ends them was decided by people. What is
done to each instance is the cancellation of ``acting.py``.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.instances.execution import Execution
from engine.instances.models import ProcessInstance
from engine.instances.rows import InstanceRef
from engine.operations.access import check_reason
from engine.operations.acting import Order, act
from engine.operations.rows import CancelInstance
from engine.registry import Registry
from kernel.actor import Actor
from kernel.errors import NotAllowed
from kernel.language import Text


def cancel_instances_about(
    session: Session,
    registry: Registry,
    actor: Actor,
    subject: tuple[str, UUID],
    reason: str,
    *,
    by: InstanceRef,
    keep: Collection[UUID] = (),
) -> tuple[InstanceRef, ...]:
    """Cancel what is open about a subject, but for the case ``by`` and those to ``keep``; oldest first.

    ``subject``: type and id. Suspended instances are cancelled, too.

    Raises:
        NotAllowed: a person asks; administrators ask for each instance with consent.
        Invalid: no reason.
    """
    if actor.person_id is not None:
        raise NotAllowed(
            Text(
                "成批终止只由平台在办件中执行；请逐件申请取消。",
                "Only the platform cancels together, in a case: ask to cancel each instance.",
            )
        )
    check_reason(reason)
    kept = {by.id, *keep}
    execution = Execution(session, registry, actor)
    ended = []
    for instance_id in _open_about(session, *subject):
        if instance_id in kept:
            continue
        instance = execution.load(instance_id)
        act(execution, instance, Order(CancelInstance(), reason, {"case": by.case_number}))
        ended.append(InstanceRef(instance.id, instance.case_number))
    execution.finish()
    return tuple(ended)


def _open_about(session: Session, subject_type: str, subject_id: UUID) -> list[UUID]:
    table = ProcessInstance
    query = select(table.id).where(
        table.subject_type == subject_type, table.subject_id == subject_id, table.ended_at.is_(None)
    )
    return list(session.scalars(query.order_by(table.id)))
