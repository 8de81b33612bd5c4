"""Add signatories to an open task and remove them: before it, after it, or beside its instances.

Source: docs/reference/reviewer-actions.md
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.instances.causes import Cause
from engine.registry import Registry
from engine.runtime.commands import AddSignatory, RemoveSignatory
from engine.user_tasks.errors import (
    NestedSignatories,
    NotAnAddedSignatory,
    SignatoryAlreadyAsked,
    SignatoryIsOwner,
    SignatoryNotYours,
    TooManyPersons,
)
from engine.user_tasks.models import UserTask
from engine.user_tasks.reviewing import (
    Review,
    begin_review,
    change_task,
    check_holds,
    check_person,
    check_reason,
    note,
)
from kernel.actor import Actor

Place = Literal["before", "after", "beside"]
MOST_AT_ONCE: Final = 20


@dataclass(frozen=True, slots=True)
class Signatory:
    """Somebody to sign too, for the role of the task or another one that they hold.

    ``item``: what a further instance works on, where the instances work on a list.
    """

    person_id: UUID
    role: str | None = None
    item: Any = None


def add_signatories(
    session: Session,
    registry: Registry,
    actor: Actor,
    task_id: UUID,
    place: Place,
    signatories: Sequence[Signatory],
    reason: str,
    revision: int | None,
) -> tuple[UUID, ...]:
    """Ask persons to sign too; returns the tasks opened for them (none yet where they are asked in turn).

    Raises:
        ActionNotAllowed, NotACandidate, FourEyesViolated, UserTaskAlreadyClaimed, UserTaskNotOpen.
        NestedSignatories: the task is itself a signature that was added.
        SignatoryIsOwner: the actor, or who holds the task.
        CandidateNotFound, PersonNotACandidate, PersonExcluded, SignatoryAlreadyAsked, TooManyPersons.
        NotPossible: beside a task that has no instances, or without its item.
    """
    review = begin_review(session, registry, actor, task_id, "addSignatory")
    check_holds(review, revision)
    task = review.task
    if task.place is not None:
        raise NestedSignatories(task_id)
    _check_signatories(review, signatories)
    persons = [each.person_id for each in signatories]
    # Whoever signs beside does not also do the task itself; and the actor stays who is asked for it.
    excluded = [*task.excluded_persons.split(), *(person.hex for person in persons)]
    change_task(
        session,
        task,
        excluded_persons=" ".join(sorted(set(excluded))),
        status="claimed",
        assignee_id=review.person_id,
        claimed_at=task.claimed_at or review.execution.at,
    )
    given = tuple(_said_of(review, each) for each in signatories)
    review.execution.advance(
        review.instance,
        AddSignatory(task.activity_id, place, given),
        _cause(review, "user_task.signatory_added", reason, place, persons),
    )
    note(review, f"asked_{place}", persons, reason)
    review.execution.finish()
    return tuple(review.execution.opened)


def _check_signatories(review: Review, signatories: Sequence[Signatory]) -> None:
    """Refuse whom one cannot ask, or not once more."""
    persons = [each.person_id for each in signatories]
    if not 0 < len(set(persons)) == len(persons) <= MOST_AT_ONCE:
        raise TooManyPersons(MOST_AT_ONCE)
    for each in signatories:
        if each.person_id in (review.person_id, review.task.assignee_id):
            raise SignatoryIsOwner(review.task.id)
        check_person(review, each.person_id, each.role)
    _check_not_asked(review, persons)


def remove_signatory(session: Session, registry: Registry, actor: Actor, task_id: UUID, reason: str) -> None:
    """Do without a signature that the actor asked for and that is still open.

    Raises:
        ActionNotAllowed, UserTaskNotFound, UserTaskNotOpen, ReasonMissing.
        NotAnAddedSignatory: the task was drawn and not added.
        SignatoryNotYours: somebody else asked for it.
    """
    review = begin_review(session, registry, actor, task_id, "removeSignatory", held_too=True)
    task = review.task
    if task.place is None:
        raise NotAnAddedSignatory(task_id)
    if task.added_by != review.person_id:
        raise SignatoryNotYours(task_id)
    said = check_reason(reason)
    # So that a signature given at this moment and the removal do not both succeed.
    change_task(session, task)
    review.execution.advance(
        review.instance,
        RemoveSignatory(task.activity_id),
        _cause(review, "user_task.signatory_removed", said, task.place, [task.assignee_id]),
    )
    note(review, "removed", (task.assignee_id,), said)
    review.execution.finish()


def _said_of(review: Review, signatory: Signatory) -> dict[str, Any]:
    """Say of a signatory what comes back when the task is opened for them."""
    said: dict[str, Any] = {"person": signatory.person_id.hex, "by": review.person_id.hex}
    if signatory.role is not None:
        said["role"] = signatory.role
    if signatory.item is not None:
        said["item"] = signatory.item
    return said


def _check_not_asked(review: Review, persons: Sequence[UUID]) -> None:
    """Refuse who was asked to sign this very task, or has a say in its vote, unless that was withdrawn."""
    activity = review.instance.state["activities"][review.task.activity_id] if review.instance.state else None
    visits = {review.task.activity_id, activity.get("instance_of") if activity else None}
    asked = review.session.scalar(
        select(UserTask.assignee_id)
        .where(
            UserTask.instance_id == review.instance.id,
            or_(UserTask.added_to.in_(visits - {None}), UserTask.vote.in_(visits - {None})),
            UserTask.status != "cancelled",
            or_(UserTask.assignee_id.in_(persons), UserTask.completed_by.in_(persons)),
        )
        .limit(1)
    )
    if asked is not None:
        raise SignatoryAlreadyAsked(review.task.id, asked)


def _cause(review: Review, action: str, reason: str, place: str, persons: Sequence[UUID | None]) -> Cause:
    return Cause(
        action=action,
        element=review.element,
        activity_id=review.task.activity_id,
        role=review.task.candidate_role,
        reason=reason or None,
        asked={"place": place, "persons": [str(person) for person in persons]},
    )
