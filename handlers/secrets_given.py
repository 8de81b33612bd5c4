"""Taking up a secret that a form of the case holds by reference, for a check that has to sign in."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from domain.credentials import service
from domain.credentials.errors import CredentialEnded, CredentialNotFound
from engine.api import JobContext
from handlers.environment import PLATFORM, Environment
from kernel.unit_of_work import perform


def secret_of(
    environment: Environment, job: JobContext, reference: object, *, version_id: UUID, purpose: str
) -> str | None:
    """Make the sealed secret the version's, and return it; None where there is none of this case.

    Raises:
        VaultClosed: it cannot be decrypted.
    """
    if not isinstance(reference, str) or not reference:
        return None

    def take_up(session: Session) -> str:
        service.bind(
            session,
            PLATFORM,
            reference,
            version_id=version_id,
            purpose=purpose,
            instance_id=job.instance.id,
        )
        return service.use(
            session, environment.vault, PLATFORM, reference, version_id=version_id, purpose=purpose
        )

    try:
        return perform(job.database, "credential.bind", PLATFORM, take_up)
    except (CredentialNotFound, CredentialEnded):
        return None
