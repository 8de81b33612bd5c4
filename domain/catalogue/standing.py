"""Which roles a person holds for one version, and which versions they may see."""

from collections.abc import Iterable
from typing import Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, true

from domain.catalogue.models import ComponentVersion
from domain.catalogue.states import PLATFORM
from domain.people.permissions import (
    AUDIT_ADMINISTRATOR,
    OPERATOR,
    PROVIDER,
    RELEASING_UNIT,
    REVIEWER,
    SUPERVISOR,
)
from kernel.actor import Actor, Grant
from kernel.territory import covers, region_range

_BY_REGION = frozenset({OPERATOR, REVIEWER, SUPERVISOR, AUDIT_ADMINISTRATOR})


class Placed(Protocol):
    """Anything that lies in a region and belongs to a releasing unit and a provider."""

    @property
    def region_code(self) -> str: ...
    @property
    def unit_id(self) -> UUID: ...
    @property
    def provider_unit_id(self) -> UUID | None: ...


def roles_for(actor: Actor, version: Placed) -> frozenset[str]:
    """Return the roles that the actor holds for this version; the platform is one of them."""
    if actor.is_system:
        return frozenset({PLATFORM})
    held = {role for role in (OPERATOR, REVIEWER) if actor.has_role(role, version.region_code)}
    if actor.has_role(RELEASING_UNIT, version.region_code, version.unit_id):
        held.add(RELEASING_UNIT)
    provider = version.provider_unit_id
    if provider is not None and actor.has_role(PROVIDER, version.region_code, provider):
        held.add(PROVIDER)
    return frozenset(held)


def may_release(actor: Actor, region_code: str, unit_id: UUID) -> bool:
    """Tell whether the actor may create for this unit in this region.

    Stricter than ``has_role``: a grant bound to a unit does not carry it into other regions.
    """
    return any(
        grant.role == RELEASING_UNIT
        and covers(grant.region_code, region_code)
        and grant.unit_id in (None, unit_id)
        for grant in actor.grants
    )


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on ``component_version`` that the actor's grants draw.

    Raises:
        NotAllowed: the actor may not read components at all.
    """
    if actor.is_system:
        return true()
    actor.require("component.read")
    return _any(_reach(grant) for grant in actor.grants)


def _reach(grant: Grant) -> ColumnElement[bool]:
    low, high = region_range(grant.region_code)
    in_region = ComponentVersion.region_code.between(low, high)
    if grant.role in _BY_REGION:
        return in_region
    if grant.role == RELEASING_UNIT:
        return in_region if grant.unit_id is None else ComponentVersion.unit_id == grant.unit_id
    if grant.role == PROVIDER:
        # Who is asked to take a mandate must see what it is about.
        units = (ComponentVersion.provider_unit_id, ComponentVersion.offered_unit_id)
        if grant.unit_id is not None:
            return or_(*(unit == grant.unit_id for unit in units))
        return and_(in_region, or_(*(unit.is_not(None) for unit in units)))
    return false()


def _any(conditions: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    return or_(false(), *conditions)
