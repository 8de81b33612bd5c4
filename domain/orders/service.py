"""What happens to orders when the version that they are for is suspended or delisted."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.orders import queries
from domain.orders.errors import OrderCannotBecome, OrderNotFound
from domain.orders.models import OrderNotice, UseOrder
from domain.orders.queries import OrderRow
from domain.orders.registering import Granted, RowResult, import_orders, register_order
from domain.orders.states import LIVE, NEXT, OrderState
from domain.people.permissions import OPERATOR, USER, require
from domain.usage import queries as usage
from domain.version_facts import VersionFacts, append_event
from kernel.actor import Actor
from kernel.clock import now
from kernel.errors import FieldProblem, Invalid, NotAllowed
from kernel.ids import new_id
from kernel.language import Text

__all__ = [
    "Granted",
    "RowResult",
    "cancel_for_version",
    "confirm_migration",
    "import_orders",
    "move",
    "register_order",
    "resume_for_version",
    "settle",
    "suspend_for_version",
    "tell_holders",
]

# Sends a notice to the holder of an order and returns its id.
Tell = Callable[[OrderRow], UUID]


def move(order: UseOrder, wanted: OrderState) -> None:
    """Bring an order to another state.

    Raises:
        OrderCannotBecome: the table knows no such step.
    """
    found = OrderState(order.state)
    if wanted not in NEXT[found]:
        raise OrderCannotBecome(found, wanted)
    order.state = wanted.value


def suspend_for_version(session: Session, version_id: UUID) -> int:
    """Suspend the active orders of a version and return how many there were."""
    return _move_all(session, version_id, OrderState.ACTIVE, OrderState.SUSPENDED)


def resume_for_version(session: Session, version_id: UUID) -> int:
    """Let the suspended orders of a version go on and return how many there were."""
    return _move_all(session, version_id, OrderState.SUSPENDED, OrderState.ACTIVE)


def cancel_for_version(
    session: Session, actor: Actor, version: VersionFacts, reason: str, instance_id: UUID | None = None
) -> int:
    """Cancel every live order, each with its final statement; return how many there were.

    The statement holds what was called under the order, as far as calls were recorded; it stays open
    until it is settled.
    """
    orders = _live(session, version.id)
    for order in orders:
        move(order, OrderState.CANCELLED)
        order.ended_at, order.end_reason = now(), reason
        order.final_statement = {
            "calls": usage.real_calls(session, version.id, order_id=order.id),
            "grantedOn": order.granted_on,
            "endedAt": now().isoformat(),
            "reason": reason,
        }
        append_event(
            session,
            actor,
            version,
            action="order.cancelled",
            clause="9.2",
            instance_id=instance_id,
            reason=reason,
            after={"order_id": str(order.id), "statement": order.final_statement},
        )
    return len(orders)


def tell_holders(
    session: Session,
    actor: Actor,
    version: VersionFacts,
    case_id: UUID,
    kind: str,
    tell: Tell,
    said: Text,
    instance_id: UUID | None = None,
    only_unmigrated: bool = False,
    clause: str = "9.2",
) -> int:
    """Tell the holder of every live order once, and keep that they were told; return how many now were.

    ``case_id``: of the delisting, or of the case that tells where there is none.
    """
    known = {order_id for order_id, told, _at in queries.told(session, case_id) if told == kind}
    fresh = [
        order
        for order in queries.holders(session, version.id)
        if order.id not in known and not (only_unmigrated and order.migrated_at)
    ]
    for order in fresh:
        session.add(
            OrderNotice(
                id=new_id(),
                order_id=order.id,
                case_id=case_id,
                kind=kind,
                notice_id=tell(order),
                said=said.to_json(),
                told_at=now(),
            )
        )
    if fresh:
        append_event(
            session,
            actor,
            version,
            action="order.holders_told",
            clause=clause,
            instance_id=instance_id,
            after={"kind": kind, "orders": [str(order.id) for order in fresh]},
        )
    # The guards of the take-down read it in the same transaction.
    session.flush()
    return len(fresh)


def confirm_migration(
    session: Session, actor: Actor, version: VersionFacts, order_id: UUID, instance_id: UUID | None = None
) -> None:
    """Keep that the holder has moved away; confirming again changes nothing.

    Raises:
        OrderNotFound: no such live order of the version.
        NotAllowed: the actor is not of the unit that holds it.
    """
    order = session.get(UseOrder, order_id)
    if order is None or order.version_id != version.id or OrderState(order.state) not in LIVE:
        raise OrderNotFound
    if not actor.has_role(USER, order.holder_region_code, order.holder_unit_id):
        raise NotAllowed(
            Text(
                "只有订单持有单位可以确认迁移", "Only the unit that holds the order may confirm its migration"
            )
        )
    if order.migrated_at is None:
        order.migrated_at, order.migrated_by = now(), actor.person_id
        append_event(
            session,
            actor,
            version,
            action="order.migrated",
            clause="9.2d",
            instance_id=instance_id,
            role=USER,
            after={"order_id": str(order.id)},
        )
        # The guard of the end of the grace period counts it.
        session.flush()


def settle(session: Session, actor: Actor, version: VersionFacts, order_id: UUID, *, note: str) -> None:
    """Close the final statement of an ended order, with a note on how it was settled.

    Raises:
        NotAllowed: the actor is no operator of the region.
        OrderNotFound: no such ended order of the version.
        Invalid: no note.
    """
    require(actor, "order.register")
    if not actor.has_role(OPERATOR, version.region_code):
        raise NotAllowed(Text("只有运营方可以结清订单", "Only the operator may settle orders"))
    if not note.strip():
        message = Text("请填写结清说明", "Say how it was settled")
        raise Invalid(message, (FieldProblem("note", "reason.required", message, "9.2"),))
    order = session.get(UseOrder, order_id)
    if order is None or order.version_id != version.id or order.final_statement is None:
        raise OrderNotFound
    order.has_dispute, order.settled_at = False, now()
    append_event(
        session,
        actor,
        version,
        action="order.settled",
        clause="9.2",
        role=OPERATOR,
        reason=note,
        after={"order_id": str(order.id)},
    )
    session.flush()


def _live(session: Session, version_id: UUID) -> list[UseOrder]:
    query = select(UseOrder).where(
        UseOrder.version_id == version_id, UseOrder.state.in_([state.value for state in LIVE])
    )
    return list(session.scalars(query.order_by(UseOrder.id).with_for_update()))


def _move_all(session: Session, version_id: UUID, found: OrderState, wanted: OrderState) -> int:
    orders = [order for order in _live(session, version_id) if order.state == found]
    for order in orders:
        move(order, wanted)
    session.flush()
    return len(orders)
