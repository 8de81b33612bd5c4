"""What the inbox and the task page read: plain frozen rows, finished for presenters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from kernel.language import Text

InboxView = Literal["mine", "claimable", "overdue", "due_today", "done", "started"]
TaskStatus = Literal["open", "claimed", "held", "completed", "withdrawn", "returned", "cancelled"]


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """Which tasks to list.

    ``view``: *mine* claimed by me · *claimable* unclaimed and I am a candidate (four eyes left out) ·
    *overdue*, *due_today* (Asia/Shanghai) of mine and claimable together · *done* completed by me ·
    *started* open tasks of instances that I initiated. Order: soonest due first, then oldest; *done*
    newest first. ``text`` searches task name, instance title and case number.
    ``after`` is ``Page.next`` of the page before.
    """

    view: InboxView = "claimable"
    process_keys: tuple[str, ...] = ()
    text: str = ""
    after: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One line of the inbox. ``unit_id`` is the instance's unit; times are aware UTC."""

    id: UUID
    instance_id: UUID
    case_number: str
    instance_title: str
    process_key: str
    process_name: Text
    process_version: int
    element_id: str
    name: Text
    status: TaskStatus
    candidate_role: str
    candidate_unit_id: UUID | None
    region_code: str
    unit_id: UUID | None
    assignee_id: UUID | None
    initiator_id: UUID | None
    opened_at: datetime
    claimed_at: datetime | None
    due_at: datetime | None
    completed_at: datetime | None
    completed_by: UUID | None
    outcome: str | None
    subject_type: str | None
    subject_id: UUID | None
    stand_in: str | None
    is_overdue: bool
    has_draft: bool


@dataclass(frozen=True, slots=True)
class InboxCounts:
    """Badge numbers of the views; each counts to 1,000 at most."""

    mine: int
    claimable: int
    overdue: int
    due_today: int
    done: int
    started: int


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the actor may do with the task now; ``why_not`` explains the first refusal to show.

    ``actions``: reviewer actions by the names of ``zujian:actions``, and ``resolve`` for who may end a
    delegation.
    """

    claim: bool
    unclaim: bool
    complete: bool
    withdraw: bool
    why_not: Text | None = None
    actions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskHistoryRow:
    """One earlier user task of the instance, oldest first; ``opinion`` from its form data.

    ``is_superseded``: a return or taking back made it void.
    """

    task_id: UUID
    element_id: str
    name: Text
    status: TaskStatus
    outcome: str | None
    opinion: str | None
    person_id: UUID | None
    at: datetime
    is_superseded: bool = False


@dataclass(frozen=True, slots=True)
class TaskActionRow:
    """One reviewer action on a task of the instance; ``person_id`` is whom it concerned."""

    task_id: UUID
    kind: str
    actor_id: UUID
    person_id: UUID | None
    reason: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class ReturnTarget:
    """An earlier element to which the task may be returned.

    ``is_previous`` and ``is_initiator`` say which of them those words mean, ``straight_back`` whether the
    task may open again at once when nothing has changed.
    """

    element_id: str
    name: Text
    scope_process: str
    is_previous: bool
    is_initiator: bool
    straight_back: bool


@dataclass(frozen=True, slots=True)
class TaskDetail:
    """Everything the task page needs.

    ``form_schema``: the pinned JSON Schema ({} = a form without fields). ``data``: prefill merged with
    the actor's own draft (completed tasks: the submitted data). ``revision`` goes back with
    ``complete_user_task`` to notice that the task was reopened. ``variables``: of the process scope that
    the task belongs to. ``elements_*`` and ``flows``: for colouring the diagram of ``scope_process``.
    """

    row: TaskRow
    form_name: str | None
    form_schema: Mapping[str, Any]
    data: Mapping[str, Any]
    draft_saved_at: datetime | None
    revision: int
    allowed: Allowed
    history: tuple[TaskHistoryRow, ...]
    variables: Mapping[str, Any]
    clauses: tuple[str, ...]
    scope_process: str
    withdrawable: bool
    differs_from: tuple[str, ...]
    excluded_persons: tuple[UUID, ...] = field(default=())
    actions: tuple[TaskActionRow, ...] = ()
    delegated_by: UUID | None = None
    added_by: UUID | None = None
    place: str | None = None
    return_targets: tuple[ReturnTarget, ...] = ()


@dataclass(frozen=True, slots=True)
class CompletedTask:
    """The result of a completion: ``next_task_ids`` opened by it in the same instance, in order."""

    task_id: UUID
    instance_id: UUID
    outcome: str | None
    next_task_ids: tuple[UUID, ...]
    instance_status: str
