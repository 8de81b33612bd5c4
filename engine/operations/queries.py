"""Reading requests, and where the tokens of an instance are."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.bpmn.model import Process
from engine.instances.running import RunningInstance, load_instance
from engine.instances.variables import variables_of
from engine.operations.access import CONSENT, OPERATE, check_in_charge
from engine.operations.models import OperationRequest
from engine.operations.requesting import request_row
from engine.operations.rows import OperationRow, Position, Positions
from engine.runtime.operating import PART_OF_ANOTHER, is_place
from engine.runtime.state import Activity, Scope
from engine.user_tasks.opening import name_of
from kernel.actor import Actor
from kernel.errors import NotAllowed
from kernel.language import Text
from kernel.territory import region_range

MAX_ROWS: Final = 200


def operations(
    session: Session, actor: Actor, only_open: bool, instance_id: UUID | None
) -> tuple[OperationRow, ...]:
    """List requests in the regions of the actor's grants, newest first.

    Raises:
        NotAllowed: the actor may neither ask for operations nor consent to them.
    """
    _check_reads(actor)
    regions = sorted({grant.region_code for grant in actor.grants})
    if not regions:
        return ()
    request = OperationRequest
    query = select(request).where(
        or_(*(request.region_code.between(*region_range(region)) for region in regions))
    )
    if only_open:
        query = query.where(request.status == "pending")
    if instance_id is not None:
        query = query.where(request.instance_id == instance_id)
    found = session.scalars(
        query.order_by(request.id.desc()).limit(MAX_ROWS).execution_options(populate_existing=True)
    )
    return tuple(request_row(row) for row in found)


def positions(session: Session, actor: Actor, instance_id: UUID) -> Positions:
    """Say where the tokens of an instance are held, and what its variables are.

    Raises:
        NotAllowed: the actor may neither ask for operations nor consent to them.
        InstanceNotFound: there is none in the actor's regions.
    """
    _check_reads(actor)
    instance = load_instance(session, instance_id)
    check_in_charge(session, actor, instance)
    state = instance.state
    activities = {} if state is None or instance.ended_at is not None else state["activities"]
    return Positions(
        instance_id=instance.id,
        case_number=instance.case_number,
        status=instance.status,
        revision=instance.revision,
        positions=tuple(
            _position(instance, key, each, state["scopes"][each["scope"]])
            for key, each in activities.items()
            if state is not None
        ),
        variables=variables_of(state),
    )


def _position(instance: RunningInstance, activity_id: str, activity: Activity, scope: Scope) -> Position:
    process = instance.pinned.process(scope["process"])
    element = process.elements[activity["element"]]
    is_fixed = bool(activity.keys() & PART_OF_ANOTHER) or element.triggered_by_event
    return Position(
        activity_id=activity_id,
        element_id=element.id,
        scope_process=process.key,
        name=name_of(element),
        work=activity.get("work"),
        targets=() if is_fixed else _targets(process, scope),
    )


def _targets(process: Process, scope: Scope) -> tuple[str, ...]:
    """Itself is among them: there the activity begins anew, with the variables as they are now."""
    return tuple(
        element.id
        for element in process.elements.values()
        if element.parent == scope["element"] and is_place(element)
    )


def _check_reads(actor: Actor) -> None:
    if not (actor.may(OPERATE) or actor.may(CONSENT)):
        raise NotAllowed(
            Text("您没有查看运维操作的权限。", "You may not see the operations of administrators.")
        )
