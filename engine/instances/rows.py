"""What lists, trails and diagrams read about process instances: plain frozen rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from kernel.language import Text

InstanceStatus = Literal["active", "incident", "suspended", "completed", "cancelled", "failed"]
TimelineKind = Literal["started", "entered", "completed", "cancelled", "flow", "ended"]


@dataclass(frozen=True, slots=True)
class InstanceRef:
    """A started instance."""

    id: UUID
    case_number: str


@dataclass(frozen=True, slots=True)
class InstanceFilter:
    """Which instances to list, newest first. Empty fields do not filter.

    ``person_id``: initiated it or completed one of its tasks; ``role``: had a task for that role;
    ``text``: in title or case number; ``started_from``/``started_to``: days in Asia/Shanghai, inclusive.
    ``after`` is ``Page.next`` of the page before.
    """

    subject_type: str | None = None
    subject_id: UUID | None = None
    process_keys: tuple[str, ...] = ()
    person_id: UUID | None = None
    role: str | None = None
    status: InstanceStatus | None = None
    outcome: str | None = None
    business_key: str | None = None
    started_from: date | None = None
    started_to: date | None = None
    text: str = ""
    after: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class InstanceRow:
    """One line of the instance list; ``waiting_at`` are ids of the open user tasks' elements."""

    id: UUID
    case_number: str
    title: str
    process_key: str
    process_name: Text
    process_version: int
    definition_version_id: UUID
    business_key: str | None
    subject_type: str | None
    subject_id: UUID | None
    initiator_id: UUID | None
    region_code: str
    unit_id: UUID | None
    status: InstanceStatus
    outcome: str | None
    started_at: datetime
    ended_at: datetime | None
    waiting_at: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One history row, oldest first.

    ``scope_process`` is the process (this or a called one) the element belongs to; ``name`` of the
    element, or its id where it has none. ``person_id`` acted. ``seconds``: entered to completed.
    """

    sequence: int
    at: datetime
    kind: TimelineKind
    element_id: str
    scope_process: str
    name: Text
    element_kind: str
    person_id: UUID | None
    outcome: str | None
    opinion: str | None
    clauses: tuple[str, ...]
    seconds: float | None


@dataclass(frozen=True, slots=True)
class ElementFacts:
    """How the path went through one element, for colouring a diagram."""

    element_id: str
    scope_process: str
    state: Literal["done", "active", "failed", "cancelled"]
    visits: int
    total_seconds: float


@dataclass(frozen=True, slots=True)
class ProcessDiagram:
    """A diagram used by the instance: its own first, then the called processes."""

    process_key: str
    name: Text
    version: int
    bpmn_xml: str


@dataclass(frozen=True, slots=True)
class InstanceDetail:
    """One instance with its trail.

    ``flows``: (scope_process, flow_id) -> times taken. ``variables``: of the outermost scope. ``tasks``:
    ids of user tasks, oldest first. ``related``: instances of the same subject, oldest first.
    """

    row: InstanceRow
    timeline: tuple[TimelineEntry, ...]
    elements: tuple[ElementFacts, ...]
    flows: Mapping[tuple[str, str], int]
    variables: Mapping[str, Any]
    diagrams: tuple[ProcessDiagram, ...]
    task_ids: tuple[UUID, ...]
    incident_ids: tuple[UUID, ...]
    related: tuple[InstanceRow, ...]
