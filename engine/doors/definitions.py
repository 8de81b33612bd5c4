"""Definitions of processes: check, deploy, draft, release, read."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from engine.definitions import drafting
from engine.definitions import queries as definition_queries
from engine.definitions.check import check
from engine.definitions.deploy import deploy
from engine.definitions.rows import (
    CheckReport,
    DefinitionDraft,
    DefinitionFiles,
    DefinitionRow,
    DefinitionVersion,
)
from engine.registry import Registry
from kernel.actor import Actor

Files = Mapping[str, bytes]


class Definitions:
    """Definitions of processes: check, deploy, draft, release, read.

    Files are named as in the process folder: "<key>.bpmn", "forms/<name>.json".
    """

    registry: Registry

    def check_files(self, session: Session, key: str, files: Files) -> CheckReport:
        """Check files as a deployment would, changing nothing."""
        return check(session, self.registry, key, files).report

    def deploy_files(
        self, session: Session, actor: Actor, key: str, files: Files, note: str = ""
    ) -> DefinitionVersion:
        """Deploy files as the next version of ``key``; unchanged files return the newest.

        Raises:
            DeploymentRefused: ``findings`` has at least one error.
            NotAllowed: the actor lacks ``definition.deploy``.
        """
        return deploy(session, self.registry, actor, key, files, note)

    def save_draft(
        self,
        session: Session,
        actor: Actor,
        key: str,
        files: Files,
        note: str = "",
        draft_id: UUID | None = None,
        revision: int | None = None,
    ) -> DefinitionDraft:
        """Create a draft, or save into the actor's own (needs ``definition.draft``); unchecked on purpose."""
        return drafting.save_draft(session, actor, key, files, note, draft_id, revision)

    def submit_draft(self, session: Session, actor: Actor, draft_id: UUID, note: str = "") -> DefinitionDraft:
        """Offer the draft for release; refused while it has errors (``DeploymentRefused``)."""
        return drafting.submit_draft(session, self.registry, actor, draft_id, note)

    def release_draft(
        self, session: Session, actor: Actor, draft_id: UUID, note: str = ""
    ) -> DefinitionVersion:
        """Deploy a submitted draft (needs ``definition.deploy``); ``SameAdministrator`` for its author."""
        return drafting.release_draft(session, self.registry, actor, draft_id, note)

    def reject_draft(self, session: Session, actor: Actor, draft_id: UUID, reason: str) -> DefinitionDraft:
        """Turn a submitted draft down with a reason (needs ``definition.deploy``)."""
        return drafting.reject_draft(session, actor, draft_id, reason)

    def definitions(self, session: Session) -> tuple[DefinitionRow, ...]:
        """List the processes with their newest versions, by key."""
        return definition_queries.definitions(session)

    def definition_versions(self, session: Session, key: str) -> tuple[DefinitionVersion, ...]:
        """List the versions of one process, newest first."""
        return definition_queries.definition_versions(session, key)

    def definition_version(self, session: Session, version_id: UUID) -> DefinitionFiles:
        """Return one version with its files."""
        return definition_queries.definition_files(session, version_id)

    def drafts(self, session: Session, key: str | None = None) -> tuple[DefinitionDraft, ...]:
        """List drafts, last changed first, without their files."""
        return drafting.drafts(session, key)

    def draft(self, session: Session, draft_id: UUID) -> DefinitionDraft:
        """Return one draft with its files."""
        return drafting.read_draft(session, draft_id)
