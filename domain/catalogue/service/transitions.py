"""Ask for a transition: the one way in which a version changes its state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.admissions.queries import valid_admission
from domain.assessments.queries import standing_of
from domain.catalogue.case import CaseFacts
from domain.catalogue.dictionaries import INTRODUCED, build_mode_of
from domain.catalogue.endpoints import declared_endpoints
from domain.catalogue.errors import TransitionForbidden, rejection
from domain.catalogue.facts import Facts
from domain.catalogue.models import Component, ComponentVersion, StateChange
from domain.catalogue.queries.checking import check_version
from domain.catalogue.refusals import refusals
from domain.catalogue.rules import RuleBreach, Stage, errors
from domain.catalogue.service.authorisations import (
    end_mandate,
    is_in_force,
    standing_authorisation,
)
from domain.catalogue.service.claims import refresh_claims
from domain.catalogue.service.leaving import leaving_facts
from domain.catalogue.service.rows import locked_version, record_of, write_trail
from domain.catalogue.standing import roles_for
from domain.catalogue.states import Back, Event, State, Transition, transition
from domain.catalogue.versions import Precedence, core_of
from domain.checks.names import SECURITY_ASSESSMENT
from domain.checks.queries import check_runs, latest_statuses
from domain.people.permissions import require
from domain.people.queries import actor_for
from kernel.actor import Actor
from kernel.clock import now
from kernel.errors import FieldProblem, Invalid, NotFound
from kernel.ids import new_id
from kernel.language import Text

# How long a security assessment holds; a proposed value.
ASSESSMENT_VALIDITY: Final = timedelta(days=180)
_LIVE: Final = (State.LISTED, State.PUBLISHED, State.DEPRECATED)
_STARTS_ROUND: Final = (Event.START_ONBOARDING, Event.RESUBMIT, Event.SUBMIT_RECOVERY)
_SUBMITS: Final = (Event.APPLY_REVIEW, Event.SUBMIT_LISTING, Event.APPLY_RELISTING)
_ENDS_MANDATE: Final = (State.DRAFT, State.CANCELLED)


@dataclass(frozen=True, slots=True)
class Transitioned:
    """What happened: the row of the table, from where, to where."""

    number: str
    event: Event
    from_state: State
    to_state: State


def request_transition(
    session: Session,
    actor: Actor,
    version_id: UUID,
    event: Event | str,
    *,
    reason: str | None = None,
    case: CaseFacts | None = None,
) -> Transitioned:
    """Move a version to its next state, if the table, the asker and the facts allow it.

    The edge that called this records a refusal in the audit trail.

    Raises:
        VersionNotFound: no such version.
        TransitionForbidden: the table has no such event from its state.
        NotAllowed: the actor may not ask for transitions at all.
        NotYours: the asker's role, or four eyes, forbid it.
        Invalid: a reason is missing or rules of Table 1 are broken.
        GuardNotMet: another condition does not hold or cannot be established.
    """
    require(actor, "component.transition")
    asked = _event(event)
    version = locked_version(session, version_id)
    state = State(version.state)
    row = transition(state, asked)
    if row is None:
        raise TransitionForbidden(state, asked)
    facts = _facts(session, actor, version, row, reason, case)
    against = refusals(row, facts)
    if against:
        raise rejection(against)
    target = _target(version, row)
    _apply(session, version, row, state, target, actor, case)
    _record(session, actor, version, row, state, target, facts, case)
    return Transitioned(row.number, asked, state, target)


def _event(event: Event | str) -> Event:
    try:
        return Event(event)
    except ValueError:
        message = Text(f"没有状态事件 {event}", f"There is no state event {event}")
        raise Invalid(message, (FieldProblem("event", "event.unknown", message),)) from None


def _facts(
    session: Session,
    actor: Actor,
    version: ComponentVersion,
    row: Transition,
    reason: str | None,
    case: CaseFacts | None,
) -> Facts:
    record = record_of(session, version)
    mandate = standing_authorisation(session, version.id)
    accepted = mandate is not None and (mandate.accepted_by is not None or mandate.instance_id is not None)
    return Facts(
        roles=roles_for(actor, version),
        opener_roles=_opener_roles(session, version, case),
        in_case=case is not None,
        decider=actor.person_id,
        barred=_barred(version, case),
        reason=reason,
        listed_before=version.listed_at is not None,
        technical_field=version.technical_field,
        is_hosting=version.is_hosting,
        has_api=record.get("apiInfo") is not None,
        has_endpoint=bool(declared_endpoints(record)),
        checks=latest_statuses(session, version.id, version.round_started_at),
        assessment=standing_of(session, version.id, version.round_started_at),
        creation_breaches=_breaches(session, version, row, "creation_rules", Stage.CREATION),
        onboarding_breaches=_breaches(session, version, row, "onboarding_rules", Stage.ONBOARDING),
        listing_breaches=_breaches(session, version, row, "listing_rules", Stage.LISTING),
        review_needed=version.review_needed,
        authorisation_accepted=accepted,
        authorisation_valid=is_in_force(mandate),
        is_external=build_mode_of(record) == INTRODUCED,
        is_admitted=valid_admission(session, version.id) is not None,
        assessment_is_recent=_assessed_recently(session, version),
        has_directory_receipt=bool(version.directory_receipt),
        sister_build_live=_sister_live(session, version),
        successor_published=_successor_published(session, version),
        leaving=leaving_facts(session, version),
    )


def _opener_roles(session: Session, version: ComponentVersion, case: CaseFacts | None) -> frozenset[str]:
    if case is None or case.initiator_id is None:
        return frozenset()
    try:
        return roles_for(actor_for(session, case.initiator_id), version)
    except NotFound:
        return frozenset()


def _barred(version: ComponentVersion, case: CaseFacts | None) -> frozenset[UUID]:
    involved = {version.submitted_by}
    if case is not None:
        involved |= {case.initiator_id, *case.submitter_ids}
    return frozenset(person for person in involved if person is not None)


def _breaches(
    session: Session, version: ComponentVersion, row: Transition, guard: str, stage: Stage
) -> tuple[RuleBreach, ...]:
    """Run Table 1 only where the transition asks for it."""
    if guard not in row.guards:
        return ()
    return tuple(errors(check_version(session, version.id, stage)))


def _assessed_recently(session: Session, version: ComponentVersion) -> bool:
    runs = [
        run
        for run in check_runs(session, version.id)
        if run.check == SECURITY_ASSESSMENT and not run.is_statement
    ]
    return any(run.status == "passed" and now() - run.recorded_at <= ASSESSMENT_VALIDITY for run in runs)


def _siblings(session: Session, version: ComponentVersion, states: Sequence[State]) -> list[str]:
    query = select(ComponentVersion.version_canonical).where(
        ComponentVersion.component_id == version.component_id,
        ComponentVersion.id != version.id,
        ComponentVersion.state.in_([state.value for state in states]),
    )
    return list(session.scalars(query))


def _sister_live(session: Session, version: ComponentVersion) -> bool:
    """Tell whether another build of the same major.minor.patch is live (A02)."""
    own = core_of(version.version_canonical)
    return any(core_of(other) == own for other in _siblings(session, version, _LIVE))


def _successor_published(session: Session, version: ComponentVersion) -> bool:
    own = Precedence(version.version_canonical)
    return any(own < Precedence(other) for other in _siblings(session, version, (State.PUBLISHED,)))


def _target(version: ComponentVersion, row: Transition) -> State:
    if isinstance(row.target, State):
        return row.target
    remembered = version.suspended_from if row.target is Back.SUSPENDED_FROM else version.delist_from
    if remembered is None:
        raise ValueError(f"version {version.id} remembers no state to go back to by {row.number}")
    return State(remembered)


def _apply(
    session: Session,
    version: ComponentVersion,
    row: Transition,
    state: State,
    target: State,
    actor: Actor,
    case: CaseFacts | None,
) -> None:
    version.state, version.updated_at = target.value, now()
    if row.event in _STARTS_ROUND:
        version.round += 1
        version.round_started_at = now()
    if row.event in _SUBMITS:
        version.submitted_by = actor.person_id or (case.initiator_id if case else None)
    if target is State.LISTED and version.listed_at is None:
        version.listed_at = now()
    if row.event is Event.SUSPEND:
        version.suspended_from = state.value
    if row.event in (Event.START_DELISTING, Event.ABANDON_RECOVERY):
        version.delist_from = State.SUSPENDED.value if row.event is Event.ABANDON_RECOVERY else state.value
    if target in _ENDS_MANDATE:
        end_mandate(session, version)
    if target is State.CANCELLED:
        version.version_key = None
    # Also on the way up: a value that became free meanwhile is reserved before it is relied on.
    refresh_claims(session, session.get_one(Component, version.component_id))


def _record(
    session: Session,
    actor: Actor,
    version: ComponentVersion,
    row: Transition,
    state: State,
    target: State,
    facts: Facts,
    case: CaseFacts | None,
) -> None:
    last = session.scalar(select(func.max(StateChange.number)).where(StateChange.version_id == version.id))
    session.add(
        StateChange(
            id=new_id(),
            version_id=version.id,
            number=(last or 0) + 1,
            transition=row.number,
            event=row.event.value,
            from_state=state.value,
            to_state=target.value,
            actor_id=actor.person_id,
            actor_name=actor.name,
            reason=facts.reason,
            instance_id=case.instance_id if case else None,
            use_requirements=version.use_requirements,
            changed_at=now(),
        )
    )
    write_trail(
        session,
        actor,
        "component.transitioned",
        version,
        case=case,
        role=next((role for role in row.roles if role in facts.roles), "platform"),
        reason=facts.reason,
        before={"state": state.value},
        after={"state": target.value, "transition": row.number, "event": row.event.value},
        clause=row.clause,
    )
    # Whoever asks next must find the new state, and two at once must collide here.
    session.flush()
