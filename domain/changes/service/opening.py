"""Open a change: one at a time for each version, by its provider."""

from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.catalogue import queries as catalogue
from domain.catalogue.service import lock_version
from domain.catalogue.standing import roles_for
from domain.catalogue.states import State
from domain.changes.errors import ChangeAlreadyOpen, NotChangeable
from domain.changes.kinds import Kind, Status
from domain.changes.models import ComponentChange
from domain.changes.queries import open_change_of
from domain.changes.service.rows import locked_change, write_trail
from domain.people.permissions import PROVIDER, require
from kernel.actor import Actor
from kernel.clock import now
from kernel.errors import FieldProblem, Invalid, NotAllowed, StaleState
from kernel.ids import new_id
from kernel.language import Text

_STARTS_FROM = (State.LISTED, State.PUBLISHED)


def open_change(
    session: Session, actor: Actor, version_id: UUID, kind: Kind | str, *, cause_id: str | None = None
) -> UUID:
    """Open a change of a listed version and return its id; the constraint decides between two at once.

    Raises:
        VersionNotFound: no such version, or not visible to the actor.
        NotAllowed: the actor is not the authorised provider.
        NotChangeable: the version is neither listed nor published.
        ChangeAlreadyOpen: another change is under way.
        Invalid: an unknown kind.
    """
    require(actor, "change.open")
    asked = _kind(kind)
    lock_version(session, version_id)
    detail = catalogue.version_detail(session, actor, version_id)
    if not actor.is_system and PROVIDER not in roles_for(actor, detail.row):
        raise NotAllowed(
            Text("只有该组件获授权的提供方可以发起变更", "Only the authorised provider may start a change")
        )
    if detail.state not in _STARTS_FROM:
        raise NotChangeable(detail.state)
    if open_change_of(session, version_id) is not None:
        raise ChangeAlreadyOpen
    change = _born(actor, detail, asked, cause_id)
    session.add(change)
    try:
        # Of two at once the constraint refuses one, here and not at the commit.
        session.flush()
    except IntegrityError as error:
        raise StaleState(Text("另一变更刚刚发起", "Another change was opened a moment ago")) from error
    write_trail(session, actor, "change.opened", change, after={"cause_id": cause_id})
    return change.id


def attach_case(session: Session, change_id: UUID, instance_id: UUID) -> None:
    """Note which case carries the change."""
    locked_change(session, change_id).instance_id = instance_id


def _kind(kind: Kind | str) -> Kind:
    try:
        return Kind(kind)
    except ValueError:
        words = "、".join(Kind)
        message = Text(f"变更类型应为{words}之一", f"The type of a change is one of {', '.join(Kind)}")
        raise Invalid(message, (FieldProblem("changeType", "C-KIND-01", message, "11.4d"),)) from None


def _born(actor: Actor, detail: catalogue.VersionDetail, kind: Kind, cause_id: str | None) -> ComponentChange:
    return ComponentChange(
        id=new_id(),
        version_id=detail.id,
        region_code=detail.region_code,
        unit_id=detail.unit_id,
        kind=kind.value,
        status=Status.PREPARING.value,
        open_key=detail.id,
        cause_id=cause_id,
        summary="",
        impact="",
        rollback_plan="",
        compatibility_plan="",
        base_digest=detail.record_digest,
        assessment={},
        opened_by=actor.person_id,
        opened_at=now(),
    )
