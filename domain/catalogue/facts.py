"""What is known of a version and of who asks, gathered before the guards decide."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from domain.assessments.queries import AssessmentStanding
from domain.catalogue.leaving import Leaving
from domain.catalogue.rules import RuleBreach


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything the guards look at.

    ``checks`` maps check names to the status of the latest run of the current round;
    ``*_breaches`` are the errors of Table 1 per stage. ``reason`` is what the asking
    person gave. ``roles`` are those the asker holds for this version, with ``platform``
    for the platform; ``opener_roles`` those of the person who opened the case.
    """

    roles: frozenset[str] = frozenset()
    opener_roles: frozenset[str] = frozenset()
    in_case: bool = False
    decider: UUID | None = None
    barred: frozenset[UUID] = frozenset()
    reason: str | None = None
    listed_before: bool = False
    technical_field: str | None = None
    is_hosting: int | None = None
    has_api: bool = False
    has_endpoint: bool = False
    checks: Mapping[str, str] = field(default_factory=dict)
    assessment: AssessmentStanding | None = None
    creation_breaches: tuple[RuleBreach, ...] = ()
    onboarding_breaches: tuple[RuleBreach, ...] = ()
    listing_breaches: tuple[RuleBreach, ...] = ()
    review_needed: bool | None = None
    authorisation_accepted: bool = False
    authorisation_valid: bool = False
    is_external: bool = False
    is_admitted: bool = False
    assessment_is_recent: bool = False
    has_directory_receipt: bool = False
    sister_build_live: bool = False
    successor_published: bool = False
    leaving: Leaving | None = None

    def passed(self, check: str) -> bool:
        """Tell whether the latest run of the check in this round passed."""
        return self.checks.get(check) == "passed"
