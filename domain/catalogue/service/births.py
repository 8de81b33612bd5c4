"""How a component and a version come into being (S01), by draft or by import."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalogue.case import CaseFacts
from domain.catalogue.dictionaries import build_mode_of
from domain.catalogue.models import Component, ComponentVersion, StateChange
from domain.catalogue.service.claims import flush_or_retry, index_name, refresh_claims
from domain.catalogue.service.records import keep_snapshot, store_record, with_defaults
from domain.catalogue.service.rows import write_trail
from domain.catalogue.states import Event, State
from domain.catalogue.versions import canonical_version
from domain.people.permissions import RELEASING_UNIT
from kernel.actor import Actor
from kernel.clock import now
from kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Birth:
    """Where something is born: the releasing unit and the region."""

    unit_id: UUID
    region_code: str


def bear_component(
    session: Session, actor: Actor, name: str, place: Birth, *, external_id: str | None = None
) -> Component:
    """Add a component; its name is reserved with its first version."""
    component = Component(
        id=new_id(),
        name=name,
        external_id=external_id,
        region_code=place.region_code,
        unit_id=place.unit_id,
        created_by=actor.person_id,
        created_at=now(),
    )
    session.add(component)
    # Versions, claims and bigrams point at the component.
    flush_or_retry(session)
    index_name(session, component)
    return component


def bear_version(
    session: Session,
    actor: Actor,
    component: Component,
    record: Mapping[str, Any],
    *,
    case: CaseFacts | None = None,
    import_digest: str | None = None,
) -> ComponentVersion:
    """Add a version in DRAFT, reserve what it names and write its first line of history."""
    record = with_defaults(record)
    canonical = canonical_version(record["version"])
    if canonical is None:
        raise ValueError("the version is checked before it is born")
    version = _draft(session, actor, component, record, canonical)
    version.import_digest = import_digest
    store_record(session, version, record)
    session.add(version)
    refresh_claims(session, component)
    session.add(_first_change(actor, version, case))
    write_trail(
        session,
        actor,
        "component.created",
        version,
        case=case,
        role=RELEASING_UNIT,
        after={
            "name": component.name,
            "version": version.version_raw,
            "state": State.DRAFT.value,
            "record_digest": version.record_digest,
        },
        clause="9.1a",
    )
    return version


def _draft(
    session: Session,
    actor: Actor,
    component: Component,
    record: Mapping[str, Any],
    canonical: str,
) -> ComponentVersion:
    instant = now()
    return ComponentVersion(
        id=new_id(),
        component_id=component.id,
        region_code=component.region_code,
        unit_id=component.unit_id,
        version_raw=record["version"],
        version_canonical=canonical,
        version_key=canonical,
        state=State.DRAFT.value,
        record_digest=keep_snapshot(session, record),
        build_mode=build_mode_of(record),
        round=0,
        round_started_at=instant,
        created_by=actor.person_id,
        created_at=instant,
        updated_at=instant,
    )


def _first_change(actor: Actor, version: ComponentVersion, case: CaseFacts | None) -> StateChange:
    return StateChange(
        id=new_id(),
        version_id=version.id,
        number=1,
        transition="S01",
        event=Event.CREATE.value,
        to_state=State.DRAFT.value,
        actor_id=actor.person_id,
        actor_name=actor.name,
        instance_id=case.instance_id if case else None,
        changed_at=version.created_at,
    )
