"""What the modeler reads about definitions and their drafts: plain frozen rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from engine.bpmn.problems import Problem
from kernel.language import Text

DraftStatus = Literal["draft", "submitted", "released", "rejected"]


@dataclass(frozen=True, slots=True)
class DefinitionVersion:
    """One immutable deployed version; ``digest`` covers BPMN, forms and handler contracts (SHA-256)."""

    id: UUID
    key: str
    version: int
    name: Text
    digest: str
    deployed_by: UUID | None
    deployed_at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class DefinitionRow:
    """One process in the list: its newest version and how much it is used.

    ``start_roles``: who may start it by hand (empty: nobody); ``running``: open instances of all versions.
    """

    latest: DefinitionVersion
    versions: int
    running: int
    open_drafts: int
    start_roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DefinitionFiles:
    """A version with its files: ``<key>.bpmn`` and ``forms/<name>.json`` -> bytes."""

    version: DefinitionVersion
    files: Mapping[str, bytes]
    running: int


@dataclass(frozen=True, slots=True)
class DefinitionDraft:
    """A draft of a new version: edited by the author, released by a second administrator."""

    id: UUID
    key: str
    name: Text
    status: DraftStatus
    author_id: UUID | None
    note: str
    base_version: int | None
    created_at: datetime
    changed_at: datetime
    submitted_at: datetime | None
    decided_by: UUID | None
    decided_at: datetime | None
    decision_reason: str
    released_version_id: UUID | None
    revision: int
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What checking files found, without deploying anything.

    ``problems``: errors block, warnings do not; each names element, rule, message and cure.
    ``soundness``: one sentence on the explored states. ``not_cross_checked``: what the second opinion
    could not compare. ``second_opinion``: one sentence on the walks compared.
    """

    problems: tuple[Problem, ...]
    not_cross_checked: tuple[Text, ...] = ()
    soundness: Text | None = None
    second_opinion: Text | None = None

    @property
    def is_deployable(self) -> bool:
        """Tell whether no problem is an error."""
        return all(problem.severity != "error" for problem in self.problems)


@dataclass(frozen=True, slots=True)
class StartOption:
    """A process that the actor may start by hand, with the schema of its start form ({} = none)."""

    key: str
    name: Text
    version: int
    start_roles: tuple[str, ...]
    form_schema: Mapping[str, Any] = field(default_factory=dict)
