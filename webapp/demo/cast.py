"""The people of the demo: the sample persons, each acting with nothing but their own permissions."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

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

    def next_task(self, platform: Platform, parked: set[UUID]) -> tuple[Actor, TaskRow] | None:
        """Return the first open task in anybody's inbox, with a person who may do it."""
        with platform.database.read() as session:
            for actor in self.actors:
                if not actor.may("task.work"):
                    continue
                page = platform.engine.inbox(session, actor, InboxFilter(view="claimable", limit=200))
                for row in page.rows:
                    if row.id not in parked:
                        return actor, row
        return None
