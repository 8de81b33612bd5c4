"""The plain rows that reads about versions return."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from domain.catalogue.states import STATE_TEXT, State
from kernel.files import StoredFile
from kernel.language import Text


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """A file in its role for a version; ``file.reference`` is what the record keeps."""

    id: UUID
    kind: str
    file: StoredFile
    attached_by: UUID | None
    attached_at: datetime


@dataclass(frozen=True, slots=True)
class AuthorisationRow:
    """A mandate to a provider unit; the dates are ISO dates in Asia/Shanghai."""

    id: UUID
    provider_unit_id: UUID
    scope: str
    starts_on: str | None
    ends_on: str | None
    granted_by: UUID | None
    accepted_by: UUID | None
    recorded_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class StateChangeRow:
    """One transition: its number in the table, from, to, who, why, when."""

    number: int
    transition: str
    event: str
    from_state: State | None
    to_state: State
    actor_id: UUID | None
    actor_name: str
    reason: str | None
    instance_id: UUID | None
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version in a list."""

    id: UUID
    component_id: UUID
    name: str
    version: str
    canonical: str
    state: State
    technical_field: str | None
    layer: str | None
    capability_class: str | None
    use_requirements: str | None
    is_hosting: int | None
    build_mode: str
    region_code: str
    unit_id: UUID
    provider_unit_id: UUID | None
    listed_at: datetime | None
    round: int
    round_started_at: datetime
    updated_at: datetime

    @property
    def state_text(self) -> Text:
        """Return the state in words."""
        return STATE_TEXT[self.state]


@dataclass(frozen=True, slots=True)
class VersionDetail:
    """A version in full; ``record`` is the Table 1 record as stored."""

    row: VersionRow
    record: Mapping[str, Any]
    record_digest: str
    unit_name: str
    provider_unit_name: str | None
    duplicate_score: float | None
    review_needed: bool | None
    directory_id: str | None
    directory_receipt: str | None
    attachments: tuple[AttachmentRow, ...]
    history: tuple[StateChangeRow, ...]
    authorisation: AuthorisationRow | None

    @property
    def id(self) -> UUID:
        """Return the id of the version."""
        return self.row.id

    @property
    def component_id(self) -> UUID:
        """Return the id of the component."""
        return self.row.component_id

    @property
    def api_id(self) -> UUID | None:
        """Return the id of the component's API, or None where it has none.

        A component has one API, so its id follows from the component's: no renaming of either changes it.

        Source: RFC 9562, section 5.5
        """
        return uuid5(self.component_id, "api") if self.record.get("apiInfo") else None

    @property
    def name(self) -> str:
        """Return the name of the component."""
        return self.row.name

    @property
    def version(self) -> str:
        """Return the version as it was written."""
        return self.row.version

    @property
    def state(self) -> State:
        """Return the state."""
        return self.row.state

    @property
    def region_code(self) -> str:
        """Return the region of the version."""
        return self.row.region_code

    @property
    def unit_id(self) -> UUID:
        """Return the releasing unit."""
        return self.row.unit_id

    @property
    def provider_unit_id(self) -> UUID | None:
        """Return the authorised provider unit."""
        return self.row.provider_unit_id


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionFilter:
    """Which versions to list; what is None does not filter. ``text`` searches the name."""

    state: State | None = None
    technical_field: str | None = None
    layer: str | None = None
    capability_class: str | None = None
    use_requirements: str | None = None
    region_code: str | None = None
    component_id: UUID | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class VersionPage:
    """A page of versions, newest first; ``next`` is the cursor of the next page, or None."""

    rows: tuple[VersionRow, ...]
    next: UUID | None
