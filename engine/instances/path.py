"""From the stored path to a timeline and to facts for colouring a diagram; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from engine.bpmn.model import Element
from engine.instances.rows import ElementFacts, TimelineEntry, TimelineKind
from engine.instances.running import RunningInstance
from engine.user_tasks.models import UserTask
from kernel.language import Text

ElementKey = tuple[str, str]
_SHOWN: Mapping[str, TimelineKind] = {
    "entered": "entered",
    "completed": "completed",
    "cancelled": "cancelled",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the path: an element entered, completed or cancelled, or a flow taken."""

    kind: str
    element_id: str
    activity_id: str | None
    scope_process: str
    person_id: UUID | None
    at: datetime


def steps_of(entries: Iterable[tuple[datetime, UUID | None, list[Any]]]) -> list[Step]:
    """Return the steps of the path, oldest first, of what each command did: when, who, and its steps."""
    return [
        Step(kind, element_id, activity_id, scope_process, person_id if by_person else None, at)
        for at, person_id, steps in entries
        for kind, element_id, activity_id, scope_process, by_person in steps
    ]


def timeline(
    instance: RunningInstance, history: Sequence[Step], tasks: Sequence[UserTask]
) -> tuple[TimelineEntry, ...]:
    """Return what happened to elements, oldest first; flows are left to the diagram."""
    by_activity = {task.activity_id: task for task in tasks}
    entered = {row.activity_id: row.at for row in history if row.kind == "entered"}
    entries = []
    for sequence, row in enumerate(history, start=1):
        kind = _SHOWN.get(row.kind)
        if kind is None:
            continue
        element = instance.find_element(row.scope_process, row.element_id)
        task = by_activity.get(row.activity_id or "") if kind == "completed" else None
        since = entered.get(row.activity_id) if kind != "entered" else None
        entries.append(
            TimelineEntry(
                sequence=sequence,
                at=row.at,
                kind=kind,
                element_id=row.element_id,
                scope_process=row.scope_process,
                name=_name(element, row.element_id),
                element_kind=str(element.kind) if element else "",
                person_id=row.person_id,
                outcome=task.outcome if task else None,
                opinion=task.opinion if task else None,
                clauses=element.clauses if element else (),
                seconds=(row.at - since).total_seconds() if since else None,
            )
        )
    return tuple(entries)


def _name(element: Element | None, element_id: str) -> Text:
    """Return the element's name; the version that an instance was migrated to may not have the element."""
    if element is None:
        return Text(element_id, element_id)
    zh = element.name or element.id
    return Text(zh, element.name_en or zh)


def element_facts(history: Sequence[Step], failed: Collection[ElementKey]) -> tuple[ElementFacts, ...]:
    """Return how the path went through each element, in order of the first visit."""
    visits: Counter[ElementKey] = Counter()
    open_visits: dict[ElementKey, set[str | None]] = {}
    seconds: Counter[ElementKey] = Counter()
    entered = {}
    last_kind: dict[ElementKey, str] = {}
    for row in history:
        key = (row.scope_process, row.element_id)
        if row.kind == "entered":
            visits[key] += 1
            entered[row.activity_id] = row.at
            open_visits.setdefault(key, set()).add(row.activity_id)
        elif row.kind in ("completed", "cancelled"):
            open_visits.get(key, set()).discard(row.activity_id)
            seconds[key] += int((row.at - entered.get(row.activity_id, row.at)).total_seconds() * 1000)
        else:
            continue
        last_kind[key] = row.kind
    return tuple(
        ElementFacts(
            element_id=key[1],
            scope_process=key[0],
            state=_state(key, failed, bool(open_visits.get(key)), last_kind[key]),
            visits=count,
            total_seconds=seconds[key] / 1000,
        )
        for key, count in visits.items()
    )


def flows_taken(history: Sequence[Step]) -> dict[ElementKey, int]:
    """Return how often each flow was taken, by process and flow id."""
    return dict(Counter((row.scope_process, row.element_id) for row in history if row.kind == "flow"))


def _state(
    key: ElementKey, failed: Collection[ElementKey], is_open: bool, last_kind: str
) -> Literal["done", "active", "failed", "cancelled"]:
    if key in failed:
        return "failed"
    if is_open:
        return "active"
    return "cancelled" if last_kind == "cancelled" else "done"
