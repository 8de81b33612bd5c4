"""Change the record of a version; breaches are told, not refused, so that work in progress survives."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalogue.case import CaseFacts
from domain.catalogue.errors import NotEditable
from domain.catalogue.models import Component, ComponentVersion
from domain.catalogue.queries.checking import rule_context
from domain.catalogue.rules import RuleBreach, Stage, check_record
from domain.catalogue.service.claims import refresh_claims
from domain.catalogue.service.identity import not_yours, refuse_identity, rename
from domain.catalogue.service.records import (
    merged,
    refuse_unstorable,
    store_record,
    with_defaults,
    without_paths,
)
from domain.catalogue.service.rows import locked_version, record_of, write_trail
from domain.catalogue.standing import roles_for
from domain.catalogue.states import PLATFORM, State
from domain.people.permissions import PROVIDER, RELEASING_UNIT, require
from kernel.actor import Actor

_EDITABLE: Final = (State.DRAFT, State.AUTHORIZED, State.ONBOARDING, State.REWORK, State.ONBOARDED)
_STAGE: Final = {State.DRAFT: Stage.CREATION, State.ONBOARDED: Stage.LISTING}


@dataclass(frozen=True, slots=True)
class SavedRecord:
    """The digest of the record as saved, and what Table 1 says of it at this state."""

    digest: str
    record: Mapping[str, Any]
    breaches: tuple[RuleBreach, ...]


def save_record(
    session: Session,
    actor: Actor,
    version_id: UUID,
    patch: Mapping[str, Any],
    *,
    without: Iterable[str] = (),
    case: CaseFacts | None = None,
) -> SavedRecord:
    """Merge the patch into the record and say what Table 1 thinks of it.

    ``without`` names dotted paths that the record shall not have any more.

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
        raise not_yours()
    state = State(version.state)
    if state not in _EDITABLE:
        raise NotEditable(state)
    before = record_of(session, version)
    record = with_defaults(merged(without_paths(before, without), patch))
    refuse_unstorable(record)
    component = session.get_one(Component, version.component_id)
    refuse_identity(session, component, version, record)
    digest = store_record(session, version, record)
    rename(session, component, version, record)
    refresh_claims(session, component)
    _trail(session, actor, version, case, before, record)
    context = rule_context(session, component.id, version.id)
    breaches = check_record(record, _STAGE.get(state, Stage.ONBOARDING), context)
    return SavedRecord(digest, record, tuple(breaches))


def _trail(
    session: Session,
    actor: Actor,
    version: ComponentVersion,
    case: CaseFacts | None,
    before: Mapping[str, Any],
    record: Mapping[str, Any],
) -> None:
    """Write the fields that changed, and nothing when none did."""
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
