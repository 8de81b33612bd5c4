"""Who may ask for an operation and who may decide it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from engine.errors import InstanceNotFound
from engine.instances.running import RunningInstance
from engine.operations.rows import OperationKind
from kernel.actor import Actor
from kernel.errors import FieldProblem, Invalid, NotAllowed
from kernel.language import Text
from kernel.territory import covers
from kernel.unit_of_work import Concern, concerning

OPERATE: Final = "instance.operate"
CANCEL: Final = "instance.cancel"
CONSENT: Final = "instance.consent"


def permission_of(kind: OperationKind) -> str:
    """Return the permission that asking for an operation needs."""
    return CANCEL if kind == "cancel" else OPERATE


def check_may(actor: Actor, permission: str) -> UUID:
    """Refuse whoever lacks the permission; returns the person, because the platform itself never asks.

    Raises:
        NotAllowed: no permission, or no person.
    """
    actor.require(permission)
    if actor.person_id is None:
        raise NotAllowed(
            Text(
                "运维操作须由具名管理员提出和同意。",
                "An operation is asked for and consented to by administrators with a name.",
            )
        )
    return actor.person_id


def check_in_charge(session: Session, actor: Actor, instance: RunningInstance) -> None:
    """Refuse an administrator of another region, as if there were no such instance.

    Raises:
        InstanceNotFound: no grant of the actor covers the region.
    """
    if not reaches(actor, instance.region_code):
        raise InstanceNotFound(instance.id)
    concerning(
        session,
        Concern(
            instance_id=instance.id,
            definition_version=f"{instance.definition_key}@{instance.definition_version}",
            region_code=instance.region_code,
            unit_id=instance.unit_id,
        ),
    )


def reaches(actor: Actor, region_code: str) -> bool:
    """Tell whether a grant of the actor covers the region."""
    return any(covers(grant.region_code, region_code) for grant in actor.grants)


def check_reason(reason: str) -> None:
    """Refuse an empty reason.

    Raises:
        Invalid: no reason was given.
    """
    if not reason.strip():
        message = Text("须说明理由。", "A reason is needed.")
        cure = Text("请填写理由。", "Give one.")
        raise Invalid(message, (FieldProblem("reason", "required", message, None, cure),))
