"""Tell the users of a component what changes and when, and until when the old version is meant to be used.

Source: draft standard, clauses 11.3.2c and 11.4d; process P13, steps 12 and 20a
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy.orm import Session

from domain.catalogue import queries as catalogue
from domain.catalogue.queries import VersionDetail
from domain.catalogue.semantics import Level
from domain.changes import queries, service
from domain.changes.kinds import KIND_TEXT, Kind
from domain.changes.queries import ChangeRow
from domain.notices.service import send
from domain.people.permissions import OPERATOR, PROVIDER, RELEASING_UNIT, USER
from engine.api import HandlerResult, JobContext, Registry
from handlers.catalogue import case_of
from handlers.changes.parameters import CHANGE, change_of
from handlers.environment import PLATFORM, Environment
from kernel.calendar import add_months
from kernel.clock import SHANGHAI, now
from kernel.language import Text

# How long an old version stays beside the new one; proposed values.
SUNSET_MONTHS: Final = {Level.MAJOR: 6, Level.MINOR: 3, Level.PATCH: 1, Level.BUILD: 1}


def register(registry: Registry, environment: Environment) -> None:
    """Register the topics that tell people."""
    registry.handler(
        "changes.announce",
        announce,
        Text("通知使用方：兼容说明、窗口、弃用期", "Tell users: compatibility, window, sunset"),
        (CHANGE,),
        {"sunsetDate": Text("弃用日期", "Sunset date")},
    )
    registry.handler(
        "changes.announce_sunset",
        announce_sunset,
        Text("通知旧版本不推荐及弃用日期，提醒提供方办理主动下架", "Tell of the deprecation and its sunset"),
        (CHANGE,),
        {"sunsetDate": Text("弃用日期", "Sunset date")},
    )


def announce(job: JobContext) -> HandlerResult:
    """Tell everybody concerned before the window, and set the sunset of a version that gets a successor."""
    change_id = change_of(job.parameters)

    def apply(session: Session) -> Mapping[str, Any]:
        change = queries.change(session, PLATFORM, change_id)
        detail = catalogue.version_detail(session, PLATFORM, change.version_id)
        sunset = sunset_of(change)
        if sunset is not None:
            service.record_sunset(session, PLATFORM, change_id, sunset, case=case_of(job.instance))
        _tell(session, detail, _title(detail, change), _body(change, sunset), "change_announced", USER)
        return {"sunsetDate": sunset.isoformat() if sunset else None}

    return HandlerResult(apply=apply)


def announce_sunset(job: JobContext) -> HandlerResult:
    """Tell that the old version is deprecated now; its provider is asked to delist it in time."""
    change_id = change_of(job.parameters)

    def apply(session: Session) -> Mapping[str, Any]:
        change = queries.change(session, PLATFORM, change_id)
        detail = catalogue.version_detail(session, PLATFORM, change.version_id)
        until = change.sunset_on or "—"
        title = Text(
            f"不推荐使用：{detail.name} {detail.version}", f"Deprecated: {detail.name} {detail.version}"
        )
        body = Text(
            f"请在 {until} 前改用 {change.new_version}；提供方请按时申请主动下架（9.2d）。",
            f"Please move to {change.new_version} before {until}; the provider applies for delisting (9.2d).",
        )
        _tell(session, detail, title, body, "version_deprecated", USER, PROVIDER)
        return {"sunsetDate": change.sunset_on}

    return HandlerResult(apply=apply)


def sunset_of(change: ChangeRow) -> date | None:
    """Return until when the old version is meant to be used: months after the window, by how much changes."""
    if change.kind is not Kind.VERSION:
        return None
    begin = (change.window_start or now()).astimezone(SHANGHAI).date()
    return add_months(begin, SUNSET_MONTHS[Level(change.level) if change.level else Level.MAJOR])


def _title(detail: VersionDetail, change: ChangeRow) -> Text:
    kind = KIND_TEXT[change.kind]
    return Text(
        f"变更预告（{kind.zh}）：{detail.name} {detail.version}",
        f"Change announced ({kind.en.lower()}): {detail.name} {detail.version}",
    )


def _body(change: ChangeRow, sunset: date | None) -> Text:
    window = "—"
    if change.window_start and change.window_end:
        start, end = (one.astimezone(SHANGHAI) for one in (change.window_start, change.window_end))
        window = f"{start:%Y-%m-%d %H:%M} – {end:%Y-%m-%d %H:%M}"
    zh = f"{change.summary}。窗口：{window}。影响：{change.impact}"
    en = f"{change.summary}. Window: {window}. Impact: {change.impact}"
    if change.compatibility_plan:
        zh, en = (
            f"{zh}。兼容说明：{change.compatibility_plan}",
            f"{en}. Compatibility: {change.compatibility_plan}",
        )
    if sunset is not None:
        zh, en = f"{zh}。旧版本弃用日期：{sunset}", f"{en}. Sunset of the old version: {sunset}"
    return Text(zh, en)


def _tell(
    session: Session, detail: VersionDetail, title: Text, body: Text, template: str, *roles: str
) -> None:
    units = {RELEASING_UNIT: detail.row.unit_id, PROVIDER: detail.row.provider_unit_id}
    for role in (RELEASING_UNIT, OPERATOR, *roles):
        send(
            session,
            PLATFORM,
            title,
            body,
            role=role,
            unit_id=units.get(role),
            region_code=detail.region_code,
            link=f"/components/{detail.id}",
            template=template,
            subject_id=detail.id,
        )
