"""The inbox: one indexed query per view, paged by key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, literal, or_, select, tuple_, union, union_all
from sqlalchemy.orm import Session

from engine.definitions.models import ProcessDefinitionVersion
from engine.instances.models import ProcessInstance
from engine.paging import Page, decode_cursor, page_of
from engine.user_tasks.access import candidate_conditions, not_excluded_condition
from engine.user_tasks.models import UserTask
from engine.user_tasks.reading import OPEN
from engine.user_tasks.rows import InboxCounts, InboxFilter, InboxView, TaskRow
from kernel.actor import Actor
from kernel.clock import SHANGHAI, now
from kernel.language import Text

MAX_PAGE: Final = 200
MAX_COUNT: Final = 1000


def inbox(session: Session, actor: Actor, wanted: InboxFilter) -> Page[TaskRow]:
    """Return one page of a view: soonest due first, then oldest; *done* newest first."""
    limit = max(1, min(wanted.limit, MAX_PAGE))
    newest_first = wanted.view == "done"
    key = UserTask.completed_at if newest_first else UserTask.sort_at
    order = (key.desc(), UserTask.id.desc()) if newest_first else (key, UserTask.id)
    conditions = _filters(wanted)
    if wanted.after:
        last_at, last_id = decode_cursor(wanted.after, 2)
        position = (datetime.fromisoformat(last_at), UUID(last_id))
        place = tuple_(key, UserTask.id)
        conditions.append(place < position if newest_first else place > position)
    at = now()
    found_in = select(UserTask.id)
    if wanted.text.strip():
        found_in = found_in.join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
    parts = [
        found_in.where(part, *conditions).order_by(*order).limit(limit + 1).subquery()
        for part in _parts(actor, wanted.view, at)
    ]
    if not parts:
        return Page((), None)
    ids = union_all(*(select(part.c.id) for part in parts))
    rows = session.execute(task_rows().where(UserTask.id.in_(ids)).order_by(*order).limit(limit + 1)).all()
    found: list[tuple[UserTask, TaskRow]] = [(row[0], task_row(row, at)) for row in rows]
    return _page(found, limit, newest_first)


def inbox_counts(session: Session, actor: Actor) -> InboxCounts:
    """Count each view, up to a thousand."""
    views: tuple[InboxView, ...] = ("mine", "claimable", "overdue", "due_today", "done", "started")
    at = now()
    counted = [_count(_parts(actor, view, at)) for view in views]
    row = session.execute(select(*(query.scalar_subquery() for query in counted))).one()
    return InboxCounts(*row)


def _count(parts: Sequence[ColumnElement[bool]]) -> Select[int]:
    """Count up to a thousand, part by part; where parts meet a task is found by either and counted once."""
    if not parts:
        return select(literal(0))
    ids = union(*(select(select(UserTask.id).where(part).limit(MAX_COUNT).subquery().c.id) for part in parts))
    return select(func.count()).select_from(select(ids.subquery().c.id).limit(MAX_COUNT).subquery())


def task_rows() -> Select[*tuple[Any, ...]]:
    """Return the query behind every ``TaskRow``."""
    return (
        select(
            UserTask,
            ProcessInstance.case_number,
            ProcessInstance.title,
            ProcessInstance.definition_version,
            ProcessInstance.subject_type,
            ProcessInstance.subject_id,
            ProcessDefinitionVersion.name.label("process_name"),
            ProcessDefinitionVersion.name_en.label("process_name_en"),
        )
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .join(ProcessDefinitionVersion, ProcessDefinitionVersion.id == ProcessInstance.definition_version_id)
        .execution_options(populate_existing=True)
    )


def task_row(row: Row[*tuple[Any, ...]], at: datetime) -> TaskRow:
    """Return a row of ``task_rows`` as outsiders see it."""
    task: UserTask = row[0]
    is_open = task.status in OPEN
    return TaskRow(
        id=task.id,
        instance_id=task.instance_id,
        case_number=row.case_number,
        instance_title=row.title,
        process_key=task.process_key,
        process_name=Text(row.process_name, row.process_name_en),
        process_version=row.definition_version,
        element_id=task.element_id,
        name=Text(task.name, task.name_en),
        status=task.status,  # type: ignore[arg-type]  # the column holds nothing else
        candidate_role=task.candidate_role,
        candidate_unit_id=task.candidate_unit_id,
        region_code=task.region_code,
        unit_id=task.unit_id,
        assignee_id=task.assignee_id,
        initiator_id=task.initiator_id,
        opened_at=task.opened_at,
        claimed_at=task.claimed_at,
        due_at=task.due_at,
        completed_at=task.completed_at,
        completed_by=task.completed_by,
        outcome=task.outcome,
        subject_type=row.subject_type,
        subject_id=row.subject_id,
        stand_in=task.stand_in,
        is_overdue=is_open and task.due_at is not None and task.due_at <= at,
        has_draft=task.has_draft,
    )


def _page(found: Sequence[tuple[UserTask, TaskRow]], limit: int, newest_first: bool) -> Page[TaskRow]:
    place = {
        task.id: (task.completed_at or task.sort_at) if newest_first else task.sort_at for task, _ in found
    }
    rows = [row for _, row in found]
    return page_of(rows, limit, lambda row: (place[row.id].isoformat(), str(row.id)))


def _parts(actor: Actor, view: InboxView, at: datetime) -> list[ColumnElement[bool]]:
    """Return the view as conditions of which each is served by one index in the order of the list."""
    # Says what the status says already; it is what the indexes of open tasks are limited to.
    is_open = UserTask.completed_at.is_(None)
    mine = and_(is_open, UserTask.assignee_id == actor.person_id, UserTask.status == "claimed")
    free = and_(is_open, UserTask.status == "open", not_excluded_condition(actor))
    claimable = [and_(free, part) for part in candidate_conditions(actor)]
    if view == "mine":
        return [mine]
    if view == "claimable":
        return claimable
    if view == "done":
        done = UserTask.status.in_(("completed", "withdrawn", "returned"))
        return [and_(UserTask.completed_by == actor.person_id, done)]
    if view == "started":
        return [and_(is_open, UserTask.initiator_id == actor.person_id, UserTask.status.in_(OPEN))]
    if view == "overdue":
        return [and_(part, UserTask.sort_at <= at) for part in (mine, *claimable)]
    due_today = and_(UserTask.sort_at > at, UserTask.sort_at <= _end_of_day(at))
    return [and_(part, due_today) for part in (mine, *claimable)]


def _end_of_day(at: datetime) -> datetime:
    tomorrow = at.astimezone(SHANGHAI).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), SHANGHAI)


def _filters(wanted: InboxFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.process_keys:
        conditions.append(UserTask.process_key.in_(wanted.process_keys))
    text = wanted.text.strip()
    if text:
        conditions.append(
            or_(
                UserTask.name.contains(text, autoescape=True),
                UserTask.name_en.icontains(text, autoescape=True),
                ProcessInstance.title.contains(text, autoescape=True),
                ProcessInstance.case_number.icontains(text, autoescape=True),
            )
        )
    return conditions
