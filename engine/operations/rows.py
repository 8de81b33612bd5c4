"""What administrators ask for and read: plain frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from engine.runtime.commands import CorrectVariables, MoveToken
from engine.runtime.homes import Reason
from kernel.language import Text

OperationKind = Literal["suspend", "resume", "cancel", "move_token", "correct_variables", "migrate"]
OperationStatus = Literal["pending", "done", "refused", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Suspend:
    """Stop an instance: tasks refuse completion, jobs, timers, messages and signals are held."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Let a suspended instance go on; what came due meanwhile follows at once."""


@dataclass(frozen=True, slots=True)
class CancelInstance:
    """End an instance where it stands; its tasks, jobs and waits end with it."""


Operation = Suspend | Resume | CancelInstance | MoveToken | CorrectVariables


@dataclass(frozen=True, slots=True)
class OperationRow:
    """One request: who asked for what and why, and who decided it.

    ``asked``: *move_token* ``activityId``, ``from``, ``to``; *correct_variables* ``values``, ``before``,
    ``activityId``; *migrate* ``versionId``, ``mapping``, ``fromVersions``. ``region_code``: of the
    instance, or that a migration is bounded by.
    """

    id: UUID
    kind: OperationKind
    instance_id: UUID | None
    region_code: str
    asked: Mapping[str, Any]
    reason: str
    status: OperationStatus
    requested_by: UUID
    requested_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    decision_reason: str


@dataclass(frozen=True, slots=True)
class Position:
    """Where a token of an instance is held, and before which elements it could be put.

    ``work`` is *user*, *job* or None (a wait, a block); ``targets`` is empty where it cannot be moved.
    """

    activity_id: str
    element_id: str
    scope_process: str
    name: Text
    work: Literal["user", "job"] | None
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Positions:
    """An instance as its administrators see it; ``revision`` changes with every command."""

    instance_id: UUID
    case_number: str
    status: str
    revision: int
    positions: tuple[Position, ...]
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MigrationPlan:
    """Which instances are to go to which version.

    ``mapping``: by process key, elements of the old version that have another name in the new one.
    ``from_versions``: version numbers, empty meaning every other version of the process. Suspended
    instances go along.
    """

    version_id: UUID
    region_code: str
    mapping: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    from_versions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class MigrationVerdict:
    """Whether an instance can move (or has moved), and everything that is in its way.

    ``version``: the one it is on at the moment.
    """

    instance_id: UUID
    case_number: str
    version: int
    is_movable: bool
    reasons: tuple[Reason, ...] = ()
