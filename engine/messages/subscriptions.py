"""The rows of what instances wait for: jobs that nobody runs, found by the name and key of the event."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from engine.instances.running import RunningInstance
from engine.jobs.models import WAITING
from engine.jobs.queue import job_row
from engine.runtime.effects import MessageAwaited, SignalAwaited

_PREFIX: Final = "event:"


def reference_of(wait_id: str) -> str:
    """Return how the row of a wait names it; a delivery that is held back names the same wait plainly."""
    return f"{_PREFIX}{wait_id}"


def wait_of(reference: str) -> str:
    """Return the wait that a row names."""
    return reference.removeprefix(_PREFIX)


def subscription(
    instance: RunningInstance, effect: MessageAwaited | SignalAwaited, kind: str, key: str, at: datetime
) -> dict[str, Any]:
    """Return the row of one wait; ``key`` is empty for signals."""
    reference = reference_of(effect.wait_id)
    row = job_row(kind, instance, reference, effect.element_id, effect.scope_process, at, at)
    return {**row, "status": WAITING, "event_name": effect.name, "correlation_key": key}
