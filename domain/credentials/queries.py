"""Reads about credentials: what there is and who has seen it, never a secret."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.catalogue import queries as catalogue
from domain.credentials.models import Credential, CredentialHolder
from domain.credentials.purposes import PURPOSE_TEXT
from kernel.actor import Actor
from kernel.language import Text


@dataclass(frozen=True, slots=True)
class CredentialRow:
    """One credential; ``holders`` may see it and ``seen`` of them have."""

    id: UUID
    version_id: UUID
    purpose: Text
    state: str
    must_change: bool
    stored_at: datetime
    ended_at: datetime | None
    holders: int
    seen: int


@dataclass(frozen=True, slots=True)
class HeldRow:
    """One credential as the person sees it who may see it once."""

    id: UUID
    version_id: UUID
    component: str
    version: str
    purpose: Text
    state: str
    must_change: bool
    entitled_at: datetime
    revealed_at: datetime | None


def credentials_of_version(session: Session, version_id: UUID) -> list[CredentialRow]:
    """Return the credentials of a version, newest first."""
    query = (
        select(Credential, func.count(CredentialHolder.id), func.count(CredentialHolder.revealed_at))
        .outerjoin(CredentialHolder, CredentialHolder.credential_id == Credential.id)
        .where(Credential.version_id == version_id)
        .group_by(Credential.id)
        .order_by(Credential.id.desc())
        .limit(100)
    )
    return [
        CredentialRow(
            id=credential.id,
            version_id=version_id,
            purpose=_purpose(credential),
            state=credential.state,
            must_change=credential.must_change,
            stored_at=credential.stored_at,
            ended_at=credential.ended_at,
            holders=holders,
            seen=seen,
        )
        for credential, holders, seen in session.execute(query)
    ]


def held_by(session: Session, actor: Actor, limit: int = 200) -> list[HeldRow]:
    """Return the credentials that the actor may see, or has seen, newest first."""
    query = (
        select(Credential, CredentialHolder)
        .join(CredentialHolder, CredentialHolder.credential_id == Credential.id)
        .where(CredentialHolder.person_id == actor.person_id, CredentialHolder.withdrawn_at.is_(None))
        .order_by(CredentialHolder.id.desc())
        .limit(limit)
    )
    found = [(credential, holder) for credential, holder in session.execute(query)]
    names = catalogue.version_labels(session, {row.version_id for row, _ in found if row.version_id})
    return [
        HeldRow(
            id=credential.id,
            version_id=credential.version_id,
            component=names[credential.version_id][0],
            version=names[credential.version_id][1],
            purpose=_purpose(credential),
            state=credential.state,
            must_change=credential.must_change,
            entitled_at=holder.entitled_at,
            revealed_at=holder.revealed_at,
        )
        for credential, holder in found
        if credential.version_id is not None
    ]


def _purpose(credential: Credential) -> Text:
    return PURPOSE_TEXT.get(credential.purpose, Text(credential.purpose, credential.purpose))
