"""Why an instance is advanced, and what is on its way to another one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from engine.bpmn.model import Element
from engine.instances.running import RunningInstance

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why an instance is advanced, for the audit trail.

    ``activity_id`` is what the actor acted on; ``has_deadline`` spares a statement when that user task has
    neither reminder nor escalation to drop. ``while_suspended``: administrators act on what stands still.
    """

    action: str
    element: Element | None = None
    activity_id: str | None = None
    role: str | None = None
    reason: str | None = None
    asked: Values | None = None
    after: Values | None = None
    has_deadline: bool = True
    while_suspended: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message or signal on its way to a wait, or to the start of a new instance."""

    sender: RunningInstance | None
    kind: str
    name: str
    key: str | None
    payload: Values
    instance_id: UUID | None = None
    wait_id: str | None = None
    version_id: UUID | None = None
    start_event: str | None = None
