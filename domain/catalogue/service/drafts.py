"""Open a draft: ids are given, name and number reserved (S01)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.catalogue import dictionaries
from domain.catalogue.case import CaseFacts
from domain.catalogue.errors import ComponentNotFound, NotEditable, VersionNotFound
from domain.catalogue.models import Component, ComponentVersion
from domain.catalogue.rules import RuleBreach
from domain.catalogue.service.attachments import copy_attachments
from domain.catalogue.service.births import Birth, bear_component, bear_version
from domain.catalogue.service.claims import name_holder
from domain.catalogue.service.identity import identity_breaches, not_yours
from domain.catalogue.service.rows import locked_version, record_of
from domain.catalogue.standing import may_release, roles_for
from domain.catalogue.states import PLATFORM, State
from domain.people import queries as people
from domain.people.permissions import PROVIDER, RELEASING_UNIT
from kernel.actor import Actor
from kernel.errors import NotAllowed
from kernel.language import Text


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


def open_draft(
    session: Session,
    actor: Actor,
    name: str,
    version: str,
    build_mode: str,
    *,
    component_id: UUID | None = None,
    version_id: UUID | None = None,
    from_version_id: UUID | None = None,
    unit_id: UUID | None = None,
    region_code: str | None = None,
    case: CaseFacts | None = None,
) -> DraftOpened:
    """Give a new version its ids and reserve name and number (S01).

    ``component_id`` opens a new version of an existing component, whose name it then
    has, and ``from_version_id`` presets it with what an earlier version says; ``version_id`` takes up a
    draft whose authorisation was revoked. A taken name or number, or a number out of order, is a result,
    not an error: the person chooses another one.

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
    preset = _preset(session, component, from_version_id)
    if preset is not None:
        record = _preset_record(record_of(session, preset), record)
    breaches = identity_breaches(session, record, component_id)
    if breaches:
        return DraftOpened(
            ok=False,
            problem=_joined(breaches),
            holder=_holder(session, actor, name, component_id),
        )
    if component is None:
        component = bear_component(session, actor, name, place)
    born = bear_version(session, actor, component, record, case=case)
    if preset is not None:
        copy_attachments(session, actor, preset, born, case)
    return DraftOpened(ok=True, version_id=born.id, component_id=component.id, record=record)


def _take_up(session: Session, actor: Actor, version_id: UUID) -> DraftOpened:
    version = locked_version(session, version_id)
    if not roles_for(actor, version) & {RELEASING_UNIT, PLATFORM}:
        raise not_yours()
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
        raise not_yours()
    return component


def _preset(
    session: Session, component: Component | None, version_id: UUID | None
) -> ComponentVersion | None:
    """Return the version whose data are kept for the next one; it belongs to the same component.

    Raises:
        VersionNotFound: no such version of this component.
    """
    if version_id is None:
        return None
    version = locked_version(session, version_id)
    if component is None or version.component_id != component.id:
        raise VersionNotFound(version_id)
    return version


def _preset_record(held: Mapping[str, Any], first: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an earlier version says, with the name, number and build mode that were asked for."""
    record = {**held, "name": first["name"], "version": first["version"]}
    if first["extension"]["buildMode"] in dictionaries.BUILD_MODES:
        record["extension"] = {**held.get("extension", {}), **first["extension"]}
    return record


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
        "useRequirements": "强制" if build_mode == dictionaries.NEWLY_BUILT else "推荐",
        "isCharge": "2",
        "publicRegion": regions.get(place.region_code, ""),
        "publicScope": 1,
        "image": dictionaries.DEFAULT_ICON,
        "releaseCompanyInfo": f"单位:{people.unit(session, place.unit_id).name}",
        "extension": {"buildMode": build_mode},
    }


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
