"""How every reviewer action begins and ends: may it be done, by this person, now; and what is kept of it.

An action is allowed by its element (``zujian:actions``), is done by who holds the task or may take it, and
is decided by the revision of the task's row: of two people acting at once exactly one succeeds.

Source: docs/reference/reviewer-actions.md
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import Session

from engine.bpmn.model import Element
from engine.errors import InstanceNotActive, UserTaskAlreadyClaimed
from engine.instances.execution import Execution
from engine.instances.pending import affected
from engine.instances.running import RunningInstance
from engine.registry import NoticeKind, Registry
from engine.user_tasks.access import check_may_work
from engine.user_tasks.errors import (
    ActionNotAllowed,
    CandidateNotFound,
    HandedToOneself,
    PersonExcluded,
    PersonNotACandidate,
    ReasonMissing,
)
from engine.user_tasks.models import UserTaskAction
from engine.user_tasks.reading import check_not_delegated, check_open, read_task_and_instance
from engine.user_tasks.signatures import HELD, notice_of
from engine.user_tasks.tasks import AnyTask, Task, task_table
from kernel.actor import Actor
from kernel.ids import new_id

_CHANGE: Final = update(task_table).where(
    task_table.c.id == bindparam("task_id"), task_table.c.revision == bindparam("seen_revision")
)


@dataclass(frozen=True, slots=True)
class Review:
    """One action at work: the task, where it stands, and the execution that writes."""

    execution: Execution
    task: Task
    instance: RunningInstance
    element: Element

    @property
    def session(self) -> Session:
        """Return the session of the command."""
        return self.execution.session

    @property
    def actor(self) -> Actor:
        """Return who acts."""
        return self.execution.actor

    @property
    def person_id(self) -> UUID:
        """Return who acts; the platform itself never does."""
        return cast(UUID, self.execution.actor.person_id)


def begin_review(
    session: Session,
    registry: Registry,
    actor: Actor,
    task_id: UUID,
    action: str | None,
    *,
    held_too: bool = False,
) -> Review:
    """Read an open task of an active instance whose element allows the action.

    ``held_too``: also one that waits for others to sign.

    Raises:
        UserTaskNotFound, UserTaskNotOpen, SignatoriesStillWorking, InstanceNotActive.
        ActionNotAllowed: ``zujian:actions`` does not name the action.
    """
    task, instance = read_task_and_instance(session, actor, task_id)
    if not (held_too and task.status == HELD):
        check_open(task)
    if instance.status != "active":
        raise InstanceNotActive(instance.id, instance.status)
    element = instance.element(task.scope_process, task.element_id)
    if actor.person_id is None or (action is not None and action not in element.actions):
        raise ActionNotAllowed(task_id, action or "")
    execution = Execution(session, registry, actor)
    execution.adopt(instance)
    return Review(execution, task, instance, element)


def check_holds(review: Review, revision: int | None = None) -> None:
    """Refuse who neither holds the task nor may take it, and who saw an older revision.

    Raises:
        NotACandidate, FourEyesViolated, UserTaskAlreadyClaimed.
        TaskIsDelegated: a delegate gives an opinion and does nothing else.
    """
    task = review.task
    check_may_work(review.actor, task)
    if task.assignee_id not in (None, review.person_id) or revision not in (None, task.revision):
        raise UserTaskAlreadyClaimed(task.id, task.assignee_id)
    check_not_delegated(task)


def check_person(review: Review, person_id: UUID, role: str | None = None) -> Actor:
    """Return the person to hand work to, who must be free to do it.

    Raises:
        HandedToOneself: the actor, or who holds the task.
        CandidateNotFound: unknown or no longer active.
        PersonNotACandidate: does not hold the role for the unit and region of the task.
        PersonExcluded: four eyes keep the person out.
    """
    task = review.task
    if person_id in (review.person_id, task.assignee_id):
        raise HandedToOneself(task.id)
    person = find_person(review, person_id)
    wanted = role or task.candidate_role
    unit_id = task.candidate_unit_id if wanted == task.candidate_role else None
    if not person.has_role(wanted, task.region_code, unit_id):
        raise PersonNotACandidate(person_id, wanted)
    if person_id.hex in task.excluded_persons.split():
        raise PersonExcluded(person_id)
    return person


def find_person(review: Review, person_id: UUID) -> Actor:
    """Return an active person of the directory.

    Raises:
        CandidateNotFound: there is none of this id.
    """
    person = review.execution.registry.find_person(review.session, person_id)
    if person is None:
        raise CandidateNotFound(person_id)
    return person


def check_reason(reason: str, field: str = "reason") -> str:
    """Return the reason without white space around it.

    Raises:
        ReasonMissing: nothing is left.
    """
    if not reason.strip():
        raise ReasonMissing(field)
    return reason.strip()


def change_task(session: Session, task: AnyTask, **values: Any) -> None:
    """Write the row of a task, unless somebody else did since it was read.

    Raises:
        UserTaskAlreadyClaimed: somebody else was faster.
    """
    seen = {"task_id": task.id, "seen_revision": task.revision}
    result = session.connection().execute(_CHANGE, {**seen, **values, "revision": task.revision + 1})
    if affected(result) != 1:
        raise UserTaskAlreadyClaimed(task.id, None)


def note(review: Review, kind: str, persons: Iterable[UUID | None] = (None,), reason: str = "") -> None:
    """Keep the action for the page of the task, one row for each person concerned."""
    rows = [
        {
            "id": new_id(),
            "instance_id": review.instance.id,
            "task_id": review.task.id,
            "kind": kind,
            "actor_id": review.person_id,
            "person_id": person_id,
            "reason": reason or None,
            "at": review.execution.at,
        }
        for person_id in persons
    ]
    if rows:
        review.session.execute(insert(UserTaskAction), rows)


def tell(review: Review, kind: NoticeKind, person_id: UUID | None, reason: str = "") -> None:
    """Have a person told, or with none those who may do the task."""
    execution = review.execution
    execution.notices.append(notice_of(execution, review.instance, review.task, kind, person_id, reason))
