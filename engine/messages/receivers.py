"""Who receives what was thrown: who waits for it, and what starts on it.

The look for them rides on a statement that writes an instance anyhow, so that a throw costs no statement
of its own; where no instance is updated it is asked by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, cast
from uuid import UUID

import orjson
from sqlalchemy import BindParameter, ColumnElement, Table, and_, bindparam, literal_column, or_, select
from sqlalchemy.orm import Session

from engine.definitions.models import EventStart
from engine.instances.causes import Delivery, Values
from engine.instances.running import RunningInstance
from engine.jobs.models import WAITING, Job
from engine.messages.subscriptions import wait_of
from kernel.statements import Statement, json_rows

# Kind, name and correlation key; a signal has no key.
Event = tuple[str, str, str]
# What one look asks for. SQLite takes no condition that is much longer.
MOST_EVENTS: Final = 256
_job = cast(Table, Job.__table__)
_start = cast(Table, EventStart.__table__)
# Written out, because SQLite uses a partial index only for a value that it can read.
_IS_WAITING: Final = _job.c.status == literal_column(f"'{WAITING}'")


@dataclass(frozen=True, slots=True)
class Wait:
    """One wait for an event; the oldest has the smallest id."""

    id: UUID
    instance_id: UUID
    reference: str


@dataclass(frozen=True, slots=True)
class Throw:
    """A message or signal that was thrown.

    ``opened`` are the waits that the same command opened before it, which are not stored yet.
    """

    sender: RunningInstance | None
    kind: str
    name: str
    key: str | None
    payload: Values
    opened: tuple[Wait, ...] = ()

    @property
    def event(self) -> Event:
        """Return by what its waits are found."""
        return self.kind, self.name, self.key or ""


class Look:
    """One look for the receivers of several events."""

    def __init__(self, events: Sequence[Event]) -> None:
        # One statement serves many numbers of events; the last one fills the places that are left.
        self.places = 1 << (len(events) - 1).bit_length()
        filled = [events[min(n, len(events) - 1)] for n in range(self.places)]
        self.values = {
            f"{part}_{n}": value
            for n, event in enumerate(filled)
            for part, value in zip(("kind", "name", "key"), event, strict=True)
        }
        self._waits: list[tuple[Event, Wait]] = []
        self._starts: list[tuple[str, str, str, str, UUID]] = []

    def hear(self, row: Sequence[Any]) -> None:
        """Take the answer: the values of ``receivers_of``."""
        waits, starts = (orjson.loads(text) if text else [] for text in row)
        self._waits = [
            ((kind, name, key), Wait(UUID(job_id), UUID(instance_id), reference))
            for kind, name, key, job_id, instance_id, reference in waits
            if instance_id is not None
        ]
        self._starts = sorted((*row, UUID(version_id)) for *row, version_id in starts)

    def ask(self, session: Session) -> None:
        """Ask by a statement of its own."""
        row = _asking(self.places).first(session, self.values)
        if row is not None:
            self.hear(row)

    def waits_for(self, event: Event) -> Iterable[Wait]:
        """Return the stored waits for an event."""
        return (wait for awaited, wait in self._waits if awaited == event)

    def starts_on(self, event: Event) -> Iterable[tuple[UUID, str]]:
        """Return the versions that begin on an event with their start events, by process and element."""
        for kind, name, _key, element_id, version_id in self._starts:
            if (kind, name) == event[:2]:
                yield version_id, element_id


def looks_for(throws: Sequence[Throw]) -> list[Look]:
    """Return the looks that find the receivers of all throws; nearly always one."""
    events = list(dict.fromkeys(throw.event for throw in throws))
    return [Look(events[first : first + MOST_EVENTS]) for first in range(0, len(events), MOST_EVENTS)]


@cache
def receivers_of(places: int) -> tuple[ColumnElement[str], ColumnElement[str]]:
    """Return what a statement says of the receivers of so many events: waits and starts, as JSON."""
    given: list[dict[str, BindParameter[str]]] = [
        {part: bindparam(f"{part}_{n}") for part in ("kind", "name", "key")} for n in range(places)
    ]
    is_awaited = (
        and_(
            _IS_WAITING,
            _job.c.kind == event["kind"],
            _job.c.event_name == event["name"],
            _job.c.correlation_key == event["key"],
        )
        for event in given
    )
    starts = (and_(_start.c.kind == event["kind"], _start.c.name == event["name"]) for event in given)
    awaited = (_job.c.kind, _job.c.event_name, _job.c.correlation_key)
    wait = (_job.c.id, _job.c.instance_id, _job.c.reference)
    start = (_start.c.kind, _start.c.name, _start.c.key, _start.c.element_id, _start.c.version_id)
    return (
        select(json_rows(*awaited, *wait)).where(or_(*is_awaited)).scalar_subquery(),
        select(json_rows(*start)).where(or_(*starts)).scalar_subquery(),
    )


@cache
def _asking(places: int) -> Statement:
    return Statement(select(*receivers_of(places)))


def deliveries_of(throw: Throw, looks: Sequence[Look]) -> list[Delivery]:
    """Return a delivery for each waiting instance (a message: its oldest wait) and each start."""
    about = (throw.sender, throw.kind, throw.name, throw.key, throw.payload)
    stored = [wait for look in looks for wait in look.waits_for(throw.event)]
    to_waits = [
        Delivery(*about, instance_id=wait.instance_id, wait_id=wait_of(wait.reference))
        for wait in _addressed(throw, stored)
    ]
    starts = dict.fromkeys(start for look in looks for start in look.starts_on(throw.event))
    to_starts = [
        Delivery(*about, version_id=version_id, start_event=element_id) for version_id, element_id in starts
    ]
    return to_waits + to_starts


def _addressed(throw: Throw, stored: list[Wait]) -> Iterable[Wait]:
    """Return the waits that are served, oldest first; a thrower has served its own signal itself."""
    waits = sorted({wait.id: wait for wait in (*stored, *throw.opened)}.values(), key=lambda wait: wait.id)
    if throw.kind == "signal":
        return [wait for wait in waits if throw.sender is None or wait.instance_id != throw.sender.id]
    oldest: dict[UUID, Wait] = {}
    for wait in waits:
        oldest.setdefault(wait.instance_id, wait)
    return oldest.values()
