"""Everything about one task that a person needs to decide, gathered and finished for the templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import current_app, url_for
from sqlalchemy.orm import Session

from domain.people import queries as people
from domain.people.permissions import PROVIDER, RELEASING_UNIT, ROLES
from engine.api import Engine, TaskDetail, TaskRow
from kernel import clock
from kernel.actor import Actor
from kernel.errors import FieldProblem
from kernel.language import Text
from webapp.catalogue.check_results import ShownRun
from webapp.files.presenters import facts_of
from webapp.forms import Form, build
from webapp.forms.choices import choices_for
from webapp.forms.fields import references
from webapp.inbox.actions import TaskAction, task_actions
from webapp.inbox.presenters import Badge, due_badge, outcome_badge
from webapp.inbox.subject import Subject, subject_of
from webapp.languages import gettext as _
from webapp.languages import in_language, language

OWNERS = frozenset({RELEASING_UNIT, PROVIDER})


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One earlier step of the same case: a task that a person ended, or a check that the platform ran."""

    at: datetime
    step: str
    person: str
    unit: str
    outcome: Badge | None
    opinion: str
    tone: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """How much of the time is used; ``percent`` from 0 to 100."""

    at: datetime
    left: Badge
    percent: int


@dataclass(frozen=True, slots=True)
class TaskPage:
    """One task, finished for the page."""

    detail: TaskDetail
    title: str
    step: str
    process: str
    case_number: str
    initiator: str
    assignee: str
    role: str
    unit: str
    deadline: Deadline | None
    form: Form
    history: tuple[HistoryLine, ...]
    subject: Subject | None
    diagram_url: str | None
    trail_url: str | None
    actions: tuple[TaskAction, ...]

    @property
    def row(self) -> TaskRow:
        """Return the row of the task."""
        return self.detail.row

    @property
    def is_mine(self) -> bool:
        """Tell whether the form is open for writing: claimed by the reader."""
        return self.detail.allowed.complete and self.row.status == "claimed"


def task_page(
    session: Session,
    engine: Engine,
    actor: Actor,
    task_id: UUID,
    data: Mapping[str, Any] | None = None,
    problems: Iterable[FieldProblem] = (),
) -> TaskPage:
    """Gather one task; ``data`` and ``problems`` are those of a submission that was refused.

    Raises:
        UserTaskNotFound: no such task, or not for this actor.
    """
    detail = engine.task(session, actor, task_id)
    row = detail.row
    shown = detail.data if data is None else data
    persons = people.person_names(session, _persons_of(detail))
    units = people.unit_names(session, [row.unit_id] if row.unit_id else [])
    subject = subject_of(session, actor, detail)
    files = facts_of(session, references(shown), task=str(task_id))
    return TaskPage(
        detail=detail,
        title=row.instance_title or in_language(row.process_name),
        step=in_language(row.name),
        process=in_language(row.process_name),
        case_number=row.case_number,
        initiator=persons.get(row.initiator_id, "") if row.initiator_id else "",
        assignee=persons.get(row.assignee_id, "") if row.assignee_id else "",
        role=in_language(ROLES.get(row.candidate_role, Text(row.candidate_role, row.candidate_role))),
        unit=units.get(row.unit_id, "") if row.unit_id else "",
        deadline=_deadline(row),
        form=build(
            detail.form_schema,
            shown,
            language(),
            problems,
            files,
            choices_for(session, detail.form_schema),
            hidden_outcomes=("withdraw",) if _is_withdrawn_by_others(detail) else (),
        ),
        history=tuple(_history(detail, persons, subject)),
        subject=subject,
        diagram_url=_url("instances.diagram", instance_id=row.instance_id, process_key=detail.scope_process),
        trail_url=_url("audit.trail", instance_id=row.instance_id) if actor.may("audit.read") else None,
        actions=task_actions(session, actor, detail),
    )


def _is_withdrawn_by_others(detail: TaskDetail) -> bool:
    """Tell whether withdrawing is no business of whoever does the task: the initiator has a button for it.

    The units of a component give up at their own steps, too, whoever began the case.
    """
    return detail.withdrawable and detail.row.candidate_role not in OWNERS


def _persons_of(detail: TaskDetail) -> set[UUID]:
    ids = {entry.person_id for entry in detail.history}
    ids |= {detail.row.assignee_id, detail.row.initiator_id, detail.row.completed_by}
    return {person_id for person_id in ids if person_id is not None}


def _history(detail: TaskDetail, persons: Mapping[UUID, str], subject: Subject | None) -> list[HistoryLine]:
    """Return what people did and what the platform checked, newest first."""
    checked = [_checked(run) for run in subject.checks if not run.stated_by] if subject else []
    return sorted([*_done(detail, persons), *checked], key=lambda line: line.at, reverse=True)


def _checked(run: ShownRun) -> HistoryLine:
    """Describe one check of the platform; what was wrong stands in the place of an opinion."""
    wrong = "；".join(finding.message for finding in run.findings if run.tone == "bad")
    return HistoryLine(
        at=run.at,
        step=run.title,
        person=_("平台检查"),
        unit="",
        outcome=Badge(run.verdict, run.tone, run.icon),
        opinion=wrong,
        tone={"ok": "", "bad": "bad"}.get(run.tone, "plain"),
    )


def _done(detail: TaskDetail, persons: Mapping[UUID, str]) -> Iterable[HistoryLine]:
    for entry in reversed(detail.history):
        ended = entry.status in ("completed", "withdrawn", "returned", "cancelled")
        badge = outcome_badge(entry.status, entry.outcome) if ended else None
        tone = "now" if badge is None else {"ok": "", "bad": "bad", "warn": "bad"}.get(badge.tone, "plain")
        yield HistoryLine(
            at=entry.at,
            step=in_language(entry.name),
            person=persons.get(entry.person_id, "") if entry.person_id else "",
            unit="",
            outcome=badge,
            opinion=entry.opinion or "",
            tone=tone,
        )


def _deadline(row: TaskRow) -> Deadline | None:
    left = due_badge(row)
    if left is None or row.due_at is None:
        return None
    whole = max((row.due_at - row.opened_at).total_seconds(), 1.0)
    used = (clock.now() - row.opened_at).total_seconds()
    return Deadline(row.due_at, left, max(2, min(100, round(100 * used / whole))))


def _url(endpoint: str, **values: Any) -> str | None:
    """Return the address where the room that answers it is part of the application."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None
