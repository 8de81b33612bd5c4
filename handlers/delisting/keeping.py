"""How a case of delisting ends without one: the version goes back to where it was.

Source: draft standard, clauses 9.2a to 9.2d; processes P06a to P06d
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalogue import queries, service
from domain.catalogue.states import Event, State
from domain.delisting import kinds
from domain.delisting import service as cases
from domain.delisting.queries import CaseRow
from domain.people.permissions import OPERATOR, PROVIDER, RELEASING_UNIT
from engine.api import HandlerResult, JobContext, Parameter, Registry
from handlers.catalogue import case_of
from handlers.delisting.case import case_in
from handlers.environment import PLATFORM, Environment
from handlers.holders import tell_holders, tell_units
from handlers.parameters import REASON, VERSION, reason_of, version_of
from kernel.calendar import add_months
from kernel.language import Text


def register(registry: Registry, environment: Environment) -> None:
    """Register how a version is kept."""
    registry.handler(
        "delisting.keep",
        keep,
        Text("不予下架：恢复原状态并结案", "Keep: back to the state before, close the case"),
        (
            VERSION,
            REASON,
            Parameter("retain", Text("闲置重新起算", "Restart the idle clock"), "bool", required=False),
        ),
        {"retainedUntil": Text("保留至", "Retained until")},
    )


def keep(job: JobContext) -> HandlerResult:
    """Go back to the state before where one was left, close the case as kept, tell who was told."""
    version_id, reason = version_of(job.parameters), reason_of(job) or "—"

    def apply(session: Session) -> Mapping[str, Any]:
        detail = queries.version_detail(session, PLATFORM, version_id)
        case = case_in(session, job.instance)
        event = _way_back(session, detail.state, case, version_id)
        if event is not None:
            if case.stopped_how is None:
                cases.stop(session, PLATFORM, detail, job.instance.id, kinds.CALLS_FOUND, reason)
            service.request_transition(
                session, PLATFORM, version_id, event, reason=reason, case=case_of(job.instance)
            )
        until = None
        if job.parameters.get("retain") is True:
            until = cases.retain(session, job.instance.id)
        cases.close(session, PLATFORM, detail, job.instance.id, "kept", reason)
        tell_units(
            session,
            detail,
            (RELEASING_UNIT, PROVIDER, OPERATOR),
            Text("不予下架，恢复原状态", "Kept, back to the state before"),
            Text(reason, reason),
            "delisting_kept",
        )
        if case.told_at is not None or event is Event.UNDEPRECATE:
            words = Text("下架已停止，订单照常", "The delisting was stopped, the order goes on")
            tell_holders(session, detail, case.id, "kept", words, words, job.instance.id)
        return {"retainedUntil": _until(until)}

    return HandlerResult(apply=apply, data={})


def _way_back(session: Session, state: State, case: CaseRow, version_id: UUID) -> Event | None:
    if state is State.DELISTING:
        return Event.KEEP
    was_published = queries.delist_from(session, version_id) is State.PUBLISHED
    if state is State.DEPRECATED and case.approved_at is not None and was_published:
        return Event.UNDEPRECATE
    return None


def _until(day: str | None) -> str | None:
    return None if day is None else add_months(date.fromisoformat(day), kinds.IDLE_MONTHS).isoformat()
