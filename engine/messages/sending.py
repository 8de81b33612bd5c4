"""Sending a message by hand or from the platform."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engine.errors import NothingWaits
from engine.instances.execution import Execution
from engine.messages.delivery import address
from engine.messages.receivers import Throw
from engine.registry import Registry
from kernel.actor import Actor
from kernel.audit import AuditEntry, append


def send_message(
    session: Session, registry: Registry, actor: Actor, name: str, key: str, payload: Mapping[str, Any]
) -> tuple[UUID, ...]:
    """Deliver a message to who waits for it and to what it starts; returns the instances reached.

    Raises:
        NothingWaits: nobody waits and nothing starts.
    """
    execution = Execution(session, registry, actor)
    address(execution, [Throw(None, "message", name, key, payload)])
    if not execution.deliveries:
        raise NothingWaits(name, key)
    append(
        session,
        AuditEntry(
            action="message.sent",
            actor=actor,
            stream="system:messages",
            asked={"name": name, "key": key, "payload": dict(payload)},
        ),
    )
    execution.finish()
    return execution.touched
