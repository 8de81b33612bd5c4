"""What a reviewer may do with a task besides deciding it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from engine.registry import Registry
from engine.user_tasks import copying, returning, signing, transferring, urging
from engine.user_tasks.rows import CompletedTask, TaskRow
from engine.user_tasks.signing import Place, Signatory
from kernel.actor import Actor


class ReviewerActions:
    """What a reviewer may do with a task besides deciding it.

    See docs/reference/reviewer-actions.md for who may, when, and what is refused.
    """

    registry: Registry

    def transfer_user_task(
        self,
        session: Session,
        actor: Actor,
        task_id: UUID,
        person_id: UUID,
        reason: str = "",
        revision: int | None = None,
    ) -> None:
        """Hand the task over to another candidate for good."""
        transferring.transfer(session, self.registry, actor, task_id, person_id, reason, revision)

    def delegate_user_task(
        self,
        session: Session,
        actor: Actor,
        task_id: UUID,
        person_id: UUID,
        reason: str = "",
        revision: int | None = None,
    ) -> None:
        """Ask another candidate for an opinion; the task comes back with ``resolve_delegation``."""
        transferring.delegate(session, self.registry, actor, task_id, person_id, reason, revision)

    def resolve_delegation(self, session: Session, actor: Actor, task_id: UUID, opinion: str) -> None:
        """Hand a delegated task back with an opinion, or call the delegation off."""
        transferring.resolve(session, self.registry, actor, task_id, opinion)

    def copy_user_task(
        self, session: Session, actor: Actor, task_id: UUID, person_ids: Sequence[UUID], reason: str = ""
    ) -> tuple[UUID, ...]:
        """Let persons know of the task and read its instance; returns who was not told before."""
        return copying.copy(session, self.registry, actor, task_id, person_ids, reason)

    def copied_tasks(self, session: Session, actor: Actor, limit: int = 50) -> tuple[TaskRow, ...]:
        """List the tasks of which the actor was sent a copy, newest first."""
        return copying.copied_tasks(session, actor, limit)

    def urge_user_task(self, session: Session, actor: Actor, task_id: UUID, reason: str = "") -> None:
        """Remind who has the task, as the initiator or who delegated it; once an hour at most."""
        urging.urge(session, self.registry, actor, task_id, reason)

    def add_signatories(
        self,
        session: Session,
        actor: Actor,
        task_id: UUID,
        place: Place,
        signatories: Sequence[Signatory],
        reason: str = "",
        revision: int | None = None,
    ) -> tuple[UUID, ...]:
        """Ask persons to sign before the task, after it, or beside its instances; returns their tasks."""
        return signing.add_signatories(
            session, self.registry, actor, task_id, place, signatories, reason, revision
        )

    def remove_signatory(self, session: Session, actor: Actor, task_id: UUID, reason: str) -> None:
        """Do without a signature that the actor asked for; ``task_id`` is the signatory's task."""
        signing.remove_signatory(session, self.registry, actor, task_id, reason)

    def return_user_task(
        self,
        session: Session,
        actor: Actor,
        task_id: UUID,
        to: str,
        reason: str,
        straight_back: bool = False,
        revision: int | None = None,
    ) -> CompletedTask:
        """Return the task to ``initiator``, ``previous`` or an earlier element, whose work is done anew.

        ``straight_back``: if it is done anew with the same result, the task opens again at once.
        """
        return returning.return_task(
            session, self.registry, actor, task_id, to, reason, straight_back, revision
        )

    def take_back_user_task(
        self, session: Session, actor: Actor, task_id: UUID, reason: str = ""
    ) -> CompletedTask:
        """Reopen what the actor completed, while nobody has touched what came of it."""
        return returning.take_back(session, self.registry, actor, task_id, reason)
