"""One version, everything about it gathered and finished for the template."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from domain.catalogue import queries
from domain.catalogue.queries import StateChangeRow, VersionDetail, VersionRow
from domain.catalogue.standing import roles_for
from domain.catalogue.states import EVENT_TEXT, STATE_TEXT, Event, State
from domain.changes.queries import sunset_of
from domain.credentials.queries import CredentialRow, credentials_of_version
from domain.gateway.queries import RouteRow, routes
from domain.people.permissions import PROVIDER, RELEASING_UNIT
from engine.api import Engine, InstanceFilter, InstanceRow
from kernel.actor import Actor, system_actor
from webapp.catalogue import record, starting
from webapp.catalogue.changes import ShownComponentChange, kinds, past_of, pending_of
from webapp.catalogue.check_results import ShownRun, shown_runs
from webapp.catalogue.presenters import Line, StateBadge, lines, state_badge
from webapp.catalogue.steps import score_of
from webapp.files.presenters import file_facts
from webapp.forms import FileFacts
from webapp.languages import gettext as _
from webapp.languages import in_language

CASES_SHOWN = 20

_PLATFORM = system_actor().name


@dataclass(frozen=True, slots=True)
class StartButton:
    """One process that can be started here; ``fields`` go with the request."""

    label: str
    url: str
    confirm: str
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One step of the version's life."""

    event: str
    to_state: str
    actor: str
    reason: str
    at: datetime
    tone: str


@dataclass(frozen=True, slots=True)
class ShownCase:
    """One case on the version."""

    title: str
    case_number: str
    url: str
    is_open: bool
    status: str
    at: datetime


@dataclass(frozen=True, slots=True)
class VersionPage:
    """One version, finished; ``change_causes`` numbers the open cases that may have asked for a change."""

    id: UUID
    component_id: UUID
    name: str
    version: str
    state: StateBadge
    emblem: str
    facts: list[tuple[str, str, str]]
    groups: list[record.Group]
    attachments: list[tuple[str, FileFacts]]
    runs: list[ShownRun]
    routes: list[RouteRow]
    credentials: list[CredentialRow]
    cases: list[ShownCase]
    changes: list[ShownChange]
    pending: ShownComponentChange | None
    past_changes: list[ShownComponentChange]
    change_kinds: list[tuple[str, str]]
    change_causes: tuple[str, ...]
    sunset_on: str | None
    versions: list[Line]
    buttons: list[StartButton]
    can_revoke: bool
    can_add_version: bool
    can_fill_in: bool
    can_rotate: bool
    has_policies: bool


def build(session: Session, engine: Engine, actor: Actor, version_id: UUID) -> VersionPage:
    """Gather the page.

    Raises:
        VersionNotFound: no such version, or outside the actor's grants.
    """
    detail = queries.version_detail(session, actor, version_id)
    component = queries.component_page(session, actor, detail.component_id)
    cases = _cases(session, engine, actor, version_id)
    roles = roles_for(actor, detail)
    is_releasing = RELEASING_UNIT in roles
    change_kinds = _change_kinds(session, engine, actor, detail, cases)
    return VersionPage(
        id=detail.id,
        component_id=detail.component_id,
        name=detail.name,
        version=detail.version,
        state=state_badge(detail.state),
        emblem=record.emblem(detail.record),
        facts=[*_facts(detail), _complete(session, detail)],
        groups=record.groups(detail.record),
        attachments=_attachments(detail),
        runs=shown_runs(session, version_id),
        routes=list(routes(session, version_id)),
        credentials=credentials_of_version(session, version_id),
        cases=[_shown_case(row) for row in cases],
        changes=[_shown_change(change) for change in reversed(detail.history)],
        pending=pending_of(session, version_id),
        past_changes=past_of(session, version_id),
        change_kinds=change_kinds,
        change_causes=(
            starting.cases_that_ask_for_a_change(session, engine, version_id) if change_kinds else ()
        ),
        sunset_on=sunset_of(session, version_id) if detail.state is State.DEPRECATED else None,
        versions=[line for line in lines(session, component.versions) if line.id != detail.id],
        buttons=_buttons(session, engine, actor, detail, cases),
        can_revoke=is_releasing and detail.state in starting.REVOCABLE_FROM,
        can_add_version=is_releasing and actor.may("component.create"),
        can_fill_in=is_releasing
        and detail.state == State.DRAFT
        and not any(case.ended_at is None for case in cases),
        can_rotate=PROVIDER in roles and actor.may("credential.manage"),
        has_policies=bool(record.policies(detail.record)),
    )


def attachment_title(kind: str) -> str:
    """Return what a kind of attachment is called."""
    return {
        "functionalTestReport": _("功能测试报告"),
        "securityTestReport": _("安全测试报告"),
        "performanceTestReport": _("性能测试报告"),
        "applicationGuide": _("组件申请指南"),
        "apiDocument": _("接口文档"),
        "userManual": _("使用手册"),
    }.get(kind, kind)


def _facts(detail: VersionDetail) -> list[tuple[str, str, str]]:
    return [
        (_("发布单位"), detail.unit_name, ""),
        (_("提供方"), detail.provider_unit_name or _("尚未授权"), ""),
        (_("整改轮次"), str(detail.row.round), ""),
        (_("目录编号"), detail.directory_id or _("尚未登记"), ""),
        (_("API标识"), str(detail.api_id) if detail.api_id else _("无API"), "mono"),
    ]


def _complete(session: Session, detail: VersionDetail) -> tuple[str, str, str]:
    return _("完整度"), f"{score_of(session, detail).percent}%", ""


def _attachments(detail: VersionDetail) -> list[tuple[str, FileFacts]]:
    return [
        (attachment_title(row.kind), file_facts(row.file, version=str(detail.id)))
        for row in detail.attachments
    ]


def _cases(session: Session, engine: Engine, actor: Actor, version_id: UUID) -> tuple[InstanceRow, ...]:
    wanted = InstanceFilter(subject_type=starting.SUBJECT, subject_id=version_id, limit=CASES_SHOWN)
    return tuple(engine.instances(session, actor, wanted).rows)


def _shown_case(row: InstanceRow) -> ShownCase:
    words = {
        "active": _("办理中"),
        "incident": _("异常"),
        "suspended": _("已挂起"),
        "completed": _("已办结"),
        "cancelled": _("已终止"),
        "failed": _("失败"),
    }
    return ShownCase(
        title=in_language(row.process_name),
        case_number=row.case_number,
        url=url_for("instances.show", instance_id=row.id),
        is_open=row.ended_at is None,
        status=words.get(row.status, row.status),
        at=row.ended_at or row.started_at,
    )


def _shown_change(change: StateChangeRow) -> ShownChange:
    bad = change.to_state in (State.CANCELLED, State.SUSPENDED)
    return ShownChange(
        event=in_language(EVENT_TEXT[Event(change.event)]),
        to_state=in_language(STATE_TEXT[change.to_state]),
        actor=_("平台") if change.actor_name == _PLATFORM else change.actor_name,
        reason=change.reason or "",
        at=change.changed_at,
        tone="bad" if bad else "",
    )


def _buttons(
    session: Session, engine: Engine, actor: Actor, detail: VersionDetail, cases: Iterable[InstanceRow]
) -> list[StartButton]:
    """Offer the processes that the actor may start, that fit the state, and that are not under way."""
    startable = {option.key for option in engine.start_options(session, actor)}
    under_way = {row.process_key for row in cases if row.ended_at is None}
    if starting.failed_self_check(session, detail.id):
        startable.discard(starting.LISTING)
    return [
        StartButton(
            label=label,
            url=url_for("catalogue.start", version_id=detail.id, process_key=key),
            confirm=_("将发起流程“%(label)s”，办件进入待办中心。确定发起？", label=label),
            fields=fields,
        )
        for key, label, states, fields in _starts(detail.row)
        if key in startable - under_way and detail.state in states
    ]


def _change_kinds(
    session: Session, engine: Engine, actor: Actor, detail: VersionDetail, cases: Iterable[InstanceRow]
) -> list[tuple[str, str]]:
    """Offer the types of change where the actor may start one and none is under way."""
    startable = {option.key for option in engine.start_options(session, actor)}
    under_way = {row.process_key for row in cases if row.ended_at is None}
    fits = detail.state in starting.STARTABLE_FROM[starting.CHANGE]
    is_provider = PROVIDER in roles_for(actor, detail)
    return kinds() if fits and is_provider and starting.CHANGE in startable - under_way else []


def _starts(row: VersionRow) -> list[tuple[str, str, frozenset[State], dict[str, str]]]:
    return [
        (starting.CREATION, _("办理创建"), starting.STARTABLE_FROM[starting.CREATION], {}),
        (starting.LISTING, _("申请上架"), starting.STARTABLE_FROM[starting.LISTING], {}),
        (starting.PUBLISHING, _("发布到组件市场"), frozenset({State.LISTED}), {"action": "publish"}),
        (starting.PUBLISHING, _("取消发布"), frozenset({State.PUBLISHED}), {"action": "unpublish"}),
    ]
