"""What a running case tells the catalogue about itself, in business words."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """The case in which something is asked for.

    ``submitter_ids`` are the persons who filled in or submitted in this case; neither
    they nor the initiator may decide it. ``clauses`` are those of the asking element.
    """

    instance_id: UUID
    initiator_id: UUID | None = None
    element_id: str | None = None
    clauses: str | None = None
    submitter_ids: frozenset[UUID] = frozenset()
