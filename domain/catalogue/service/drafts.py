"""Open a draft, fill it in, and assess its basics."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.catalogue import dictionaries
from domain.catalogue.case import CaseFacts
from domain.catalogue.errors import ComponentNotFound, NotEditable, rules_broken
from domain.catalogue.models import Component, ComponentVersion
from domain.catalogue.queries.checking import rule_context
from domain.catalogue.queries.similar import (
    SIMILARITY_THRESHOLD,
    SimilarComponent,
    similar_components,
)
from domain.catalogue.rules import RuleBreach, Severity, Stage, check_record, errors
from domain.catalogue.service.births import Birth, bear_component, bear_version
from domain.catalogue.service.claims import index_name, name_holder, refresh_claims
from domain.catalogue.service.records import merged, refuse_unstorable, store_record
from domain.catalogue.service.rows import locked_version, record_of, write_trail
from domain.catalogue.standing import may_release, roles_for
from domain.catalogue.states import PLATFORM, State
from domain.catalogue.versions import canonical_version
from domain.people import queries as people
from domain.people.permissions import PROVIDER, RELEASING_UNIT, require
from kernel.actor import Actor
from kernel.errors import NotAllowed
from kernel.language import Text

_EDITABLE: Final = (State.DRAFT, State.AUTHORIZED, State.ONBOARDING, State.REWORK, State.ONBOARDED)
_IDENTIFYING: Final = ("V-NAME-01", "V-NAME-02", "V-NAME-03", "V-VER-01", "V-VER-02")
_NAME_SHARED: Final = RuleBreach(
    "V-NAME-03",
    "name",
    Severity.ERROR,
    Text("同一组件的各版本共用一个名称", "All versions of a component share its name"),
    "表1 name; 9.1a",
    Text("改回原名称，或另建新组件", "Keep the name, or create another component"),
)
_IDENTITY_SETTLED: Final = RuleBreach(
    "V-NAME-03",
    "name",
    Severity.ERROR,
    Text(
        "授权后不能再改名称和版本号",
        "Name and version number are settled once the version is authorised",
    ),
    "9.1a",
    Text("改回原名称和版本号，或另建新版本", "Keep name and number, or create another version"),
)
_STAGE: Final = {State.DRAFT: Stage.CREATION, State.ONBOARDED: Stage.LISTING}


@dataclass(frozen=True, slots=True)
class DraftOpened:
    """How opening a draft ended; where ``ok`` is False, ``problem`` says why.

    ``holder`` names the unit that holds the name, as far as the actor may see it.
    """

    ok: bool
    version_id: UUID | None = None
    component_id: UUID | None = None
    record: Mapping[str, Any] | None = None
    problem: Text | None = None
    holder: str | None = None


@dataclass(frozen=True, slots=True)
class SavedRecord:
    """The digest of the record as saved, and what Table 1 says of it at this state."""

    digest: str
    record: Mapping[str, Any]
    breaches: tuple[RuleBreach, ...]


@dataclass(frozen=True, slots=True)
class BasicsAssessment:
    """Table 1 for the creation, and how much the component resembles others."""

    passed: bool
    duplicate_score: float
    similar: tuple[SimilarComponent, ...]
    review_needed: bool
    breaches: tuple[RuleBreach, ...]


def open_draft(
    session: Session,
    actor: Actor,
    name: str,
    version: str,
    build_mode: str,
    *,
    component_id: UUID | None = None,
    version_id: UUID | None = None,
    unit_id: UUID | None = None,
    region_code: str | None = None,
    case: CaseFacts | None = None,
) -> DraftOpened:
    """Give a new version its ids and reserve name and number (S01).

    ``component_id`` opens a new version of an existing component, whose name it then
    has; ``version_id`` takes up a draft whose authorisation was revoked. A taken name or
    number is a result, not an error: the person chooses another one.

    Raises:
        NotAllowed: the actor is not of the releasing unit (nor the authorised provider,
            for a further version).
        VersionNotFound, ComponentNotFound: an id that does not exist.
        NotEditable: the version to take up is no draft.
    """
    actor.require("component.create")
    if version_id is not None:
        return _take_up(session, actor, version_id)
    component = _component(session, actor, component_id)
    place = _place_of(session, actor, component, unit_id, region_code)
    if component is not None:
        name = component.name
    record = _first_record(session, name, version, build_mode, place)
    breaches = _identity_breaches(session, record, component_id)
    if breaches:
        return DraftOpened(
            ok=False,
            problem=_joined(breaches),
            holder=_holder(session, actor, name, component_id),
        )
    if component is None:
        component = bear_component(session, actor, name, place)
    born = bear_version(session, actor, component, record, build_mode, case=case)
    return DraftOpened(ok=True, version_id=born.id, component_id=component.id, record=record)


def save_record(
    session: Session,
    actor: Actor,
    version_id: UUID,
    patch: Mapping[str, Any],
    *,
    case: CaseFacts | None = None,
) -> SavedRecord:
    """Merge the patch into the record and say what Table 1 thinks of it.

    Breaches do not refuse the saving, so that work in progress survives; only a taken
    name or version number does, and what could not be stored.

    Raises:
        VersionNotFound: no such version.
        NotAllowed: the actor is neither of the releasing unit nor the authorised provider.
        NotEditable: the record is closed in this state.
        Invalid: name or version missing or taken, or the record cannot be stored.
    """
    require(actor, "component.edit")
    version = locked_version(session, version_id)
    if not roles_for(actor, version) & {RELEASING_UNIT, PROVIDER, PLATFORM}:
        raise _not_yours()
    state = State(version.state)
    if state not in _EDITABLE:
        raise NotEditable(state)
    before = record_of(session, version)
    record = merged(before, patch)
    refuse_unstorable(record)
    component = session.get_one(Component, version.component_id)
    _refuse_identity(session, component, version, record)
    digest = store_record(session, version, record)
    _rename(session, component, version, record)
    refresh_claims(session, component)
    changed = sorted(key for key in record.keys() | before.keys() if record.get(key) != before.get(key))
    if changed:
        write_trail(
            session,
            actor,
            "component.record_saved",
            version,
            case=case,
            before={key: before.get(key) for key in changed},
            after={key: record.get(key) for key in changed},
            clause="7",
        )
    context = rule_context(session, component.id, version.id)
    breaches = check_record(record, _STAGE.get(state, Stage.ONBOARDING), context)
    return SavedRecord(digest, record, tuple(breaches))


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
        raise _not_yours()
    record = record_of(session, version)
    context = rule_context(session, version.component_id, version.id)
    breaches = check_record(record, Stage.CREATION, context)
    similar = similar_components(session, record, exclude_component=version.component_id)
    score = similar[0].score if similar else 0.0
    resembles = any(one.is_mandatory and one.score >= SIMILARITY_THRESHOLD for one in similar)
    not_mandatory = version.build_mode == "新建" and record.get("useRequirements") == "推荐"
    version.duplicate_score = score
    version.review_needed = resembles or not_mandatory
    return BasicsAssessment(
        passed=not errors(breaches),
        duplicate_score=score,
        similar=tuple(similar),
        review_needed=version.review_needed,
        breaches=tuple(breaches),
    )


def _take_up(session: Session, actor: Actor, version_id: UUID) -> DraftOpened:
    version = locked_version(session, version_id)
    if not roles_for(actor, version) & {RELEASING_UNIT, PLATFORM}:
        raise _not_yours()
    if version.state != State.DRAFT:
        raise NotEditable(State(version.state))
    return DraftOpened(
        ok=True,
        version_id=version.id,
        component_id=version.component_id,
        record=record_of(session, version),
    )


def _component(session: Session, actor: Actor, component_id: UUID | None) -> Component | None:
    if component_id is None:
        return None
    component = session.get(Component, component_id)
    if component is None:
        raise ComponentNotFound(component_id)
    if actor.has_role(RELEASING_UNIT, component.region_code, component.unit_id):
        return component
    versions = session.scalars(select(ComponentVersion).where(ComponentVersion.component_id == component_id))
    if not any(PROVIDER in roles_for(actor, version) for version in versions):
        raise _not_yours()
    return component


def _place_of(
    session: Session,
    actor: Actor,
    component: Component | None,
    unit_id: UUID | None,
    region_code: str | None,
) -> Birth:
    if component is not None:
        return Birth(component.unit_id, component.region_code)
    unit = people.unit(session, unit_id or _own_unit(actor))
    region = region_code or unit.region_code
    if unit.kind != "releasing" or not may_release(actor, region, unit.id):
        raise NotAllowed(
            Text(
                "新组件只能由发布单位的人员创建",
                "Only a person of the releasing unit may create a new component",
            )
        )
    return Birth(unit.id, region)


def _own_unit(actor: Actor) -> UUID:
    if actor.unit_id is None:
        raise NotAllowed(Text("您不属于任何单位", "You belong to no unit"))
    return actor.unit_id


def _first_record(session: Session, name: str, version: str, build_mode: str, place: Birth) -> dict[str, Any]:
    """Return the record with the defaults of Table 1 filled in."""
    regions = {region.code: region.name for region in people.regions(session)}
    return {
        "name": name,
        "version": version,
        "useRequirements": "强制" if build_mode == "新建" else "推荐",
        "isCharge": "2",
        "publicRegion": regions.get(place.region_code, ""),
        "publicScope": 1,
        "image": dictionaries.DEFAULT_ICON,
        "releaseCompanyInfo": f"单位:{people.unit(session, place.unit_id).name}",
        "extension": {"buildMode": build_mode},
    }


def _identity_breaches(
    session: Session,
    record: Mapping[str, Any],
    component_id: UUID | None,
    version_id: UUID | None = None,
) -> list[RuleBreach]:
    context = rule_context(session, component_id, version_id)
    breaches = check_record(record, Stage.CREATION, context)
    return [breach for breach in breaches if breach.rule_id in _IDENTIFYING]


def _refuse_identity(
    session: Session, component: Component, version: ComponentVersion, record: Mapping[str, Any]
) -> None:
    broken = _identity_breaches(session, record, component.id, version.id)
    settled = version.state != State.DRAFT
    if settled and (record["name"], record["version"]) != (component.name, version.version_raw):
        raise rules_broken([_IDENTITY_SETTLED])
    if not broken and record["name"] != component.name and _has_siblings(session, component, version):
        broken = [_NAME_SHARED]
    if broken:
        raise rules_broken(broken)


def _has_siblings(session: Session, component: Component, version: ComponentVersion) -> bool:
    query = select(ComponentVersion.id).where(
        ComponentVersion.component_id == component.id, ComponentVersion.id != version.id
    )
    return session.scalar(query.limit(1)) is not None


def _rename(
    session: Session, component: Component, version: ComponentVersion, record: Mapping[str, Any]
) -> None:
    canonical = canonical_version(record["version"]) or version.version_canonical
    version.version_raw = record["version"]
    version.version_canonical = version.version_key = canonical
    if record["name"] != component.name:
        component.name = record["name"]
        index_name(session, component)


def _holder(session: Session, actor: Actor, name: str, component_id: UUID | None) -> str | None:
    found = name_holder(session, name, component_id)
    if found is None:
        return None
    component = session.get_one(Component, found)
    if not any(grant.reaches(component.region_code, component.unit_id) for grant in actor.grants):
        return None
    return people.unit(session, component.unit_id).name


def _joined(breaches: list[RuleBreach]) -> Text:
    return Text(
        "；".join(breach.message.zh for breach in breaches),
        "; ".join(breach.message.en for breach in breaches),
    )


def _not_yours() -> NotAllowed:
    return NotAllowed(
        Text(
            "只有该组件的发布单位或获授权的提供方可以办理",
            "Only the releasing unit or the authorised provider of this component may do this",
        )
    )
