"""One case on its pages, whatever it is about: for processes that begin without a component, and scans."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from engine.api import InboxFilter, InstanceFilter, InstanceRow, TaskDetail, TaskRow
from kernel.actor import Actor, system_actor
from tests.journeys.persons import Person

if TYPE_CHECKING:
    from tests.journeys.theatre import Theatre

PLATFORM = system_actor("platform")


@dataclass(frozen=True, slots=True)
class Case:
    """A case, whose tasks are completed one by one with what is said."""

    theatre: Theatre
    id: UUID

    def task(self, element: str) -> tuple[Actor, TaskRow]:
        """Return the open task of an element, and somebody who may do it."""
        self.theatre.driver.run_jobs()
        open_at = set()
        with self.theatre.platform.database.read() as session:
            for actor in self.theatre.cast.actors:
                if not actor.may("task.work"):
                    continue
                wanted = InboxFilter(view="claimable", limit=200)
                for row in self.theatre.platform.engine.inbox(session, actor, wanted).rows:
                    if row.instance_id == self.id:
                        open_at.add(row.element_id)
                        if row.element_id == element:
                            return actor, row
        raise AssertionError(f"{element} is not open, but {sorted(open_at)}")

    def detail(self, element: str) -> tuple[Actor, TaskDetail]:
        """Return the open task of an element as somebody sees it who may do it."""
        actor, row = self.task(element)
        with self.theatre.platform.database.read() as session:
            return actor, self.theatre.platform.engine.task(session, actor, row.id)

    def complete(self, element: str, **data: Any) -> Case:
        """Complete the open task of an element on its page."""
        actor, task = self.detail(element)
        hands = self.theatre.driver.hands
        hands.complete(actor, task, hands.supplies(actor, task.row).resolved(data))
        self.theatre.driver.run_jobs()
        return self

    def withdraw(self, element: str, reason: str = "业务调整") -> Case:
        """Let the initiator end the case at an open task."""
        _actor, row = self.task(element)
        with self.theatre.platform.database.read() as session:
            case = self.theatre.platform.engine.instance(session, PLATFORM, self.id).row
        initiator = next(one for one in self.theatre.cast.actors if one.person_id == case.initiator_id)
        self.theatre.pages.withdraw(initiator, row, reason)
        self.theatre.driver.run_jobs()
        return self

    def expect_ends(self, *ends: str) -> Case:
        """Expect a supervisor to see these ends (``process/end event``) in the diagrams of the case."""
        self.theatre.expect_ends([self.id], ends)
        return self


def cases_of(theatre: Theatre, process: str) -> tuple[InstanceRow, ...]:
    """Return the cases of a process, the newest first."""
    wanted = InstanceFilter(process_keys=(process,), limit=100)
    with theatre.platform.database.read() as session:
        return tuple(theatre.platform.engine.instances(session, PLATFORM, wanted).rows)


def newest_case(theatre: Theatre, process: str) -> Case:
    """Return the case of a process that was opened last."""
    return Case(theatre, cases_of(theatre, process)[0].id)


def ends_seen(reader: Person, instance_id: UUID, processes: Iterable[str]) -> set[str]:
    """Return the elements of some processes that somebody sees passed on the page of a case."""
    page = f"/instances/{instance_id}"
    reader.visit(page)
    seen = set()
    for process in processes:
        document = reader.document(f"{page}/diagrams/{process}") or {"elements": {}}
        elements = document["elements"].items()
        seen |= {f"{process}/{name}" for name, facts in elements if facts["state"] == "done"}
    return seen
