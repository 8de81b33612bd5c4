"""Ending an instance early, on purpose."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from engine.errors import InstanceNotActive
from engine.instances.causes import Cause
from engine.instances.execution import Execution
from engine.registry import Registry
from engine.runtime.commands import Cancel
from kernel.actor import Actor
from kernel.errors import FieldProblem, Invalid, NotAllowed
from kernel.language import Text
from kernel.territory import covers

PERMISSION: Final = "instance.cancel"


def cancel_instance(
    session: Session, registry: Registry, actor: Actor, instance_id: UUID, reason: str
) -> None:
    """End an instance with a reason; its tasks, jobs and waits end with it.

    Raises:
        InstanceNotFound, InstanceNotActive.
        NotAllowed: the actor neither started it nor may cancel instances of its region.
        Invalid: no reason was given.
    """
    execution = Execution(session, registry, actor)
    instance = execution.load(instance_id)
    initiated = actor.person_id is not None and actor.person_id == instance.initiator_id
    if not initiated and not _may_cancel(actor, instance.region_code):
        raise NotAllowed(
            Text(
                "只有发起人或有终止权限的人可以终止办件。", "Only the initiator or who may cancel can end it."
            )
        )
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


def _may_cancel(actor: Actor, region_code: str) -> bool:
    if not actor.may(PERMISSION):
        return False
    return actor.is_system or any(covers(grant.region_code, region_code) for grant in actor.grants)
