"""What a scan reports about one check, in this room's words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from kernel.language import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannedFinding:
    """One thing found; ``evidence`` never holds a clear secret, ``is_uncertain`` is a match by name only."""

    rule: str
    severity: str
    message: Text
    tool: str = ""
    tool_version: str = ""
    place: str = ""
    evidence: str = ""
    clause: str = ""
    identifiers: tuple[str, ...] = ()
    component: str = ""
    fixed_in: tuple[str, ...] = ()
    is_uncertain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """What came of running the tools of one check.

    ``status``: ``passed`` or ``failed`` when they ran to their end (the baseline decides anyway), else
    ``inconclusive``, ``not_checked`` or ``not_applicable``. ``is_worth_repeating`` is false where a tool ran
    past its limit: it would do so again.
    """

    item: str
    status: str
    summary: Text
    basis: Text = field(default_factory=lambda: Text("", ""))
    tool: str = ""
    tool_version: str = ""
    findings: tuple[ScannedFinding, ...] = ()
    looked_at: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = 0.0
    raw_digest: str | None = None
    is_worth_repeating: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """One library of a bill of materials."""

    purl: str
    name: str
    version: str
    licences: tuple[str, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is assessed, and what is known of it at the start."""

    type: str
    id: UUID
    name: str
    region_code: str
    unit_id: UUID | None
    provider_unit_id: UUID | None
    version_id: UUID | None
    caller: str
    form: str
    hosting: str
    artefact_digest: str | None
    address: str | None
