"""The rows of what instances wait for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine.instances.running import RunningInstance
from engine.runtime.effects import MessageAwaited, SignalAwaited
from kernel.ids import new_id


def subscription(
    instance: RunningInstance, effect: MessageAwaited | SignalAwaited, kind: str, key: str, at: datetime
) -> dict[str, Any]:
    """Return the row of one wait; ``key`` is empty for signals."""
    return {
        "id": new_id(),
        "instance_id": instance.id,
        "wait_id": effect.wait_id,
        "kind": kind,
        "name": effect.name,
        "correlation_key": key,
        "element_id": effect.element_id,
        "scope_process": effect.scope_process,
        "created_at": at,
    }
