"""Searching instances, newest first, paged by id."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, or_, select
from sqlalchemy.orm import Session

from engine.definitions.models import ProcessDefinitionVersion
from engine.instances.models import ProcessInstance
from engine.instances.rows import InstanceFilter, InstanceRow
from engine.paging import Page, decode_cursor, page_of
from engine.user_tasks.access import instance_condition
from engine.user_tasks.models import UserTask
from kernel.actor import Actor
from kernel.clock import SHANGHAI
from kernel.language import Text

MAX_PAGE: Final = 200


def instances(session: Session, actor: Actor, wanted: InstanceFilter) -> Page[InstanceRow]:
    """Return one page of the instances that the actor may see and that match."""
    limit = max(1, min(wanted.limit, MAX_PAGE))
    query = instance_rows().where(instance_condition(actor), *_conditions(wanted))
    if wanted.after:
        query = query.where(ProcessInstance.id < UUID(decode_cursor(wanted.after, 1)[0]))
    found = session.execute(query.order_by(ProcessInstance.id.desc()).limit(limit + 1)).all()
    waiting = _waiting(session, [row[0].id for row in found[:limit]])
    rows = [instance_row(row, waiting.get(row[0].id, ())) for row in found]
    return page_of(rows, limit, lambda row: (str(row.id),))


def instance_rows() -> Select[*tuple[Any, ...]]:
    """Return the query behind every ``InstanceRow``."""
    return (
        select(ProcessInstance, ProcessDefinitionVersion.name, ProcessDefinitionVersion.name_en)
        .join(ProcessDefinitionVersion, ProcessDefinitionVersion.id == ProcessInstance.definition_version_id)
        .execution_options(populate_existing=True)
    )


def instance_row(row: Row[*tuple[Any, ...]], waiting_at: Iterable[str] = ()) -> InstanceRow:
    """Return a row of ``instance_rows`` as outsiders see it."""
    instance: ProcessInstance = row[0]
    is_stuck = instance.status == "active" and instance.open_incidents > 0
    return InstanceRow(
        id=instance.id,
        case_number=instance.case_number,
        title=instance.title,
        process_key=instance.definition_key,
        process_name=Text(row.name, row.name_en),
        process_version=instance.definition_version,
        definition_version_id=instance.definition_version_id,
        business_key=instance.business_key,
        subject_type=instance.subject_type,
        subject_id=instance.subject_id,
        initiator_id=instance.initiator_id,
        region_code=instance.region_code,
        unit_id=instance.unit_id,
        status="incident" if is_stuck else instance.status,  # type: ignore[arg-type]  # the column's values
        outcome=instance.outcome,
        started_at=instance.started_at,
        ended_at=instance.ended_at,
        waiting_at=tuple(waiting_at),
    )


def _waiting(session: Session, instance_ids: list[UUID]) -> dict[UUID, list[str]]:
    if not instance_ids:
        return {}
    waiting: dict[UUID, list[str]] = {}
    query = (
        select(UserTask.instance_id, UserTask.element_id)
        .where(UserTask.instance_id.in_(instance_ids), UserTask.status.in_(("open", "claimed")))
        .order_by(UserTask.id)
    )
    for instance_id, element_id in session.execute(query):
        waiting.setdefault(instance_id, []).append(element_id)
    return waiting


def _conditions(wanted: InstanceFilter) -> list[ColumnElement[bool]]:
    instance = ProcessInstance
    found: list[ColumnElement[bool]] = [
        column == value
        for column, value in (
            (instance.subject_type, wanted.subject_type),
            (instance.subject_id, wanted.subject_id),
            (instance.outcome, wanted.outcome),
            (instance.business_key, wanted.business_key),
        )
        if value is not None
    ]
    if wanted.process_keys:
        found.append(instance.definition_key.in_(wanted.process_keys))
    if wanted.status is not None:
        found += _status(wanted.status)
    if wanted.person_id is not None:
        done = _has_task(UserTask.completed_by == wanted.person_id)
        found.append(or_(instance.initiator_id == wanted.person_id, done))
    if wanted.role is not None:
        found.append(_has_task(UserTask.candidate_role == wanted.role))
    if wanted.started_from is not None:
        found.append(instance.started_at >= _midnight(wanted.started_from))
    if wanted.started_to is not None:
        found.append(instance.started_at < _midnight(wanted.started_to + timedelta(days=1)))
    text = wanted.text.strip()
    if text:
        in_title = instance.title.contains(text, autoescape=True)
        found.append(or_(in_title, instance.case_number.icontains(text, autoescape=True)))
    return found


def _status(status: str) -> list[ColumnElement[bool]]:
    if status == "incident":
        return [ProcessInstance.status == "active", ProcessInstance.open_incidents > 0]
    if status == "active":
        return [ProcessInstance.status == "active", ProcessInstance.open_incidents == 0]
    return [ProcessInstance.status == status]


def _has_task(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(UserTask.id).where(UserTask.instance_id == ProcessInstance.id, condition).exists()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
