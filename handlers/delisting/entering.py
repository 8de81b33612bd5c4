"""How a case of delisting begins: an idle version is found, a delisting is asked for.

Source: draft standard, clauses 9.2a to 9.2d; processes P06a to P06d
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from domain.catalogue import queries, service
from domain.catalogue.case import CaseFacts
from domain.catalogue.queries import VersionDetail
from domain.catalogue.states import Event, State
from domain.delisting import queries as case_queries
from domain.delisting import service as cases
from domain.delisting.kinds import Kind
from domain.people.permissions import OPERATOR, PROVIDER, RELEASING_UNIT
from engine.api import HandlerResult, JobContext, Parameter, Registry
from handlers.catalogue import case_of
from handlers.environment import PLATFORM, Environment, initiator_of
from handlers.holders import tell_units
from handlers.parameters import VERSION, mapping, version_of
from kernel.actor import Actor
from kernel.language import Text

_IN_CATALOGUE = (State.LISTED, State.PUBLISHED, State.DEPRECATED, State.SUSPENDED)


def register(registry: Registry, environment: Environment) -> None:
    """Register how a case begins."""
    registry.handler(
        "delisting.register_idle",
        register_idle,
        Text(
            "复核闲置条件并立案，标注强制类与已暂停",
            "Check idleness again, open the case, flag what is special",
        ),
        (VERSION,),
        {
            "eligible": Text("符合", "Eligible"),
            "flags": Text("标注", "Flags"),
            "idleSince": Text("闲置起算日", "Idle since"),
        },
    )
    registry.handler(
        "delisting.enter",
        enter,
        Text("发布单位同意后，代提供方申请下架", "After the releasing unit agreed, ask for the provider"),
        (VERSION, Parameter("plan", Text("方案", "Plan"), "object")),
    )


def register_idle(job: JobContext) -> HandlerResult:
    """Look again whether the version is idle, and open the case where it is."""
    version_id = version_of(job.parameters)

    def apply(session: Session) -> Mapping[str, Any]:
        candidate = queries.idle_candidate(session, version_id)
        if candidate is None or case_queries.open_case(session, version_id) is not None:
            return {"eligible": False, "flags": [], "idleSince": None}
        detail = queries.version_detail(session, PLATFORM, version_id)
        flags = []
        if detail.row.use_requirements == "强制":
            flags.append("mandatory")
        if detail.state is State.SUSPENDED:
            flags.append("suspended")
        grounds = {"idleSince": candidate.isoformat(), "flags": flags}
        cases.open_case(session, PLATFORM, detail, Kind.IDLE, grounds, job.instance.id, listed_before=True)
        tell_units(
            session,
            detail,
            (PROVIDER, RELEASING_UNIT),
            Text("已满6个月无调用，列为闲置候选", "No call for six months: a candidate for delisting"),
            Text(
                f"自{candidate.isoformat()}起无真实调用，请说明。",
                f"No real call since {candidate.isoformat()}.",
            ),
            "idle_candidate",
        )
        return {"eligible": True, **grounds}

    return HandlerResult(apply=apply)


def enter(job: JobContext) -> HandlerResult:
    """Ask for the delisting in the case that the provider opened, now that the releasing unit agreed."""
    version_id, plan = version_of(job.parameters), mapping(job.parameters.get("plan"))

    def apply(session: Session) -> None:
        detail = queries.version_detail(session, PLATFORM, version_id)
        provider = initiator_of(session, job.instance)
        cases.ask(session, provider, detail, job.instance.id, plan)
        request_delisting(session, PLATFORM, detail, str(plan.get("reason") or ""), case_of(job.instance))

    return HandlerResult(apply=apply)


def request_delisting(
    session: Session, actor: Actor, detail: VersionDetail, reason: str | None, case: CaseFacts
) -> None:
    """Ask for the state with which a delisting begins, and tell the units of the version."""
    event = Event.START_DELISTING if detail.state in _IN_CATALOGUE else Event.ABANDON_RECOVERY
    service.request_transition(session, actor, detail.id, event, reason=reason, case=case)
    tell_units(
        session,
        detail,
        (RELEASING_UNIT, PROVIDER, OPERATOR),
        Text("已申请下架，停止新申请", "A delisting was asked for, no new orders"),
        Text(reason or "", reason or ""),
        "delisting_requested",
    )
