"""What a caller states about one event, before it is numbered and chained."""

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from kernel.actor import Actor

Outcome = Literal["done", "refused", "read"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Who did what, to what, why, and what changed.

    ``action`` is in the past tense (``user_task.completed``); for a refused request it
    is what was asked for, and ``outcome`` says that it was refused. ``before`` and
    ``after`` hold the values that changed, by field. ``clause`` names the clause of the
    standard that the element serves. ``steps`` is what the action set in motion, one list
    of plain JSON values for each step; it may grow until the event is written. ``stream``
    is ``instance:<id>``, ``component:<id>`` or ``system:<topic>``.
    """

    action: str
    actor: Actor
    stream: str
    outcome: Outcome = "done"
    instance_id: UUID | None = None
    element_id: str | None = None
    definition_version: str | None = None
    subject_type: str | None = None
    subject_id: UUID | None = None
    role: str | None = None
    reason: str | None = None
    asked: dict[str, Any] | None = None
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    clause: str | None = None
    steps: list[list[Any]] | None = None
    region_code: str | None = None
    unit_id: UUID | None = None
