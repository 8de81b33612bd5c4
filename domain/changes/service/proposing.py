"""Submit what is to change: the pending record is kept beside the current one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalogue import queries as catalogue
from domain.catalogue.case import CaseFacts
from domain.catalogue.rules import RuleBreach
from domain.catalogue.semantics import Level, level_between, order_breach, predecessor
from domain.catalogue.service import keep_record, merged_record
from domain.catalogue.standing import roles_for
from domain.catalogue.versions import canonical_version
from domain.changes.differences import differences
from domain.changes.fields import misplaced
from domain.changes.kinds import Kind, Status
from domain.changes.models import ComponentChange
from domain.changes.service.rows import locked_change, refuse_elsewhere, version_of_change, write_trail
from domain.people.permissions import PROVIDER, require
from kernel.actor import Actor
from kernel.clock import SHANGHAI, now
from kernel.errors import FieldProblem, Invalid, NotAllowed
from kernel.language import Text

FARTHEST: Final = timedelta(days=180)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What the provider fills in; times are ISO 8601, without a zone in Asia/Shanghai."""

    summary: str = ""
    impact: str = ""
    rollback_plan: str = ""
    compatibility_plan: str = ""
    window_start: str | None = None
    window_end: str | None = None
    new_version: str | None = None
    contract_file: str | None = None
    record: Mapping[str, Any] = field(default_factory=dict)


def submit_change(
    session: Session, actor: Actor, change_id: UUID, proposal: Proposal, *, case: CaseFacts | None = None
) -> None:
    """Keep the proposal and the record as it would become; nothing of it holds yet.

    Raises:
        ChangeNotFound: no such change.
        NotAllowed: the actor is not the authorised provider.
        ChangeElsewhere: the change was applied or has ended.
        Invalid: every rule that the proposal breaks, by field.
    """
    require(actor, "change.open")
    change = locked_change(session, change_id)
    detail = version_of_change(session, change)
    if PROVIDER not in roles_for(actor, detail.row):
        raise NotAllowed(
            Text("只有该组件获授权的提供方可以提交变更", "Only the authorised provider may submit a change")
        )
    refuse_elsewhere(change, Status.PREPARING, Status.SUBMITTED)
    kind = Kind(change.kind)
    pending = merged_record(detail.record, proposal.record)
    problems = [*_texts(kind, proposal), *_window(kind, proposal), *_content(kind, detail, pending)]
    if kind is Kind.VERSION:
        problems += _number(session, detail, proposal)
    if problems:
        raise Invalid(Text("变更内容不符合要求", "The change breaks rules"), tuple(problems))
    _fill(session, change, detail.record_digest, pending, proposal)
    change.submitted_by = actor.person_id
    write_trail(
        session,
        actor,
        "change.submitted",
        change,
        case=case,
        reason=proposal.summary,
        after={"base_digest": change.base_digest, "pending_digest": change.pending_digest},
    )


def _fill(
    session: Session, change: ComponentChange, base: str, pending: Mapping[str, Any], given: Proposal
) -> None:
    change.status = Status.SUBMITTED.value
    change.base_digest = base
    change.pending_digest = keep_record(session, pending)
    change.summary, change.impact = given.summary.strip(), given.impact.strip()
    change.rollback_plan = given.rollback_plan.strip()
    change.compatibility_plan = given.compatibility_plan.strip()
    change.window_start, change.window_end = _instant(given.window_start), _instant(given.window_end)
    change.new_version = given.new_version
    change.contract_file = given.contract_file
    change.assessment, change.risk_score, change.risk_level = {}, None, None


def _texts(kind: Kind, given: Proposal) -> Iterator[FieldProblem]:
    needed = [("summary", given.summary, Text("变更内容", "what changes"))]
    if kind is not Kind.CATALOGUE:
        needed += [
            ("impact", given.impact, Text("影响", "the impact")),
            ("rollbackPlan", given.rollback_plan, Text("回退方案", "the rollback plan")),
        ]
    for path, value, word in needed:
        if not value.strip():
            yield _problem(path, "C-TEXT-01", f"请填写{word.zh}", f"Say {word.en}")


def _window(kind: Kind, given: Proposal) -> Iterator[FieldProblem]:
    if kind is Kind.CATALOGUE:
        return
    start, end = _instant(given.window_start), _instant(given.window_end)
    if start is None or end is None:
        path = "windowStart" if start is None else "windowEnd"
        yield _problem(path, "C-WINDOW-01", "请填写有效的变更窗口时间", "Give a valid time of the window")
        return
    if not now() < start <= now() + FARTHEST:
        yield _problem(
            "windowStart", "C-WINDOW-02", "变更窗口应在180日内且尚未开始", "The window begins within 180 days"
        )
    if end <= start:
        yield _problem("windowEnd", "C-WINDOW-03", "窗口结束应晚于开始", "The window ends after it has begun")


def _content(
    kind: Kind, detail: catalogue.VersionDetail, pending: Mapping[str, Any]
) -> Iterator[FieldProblem]:
    found = differences(detail.record, pending)
    if kind is Kind.VERSION:
        return
    if not found:
        yield _problem("record", "C-FIELD-02", "没有任何改动", "Nothing is changed")
    yield from _as_problems(misplaced(kind, found))


def _as_problems(breaches: list[RuleBreach]) -> Iterator[FieldProblem]:
    for breach in breaches:
        told = breach.as_problem()
        yield FieldProblem(f"record.{told.path}", told.rule, told.message, told.clause, told.mend)


def _number(session: Session, detail: catalogue.VersionDetail, given: Proposal) -> Iterator[FieldProblem]:
    canonical = canonical_version(given.new_version)
    if canonical is None:
        yield _problem(
            "newVersion", "V-VER-01", "新版本号不是有效的语义化版本", "The new version is no valid number"
        )
        return
    existing = catalogue.version_numbers(session, detail.component_id)
    late = order_breach(canonical, existing)
    if canonical in existing:
        yield _problem("newVersion", "V-VER-02", "该组件已有相同版本号", "The component has this version")
    elif late is not None:
        yield FieldProblem("newVersion", late.rule_id, late.message, late.clause, late.mend)
    last = predecessor(canonical, existing)
    is_major = last is not None and level_between(last, canonical) is Level.MAJOR
    if is_major and not given.compatibility_plan.strip():
        yield _problem(
            "compatibilityPlan",
            "C-PLAN-01",
            "主版本变更须附兼容计划（弃用期、迁移办法）",
            "A major version needs its compatibility plan (sunset, migration)",
        )


def _problem(path: str, rule: str, zh: str, en: str) -> FieldProblem:
    return FieldProblem(path, rule, Text(zh, en), "11.4d")


def _instant(value: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if value else None
    except ValueError:
        return None
    return moment.replace(tzinfo=SHANGHAI) if moment and moment.tzinfo is None else moment
