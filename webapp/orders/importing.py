"""Orders and calls from JSON files: shared by the pages and the command line."""

from __future__ import annotations

from functools import partial
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy.orm import Session

from domain.catalogue import queries
from domain.catalogue.queries import VersionDetail
from domain.credentials import service as credentials
from domain.emergency import queries as plans
from domain.orders import service as orders
from domain.orders.registering import Granted, RowResult
from domain.usage import service as usage
from domain.usage.service import LineResult
from domain.version_facts import VersionFacts
from kernel.actor import Actor, system_actor
from kernel.errors import FieldProblem, Invalid, Rejected
from kernel.language import Text

MAX_BYTES: Final = 10 * 1024 * 1024
OVERDUE_PLAN: Final = Text(
    "应急预案备案逾期，暂停受理新申请", "its emergency plan is overdue, new orders are paused"
)


def read_rows(content: bytes) -> list[Any]:
    """Read a JSON list, or lines of JSON.

    Raises:
        Invalid: too large, or neither.
    """
    if len(content) > MAX_BYTES:
        raise _invalid("file.size", "文件超过10 MB", "The file exceeds 10 MB")
    try:
        if content.lstrip().startswith(b"["):
            rows = orjson.loads(content)
        else:
            rows = [orjson.loads(line) for line in content.splitlines() if line.strip()]
    except orjson.JSONDecodeError as error:
        raise _invalid(
            "file.json",
            f"不是 JSON 列表或逐行 JSON（{error}）",
            f"Neither a JSON list nor JSON lines ({error})",
        ) from error
    return list(rows)


def import_orders(session: Session, actor: Actor, rows: list[Any]) -> tuple[RowResult, ...]:
    """Register the orders of a file, each on its own."""
    return orders.import_orders(
        session, actor, rows, partial(_visible, session, actor), partial(register_order, session, actor)
    )


def register_order(session: Session, actor: Actor, version: VersionFacts, granted: Granted) -> UUID | None:
    """Register an order once, and let its holder's people each see its credentials once.

    Returns its id, or None where its number is registered already.

    Raises:
        NotAllowed: the actor is no operator of the version's region.
        NewOrdersClosed: the version takes no new orders, or is not in use any more.
        Invalid: the holder is no unit that is active.
    """
    closed = _why_closed(session, version.id)
    order_id = orders.register_order(session, actor, version, granted, closed=closed)
    if order_id is not None:
        platform = system_actor("platform")
        credentials.entitle_holder(session, platform, version.id, order_id, granted.holder_unit_id)
    return order_id


def import_calls(session: Session, actor: Actor, rows: list[Any], source: str) -> tuple[LineResult, ...]:
    """Take in the lines of a gateway's log, about versions that the actor may see."""
    ids = {str(row.get("versionId")) for row in rows if isinstance(row, dict)}
    versions = [_visible(session, actor, _id(one)) for one in sorted(ids)]
    return usage.import_calls(session, actor, rows, source, [one for one in versions if one is not None])


def _why_closed(session: Session, version_id: UUID) -> Text | None:
    """Return why a version takes no new orders for a reason outside its state, or None."""
    return OVERDUE_PLAN if plans.is_restricted(session, version_id) else None


def _visible(session: Session, actor: Actor, version_id: UUID | None) -> VersionDetail | None:
    if version_id is None:
        return None
    try:
        return queries.version_detail(session, actor, version_id)
    except Rejected:
        return None


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _invalid(rule: str, zh: str, en: str) -> Invalid:
    message = Text(zh, en)
    return Invalid(message, (FieldProblem("", rule, message),))
