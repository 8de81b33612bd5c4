"""What holders of orders and the units of a component are told: it is delisted, or leaves the market."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalogue.queries import VersionDetail
from domain.notices.service import send as send_notice
from domain.orders import service as orders
from domain.orders.queries import OrderRow
from domain.people.permissions import PROVIDER, RELEASING_UNIT, USER
from handlers.environment import PLATFORM
from kernel.language import Text


def tell_holders(
    session: Session,
    detail: VersionDetail,
    case_id: UUID,
    kind: str,
    title: Text,
    body: Text,
    instance_id: UUID,
    *,
    only_unmigrated: bool = False,
    clause: str = "9.2",
) -> int:
    """Tell the holder of every live order once, by a notice to the people of its unit."""

    def tell(order: OrderRow) -> UUID:
        return send_notice(
            session,
            PLATFORM,
            title,
            Text(f"订单 {order.number}：{body.zh}", f"Order {order.number}: {body.en}"),
            role=USER,
            unit_id=order.holder_unit_id,
            region_code=order.holder_region_code,
            link=f"/orders/{order.id}",
            template="order_holder",
            subject_id=order.id,
        )

    return orders.tell_holders(
        session, PLATFORM, detail, case_id, kind, tell, body, instance_id, only_unmigrated, clause
    )


def tell_units(
    session: Session, detail: VersionDetail, roles: Iterable[str], title: Text, body: Text, template: str
) -> None:
    """Tell who has to do with a version: its own units, other roles for its region."""
    units = {RELEASING_UNIT: detail.unit_id, PROVIDER: detail.provider_unit_id}
    for role in roles:
        send_notice(
            session,
            PLATFORM,
            Text(
                f"{title.zh}：{detail.name} {detail.version}", f"{title.en}: {detail.name} {detail.version}"
            ),
            body,
            role=role,
            unit_id=units.get(role),
            region_code=detail.region_code,
            link=f"/components/{detail.id}",
            template=template,
            subject_id=detail.id,
        )
