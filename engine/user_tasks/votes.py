"""One person, one vote: nobody decides for two of the instances that vote together."""

from __future__ import annotations

from engine.bpmn.model import Element
from engine.user_tasks.errors import AlreadyVoted
from engine.user_tasks.tasks import Task


def check_first_vote(task: Task, element: Element) -> None:
    """Refuse a second vote of one person in one round.

    Raises:
        AlreadyVoted: the actor has completed another instance of this very vote.
    """
    if element.approval is not None and task.has_voted:
        raise AlreadyVoted(task.id)
