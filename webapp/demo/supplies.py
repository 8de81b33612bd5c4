"""What a form takes by reference: files that a person uploads, secrets that a person types."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.credentials import service as credentials
from kernel.actor import Actor
from kernel.files import store_file
from kernel.unit_of_work import perform
from webapp.wiring import Platform


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that the answering person has at hand."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Typed:
    """A secret that the answering person types."""

    secret: str


@dataclass(frozen=True)
class Supplies:
    """Hands in files and secrets for one person, as the pages do: each in a transaction of its own."""

    platform: Platform
    actor: Actor
    instance_id: UUID

    def resolved(self, answer: Any) -> Any:
        """Return an answer with a reference in the place of each file and secret."""
        match answer:
            case Mapping():
                return {name: self.resolved(value) for name, value in answer.items()}
            case list():
                return [self.resolved(value) for value in answer]
            case Upload():
                return self.upload(answer)
            case Typed():
                return self.seal(answer)
            case _:
                return answer

    def upload(self, file: Upload) -> str:
        """Store a file and return its reference."""
        stored = perform(
            self.platform.database,
            "file.store",
            self.actor,
            lambda session: store_file(
                session, self.platform.files, io.BytesIO(file.content), file.name, self.actor
            ),
        )
        return stored.reference

    def seal(self, typed: Typed) -> str:
        """Encrypt a secret and return its reference."""
        return perform(
            self.platform.database,
            "credential.seal",
            self.actor,
            lambda session: credentials.seal(
                session, self.platform.vault, self.actor, typed.secret, self.instance_id
            ),
        )
