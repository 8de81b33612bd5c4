"""Register orders that were granted elsewhere: read them, say what is wrong, store them once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.orders.errors import NewOrdersClosed
from domain.orders.models import UseOrder
from domain.orders.states import OrderState
from domain.people import queries as people
from domain.people.permissions import OPERATOR, require
from domain.version_facts import VersionFacts, append_event
from kernel.actor import Actor
from kernel.calendar import day_of
from kernel.clock import now
from kernel.errors import FieldProblem, Invalid, NotAllowed, Rejected
from kernel.ids import new_id
from kernel.language import Text

MAX_ROWS: Final = 1_000
_TAKES_NEW: Final = "PUBLISHED"
# Orders of earlier days go on in these states; who registers them only writes down what is.
_KEEPS_EARLIER: Final = frozenset({"LISTED", "PUBLISHED", "DEPRECATED"})
_LONGEST: Final = {"number": 60, "application": 200, "purpose": 1000}
_KNOWN: Final = frozenset({*_LONGEST, "versionId", "holderUnit", "grantedOn", "endsOn"})

FindVersion = Callable[[UUID], VersionFacts | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """An order as it was granted elsewhere; days are ISO dates."""

    version_id: UUID
    number: str
    holder_unit_id: UUID
    application: str
    purpose: str
    granted_on: str
    ends_on: str | None = None


# Stores an order once; returns its id, or None where its number is registered already.
Register = Callable[[VersionFacts, Granted], UUID | None]


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one row: ``registered``, ``known`` (registered before) or ``refused``."""

    number: int
    outcome: str
    problems: tuple[FieldProblem, ...] = ()


def read_order(session: Session, row: object) -> tuple[Granted | None, list[FieldProblem]]:
    """Read one row of an import; return the order, or everything that is wrong with it."""
    if not isinstance(row, Mapping):
        return None, [_problem("", "order.row", "每行应为一个对象", "Each row is one object")]
    problems = [
        _problem(str(name)[:80], "order.field", "不认识的字段，请删除", "Unknown field, take it out")
        for name in row
        if name not in _KNOWN
    ]
    texts = {name: _text(row, name, problems) for name in _LONGEST}
    version_id = _version(row.get("versionId"), problems)
    holder = _holder(session, row.get("holderUnit"), problems)
    granted_on = _day(row.get("grantedOn"), "grantedOn", problems)
    ends_on = _day(row["endsOn"], "endsOn", problems) if row.get("endsOn") else None
    if granted_on and ends_on and ends_on < granted_on:
        problems.append(
            _problem("endsOn", "order.period", "截止日早于批准日", "The end lies before the day of the grant")
        )
    if problems or version_id is None or holder is None or granted_on is None:
        return None, problems
    return (
        Granted(
            version_id=version_id, holder_unit_id=holder, granted_on=granted_on, ends_on=ends_on, **texts
        ),
        [],
    )


def register_order(
    session: Session,
    actor: Actor,
    version: VersionFacts,
    granted: Granted,
    *,
    closed: Text | None = None,
) -> UUID | None:
    """Store an order once; return its id, or None where its number is registered already.

    ``closed`` says why the version takes no new orders for a reason outside its state.

    Raises:
        NotAllowed: the actor is no operator of the version's region.
        NewOrdersClosed: the version takes no new orders, or is not in use any more.
        Invalid: the holder is no unit that is active.
    """
    require(actor, "order.register")
    if not actor.is_system and not actor.has_role(OPERATOR, version.region_code):
        raise NotAllowed(Text("只有运营方可以登记订单", "Only the operator may register orders"))
    if session.scalar(select(UseOrder.id).where(UseOrder.number == granted.number)) is not None:
        return None
    _refuse_closed(version, granted, closed)
    holder = people.unit(session, granted.holder_unit_id)
    order = UseOrder(
        id=new_id(),
        number=granted.number,
        version_id=version.id,
        region_code=version.region_code,
        holder_unit_id=holder.id,
        holder_region_code=holder.region_code,
        application=granted.application,
        purpose=granted.purpose,
        state=OrderState.ACTIVE.value,
        granted_on=granted.granted_on,
        ends_on=granted.ends_on,
        registered_by=actor.person_id,
        registered_at=now(),
        has_dispute=False,
    )
    session.add(order)
    # The next row of the same import may carry the same number.
    session.flush()
    append_event(
        session,
        actor,
        version,
        action="order.registered",
        clause="9.3",
        after={"order_id": str(order.id), "number": order.number, "holder": str(holder.id)},
    )
    return order.id


def import_orders(
    session: Session,
    actor: Actor,
    rows: Sequence[object],
    find_version: FindVersion,
    register: Register,
) -> tuple[RowResult, ...]:
    """Register row by row; what is wrong with one row does not keep the others out.

    ``register`` stores an order and does what follows from it in other rooms.

    Raises:
        NotAllowed: the actor may not register orders.
        Invalid: too many rows at once.
    """
    require(actor, "order.register")
    if len(rows) > MAX_ROWS:
        message = Text(f"一次至多导入{MAX_ROWS}行", f"At most {MAX_ROWS} rows at once")
        raise Invalid(message, (FieldProblem("", "order.rows", message, "9.3"),))
    results = []
    for number, row in enumerate(rows, start=1):
        granted, problems = read_order(session, row)
        version = find_version(granted.version_id) if granted else None
        if granted is not None and version is None:
            problems = [
                _problem("versionId", "order.version", "没有该组件版本，或您无权查看", "No such version")
            ]
        if granted is None or version is None:
            results.append(RowResult(number, "refused", tuple(problems)))
            continue
        try:
            made = register(version, granted)
        except Rejected as refusal:
            problem = FieldProblem("versionId", "order.closed", refusal.message, "9.3")
            results.append(RowResult(number, "refused", (problem,)))
            continue
        results.append(RowResult(number, "registered" if made else "known"))
    return tuple(results)


def _refuse_closed(version: VersionFacts, granted: Granted, closed: Text | None) -> None:
    is_new = granted.granted_on >= day_of(now()).isoformat()
    if is_new and version.state != _TAKES_NEW:
        raise NewOrdersClosed(
            Text("只有“已发布”的组件可以申请", "only a published component can be applied for")
        )
    if is_new and closed is not None:
        raise NewOrdersClosed(closed)
    if version.state not in _KEEPS_EARLIER:
        raise NewOrdersClosed(Text("组件不在使用中", "the component is not in use"))


def _text(row: Mapping[str, Any], name: str, problems: list[FieldProblem]) -> str:
    value, longest = row.get(name), _LONGEST[name]
    if isinstance(value, str) and value.strip() and len(value) <= longest:
        return value.strip()
    problems.append(
        _problem(
            name,
            "order.text",
            f"应为1至{longest}个字符的文本",
            f"Expected a text of 1 to {longest} characters",
        )
    )
    return ""


def _version(value: object, problems: list[FieldProblem]) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        problems.append(
            _problem("versionId", "order.version", "应为组件版本的标识", "Expected the id of a version")
        )
        return None


def _holder(session: Session, value: object, problems: list[FieldProblem]) -> UUID | None:
    """Find a unit by its id or its exact name."""
    found = None
    try:
        found = people.unit(session, UUID(str(value)))
    except (ValueError, Rejected):
        found = people.unit_by_name(session, str(value)) if isinstance(value, str) else None
    if found is None or not found.is_active:
        problems.append(
            _problem(
                "holderUnit",
                "order.holder",
                "没有该使用单位，请先登记单位",
                "There is no such unit, register the unit first",
            )
        )
        return None
    return found.id


def _day(value: object, name: str, problems: list[FieldProblem]) -> str | None:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        problems.append(
            _problem(name, "order.day", "应为日期，如 2026-03-01", "Expected a date such as 2026-03-01")
        )
        return None


def _problem(path: str, rule: str, zh: str, en: str) -> FieldProblem:
    return FieldProblem(path, rule, Text(zh, en), "9.3")
