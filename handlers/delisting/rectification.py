"""The notice to mend a fault: its deadline, and what is blocked while it runs.

Source: draft standard, clauses 9.2a to 9.2d; processes P06a to P06d
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalogue import queries, service
from domain.catalogue.states import Event, State
from domain.delisting import service as cases
from domain.gateway import service as gateway
from domain.orders import service as orders
from domain.people.permissions import OPERATOR, PROVIDER, RELEASING_UNIT
from domain.suspension import queries as suspension_queries
from domain.suspension import service as suspension
from engine.api import HandlerResult, InstanceFacts, JobContext, Parameter, Registry
from handlers.catalogue import case_of
from handlers.delisting.case import case_in
from handlers.environment import PLATFORM, Environment
from handlers.holders import tell_units
from handlers.parameters import REASON, VERSION, reason_of, version_of
from kernel.calendar import day_of
from kernel.clock import now
from kernel.language import Text

_DAYS = Parameter("days", Text("天数", "Days"), "int")


def register(registry: Registry, environment: Environment) -> None:
    """Register the notice and what belongs to it."""
    registry.handler(
        "delisting.serve_notice",
        serve_notice,
        Text("下发整改通知，期限起算", "Serve the rectification notice; its deadline runs"),
        (
            VERSION,
            _DAYS,
            Parameter("severity", Text("严重程度", "Severity"), "str"),
            Parameter("text", Text("整改要求", "What to mend"), "str"),
        ),
        {"deadlineAt": Text("期限", "Deadline"), "noticeId": Text("通知", "Notice")},
    )
    registry.handler(
        "delisting.suspend",
        suspend,
        Text("先行暂停路由与新申请", "Suspend routes and new orders first"),
        (VERSION, REASON),
        {"suspended": Text("本案暂停", "Suspended by this case")},
    )
    registry.handler(
        "delisting.deadline",
        tell_deadline,
        Text("整改期限是否届满", "Tell whether the deadline of the notice has passed"),
        (VERSION,),
        {"isDue": Text("已届满", "Passed")},
    )


def serve_notice(job: JobContext) -> HandlerResult:
    """Serve the notice to the provider, with a copy to the releasing unit."""
    version_id, asked = version_of(job.parameters), job.parameters

    def apply(session: Session) -> Mapping[str, Any]:
        detail = queries.version_detail(session, PLATFORM, version_id)
        due_at = cases.serve_notice(
            session, PLATFORM, detail, job.instance.id, int(asked["days"]), str(asked["severity"])
        )
        last = day_of(due_at - timedelta(seconds=1)).isoformat()
        text = str(asked.get("text") or "")
        tell_units(
            session,
            detail,
            (PROVIDER, RELEASING_UNIT),
            Text("整改通知", "Rectification notice"),
            Text(f"{text}（期限：{last} 24:00）", f"{text} (until the end of {last})"),
            "rectification_notice",
        )
        case = case_in(session, job.instance)
        return {"deadlineAt": due_at.isoformat(), "noticeId": str(case.id)}

    return HandlerResult(apply=apply)


def suspend(job: JobContext) -> HandlerResult:
    """Block a severe hole at once by order of the reviewer; what is blocked already stays so."""
    version_id, reason = version_of(job.parameters), reason_of(job) or "—"

    def apply(session: Session) -> Mapping[str, Any]:
        detail = queries.version_detail(session, PLATFORM, version_id)
        if detail.state not in (State.LISTED, State.PUBLISHED, State.DEPRECATED):
            return {"suspended": False}
        block(session, job.instance, version_id, "security_event", reason)
        cases.mark_suspended(session, job.instance.id)
        return {"suspended": True}

    return HandlerResult(apply=apply)


def block(session: Session, instance: InstanceFacts, version_id: UUID, cause: str, reason: str) -> None:
    """Put the event on record, suspend the version, its orders and its routes."""
    detail = queries.version_detail(session, PLATFORM, version_id)
    if suspension_queries.open_suspension(session, version_id) is None:
        suspension.record_event(
            session, PLATFORM, detail, cause, reason, detail.record_digest, instance_id=instance.id
        )
    service.request_transition(
        session, PLATFORM, version_id, Event.SUSPEND, reason=reason, case=case_of(instance)
    )
    suspend_effects(session, version_id, reason)


def suspend_effects(session: Session, version_id: UUID, reason: str) -> None:
    """Take the routes away and suspend the orders of a version that was blocked; tell the units."""
    detail = queries.version_detail(session, PLATFORM, version_id)
    gateway.remove_routes(session, PLATFORM, version_id, reason)
    orders.suspend_for_version(session, version_id)
    tell_units(
        session,
        detail,
        (PROVIDER, RELEASING_UNIT, OPERATOR),
        Text("已暂停服务", "Suspended"),
        Text(reason, reason),
        "version_suspended",
    )


def tell_deadline(job: JobContext) -> HandlerResult:
    """Tell whether the deadline of the notice has passed; only the clock of the platform decides."""
    with job.database.read() as session:
        case = case_in(session, job.instance)
    return HandlerResult({"isDue": case.due_at is not None and now() >= case.due_at})
