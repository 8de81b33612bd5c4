"""Audit events as the pages show them: who, what, when, why, what changed, on which clause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.people.permissions import ROLES
from engine.api import DefinitionVersion, InstanceDetail
from kernel.audit import AuditEventRow, StreamHead
from kernel.language import Text
from webapp.audit import wording
from webapp.audit.filters import STATUSES
from webapp.audit.values import Change, changes, statements
from webapp.instances.presenters import status_label
from webapp.languages import gettext as _
from webapp.languages import in_language

# Written in both languages beside the sentence, and shown there already.
SHOWN_ELSEWHERE = {"error", "message", "problems"}


@dataclass(frozen=True, slots=True)
class RefusedRule:
    """One rule that a refused request broke."""

    path: str
    message: Text


@dataclass(frozen=True, slots=True)
class Event:
    """One event of the trail, finished for the template."""

    id: UUID
    sequence: int
    stream: str
    stream_label: str
    at: datetime
    action: str
    title: Text
    outcome: str
    outcome_label: str
    tone: str
    who: str
    role: Text | None
    channel: str
    address: str
    element: Text | None
    reason: str
    refusal: Text | None
    rules: tuple[RefusedRule, ...]
    clause: str
    asked: list[Change]
    changed: list[Change]
    hash: str
    instance_id: UUID | None

    @property
    def is_case(self) -> bool:
        """Tell whether the event is in the chain of a case, not in one of the system's own."""
        return self.stream.startswith("instance:")


@dataclass(frozen=True, slots=True)
class Choices:
    """The lists of the search form, as (value, label)."""

    processes: list[tuple[str, str]]
    roles: list[tuple[str, str]]
    statuses: list[tuple[str, str]]


def choices(processes: Sequence[DefinitionVersion]) -> Choices:
    """Return the lists of the search form in the language of the request."""
    return Choices(
        processes=[("", _("全部流程")), *((one.key, in_language(one.name)) for one in processes)],
        roles=[("", _("全部角色")), *((role, in_language(name)) for role, name in ROLES.items())],
        statuses=[("", _("全部状态")), *((status, status_label(status)) for status in STATUSES)],
    )


def stream_choices(chains: Sequence[StreamHead]) -> list[tuple[str, str]]:
    """Return the system's own chains with their sizes, for a list to choose from."""
    named = ((head.name, f"{wording.stream_label(head.name)} ({head.events})") for head in chains)
    return [("", _("全部记录链")), *named]


def outcome_choices() -> list[tuple[str, str]]:
    """Return the outcomes of events, for a list to choose from."""
    return [("", _("全部结果")), *((one, wording.outcome_label(one)) for one in ("done", "refused", "read"))]


def element_names(detail: InstanceDetail) -> dict[str, Text]:
    """Return the names of the elements that the instance went through."""
    return {entry.element_id: entry.name for entry in detail.timeline if entry.name.zh}


def events(rows: Sequence[AuditEventRow], elements: Mapping[str, Text] | None = None) -> list[Event]:
    """Return events for showing, in the order given."""
    return [_event(row, elements or {}) for row in rows]


def _event(row: AuditEventRow, elements: Mapping[str, Text]) -> Event:
    asked = row.asked or {}
    is_refused = row.outcome == "refused"
    shown = {name: value for name, value in asked.items() if not (is_refused and name in SHOWN_ELSEWHERE)}
    role = row.content.get("role")
    return Event(
        id=row.id,
        sequence=row.sequence,
        stream=row.stream,
        stream_label=wording.stream_label(row.stream),
        at=row.occurred_at,
        action=row.action,
        title=wording.action_text(row.action),
        outcome=row.outcome,
        outcome_label=wording.outcome_label(row.outcome),
        tone={"refused": "bad", "read": "plain"}.get(row.outcome, ""),
        who=row.actor_name if row.actor_id else "",
        role=ROLES.get(role, Text(role, role)) if role else None,
        channel=wording.channel_label(row.content.get("channel") or ""),
        address=row.address or "",
        element=_element(row.element_id, elements),
        reason="" if is_refused and "message" in asked else row.reason or "",
        refusal=Text.from_json(asked["message"]) if is_refused and "message" in asked else None,
        rules=_rules(asked) if is_refused else (),
        clause=row.clause or "",
        asked=statements(shown),
        changed=changes(row.before, row.after),
        hash=row.hash,
        instance_id=row.instance_id,
    )


def _element(element_id: str | None, elements: Mapping[str, Text]) -> Text | None:
    if element_id is None:
        return None
    return elements.get(element_id, Text(element_id, element_id))


def _rules(asked: Mapping[str, object]) -> tuple[RefusedRule, ...]:
    problems = asked.get("problems")
    if not isinstance(problems, list):
        return ()
    return tuple(RefusedRule(problem["path"], Text.from_json(problem["message"])) for problem in problems)
