"""User tasks: the inbox, one task, claim, keep a draft, complete, withdraw."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engine.paging import Page
from engine.registry import Registry
from engine.user_tasks import claiming, completing, inbox
from engine.user_tasks import drafts as task_drafts
from engine.user_tasks.detail import task_detail
from engine.user_tasks.rows import CompletedTask, InboxCounts, InboxFilter, TaskDetail, TaskRow
from kernel.actor import Actor


class UserTasks:
    """User tasks: the inbox, one task, claim, keep a draft, complete, withdraw."""

    registry: Registry

    def inbox(self, session: Session, actor: Actor, wanted: InboxFilter) -> Page[TaskRow]:
        """List tasks of one inbox view."""
        return inbox.inbox(session, actor, wanted)

    def inbox_counts(self, session: Session, actor: Actor) -> InboxCounts:
        """Count the inbox views."""
        return inbox.inbox_counts(session, actor)

    def task(self, session: Session, actor: Actor, task_id: UUID) -> TaskDetail:
        """Return one task with its form, data and what the actor may do."""
        return task_detail(session, actor, task_id)

    def claim_user_task(self, session: Session, actor: Actor, task_id: UUID) -> TaskRow:
        """Give the task to the actor; claiming a task one already holds changes nothing."""
        claiming.claim(session, actor, task_id)
        return task_detail(session, actor, task_id).row

    def unclaim_user_task(self, session: Session, actor: Actor, task_id: UUID) -> TaskRow:
        """Give a claimed task back to its candidates."""
        claiming.unclaim(session, actor, task_id)
        return task_detail(session, actor, task_id).row

    def save_task_draft(
        self, session: Session, actor: Actor, task_id: UUID, data: Mapping[str, Any]
    ) -> datetime:
        """Keep unfinished form data of the assignee; returns when it was saved. Not validated."""
        return task_drafts.save_draft(session, actor, task_id, data)

    def complete_user_task(
        self,
        session: Session,
        actor: Actor,
        task_id: UUID,
        data: Mapping[str, Any],
        revision: int | None = None,
    ) -> CompletedTask:
        """Complete the task with validated form data. An unclaimed task is claimed on the way.

        Raises:
            FormRefused: data break the form's schema.
            UserTaskNotOpen, UserTaskAlreadyClaimed: somebody else was faster.
            NotACandidate, FourEyesViolated: the actor may not.
        """
        return completing.complete(session, self.registry, actor, task_id, data, revision)

    def withdraw(self, session: Session, actor: Actor, task_id: UUID, reason: str) -> CompletedTask:
        """End the open task with outcome ``withdraw`` (initiator only, where the element allows it)."""
        return completing.withdraw(session, self.registry, actor, task_id, reason)
