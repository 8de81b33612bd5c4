"""Cases of delisting and the use of a version in words, finished for the templates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from domain.catalogue import queries
from domain.catalogue.queries import VersionDetail
from domain.catalogue.standing import roles_for
from domain.catalogue.states import State
from domain.delisting import queries as cases
from domain.delisting.kinds import KIND_TEXT, Kind
from domain.delisting.queries import CaseRow
from domain.emergency import queries as plans
from domain.emergency.service import STATE_TEXT
from domain.orders import queries as orders
from domain.orders.queries import OrderRow
from domain.people import queries as people
from domain.people.permissions import OPERATOR, PROVIDER, REVIEWER
from domain.suspension import queries as suspensions
from domain.suspension.queries import SuspensionRow
from domain.usage import queries as usage
from domain.usage.queries import CallRow
from engine.api import Engine
from kernel.actor import Actor
from webapp.catalogue import starting
from webapp.languages import gettext as _
from webapp.languages import in_language

CALLS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class ShownCase:
    """A case as lists and its own page show it; ``facts`` are (label, value), instants among the values."""

    id: UUID
    kind: str
    component: str
    version_url: str
    instance_url: str
    opened_at: datetime
    status: str
    tone: str
    facts: list[tuple[str, Any]] = field(default_factory=list)
    opinions: list[tuple[str, str, str, str]] = field(default_factory=list)
    proofs: list[tuple[str, datetime]] = field(default_factory=list)
    told: list[tuple[str, str, datetime]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class UsePage:
    """Everything about the use and the leaving of one version."""

    detail: VersionDetail
    orders: list[OrderRow]
    calls: list[CallRow]
    last_call: datetime | None
    cases: list[ShownCase]
    suspension: SuspensionRow | None
    plan_state: str
    starts: list[tuple[str, str]]
    can_suspend: bool
    can_resume: bool
    can_recover: bool
    can_archive: bool
    can_ask_to_stop: bool
    can_register: bool


def use_page(session: Session, engine: Engine, actor: Actor, version_id: UUID) -> UsePage:
    """Gather the page of a version.

    Raises:
        VersionNotFound: no such version, or outside the actor's grants.
    """
    detail = queries.version_detail(session, actor, version_id)
    roles = roles_for(actor, detail)
    steering = bool(roles & {OPERATOR, REVIEWER})
    rows = cases.cases_of_version(session, version_id) if actor.may("delisting.read") else []
    open_case = rows[0] if rows and rows[0].closed_at is None else None
    filing = plans.latest_filing(session, version_id)
    in_catalogue = detail.state in (State.LISTED, State.PUBLISHED, State.DEPRECATED)
    in_migration = open_case is not None and open_case.kind is Kind.VOLUNTARY and open_case.approved_at
    return UsePage(
        detail=detail,
        orders=orders.of_version(session, version_id) if roles else [],
        calls=usage.calls(session, version_id, CALLS_SHOWN),
        last_call=usage.last_real_call(session, version_id),
        cases=[shown_case(session, row, detail.name) for row in rows],
        suspension=suspensions.open_suspension(session, version_id),
        plan_state=filing_words(filing.state) if filing else "",
        starts=start_links(session, engine, actor, detail),
        can_suspend=steering and in_catalogue,
        can_resume=OPERATOR in roles and detail.state is State.SUSPENDED,
        can_recover=steering and detail.state is State.SUSPENDED,
        can_archive=OPERATOR in roles and detail.state is State.DELISTED,
        can_ask_to_stop=PROVIDER in roles and bool(in_migration),
        can_register=OPERATOR in roles and in_catalogue,
    )


def start_links(
    session: Session, engine: Engine, actor: Actor, detail: VersionDetail
) -> list[tuple[str, str]]:
    """Return (label, address) of the processes with a form that the actor may start on the version now."""
    words = {
        starting.FORCED: _("强制下架立案"),
        starting.COMPLIANCE: _("合规性下架立案"),
        starting.VOLUNTARY: _("申请主动下架"),
        starting.FILING: _("要求复核或补报应急预案"),
    }
    startable = {option.key for option in engine.start_options(session, actor)}
    roles = roles_for(actor, detail)
    needed = {starting.VOLUNTARY: PROVIDER, starting.FILING: OPERATOR}
    return [
        (label, url_for("delisting.start", version_id=detail.id, process_key=key))
        for key, label in words.items()
        if key in startable
        and detail.state in starting.STARTABLE_FROM[key]
        and needed.get(key, REVIEWER) in roles
    ]


def shown_case(session: Session, row: CaseRow, component: str) -> ShownCase:
    """Finish one case."""
    status, tone = _status(row)
    return ShownCase(
        id=row.id,
        kind=in_language(KIND_TEXT[row.kind]),
        component=component,
        version_url=url_for("delisting.use", version_id=row.version_id),
        instance_url=url_for("instances.show", instance_id=row.instance_id),
        opened_at=row.opened_at,
        status=status,
        tone=tone,
        facts=_facts(session, row),
        opinions=[
            (_side(role), said.get("name", ""), _decision(said.get("decision", "")), said.get("reason", ""))
            for role, said in row.opinions.items()
        ],
        proofs=[(_part(part), datetime.fromisoformat(proof["at"])) for part, proof in row.proofs.items()],
        told=_told(session, row),
    )


def shown_cases(session: Session, rows: Iterable[CaseRow]) -> list[ShownCase]:
    """Finish the cases of a list, with the names of their components."""
    rows = list(rows)
    names = queries.version_labels(session, {row.version_id for row in rows})
    return [shown_case(session, row, " ".join(names.get(row.version_id, ()))) for row in rows]


def filing_words(state: str) -> str:
    """Return the state of a filing in words."""
    return in_language(STATE_TEXT[state])


def _status(row: CaseRow) -> tuple[str, str]:
    if row.outcome == "delisted":
        return _("已下架"), ""
    if row.outcome == "kept":
        return _("不予下架"), "ok"
    if row.begun_at is not None:
        return _("下架执行中"), "bad"
    if row.approved_at is not None:
        return _("已批准，过渡期"), "warn"
    return (_("审批中"), "warn") if row.requested_at is not None else (_("办理中"), "brand")


def _facts(session: Session, row: CaseRow) -> list[tuple[str, Any]]:
    wanted = {row.opened_by, row.requested_by, row.approved_by}
    names = people.person_names(session, [one for one in wanted if one is not None])
    facts: list[tuple[str, Any]] = [
        (_("立案人"), names.get(row.opened_by, _("平台")) if row.opened_by else _("平台")),
        (_("申请人"), names.get(row.requested_by, "") if row.requested_by else ""),
        (_("审批人"), names.get(row.approved_by, "") if row.approved_by else ""),
        (_("整改期限"), row.due_at),
        (_("下架时间"), row.takedown_at),
        (_("结案"), row.closed_at),
        (_("理由"), row.reason or ""),
        *((_ground(name), value) for name, value in row.grounds.items() if isinstance(value, str)),
    ]
    return [(label, value) for label, value in facts if value]


def _told(session: Session, row: CaseRow) -> list[tuple[str, str, datetime]]:
    numbers = {
        one.id: f"{one.number} · {one.holder_unit_name}" for one in orders.of_version(session, row.version_id)
    }
    return [(numbers.get(order_id, ""), kind, at) for order_id, kind, at in orders.told(session, row.id)]


def _side(role: str) -> str:
    return _("运营方") if role == OPERATOR else _("审核方")


def _decision(decision: str) -> str:
    return {"delist": _("无保留价值"), "keep": _("保留")}.get(decision, decision)


def _part(part: str) -> str:
    return {
        "market": _("市场条目"),
        "routes": _("网关路由"),
        "credentials": _("访问凭证"),
        "deployments": _("部署资源"),
    }.get(part, part)


def _ground(name: str) -> str:
    return {
        "cause": _("原因"),
        "evidence": _("依据"),
        "regulationTitle": _("法规"),
        "regulationClause": _("条款"),
        "effectiveDate": _("施行日期"),
        "idleSince": _("闲置起算日"),
        "successor": _("替代"),
        "offlineDate": _("下线日期"),
        "guide": _("迁移指引"),
        "reason": _("申请理由"),
        "migrationPlan": _("迁移方案文件"),
    }.get(name, name)
