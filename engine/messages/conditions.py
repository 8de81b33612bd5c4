"""Conditional start events: somebody says what is the case, and the processes that wait for it begin.

Source: BPMN 2.0.2, clause 10.5.2 (conditional start event).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.models import EventStart
from engine.definitions.pinned import pinned_net
from engine.definitions.versions import find_version, pins_of
from engine.instances.causes import Delivery
from engine.instances.execution import Execution
from engine.registry import Registry
from engine.runtime.conditions import may_start
from kernel.actor import Actor
from kernel.audit import AuditEntry, append


def evaluate_conditional_starts(
    session: Session, registry: Registry, actor: Actor, variables: Mapping[str, Any]
) -> tuple[UUID, ...]:
    """Start the newest version of each process whose conditional start holds for these variables.

    Each call is an evaluation of its own: what held before begins again. Returns the instances.

    Raises:
        Incident: a condition is neither true nor false for these variables.
    """
    execution = Execution(session, registry, actor)
    starts = session.execute(
        select(EventStart.version_id, EventStart.key, EventStart.element_id)
        .where(EventStart.kind == "condition")
        .order_by(EventStart.key, EventStart.element_id)
    ).all()
    for version_id, key, element_id in starts:
        net = pinned_net(session, pins_of(session, find_version(session, version_id)))
        if may_start(net.element(key, element_id), variables):
            execution.deliveries.append(
                Delivery(
                    None,
                    "condition",
                    element_id,
                    None,
                    variables,
                    version_id=version_id,
                    start_event=element_id,
                )
            )
    append(
        session,
        AuditEntry(
            action="condition.evaluated",
            actor=actor,
            stream="system:messages",
            asked={"variables": dict(variables)},
            after={"starts": len(execution.deliveries)},
        ),
    )
    execution.finish()
    return execution.touched
