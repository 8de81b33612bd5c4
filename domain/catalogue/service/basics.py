"""Assess the basics of a draft: Table 1 for the creation, and how much it resembles others."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalogue.dictionaries import NEWLY_BUILT, build_mode_of
from domain.catalogue.errors import NotEditable
from domain.catalogue.policy import duplicate_threshold
from domain.catalogue.queries.checking import rule_context
from domain.catalogue.queries.similar import (
    SimilarComponent,
    similar_components,
)
from domain.catalogue.rules import RuleBreach, Stage, check_record, errors
from domain.catalogue.service.identity import not_yours
from domain.catalogue.service.rows import locked_version, record_of
from domain.catalogue.standing import roles_for
from domain.catalogue.states import PLATFORM, State
from domain.people.permissions import PROVIDER, RELEASING_UNIT, require
from kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class BasicsAssessment:
    """Table 1 for the creation, and how much the component resembles others."""

    passed: bool
    duplicate_score: float
    similar: tuple[SimilarComponent, ...]
    review_needed: bool
    mandatory_likeness: float
    breaches: tuple[RuleBreach, ...]


def assess_basics(session: Session, actor: Actor, version_id: UUID) -> BasicsAssessment:
    """Run the creation rules, compute the duplicate score and note whether a review is due.

    A review is due where the component resembles a mandatory one (5.3.1a), or is newly
    built without becoming mandatory (6.1.1).

    Raises:
        VersionNotFound: no such version.
        NotAllowed: the actor is neither of the releasing unit nor the platform.
    """
    require(actor, "component.edit")
    version = locked_version(session, version_id)
    if not roles_for(actor, version) & {RELEASING_UNIT, PROVIDER, PLATFORM}:
        raise not_yours()
    record = record_of(session, version)
    context = rule_context(session, version.component_id, version.id)
    breaches = check_record(record, Stage.CREATION, context)
    similar = similar_components(session, record, exclude_component=version.component_id)
    score = similar[0].score if similar else 0.0
    mandatory_likeness = max((one.score for one in similar if one.is_mandatory), default=0.0)
    not_mandatory = build_mode_of(record) == NEWLY_BUILT and record.get("useRequirements") == "推荐"
    version.duplicate_score = score
    version.review_needed = mandatory_likeness >= duplicate_threshold() or not_mandatory
    return BasicsAssessment(
        passed=not errors(breaches),
        duplicate_score=score,
        similar=tuple(similar),
        review_needed=version.review_needed,
        mandatory_likeness=mandatory_likeness,
        breaches=tuple(breaches),
    )


def call_for_review(session: Session, actor: Actor, version_id: UUID, *, needed: bool) -> None:
    """Note what the decision table of the creation says: whether duplication has to be reviewed (5.3.1a).

    The guard of the authorisation asks for the review where the table calls for one.

    Raises:
        VersionNotFound: no such version.
        NotAllowed: the actor is not the platform.
        NotEditable: the version is no draft any more.
    """
    version = locked_version(session, version_id)
    if PLATFORM not in roles_for(actor, version):
        raise not_yours()
    if version.state != State.DRAFT:
        raise NotEditable(State(version.state))
    version.review_needed = needed
