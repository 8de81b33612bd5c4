"""What people do to a version outside a process: suspend, resume, start a recovery, archive, ask to stop.

Each act puts its record and asks for the state in one transaction.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.catalogue import service
from domain.catalogue.queries import VersionDetail
from domain.catalogue.standing import roles_for
from domain.catalogue.states import Event, State
from domain.gateway import service as gateway
from domain.orders import service as orders
from domain.people.permissions import OPERATOR, PROVIDER, RELEASING_UNIT
from domain.suspension import service as suspension
from engine.api import Engine
from handlers.delisting.rectification import suspend_effects
from handlers.environment import PLATFORM
from handlers.holders import tell_units
from kernel.actor import Actor
from kernel.errors import FieldProblem, Invalid, NotAllowed
from kernel.language import Text

WITHDRAWAL = "delisting.withdrawal"


def suspend(session: Session, actor: Actor, version: VersionDetail, cause: str, description: str) -> None:
    """Put the event on record and block the version, its routes and its orders."""
    suspension.record_event(session, actor, version, cause, description, version.record_digest)
    service.request_transition(session, actor, version.id, Event.SUSPEND, reason=description)
    suspend_effects(session, version.id, description)


def resume(session: Session, actor: Actor, version: VersionDetail, finding: str, note: str) -> None:
    """Put on record why it may go on as it was, and let it."""
    suspension.record_finding(session, actor, version, finding, note)
    target = service.request_transition(session, actor, version.id, Event.RESUME, reason=note).to_state
    suspension.end(session, PLATFORM, version)
    orders.resume_for_version(session, version.id)
    if target in (State.PUBLISHED, State.DEPRECATED):
        gateway.record_route(session, PLATFORM, version.id, "production")
    tell_units(
        session,
        version,
        (PROVIDER, RELEASING_UNIT, OPERATOR),
        Text("已恢复服务", "Resumed"),
        Text(note, note),
        "version_resumed",
    )


def recover(session: Session, actor: Actor, version: VersionDetail, note: str) -> None:
    """Put on record that this same version is mended, and send it to its provider."""
    suspension.plan_recovery(session, actor, version, note)
    service.request_transition(session, actor, version.id, Event.START_RECOVERY, reason=note)


def archive(session: Session, actor: Actor, version: VersionDetail, reason: str) -> None:
    """Archive a version that has rested and is settled."""
    service.request_transition(session, actor, version.id, Event.ARCHIVE, reason=reason)


def ask_to_stop(session: Session, engine: Engine, actor: Actor, version: VersionDetail, reason: str) -> None:
    """Let the provider ask to withdraw a voluntary delisting in its migration period.

    Raises:
        NotAllowed: the actor is not of the provider.
        Invalid: no reason given.
        NothingWaits: no migration period is running.
    """
    if PROVIDER not in roles_for(actor, version):
        raise NotAllowed(Text("只有提供方可以请求撤回", "Only the provider may ask to withdraw"))
    if not reason:
        message = Text("请填写撤回理由", "Give the reason for withdrawing")
        raise Invalid(message, (FieldProblem("reason", "reason.required", message),))
    engine.send_message(session, actor, WITHDRAWAL, str(version.id), {"reason": reason})
