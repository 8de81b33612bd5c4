"""Take secrets in, hand them out once, change and revoke them.

Source: draft standard, clause 8.3.2 (initial credential), 9.2 (revoked with the take-down)
"""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from domain.catalogue import queries as catalogue
from domain.credentials.errors import (
    AlreadyRevealed,
    CredentialEnded,
    CredentialNotFound,
    NotTheHolder,
)
from domain.credentials.models import Credential, CredentialHolder
from domain.credentials.purposes import AGENT_INITIAL, ORDER_ACCESS, PURPOSE_TEXT
from domain.credentials.trail import record
from domain.credentials.vault import Sealed, Vault
from domain.people import queries as people
from domain.people.permissions import PROVIDER, USER, require
from kernel.actor import Actor
from kernel.clock import now
from kernel.errors import FieldProblem, Invalid
from kernel.ids import new_id
from kernel.language import Text

REFERENCE_PREFIX: Final = "secret:"
MAX_SECRET_LENGTH: Final = 4000


def seal(session: Session, vault: Vault, actor: Actor, secret: str, instance_id: UUID) -> str:
    """Encrypt what a person typed into a form of a case and return its reference.

    Until a step of the same case takes it up with ``bind``, nothing can be done with it.

    Raises:
        Invalid: the secret is empty or too long.
        VaultClosed: there is no key.
    """
    credential = _new(vault, actor, secret, purpose="", instance_id=instance_id)
    session.add(credential)
    record(session, actor, credential, "credential.sealed")
    return f"{REFERENCE_PREFIX}{credential.id}"


def bind(
    session: Session,
    actor: Actor,
    reference: str,
    *,
    version_id: UUID,
    purpose: str,
    instance_id: UUID,
    must_change: bool = False,
) -> UUID:
    """Make a sealed credential the one of a version for a purpose; an earlier one is rotated out.

    Doing it again changes nothing. Whoever could see the earlier one may see the new one once. What else was
    sealed in the case and not taken up is erased.

    Raises:
        CredentialNotFound: nothing was sealed under the reference in this case.
        VersionNotFound: no such version.
    """
    credential = _referenced(session, reference)
    if credential is None:
        raise CredentialNotFound
    if credential.state == "active" and (credential.version_id, credential.purpose) == (version_id, purpose):
        return credential.id
    if credential.state != "sealed" or credential.instance_id != instance_id:
        raise CredentialNotFound
    _place(session, actor, credential, version_id, purpose)
    credential.must_change = must_change
    for other in _of_version(session, version_id, purpose):
        _replace(session, actor, other, credential)
    credential.state = "active"
    record(session, actor, credential, "credential.stored", after={"must_change": must_change})
    left = select(Credential).where(Credential.instance_id == instance_id, Credential.state == "sealed")
    for forgotten in session.scalars(left.where(Credential.id != credential.id)):
        _end(forgotten, "revoked", "superseded")
    return credential.id


def store(
    session: Session,
    vault: Vault,
    actor: Actor,
    secret: str,
    *,
    version_id: UUID,
    purpose: str,
    order_id: UUID | None = None,
    must_change: bool = False,
    holders: Iterable[UUID] = (),
) -> UUID:
    """Encrypt and keep a secret that the platform or a provider has at hand.

    Raises:
        NotTheHolder: the actor is neither the platform nor the provider of the version.
        Invalid: the secret is empty or too long.
        VersionNotFound: no such version.
        VaultClosed: there is no key.
    """
    credential = _new(vault, actor, secret, purpose=purpose)
    credential.order_id = order_id
    credential.must_change = must_change
    _place(session, actor, credential, version_id, purpose)
    credential.state = "active"
    session.add(credential)
    # The holders point at the credential.
    session.flush()
    record(session, actor, credential, "credential.stored", after={"must_change": must_change})
    for person_id in holders:
        _entitle(session, actor, credential, person_id, order_id)
    return credential.id


def entitle_holder(
    session: Session, actor: Actor, version_id: UUID, order_id: UUID, holder_unit_id: UUID
) -> int:
    """Let those who use components for a unit each see once what an order of theirs gives access to.

    That is the initial credential of an agent, and what was stored for the order itself. The platform asks
    for this when an order is registered. Who has seen a credential does not see it again by a further
    order. Returns how many credentials there are.

    Raises:
        NotTheHolder: the actor is a person.
    """
    if not actor.is_system:
        raise NotTheHolder
    standing = select(Credential).where(
        Credential.version_id == version_id,
        Credential.purpose.in_([AGENT_INITIAL, ORDER_ACCESS]),
        or_(Credential.order_id.is_(None), Credential.order_id == order_id),
        Credential.state == "active",
    )
    found = session.scalars(standing.order_by(Credential.id)).all()
    persons = people.acting_for(session, USER, holder_unit_id) if found else []
    for credential in found:
        for person_id in persons:
            _entitle(session, actor, credential, person_id, order_id)
    return len(found)


def reveal_once(session: Session, vault: Vault, actor: Actor, credential_id: UUID) -> str:
    """Return the secret to a person who may see it, once.

    Raises:
        CredentialNotFound: no such credential, or not for this person.
        CredentialEnded: it was rotated or revoked.
        AlreadyRevealed: the person has seen it.
        VaultClosed: it cannot be decrypted.
    """
    require(actor, "credential.reveal")
    holder = session.scalar(
        select(CredentialHolder).where(
            CredentialHolder.credential_id == credential_id,
            CredentialHolder.person_id == actor.person_id,
            CredentialHolder.withdrawn_at.is_(None),
        )
    )
    if holder is None:
        raise CredentialNotFound
    credential = _active(session, credential_id)
    secret = vault.open(credential.id, _sealed(credential))
    # The condition decides between two requests at the same moment.
    seen = session.execute(
        update(CredentialHolder)
        .where(CredentialHolder.id == holder.id, CredentialHolder.revealed_at.is_(None))
        .values(revealed_at=now())
        .returning(CredentialHolder.id)
    ).all()
    if not seen:
        raise AlreadyRevealed
    record(session, actor, credential, "credential.revealed")
    return secret


def use(
    session: Session, vault: Vault, actor: Actor, reference: str, *, version_id: UUID, purpose: str
) -> str:
    """Return the secret of a version to a check of the platform that signs in with it.

    Raises:
        NotTheHolder: the actor is a person.
        CredentialNotFound: the reference is not of this version and purpose.
        CredentialEnded: it was rotated or revoked.
        VaultClosed: it cannot be decrypted.
    """
    if not actor.is_system:
        raise NotTheHolder
    credential = _referenced(session, reference)
    if credential is None or (credential.version_id, credential.purpose) != (version_id, purpose):
        raise CredentialNotFound
    if credential.state != "active":
        raise CredentialEnded
    return vault.open(credential.id, _sealed(credential))


def rotate(session: Session, vault: Vault, actor: Actor, credential_id: UUID, secret: str) -> UUID:
    """Put a new secret in the place of an old one, which is erased; its holders may see the new one once.

    Raises:
        CredentialNotFound: no such credential.
        CredentialEnded: it was rotated or revoked before.
        NotTheHolder: the actor is neither the platform nor the provider of the version.
        Invalid: the secret is empty or too long.
        VaultClosed: there is no key.
    """
    require(actor, "credential.manage")
    old = _active(session, credential_id)
    _require_provider(session, actor, old)
    new = _new(vault, actor, secret, purpose=old.purpose, instance_id=old.instance_id)
    new.version_id, new.region_code, new.unit_id = old.version_id, old.region_code, old.unit_id
    new.order_id, new.must_change, new.state = old.order_id, old.must_change, "active"
    session.add(new)
    # The holders point at the new credential.
    session.flush()
    _replace(session, actor, old, new)
    return new.id


def revoke_for_version(session: Session, actor: Actor, version_id: UUID, reason: str) -> int:
    """Revoke and erase every credential of a version; returns how many there were.

    Raises:
        NotTheHolder: the actor is neither the platform nor the provider of the version.
        VersionNotFound: no such version.
    """
    _detail(session, actor, version_id)
    standing = select(Credential).where(Credential.version_id == version_id, Credential.state == "active")
    return _revoke(session, actor, session.scalars(standing).all(), reason)


def revoke_for_order(session: Session, actor: Actor, order_id: UUID, reason: str) -> int:
    """Revoke what was stored for an order, and take the order's persons off what they share with others.

    Only the platform asks for this, when an order ends. Returns how many credentials were revoked.

    Raises:
        NotTheHolder: the actor is a person.
    """
    if not actor.is_system:
        raise NotTheHolder
    held = (
        select(CredentialHolder, Credential)
        .join(Credential, Credential.id == CredentialHolder.credential_id)
        .where(CredentialHolder.order_id == order_id, CredentialHolder.withdrawn_at.is_(None))
    )
    for holder, credential in session.execute(held).all():
        holder.withdrawn_at = now()
        after = {"person_id": str(holder.person_id)}
        record(session, actor, credential, "credential.withdrawn", reason=reason, after=after)
    standing = select(Credential).where(Credential.order_id == order_id, Credential.state == "active")
    return _revoke(session, actor, session.scalars(standing).all(), reason)


def _new(
    vault: Vault, actor: Actor, secret: str, *, purpose: str, instance_id: UUID | None = None
) -> Credential:
    if not secret.strip() or len(secret) > MAX_SECRET_LENGTH:
        message = Text(
            f"凭证应为1至{MAX_SECRET_LENGTH}个字符", f"A credential has 1 to {MAX_SECRET_LENGTH} characters"
        )
        raise Invalid(message, (FieldProblem("secret", "credential.length", message),))
    credential_id = new_id()
    sealed = vault.seal(credential_id, secret)
    return Credential(
        id=credential_id,
        instance_id=instance_id,
        purpose=purpose,
        state="sealed",
        key_id=sealed.key_id,
        nonce=sealed.nonce,
        ciphertext=sealed.ciphertext,
        must_change=False,
        stored_by=actor.person_id,
        stored_at=now(),
    )


def _place(session: Session, actor: Actor, credential: Credential, version_id: UUID, purpose: str) -> None:
    if purpose not in PURPOSE_TEXT:
        raise ValueError(f"unknown purpose {purpose!r}; known are {sorted(PURPOSE_TEXT)}")
    detail = _detail(session, actor, version_id)
    credential.version_id, credential.purpose = version_id, purpose
    credential.region_code, credential.unit_id = detail.region_code, detail.provider_unit_id


def _detail(session: Session, actor: Actor, version_id: UUID) -> catalogue.VersionDetail:
    detail = catalogue.version_detail(session, actor, version_id)
    provider = detail.provider_unit_id
    is_provider = provider is not None and actor.has_role(PROVIDER, detail.region_code, provider)
    if not actor.is_system and not is_provider:
        raise NotTheHolder
    return detail


def _require_provider(session: Session, actor: Actor, credential: Credential) -> None:
    if credential.version_id is None:
        raise CredentialNotFound
    _detail(session, actor, credential.version_id)


def _referenced(session: Session, reference: str) -> Credential | None:
    try:
        identifier = UUID(reference.removeprefix(REFERENCE_PREFIX))
    except ValueError:
        return None
    return session.get(Credential, identifier)


def _active(session: Session, credential_id: UUID) -> Credential:
    credential = session.get(Credential, credential_id)
    if credential is None or credential.state == "sealed":
        raise CredentialNotFound
    if credential.state != "active":
        raise CredentialEnded
    return credential


def _sealed(credential: Credential) -> Sealed:
    return Sealed(credential.key_id, credential.nonce, credential.ciphertext)


def _of_version(session: Session, version_id: UUID, purpose: str) -> list[Credential]:
    query = select(Credential).where(
        Credential.version_id == version_id, Credential.purpose == purpose, Credential.state == "active"
    )
    return list(session.scalars(query))


def _entitle(
    session: Session, actor: Actor, credential: Credential, person_id: UUID, order_id: UUID | None
) -> None:
    known = session.scalar(
        select(CredentialHolder).where(
            CredentialHolder.credential_id == credential.id, CredentialHolder.person_id == person_id
        )
    )
    if known is not None:
        if known.withdrawn_at is not None:
            known.withdrawn_at, known.order_id = None, order_id
        return
    session.add(
        CredentialHolder(
            id=new_id(),
            credential_id=credential.id,
            person_id=person_id,
            order_id=order_id,
            entitled_at=now(),
        )
    )
    record(session, actor, credential, "credential.entitled", after={"person_id": str(person_id)})


def _replace(session: Session, actor: Actor, old: Credential, new: Credential) -> None:
    old.replaced_by = new.id
    _end(old, "rotated", "rotated")
    holders = select(CredentialHolder).where(
        CredentialHolder.credential_id == old.id, CredentialHolder.withdrawn_at.is_(None)
    )
    for holder in session.scalars(holders).all():
        _entitle(session, actor, new, holder.person_id, holder.order_id)
    record(session, actor, old, "credential.rotated", after={"replaced_by": str(new.id)})


def _revoke(session: Session, actor: Actor, credentials: Iterable[Credential], reason: str) -> int:
    count = 0
    for credential in credentials:
        _end(credential, "revoked", reason)
        record(session, actor, credential, "credential.revoked", reason=reason)
        count += 1
    return count


def _end(credential: Credential, state: str, reason: str) -> None:
    credential.state, credential.ended_at, credential.end_reason = state, now(), reason
    # Whoever steals the database and the key later finds nothing to decrypt.
    credential.nonce, credential.ciphertext = b"", b""
