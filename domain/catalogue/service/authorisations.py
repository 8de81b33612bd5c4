"""The mandate of a releasing unit to a provider unit."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.catalogue.case import CaseFacts
from domain.catalogue.errors import NotEditable
from domain.catalogue.models import Authorisation, ComponentVersion
from domain.catalogue.service.rows import locked_version, write_trail
from domain.catalogue.standing import roles_for
from domain.catalogue.states import PLATFORM, State
from domain.people import queries as people
from domain.people.permissions import RELEASING_UNIT, require
from kernel.actor import Actor
from kernel.clock import SHANGHAI, now
from kernel.errors import FieldProblem, Invalid, NotAllowed
from kernel.ids import new_id
from kernel.language import Text

_STARTS: Final = ("from", "startsOn", "validFrom")
_ENDS: Final = ("until", "endsOn", "validUntil")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def offer_mandate(
    session: Session,
    actor: Actor,
    version_id: UUID,
    provider_unit_id: UUID | None,
    *,
    case: CaseFacts | None = None,
) -> None:
    """Let a provider read the draft that it is asked to take on; an earlier offer ends.

    Raises:
        VersionNotFound, UnitNotFound: no such version or unit.
        NotAllowed: the actor is neither of the releasing unit nor the platform.
        NotEditable: the version is no draft.
        Invalid: the unit is no provider.
    """
    require(actor, "component.authorise")
    version = locked_version(session, version_id)
    if not roles_for(actor, version) & {RELEASING_UNIT, PLATFORM}:
        raise NotAllowed(
            Text("只有发布单位可以授权提供方", "Only the releasing unit may authorise a provider")
        )
    if version.state != State.DRAFT:
        raise NotEditable(State(version.state))
    unit = _provider(session, provider_unit_id)
    version.offered_unit_id = unit.id
    write_trail(
        session,
        actor,
        "authorisation.offered",
        version,
        case=case,
        after={"provider_unit_id": str(unit.id)},
        clause="9.1a",
    )


def record_authorisation(
    session: Session,
    actor: Actor,
    version_id: UUID,
    provider_unit_id: UUID | None,
    scope: str | None,
    period: Mapping[str, Any] | str | None = None,
    *,
    case: CaseFacts | None = None,
) -> UUID:
    """Record who may develop and onboard the version, from when to when; return its id.

    ``period`` is an object with ISO dates (``from`` and ``until``, either may be missing) or
    a text with the end, or start and end; the end is included, without one there is none.
    An earlier mandate ends. That the provider accepted is a step of the case; outside of one nobody did.

    Raises:
        VersionNotFound, UnitNotFound: no such version or unit.
        NotAllowed: the actor is neither of the releasing unit nor the platform.
        NotEditable: the version is no draft.
        Invalid: the unit is no provider, the period has ended, or nobody accepted.
    """
    require(actor, "component.authorise")
    version = locked_version(session, version_id)
    if not roles_for(actor, version) & {RELEASING_UNIT, PLATFORM}:
        raise NotAllowed(
            Text("只有发布单位可以授权提供方", "Only the releasing unit may authorise a provider")
        )
    if version.state != State.DRAFT:
        raise NotEditable(State(version.state))
    unit = _provider(session, provider_unit_id)
    starts_on, ends_on = _term(period)
    if case is None:
        raise _invalid(
            "acceptedBy", "authorisation.accepted", "提供方尚未确认受托", "The provider has not accepted"
        )
    _end_standing(session, version)
    authorisation = Authorisation(
        id=new_id(),
        version_id=version.id,
        provider_unit_id=unit.id,
        scope=scope or "",
        starts_on=starts_on,
        ends_on=ends_on,
        granted_by=actor.person_id,
        instance_id=case.instance_id,
        recorded_at=now(),
    )
    session.add(authorisation)
    version.provider_unit_id, version.offered_unit_id = unit.id, None
    write_trail(
        session,
        actor,
        "authorisation.recorded",
        version,
        case=case,
        after={"provider_unit_id": str(unit.id), "scope": scope, "ends_on": ends_on},
        clause="9.1a",
    )
    # The guards of the next transition read it.
    session.flush()
    return authorisation.id


def revoke_authorisation(
    session: Session,
    actor: Actor,
    version_id: UUID,
    reason: str,
    *,
    case: CaseFacts | None = None,
) -> None:
    """End the mandate; the provider loses its rights on the version at once.

    Raises:
        VersionNotFound: no such version.
        NotAllowed: the actor is neither of the releasing unit nor the platform.
    """
    require(actor, "component.authorise")
    version = locked_version(session, version_id)
    if not roles_for(actor, version) & {RELEASING_UNIT, PLATFORM}:
        raise NotAllowed(Text("只有发布单位可以收回授权", "Only the releasing unit may revoke the mandate"))
    if end_mandate(session, version):
        write_trail(session, actor, "authorisation.revoked", version, case=case, reason=reason, clause="9.1a")


def end_mandate(session: Session, version: ComponentVersion) -> bool:
    """End the standing mandate, if there is one, and tell whether there was."""
    version.provider_unit_id = version.offered_unit_id = None
    return _end_standing(session, version)


def standing_authorisation(session: Session, version_id: UUID) -> Authorisation | None:
    """Return the mandate that was not revoked, whether or not its period has begun or ended."""
    return session.scalar(
        select(Authorisation)
        .where(Authorisation.version_id == version_id, Authorisation.revoked_at.is_(None))
        .order_by(Authorisation.id.desc())
        .limit(1)
    )


def is_in_force(authorisation: Authorisation | None) -> bool:
    """Tell whether the mandate stands today, by the date in Asia/Shanghai."""
    if authorisation is None:
        return False
    today = _today()
    begun = authorisation.starts_on is None or authorisation.starts_on <= today
    return begun and (authorisation.ends_on is None or today <= authorisation.ends_on)


def _end_standing(session: Session, version: ComponentVersion) -> bool:
    standing = standing_authorisation(session, version.id)
    if standing is None:
        return False
    standing.revoked_at = now()
    return True


def _provider(session: Session, unit_id: UUID | None) -> people.UnitRow:
    if unit_id is None:
        raise _invalid("providerUnitId", "authorisation.unit", "请选择提供方", "Choose a provider")
    unit = people.unit(session, unit_id)
    if unit.kind != "provider" or not unit.is_active:
        raise _invalid(
            "providerUnitId", "authorisation.unit", "该单位不是组件提供方", "The unit is no provider"
        )
    return unit


def _term(period: Mapping[str, Any] | str | None) -> tuple[str | None, str | None]:
    starts_on, ends_on = _dates(period)
    if ends_on is not None and ends_on < _today():
        raise _invalid("period", "authorisation.period", "授权期限已过", "The period has ended")
    return starts_on, ends_on


def _dates(period: Mapping[str, Any] | str | None) -> tuple[str | None, str | None]:
    """Return start and end; a text with a single date names the end."""
    if isinstance(period, Mapping):
        starts = next((period[key] for key in _STARTS if period.get(key)), None)
        ends = next((period[key] for key in _ENDS if period.get(key)), None)
        return _date(starts), _date(ends)
    found = [_date(day) for day in _DATE.findall(period or "")]
    return (found[0] if len(found) > 1 else None), (found[-1] if found else None)


def _date(value: object) -> str | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(str(value)[:10]).isoformat()
    except ValueError:
        raise _invalid(
            "period", "authorisation.date", f"日期 {value} 不存在", f"There is no day {value}"
        ) from None


def _today() -> str:
    return now().astimezone(SHANGHAI).date().isoformat()


def _invalid(path: str, rule: str, zh: str, en: str) -> Invalid:
    message = Text(zh, en)
    return Invalid(message, (FieldProblem(path, rule, message),))
