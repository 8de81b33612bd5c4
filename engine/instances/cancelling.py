"""Ending an instance early, on purpose."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from engine.errors import InstanceNotActive, InstanceNotFound
from engine.instances.causes import Cause
from engine.instances.execution import Execution
from engine.registry import Registry
from engine.runtime.commands import Cancel
from kernel.actor import Actor
from kernel.errors import FieldProblem, Invalid
from kernel.language import Text
from kernel.territory import covers

PERMISSION: Final = "instance.cancel"


def cancel_instance(
    session: Session, registry: Registry, actor: Actor, instance_id: UUID, reason: str
) -> None:
    """End an instance with a reason; its tasks, jobs and waits end with it.

    An emergency brake: no end event is reached, so nobody downstream is told. Initiators withdraw instead,
    where the diagram draws what follows.

    Raises:
        InstanceNotFound, InstanceNotActive.
        NotAllowed: the actor lacks ``instance.cancel``.
        Invalid: no reason was given.
    """
    execution = Execution(session, registry, actor)
    instance = execution.load(instance_id)
    actor.require(PERMISSION)
    if not _is_in_charge(actor, instance.region_code):
        raise InstanceNotFound(instance_id)
    if instance.status != "active":
        raise InstanceNotActive(instance_id, instance.status)
    if not reason.strip():
        message = Text("终止须说明理由。", "Cancelling needs a reason.")
        raise Invalid(message, (FieldProblem("reason", "required", message),))
    execution.advance(
        instance,
        Cancel(),
        Cause(action="instance.cancelled", reason=reason, after={"status": "cancelled"}),
    )
    execution.finish()


def _is_in_charge(actor: Actor, region_code: str) -> bool:
    return actor.is_system or any(covers(grant.region_code, region_code) for grant in actor.grants)
