"""What people do in a case of delisting, in the transaction of the task that they complete.

Source: draft standard, clauses 9.2a to 9.2d; processes P06a to P06d
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from domain.catalogue import queries, service
from domain.catalogue.queries import VersionDetail
from domain.catalogue.states import Event, State
from domain.delisting import kinds
from domain.delisting import queries as case_queries
from domain.delisting import service as cases
from domain.delisting.errors import DelistingNotFound, TooEarly
from domain.delisting.kinds import Kind
from domain.orders import queries as order_queries
from domain.orders import service as orders
from engine.api import ListenerCall, Parameter, Registry
from handlers.catalogue import case_of
from handlers.delisting.entering import request_delisting
from handlers.environment import PLATFORM, Environment
from handlers.parameters import REASON, VERSION, mapping, optional_id, reason_of, version_of
from kernel.clock import now
from kernel.language import Text

_KIND = Parameter(
    "kind",
    Text("下架类型", "Kind"),
    "str",
    choices=tuple(kind.value for kind in Kind if kind is not Kind.IDLE),
)


def register(registry: Registry, environment: Environment) -> None:
    """Register what people record in a case of delisting."""
    registry.listener(
        "delisting.open",
        open_case,
        Text("下架立案：依据与资格", "Open a case of delisting: grounds and standing"),
        (VERSION, _KIND, Parameter("grounds", Text("依据", "Grounds"), "object")),
    )
    registry.listener(
        "delisting.reply",
        reply,
        Text("记录提供方的整改回复", "Record the provider's reply"),
        (VERSION, Parameter("text", Text("回复", "Reply"), "str")),
    )
    registry.listener(
        "delisting.verify",
        verify,
        Text("记录整改核查结论", "Record whether the fault was mended"),
        (
            VERSION,
            Parameter("passed", Text("已整改", "Mended"), "bool"),
            Parameter("rescanPassed", Text("复测通过", "The scan passed"), "bool", required=False),
            REASON,
        ),
    )
    registry.listener(
        "delisting.opinion",
        give_opinion,
        Text("记录一方的评估意见", "Record the opinion of one side"),
        (
            VERSION,
            Parameter("role", Text("评估方", "Side"), "str"),
            Parameter("decision", Text("意见", "Decision"), "str"),
            REASON,
        ),
    )
    registry.listener(
        "delisting.conclude",
        conclude,
        Text("记录能否改造的认定", "Record whether it can be adapted"),
        (VERSION, Parameter("conclusion", Text("认定", "Conclusion"), "str"), REASON),
    )
    registry.listener(
        "delisting.request",
        ask,
        Text("申请下架，版本进入下架中", "Ask for the delisting; the version enters it"),
        (VERSION, REASON, Parameter("grounds", Text("补充依据", "Grounds"), "object", required=False)),
    )
    registry.listener(
        "delisting.decide",
        decide,
        Text("记录下架审批结论", "Record the decision on the delisting"),
        (
            VERSION,
            Parameter("decision", Text("结论", "Decision"), "str"),
            REASON,
            Parameter("offlineDate", Text("下线日期", "Offline date"), "str", required=False),
        ),
    )
    registry.listener(
        "delisting.postpone",
        postpone,
        Text("延期下线", "Move the take-down to a later day"),
        (VERSION, Parameter("offlineDate", Text("下线日期", "Offline date"), "str"), REASON),
    )
    registry.listener(
        "delisting.execute_now",
        execute_now,
        Text("核对可以执行下架", "See that the take-down may begin"),
        (VERSION,),
    )
    registry.listener(
        "delisting.confirm_migration",
        confirm_migration,
        Text("使用方确认已迁移", "The holder confirms its migration"),
        (VERSION, Parameter("orderId", Text("订单", "Order"), "str")),
    )


def open_case(session: Session, call: ListenerCall) -> None:
    """Open a case in the name of who starts it; what is missing refuses the start."""
    detail = detail_of(session, call.parameters)
    cases.open_case(
        session,
        call.actor,
        detail,
        Kind(str(call.parameters["kind"])),
        mapping(call.parameters.get("grounds")),
        call.instance.id,
        listed_before=detail.row.listed_at is not None,
    )


def reply(session: Session, call: ListenerCall) -> None:
    """Keep what the provider answers to the notice."""
    detail = detail_of(session, call.parameters)
    cases.reply(session, call.actor, detail, call.instance.id, str(call.parameters.get("text") or ""))


def verify(session: Session, call: ListenerCall) -> None:
    """Keep whether the operator found the fault mended, and what the scan before said."""
    detail, passed = detail_of(session, call.parameters), call.parameters["passed"] is True
    scanned, reason = call.parameters.get("rescanPassed"), reason_of(call) or ""
    cases.mend(session, call.actor, detail, call.instance.id, passed, reason, rescan_passed=scanned)


def give_opinion(session: Session, call: ListenerCall) -> None:
    """Keep the opinion of operator or reviewer."""
    said = call.parameters
    cases.record_opinion(
        session,
        call.actor,
        detail_of(session, said),
        call.instance.id,
        str(said["role"]),
        str(said["decision"]),
        reason_of(call) or "",
    )


def conclude(session: Session, call: ListenerCall) -> None:
    """Keep what the reviewer concluded about the regulation."""
    said = call.parameters
    detail = detail_of(session, said)
    conclusion, reason = str(said["conclusion"]), reason_of(call) or ""
    cases.conclude(session, call.actor, detail, call.instance.id, conclusion, reason)


def ask(session: Session, call: ListenerCall) -> None:
    """Ask for the delisting and, in the same breath, for the state; tell who has to do with it."""
    detail = detail_of(session, call.parameters)
    cases.ask(session, call.actor, detail, call.instance.id, mapping(call.parameters.get("grounds")))
    request_delisting(session, call.actor, detail, reason_of(call), case_of(call.instance, call.clauses))


def decide(session: Session, call: ListenerCall) -> None:
    """Keep the decision: agreement with its day, or why the version stays."""
    said, detail = call.parameters, detail_of(session, call.parameters)
    decision, reason = str(said["decision"]), reason_of(call) or ""
    if decision != "agree":
        how = {"refuse": kinds.REFUSED, "withdraw": kinds.WITHDRAWN}.get(decision, kinds.STOPPED)
        cases.stop(session, call.actor, detail, call.instance.id, how, reason)
        return
    cases.approve(session, call.actor, detail, call.instance.id, reason)
    day = said.get("offlineDate")
    if day:
        cases.set_grace(session, PLATFORM, detail, call.instance.id, not_after=str(day))
        if detail_from_market(session, detail):
            service.request_transition(
                session,
                call.actor,
                detail.id,
                Event.APPROVE_VOLUNTARY,
                reason=reason,
                case=case_of(call.instance, call.clauses),
            )


def postpone(session: Session, call: ListenerCall) -> None:
    """Move the take-down to a later day, with the operator's reason."""
    detail = detail_of(session, call.parameters)
    day, reason = str(call.parameters.get("offlineDate") or ""), reason_of(call) or ""
    cases.postpone(session, call.actor, detail, call.instance.id, day, reason)


def execute_now(session: Session, call: ListenerCall) -> None:
    """Refuse to execute before the day has come while a holder has not moved away.

    Raises:
        TooEarly: neither.
    """
    version_id = version_of(call.parameters)
    case = case_queries.case_of_instance(session, call.instance.id)
    if case is None:
        raise DelistingNotFound
    is_due = case.takedown_at is not None and now() >= case.takedown_at
    if not is_due and order_queries.not_migrated(session, version_id):
        raise TooEarly(
            Text(
                "下线日期未到且仍有使用方未迁移，请选择延期或停止",
                "The day has not come and a holder has not moved away: extend or stop",
            )
        )


def confirm_migration(session: Session, call: ListenerCall) -> None:
    """Keep that the unit of an order has moved away."""
    order_id = optional_id(call.parameters.get("orderId"))
    if order_id is not None:
        detail = detail_of(session, call.parameters)
        orders.confirm_migration(session, call.actor, detail, order_id, call.instance.id)


def detail_of(session: Session, parameters: Mapping[str, Any]) -> VersionDetail:
    """Return the version that a topic is about."""
    return queries.version_detail(session, PLATFORM, version_of(parameters))


def detail_from_market(session: Session, detail: VersionDetail) -> bool:
    """Tell whether the version was shown in the market when its delisting was asked for."""
    return queries.delist_from(session, detail.id) in (State.PUBLISHED, State.DEPRECATED)
