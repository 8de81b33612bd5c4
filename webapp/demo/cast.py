"""The people of the demo: the sample persons, each acting with nothing but their own permissions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from engine.api import InboxFilter, TaskRow
from kernel.actor import Actor
from webapp.wiring import Platform


@dataclass(frozen=True, slots=True)
class Cast:
    """Sample persons as actors, in the order in which they look at their inboxes."""

    actors: tuple[Actor, ...]

    def with_role(self, role: str, region_code: str, unit_id: UUID | None = None) -> Actor:
        """Return the first person who holds a role there.

        Raises:
            LookupError: nobody does.
        """
        for actor in self.actors:
            if actor.has_role(role, region_code, unit_id):
                return actor
        raise LookupError(f"nobody holds the role {role} in {region_code} for the unit {unit_id}")

    def permitted(self, action: str) -> Actor:
        """Return the first person who may perform an action.

        Raises:
            LookupError: nobody may.
        """
        for actor in self.actors:
            if actor.may(action):
                return actor
        raise LookupError(f"nobody may perform {action}")

    def next_task(
        self, platform: Platform, version_id: UUID, parked: set[UUID]
    ) -> tuple[Actor, TaskRow] | None:
        """Return the first open task on a version in anybody's inbox, with a person who may do it."""
        with platform.database.read() as session:
            for actor in self.actors:
                for row in _claimable(platform, session, actor):
                    if row.subject_id == version_id and row.id not in parked:
                        return actor, row
        return None

    def waited_for(self, platform: Platform) -> set[UUID]:
        """Return the subjects of every open task that anybody may take."""
        with platform.database.read() as session:
            rows = [row for actor in self.actors for row in _claimable(platform, session, actor)]
        return {row.subject_id for row in rows if row.subject_id is not None}


def _claimable(platform: Platform, session: Session, actor: Actor) -> Iterator[TaskRow]:
    after: str | None = None
    while actor.may("task.work"):
        page = platform.engine.inbox(session, actor, InboxFilter(view="claimable", after=after, limit=200))
        yield from page.rows
        after = page.next
        if after is None:
            return
