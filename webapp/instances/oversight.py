"""Reads by those who oversee are themselves recorded: who looked at what, and what was searched for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from kernel.audit import AuditEntry, append
from kernel.unit_of_work import perform
from webapp.acting import current_actor, current_platform

STREAM = "system:reading"


def record_read(action: str, *, instance_id: UUID | None = None, asked: dict[str, Any] | None = None) -> None:
    """Record that the acting person read, if they oversee others; reading one's own work leaves no event.

    The events have a stream of their own, so that reading a case never makes its writers wait.
    """
    actor = current_actor()
    if not actor.may("instance.read_all"):
        return
    entry = AuditEntry(
        action=action, actor=actor, stream=STREAM, outcome="read", instance_id=instance_id, asked=asked
    )

    def work(session: Session) -> None:
        append(session, entry)

    perform(current_platform().database, action, actor, work, stream=STREAM)
