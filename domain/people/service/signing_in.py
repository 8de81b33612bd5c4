"""Sign in with a password and change it; failures are counted and lock for a while."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.people import passwords
from domain.people.errors import PersonNotFound, password_refused
from domain.people.models import FormerPassword, Identity, Person
from domain.people.queries import LOCAL, actor_for
from domain.people.service.registry import STREAM
from kernel import audit
from kernel.actor import Actor, Channel, system_actor
from kernel.clock import SHANGHAI, now
from kernel.errors import FieldProblem
from kernel.ids import new_id
from kernel.language import Text


@dataclass(frozen=True, slots=True)
class SignIn:
    """How an attempt ended. ``person_id`` is given only when the outcome is ``ok``."""

    outcome: Literal["ok", "refused", "locked", "unused"]
    person_id: UUID | None = None
    must_change: bool = False
    locked_until: datetime | None = None

    def message(self) -> Text:
        """Return what to tell the person; it never says whether the user name exists."""
        if self.outcome == "locked" and self.locked_until is not None:
            until = self.locked_until.astimezone(SHANGHAI).strftime("%H:%M")
            return Text(
                f"连续输错 5 次，已锁定至 {until}，请届时再试或联系系统管理员",
                f"Locked until {until} after five failures; try again then or ask the system administrator",
            )
        if self.outcome == "unused":
            return Text(
                "该账号超过 90 天未使用，已停用，请由系统管理员重置密码后启用",
                "Nobody used the account for 90 days, so it is disabled; "
                "the system administrator enables it by resetting the password",
            )
        if self.outcome == "ok":
            return Text("登录成功", "Signed in")
        return Text("用户名或密码不正确", "The user name or the password is wrong")


def sign_in(
    session: Session,
    user_name: str,
    password: str,
    *,
    address: str | None = None,
    channel: Channel = "web",
) -> SignIn:
    """Check a password; count the failure or open the way.

    Wrong passwords are a result, not an error: the transaction must commit, or the
    failure would not be counted.
    """
    subject = user_name.strip().casefold()[:200]
    query = select(Identity).where(Identity.provider == LOCAL, Identity.subject == subject)
    identity = session.scalar(query.with_for_update())
    attempt = _Attempt(session, subject, channel, address)
    if identity is None or identity.password_hash is None:
        passwords.spend_time(password)
        attempt.record("person.sign_in_refused", "refused", None)
        return SignIn("refused")
    if identity.locked_until is not None and identity.locked_until > now():
        passwords.spend_time(password)
        attempt.record("person.sign_in_refused", "refused", identity.person_id)
        return SignIn("locked", locked_until=identity.locked_until)
    person = session.get(Person, identity.person_id)
    right = passwords.matches(identity.password_hash, password)
    if not right or person is None or not person.is_active:
        return _fail(attempt, identity)
    set_at = identity.password_set_at or person.created_at
    if passwords.is_unused(person.last_sign_in_at, set_at):
        # Told only to who knows the password, so that strangers learn nothing of the account.
        attempt.record("person.sign_in_refused", "refused", person.id)
        return SignIn("unused")
    identity.failures, identity.locked_until = 0, None
    if passwords.has_expired(identity.password_set_at):
        identity.must_change = True
    if passwords.needs_rehash(identity.password_hash):
        identity.password_hash = passwords.hash_password(password)
    person.last_sign_in_at = now()
    attempt.record("person.signed_in", "done", person.id)
    return SignIn("ok", person.id, identity.must_change)


def change_password(session: Session, actor: Actor, old: str, new: str) -> None:
    """Replace the actor's own password.

    Raises:
        PersonNotFound: the actor has no local identity.
        Invalid: the old password is wrong or the new one breaks rules.
    """
    identity = _identity_of(session, actor.person_id)
    if identity.password_hash is None or not passwords.matches(identity.password_hash, old):
        wrong = Text("原密码不正确", "The old password is wrong")
        raise password_refused((FieldProblem("old", "password.old", wrong),))
    problems = passwords.problems_of(new, identity.subject, _former(session, identity))
    if problems:
        raise password_refused(problems)
    _replace(session, identity, new)
    identity.must_change = False
    _record(session, actor, "person.password_changed", identity.person_id)


def reset_password(session: Session, actor: Actor, person_id: UUID) -> str:
    """Give a person a new generated password, returned this once, and lift a lock.

    Raises:
        NotAllowed: the actor is not the system administrator.
        PersonNotFound: no such person, or no local identity.
    """
    actor.require("person.manage")
    identity = _identity_of(session, person_id)
    password = passwords.generate_password()
    _replace(session, identity, password)
    identity.must_change = True
    identity.failures, identity.locked_until = 0, None
    _record(session, actor, "person.password_reset", person_id)
    return password


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One attempt to sign in, as the audit trail sees it."""

    session: Session
    subject: str
    channel: Channel
    address: str | None

    def record(self, action: str, outcome: audit.Outcome, person_id: UUID | None) -> None:
        if person_id is not None and outcome == "done":
            actor = actor_for(self.session, person_id, channel=self.channel, address=self.address)
        else:
            nobody = system_actor("sign-in")
            actor = Actor(person_id=None, name=nobody.name, channel=self.channel, address=self.address)
        audit.append(
            self.session,
            audit.AuditEntry(
                action=action,
                actor=actor,
                stream=STREAM,
                outcome=outcome,
                subject_type="person" if person_id else None,
                subject_id=person_id,
                # A mistyped password often lands in the field of the user name: keep known names only.
                asked={"user_name": self.subject} if person_id else None,
            ),
        )


def _fail(attempt: _Attempt, identity: Identity) -> SignIn:
    identity.failures += 1
    attempt.record("person.sign_in_refused", "refused", identity.person_id)
    if identity.failures < passwords.MAX_FAILURES:
        return SignIn("refused")
    identity.failures = 0
    identity.locked_until = now() + passwords.LOCK_FOR
    attempt.record("person.locked", "done", identity.person_id)
    return SignIn("locked", locked_until=identity.locked_until)


def _identity_of(session: Session, person_id: UUID | None) -> Identity:
    query = select(Identity).where(Identity.person_id == person_id, Identity.provider == LOCAL)
    identity = session.scalar(query.with_for_update())
    if identity is None or person_id is None:
        raise PersonNotFound(person_id or new_id())
    return identity


def _former(session: Session, identity: Identity) -> list[str]:
    query = (
        select(FormerPassword.password_hash)
        .where(FormerPassword.identity_id == identity.id)
        .order_by(FormerPassword.id.desc())
        .limit(passwords.REMEMBERED - 1)
    )
    current = [identity.password_hash] if identity.password_hash else []
    return current + list(session.scalars(query))


def _replace(session: Session, identity: Identity, password: str) -> None:
    if identity.password_hash is not None:
        session.add(
            FormerPassword(
                id=new_id(),
                identity_id=identity.id,
                password_hash=identity.password_hash,
                replaced_at=now(),
            )
        )
    identity.password_hash = passwords.hash_password(password)
    identity.password_set_at = now()


def _record(session: Session, actor: Actor, action: str, person_id: UUID) -> None:
    audit.append(
        session,
        audit.AuditEntry(
            action=action, actor=actor, stream=STREAM, subject_type="person", subject_id=person_id
        ),
    )
