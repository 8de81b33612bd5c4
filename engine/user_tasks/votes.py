"""One person, one vote: nobody decides for two of the instances that vote together."""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from engine.bpmn.model import Element
from engine.user_tasks.errors import AlreadyVoted
from engine.user_tasks.models import UserTask
from engine.user_tasks.tasks import AnyTask
from kernel.actor import Actor


def check_first_vote(session: Session, actor: Actor, task: AnyTask, element: Element) -> None:
    """Refuse a second vote of one person in one round; tasks without a vote cost nothing.

    Raises:
        AlreadyVoted: the actor has completed another instance of this very vote.
    """
    if element.approval is None or task.vote is None:
        return
    voted = exists().where(
        UserTask.instance_id == task.instance_id,
        UserTask.vote == task.vote,
        UserTask.completed_by == actor.person_id,
        UserTask.id != task.id,
    )
    if session.scalar(select(voted)):
        raise AlreadyVoted(task.id)
