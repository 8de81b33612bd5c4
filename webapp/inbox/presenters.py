"""Finished values for the list: views with counts, rows with badges and times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from engine.api import DefinitionRow, InboxCounts, TaskRow
from kernel import clock
from webapp.inbox.filters import ListState
from webapp.languages import gettext as _
from webapp.languages import in_language
from webapp.outcomes import outcome_text
from webapp.presentation import span

_OF_THE_PAST: Final = ("done", "started")

A_DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class Badge:
    """A short text with a tone and an icon."""

    text: str
    tone: str
    icon: str


@dataclass(frozen=True, slots=True)
class ViewLink:
    """One view of the inbox in the side column."""

    label: str
    url: str
    icon: str
    count: int
    tone: str
    current: bool


@dataclass(frozen=True, slots=True)
class ProcessChoice:
    """One process in the filter."""

    key: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the list."""

    id: UUID
    url: str
    title: str
    subtitle: str
    step: str
    due: Badge | None
    outcome: Badge | None
    at: datetime
    is_new: bool
    has_draft: bool
    stand_in: bool


def view_labels() -> dict[str, str]:
    """Return the names of the views."""
    return {
        "mine": _("待我办理"),
        "claimable": _("可领取"),
        "due_today": _("今日到期"),
        "overdue": _("已超时"),
        "done": _("我已办结"),
        "started": _("我发起的"),
    }


def view_links(state: ListState, counts: InboxCounts) -> list[ViewLink]:
    """Return the views with their numbers, in the order of urgency."""
    icons = {
        "mine": "inbox", "claimable": "users", "due_today": "clock",
        "overdue": "triangle-alert", "done": "circle-check", "started": "send",
    }  # fmt: skip
    tones = {"due_today": "warn", "overdue": "bad"}
    return [
        ViewLink(
            label=label,
            url=state.list_url(view=view),
            icon=icons[view],
            count=getattr(counts, view),
            tone=tones.get(view, "") if getattr(counts, view) else "",
            current=state.view == view,
        )
        for view, label in view_labels().items()
    ]


def process_choices(definitions: Iterable[DefinitionRow], state: ListState) -> list[ProcessChoice]:
    """Return the processes to filter by: of open work those that have cases under way, of done work all."""
    return [
        ProcessChoice(row.latest.key, in_language(row.latest.name), row.latest.key in state.process_keys)
        for row in definitions
        if row.running or row.latest.key in state.process_keys or state.view in _OF_THE_PAST
    ]


def line(row: TaskRow, state: ListState, unit_names: Mapping[UUID, str]) -> Line:
    """Finish one row of the list."""
    unit = unit_names.get(row.unit_id, "") if row.unit_id else ""
    process = in_language(row.process_name)
    return Line(
        id=row.id,
        url=state.task_url(row.id),
        title=row.instance_title or process,
        subtitle=" · ".join(part for part in (process, unit) if part),
        step=in_language(row.name),
        due=due_badge(row),
        outcome=outcome_badge(row.status, row.outcome) if row.completed_at else None,
        at=row.completed_at or row.opened_at,
        is_new=row.status == "open",
        has_draft=row.has_draft,
        stand_in=row.stand_in is not None,
    )


def due_badge(row: TaskRow) -> Badge | None:
    """Say how much time is left, or by how much it ran out."""
    if row.due_at is None or row.completed_at is not None:
        return None
    left = (row.due_at - clock.now()).total_seconds()
    if left < 0:
        return Badge(_("超时 %(span)s", span=coarse_span(-left)), "bad", "triangle-alert")
    tone, icon = ("warn", "alarm-clock") if left < A_DAY else ("", "clock")
    return Badge(_("剩 %(span)s", span=coarse_span(left)), tone, icon)


def coarse_span(seconds: float) -> str:
    """Return a duration in its largest unit only."""
    unit = A_DAY if seconds >= A_DAY else 3600 if seconds >= 3600 else 60
    return span(max(seconds - seconds % unit, 60))


def outcome_badge(status: str, outcome: str | None) -> Badge:
    """Name how a task ended."""
    if status == "withdrawn" or outcome == "withdraw":
        return Badge(_("已撤回"), "", "undo-2")
    if status == "cancelled":
        return Badge(_("已取消"), "", "ban")
    tone, icon = _TONES.get(outcome or "", ("ok", "check"))
    return Badge(outcome_text(outcome) or _("已办结"), tone, icon)


_GOOD, _BACK, _BAD = ("ok", "check"), ("warn", "undo-2"), ("bad", "x")
_TONES = {
    "return": _BACK, "returned": _BACK, "revise": _BACK, "hold": _BACK, "issue": _BACK, "extend": _BACK,
    "refuse": _BAD, "refused": _BAD, "decline": _BAD, "failed": _BAD, "fail": _BAD, "any_fail": _BAD,
    "stop": _BAD, "unsuitable": _BAD, "cancel": ("", "ban"), "withdrawn": ("", "undo-2"),
}  # fmt: skip
