"""Short verbs for the tests of reviewer actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.api import TaskDetail
from kernel.actor import Actor
from kernel.audit.models import AuditEvent
from tests.integration.engine.desk import Desk


def id_of(actor: Actor) -> UUID:
    """Return the id of a person."""
    return cast(UUID, actor.person_id)


def act(desk: Desk, actor: Actor, verb: str, task_id: UUID, *given: Any, **named: Any) -> Any:
    """Do a reviewer action by the name of the engine's method."""
    work: Callable[[Session], Any] = lambda session: getattr(desk.engine, verb)(  # noqa: E731 - one expression
        session, actor, task_id, *given, **named
    )
    return desk.perform(work, actor)


def detail(desk: Desk, actor: Actor, task_id: UUID) -> TaskDetail:
    """Return a task as the actor sees it."""
    with desk.database.read() as session:
        return desk.engine.task(session, actor, task_id)


def audited(desk: Desk, instance_id: UUID) -> list[str]:
    """Return the audit events of an instance, in order."""
    with desk.database.read() as session:
        return list(
            session.scalars(
                select(AuditEvent.action)
                .where(AuditEvent.instance_id == instance_id)
                .order_by(AuditEvent.sequence)
            )
        )
