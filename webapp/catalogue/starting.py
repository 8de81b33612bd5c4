"""Starting the processes of a component by hand: who, on what, with which first variables.

Shared by the pages and the demonstration. The engine checks the start roles of the process; here stands
only what each process wants to know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalogue import service as catalogue
from domain.catalogue.queries import VersionDetail, VersionRow
from domain.catalogue.service import lock_version
from domain.catalogue.standing import roles_for
from domain.catalogue.states import State
from domain.changes import service as changes
from domain.changes.queries import change_that_brings
from domain.checks.names import SELF_CHECKS
from domain.checks.queries import check_runs
from domain.people.permissions import RELEASING_UNIT
from engine.api import Engine, InstanceFilter, InstanceRef
from kernel.actor import Actor, system_actor
from kernel.errors import Conflict, FieldProblem, Invalid, NotAllowed
from kernel.language import Text

SUBJECT = "component_version"
_EVERYTHING = system_actor("platform")
CREATION, ONBOARDING = "component-creation", "component-onboarding"
LISTING, PUBLISHING = "component-listing", "component-publishing"
CHANGE = "version-change"
FORCED, COMPLIANCE, VOLUNTARY = "forced-delisting", "compliance-delisting", "voluntary-delisting"
FILING = "emergency-plan-filing"
AUTHORISATION_REVOKED = "authorisation.revoked"

# What a page may add to the variables of a process.
OPTIONS = frozenset({"action", "changeType", "causeId"})

IN_CATALOGUE = frozenset({State.LISTED, State.PUBLISHED, State.DEPRECATED, State.SUSPENDED})

# The states in which a process makes sense; the state machine decides again when the process asks.
STARTABLE_FROM: Mapping[str, frozenset[State]] = {
    CREATION: frozenset({State.DRAFT}),
    LISTING: frozenset({State.ONBOARDED}),
    PUBLISHING: frozenset({State.LISTED, State.PUBLISHED}),
    CHANGE: frozenset({State.LISTED, State.PUBLISHED}),
    # What stands in the catalogue, is blocked or is being mended; the case looks again when it opens.
    **dict.fromkeys((FORCED, COMPLIANCE, VOLUNTARY), IN_CATALOGUE | {State.REWORK}),
    FILING: IN_CATALOGUE,
}
_DELISTING = frozenset({"forced-delisting", "idle-delisting", "compliance-delisting", "voluntary-delisting"})
# What may not be open on the version when a process starts; a process beside itself is refused by the engine.
NOT_BESIDE: Mapping[str, frozenset[str]] = {
    # A compliance case asks for a change and waits for it; once it is approved the state refuses one.
    CHANGE: _DELISTING - {COMPLIANCE},
    PUBLISHING: _DELISTING,
    LISTING: frozenset({ONBOARDING}),
}
REVOCABLE_FROM = frozenset(
    {State.AUTHORIZED, State.ONBOARDING, State.ASSESSING, State.REWORK, State.ONBOARD_REVIEW}
)


@dataclass(frozen=True, slots=True)
class CreationAsked:
    """The component that somebody wants to create."""

    name: str
    version: str
    build_mode: str


class NotInThisState(Conflict):
    """The state of the version does not allow the process."""

    def __init__(self, state: Text) -> None:
        super().__init__(
            Text(
                f"组件版本当前为“{state.zh}”，不能发起该流程",
                f"The version is “{state.en}”: this process cannot be started now",
            )
        )


class AnotherCaseOpen(Conflict):
    """Another case on the version excludes the one that is asked for."""

    def __init__(self, title: Text, case_number: str) -> None:
        super().__init__(
            Text(
                f"该版本的“{title.zh}”正在办理（{case_number}），暂不能发起该流程",
                f"“{title.en}” of this version is under way ({case_number}): this cannot be started now",
            )
        )


class NoSuchCause(Conflict):
    """The case that a change names as its cause does not ask for a change of this version."""

    def __init__(self, case_number: str) -> None:
        super().__init__(
            Text(
                f"办件 {case_number} 没有要求变更该版本，不能作为起因",
                f"Case {case_number} asks for no change of this version: it cannot be the cause",
            )
        )


class SelfCheckFailed(Conflict):
    """The self-check of the provider failed, so nobody applies for the listing (8.2.1c)."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "组件自检未通过，不得申请上架：请整改并重新自检（8.2.1c）",
                "The self-check failed: no listing before it is mended and checked again (8.2.1c)",
            )
        )


class HeldByChange(Conflict):
    """A change publishes the version in its window, and nobody else before."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "该版本由在办变更持有，将在变更窗口内发布",
                "A change under way holds this version and publishes it in its window",
            )
        )


def start_creation(
    session: Session,
    engine: Engine,
    actor: Actor,
    asked: CreationAsked,
    of_component: VersionRow | None = None,
) -> InstanceRef:
    """Start the creation of a new component, or of a new version of one.

    Raises:
        NotAllowed: the actor acts for no releasing unit.
    """
    region_code, unit_id = releasing_place(actor)
    variables: dict[str, Any] = {
        "name": of_component.name if of_component else asked.name,
        "version": asked.version,
        "buildMode": asked.build_mode,
        "releasingUnitId": str(unit_id),
    }
    if of_component:
        variables["componentId"] = str(of_component.component_id)
    title = f"{variables['name']} {asked.version}"
    return engine.start_instance(
        session, actor, CREATION, variables, title=title, region_code=region_code, unit_id=unit_id
    )


def open_draft(session: Session, actor: Actor, asked: CreationAsked) -> UUID:
    """Open a draft outside of a case, to be filled in step by step; return its id.

    Raises:
        NotAllowed: the actor acts for no releasing unit.
        Conflict: name or number are malformed or taken.
    """
    region_code, unit_id = releasing_place(actor)
    opened = catalogue.open_draft(
        session, actor, asked.name, asked.version, asked.build_mode, unit_id=unit_id, region_code=region_code
    )
    if opened.version_id is None:
        raise Conflict(opened.problem or Text("名称或版本号已被占用", "Name or version are taken"))
    return opened.version_id


def start_on_version(
    session: Session,
    engine: Engine,
    actor: Actor,
    key: str,
    version: VersionDetail,
    options: Mapping[str, Any] | None = None,
) -> InstanceRef:
    """Start a process on a version that exists.

    Raises:
        NotInThisState: the version is elsewhere in its life.
        SelfCheckFailed: a listing is asked for, and the self-check failed.
        AnotherCaseOpen, HeldByChange: a case that is under way excludes it.
        NoSuchCause: a change names a case that asks for none.
        ChangeAlreadyOpen, NotAllowed: what the room of changes refuses.
        StartNotAllowed, InstanceAlreadyOpen: what the engine refuses.
    """
    if version.state not in STARTABLE_FROM.get(key, frozenset()):
        raise NotInThisState(version.row.state_text)
    lock_version(session, version.id)
    if key == LISTING and failed_self_check(session, version.id):
        raise SelfCheckFailed
    _refuse_beside_others(session, engine, key, version)
    given: dict[str, Any] = dict(options or {})
    if key == CHANGE:
        cause = _cause_of(session, engine, version.id, given.pop("causeId", None))
        change_id = changes.open_change(
            session, actor, version.id, given.get("changeType", ""), cause_id=cause
        )
        given["changeId"] = str(change_id)
        if cause is not None:
            given["causeId"] = cause
    started = _started(session, engine, actor, key, version, given)
    if key == CHANGE:
        changes.attach_case(session, change_id, started.id)
    return started


def cases_that_ask_for_a_change(session: Session, engine: Engine, version_id: UUID) -> tuple[str, ...]:
    """Return the numbers of the open cases that asked the provider to change the version and wait for it.

    Such a case keeps its number as ``causeId`` from the moment on at which it asked.
    """
    wanted = InstanceFilter(subject_type=SUBJECT, subject_id=version_id, process_keys=(COMPLIANCE,), limit=50)
    rows = engine.instances(session, _EVERYTHING, wanted).rows
    details = [engine.instance(session, _EVERYTHING, row.id) for row in rows if row.ended_at is None]
    return tuple(one.row.case_number for one in details if one.variables.get("causeId"))


def _cause_of(session: Session, engine: Engine, version_id: UUID, named: str | None) -> str | None:
    """Return the case that a change answers: the one named, none if empty, else the one that asks for it."""
    asking = cases_that_ask_for_a_change(session, engine, version_id)
    if named is None:
        return next(iter(asking), None)
    if named and named not in asking:
        raise NoSuchCause(named)
    return named or None


def failed_self_check(session: Session, version_id: UUID) -> bool:
    """Tell whether the latest self-check that the provider declared did not pass."""
    return any(run.check == SELF_CHECKS and run.status == "failed" for run in check_runs(session, version_id))


def _started(
    session: Session,
    engine: Engine,
    actor: Actor,
    key: str,
    version: VersionDetail,
    given: Mapping[str, Any],
) -> InstanceRef:
    return engine.start_instance(
        session,
        actor,
        key,
        {**first_variables(version), **given},
        business_key=str(version.id),
        title=f"{version.name} {version.version}",
        subject_type=SUBJECT,
        subject_id=version.id,
        region_code=version.region_code,
        unit_id=version.unit_id,
    )


def _refuse_beside_others(session: Session, engine: Engine, key: str, version: VersionDetail) -> None:
    """Raise where a case that is under way on the version excludes this one; the version is locked."""
    excluded = NOT_BESIDE.get(key, frozenset())
    if excluded:
        wanted = InstanceFilter(
            subject_type=SUBJECT, subject_id=version.id, process_keys=tuple(sorted(excluded)), limit=50
        )
        for row in engine.instances(session, _EVERYTHING, wanted).rows:
            if row.ended_at is None:
                raise AnotherCaseOpen(row.process_name, row.case_number)
    if key == PUBLISHING and change_that_brings(session, version.id) is not None:
        raise HeldByChange


def revoke_authorisation(
    session: Session, engine: Engine, actor: Actor, version: VersionDetail, reason: str
) -> None:
    """Tell the running onboarding that the releasing unit takes the mandate back.

    Raises:
        NotAllowed: the actor is not of the releasing unit.
        Invalid: no reason given.
        NotInThisState: the version holds no mandate that can be taken back.
        NothingWaits: no onboarding is running.
    """
    actor.require("component.authorise")
    if RELEASING_UNIT not in roles_for(actor, version):
        raise NotAllowed(
            Text("只有发布单位可以收回授权", "Only the releasing unit may revoke the authorisation")
        )
    if not reason:
        message = Text("请填写收回授权的理由", "Give the reason for revoking the authorisation")
        raise Invalid(message, (FieldProblem("reason", "reason.required", message),))
    if version.state not in REVOCABLE_FROM:
        raise NotInThisState(version.row.state_text)
    engine.send_message(session, actor, AUTHORISATION_REVOKED, str(version.id), {"reason": reason})


def first_variables(version: VersionDetail) -> dict[str, Any]:
    """Return what a process on a version knows of it at the start."""
    record = dict(version.record)
    return {
        "versionId": str(version.id),
        "componentId": str(version.component_id),
        "name": version.name,
        "version": version.version,
        "buildMode": version.row.build_mode,
        "releasingUnitId": str(version.unit_id),
        "providerUnitId": str(version.provider_unit_id) if version.provider_unit_id else None,
        "technicalField": version.row.technical_field,
        "isHosting": version.row.is_hosting,
        "record": record,
    }


def releasing_place(actor: Actor) -> tuple[str, UUID]:
    """Return the region and unit for which the actor releases components.

    Raises:
        NotAllowed: the actor acts for no releasing unit.
    """
    for grant in actor.grants:
        unit_id = grant.unit_id or actor.unit_id
        if grant.role == RELEASING_UNIT and unit_id is not None:
            return grant.region_code, unit_id
    raise NotAllowed(Text("只有发布单位可以创建组件", "Only a releasing unit may create a component"))
