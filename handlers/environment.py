"""What handlers need from outside: stored files, networks that may be probed, the vault of credentials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from sqlalchemy.orm import Session

from domain.credentials.vault import Vault
from domain.people.queries import actor_for
from engine.api import InstanceFacts
from handlers.checks.addresses import ProbeGuard
from handlers.deploying.running import Runner
from handlers.scanning.bench import Workbench
from kernel.actor import Actor, system_actor
from kernel.errors import NotFound
from kernel.files import FileStore
from kernel.signing import Signer

PLATFORM = system_actor("platform")


@dataclass(frozen=True, slots=True)
class Environment:
    """The outside world of the handlers, built once from the settings."""

    files: FileStore
    guard: ProbeGuard
    vault: Vault
    signer: Signer
    runner: Runner
    local_deployments: bool = False
    strict_table_1: bool = False

    @property
    def workbench(self) -> Workbench:
        """What scans need: the store for their reports and the guard of addresses."""
        return Workbench(self.files, self.guard)

    def open_content(self, digest: str) -> BinaryIO | None:
        """Open a stored content, or return None where the store has lost it."""
        try:
            return self.files.open(digest)
        except NotFound:
            return None


def initiator_of(session: Session, instance: InstanceFacts) -> Actor:
    """Return the person who opened the case as actor, acting through the platform.

    The platform itself acts where nobody opened it or the person has left since.
    """
    if instance.initiator_id is None:
        return PLATFORM
    try:
        return actor_for(session, instance.initiator_id, channel="system")
    except NotFound:
        return PLATFORM
