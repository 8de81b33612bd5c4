"""Complete or withdraw a task: check, snapshot, close, advance, record; one transaction.

Source: docs/reference/user-task-lifecycle.md
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from engine.bpmn.model import Element
from engine.errors import FormRefused, InstanceNotActive, UserTaskAlreadyClaimed, WithdrawalNotAllowed
from engine.forms.form import Form
from engine.forms.validation import clean
from engine.instances.causes import Cause
from engine.instances.execution import Execution
from engine.instances.running import RunningInstance
from engine.registry import Registry
from engine.runtime.commands import CompleteActivity
from engine.user_tasks.access import check_may_work
from engine.user_tasks.ending import ended_task
from engine.user_tasks.opening import performer_key
from engine.user_tasks.reading import check_not_delegated, check_open, read_task_and_instance
from engine.user_tasks.rows import CompletedTask
from engine.user_tasks.snapshots import Snapshot, check_data, snapshot, with_every_field
from engine.user_tasks.tasks import Task
from engine.user_tasks.votes import check_first_vote
from kernel.actor import Actor
from kernel.errors import FieldProblem
from kernel.language import Text

WITHDRAW: Final = "withdraw"


@dataclass(frozen=True, slots=True)
class Closing:
    """How a task ends: the new status, its form and the data to go on with."""

    status: str
    form: Form | None
    data: Mapping[str, Any]

    @property
    def outcome(self) -> str | None:
        """Return the chosen outcome, if the form has one."""
        outcome = self.data.get("outcome")
        return outcome if isinstance(outcome, str) else None

    @property
    def opinion(self) -> str | None:
        """Return the opinion or reason, if one was given."""
        opinion = self.data.get("opinion")
        return opinion if isinstance(opinion, str) and opinion else None


def complete(
    session: Session,
    registry: Registry,
    actor: Actor,
    task_id: UUID,
    data: Mapping[str, Any],
    revision: int | None,
) -> CompletedTask:
    """Complete a task with form data; an unclaimed one is claimed on the way.

    Raises:
        UserTaskNotFound, NotACandidate, FourEyesViolated.
        UserTaskNotOpen, UserTaskAlreadyClaimed: somebody else was faster.
        AlreadyVoted: the actor has voted in this round.
        TaskIsDelegated: the actor is a delegate, who hands it back with an opinion.
        FormRefused: the data break the form's schema.
    """
    execution, task, instance = _start(session, registry, actor, task_id, data)
    check_may_work(actor, task)
    if task.assignee_id not in (None, actor.person_id) or revision not in (None, task.revision):
        raise UserTaskAlreadyClaimed(task_id, task.assignee_id)
    check_not_delegated(task)
    element = instance.element(task.scope_process, task.element_id)
    check_first_vote(task, element)
    form = instance.pinned.form_of(element)
    submitted = clean(data)
    check_data(session, form, submitted)
    return _close(execution, task, instance, Closing("completed", form, submitted))


def withdraw(session: Session, registry: Registry, actor: Actor, task_id: UUID, reason: str) -> CompletedTask:
    """End the open task with outcome ``withdraw``, as its instance's initiator and with a reason.

    Raises:
        UserTaskNotFound, UserTaskNotOpen.
        WithdrawalNotAllowed: the actor is not the initiator, or the element does not allow it.
        FormRefused: no reason was given.
    """
    execution, task, instance = _start(session, registry, actor, task_id)
    if actor.person_id is None or actor.person_id != task.initiator_id or not task.withdrawable:
        raise WithdrawalNotAllowed(task_id)
    if not reason.strip():
        raise FormRefused([_no_reason()])
    form = instance.pinned.form_of(instance.element(task.scope_process, task.element_id))
    data = {"outcome": WITHDRAW, "opinion": reason, "reason": reason}
    return _close(execution, task, instance, Closing("withdrawn", form, data))


def _start(
    session: Session, registry: Registry, actor: Actor, task_id: UUID, data: Mapping[str, Any] | None = None
) -> tuple[Execution, Task, RunningInstance]:
    task, instance = read_task_and_instance(session, actor, task_id, data)
    check_open(task)
    if instance.status != "active":
        raise InstanceNotActive(instance.id, instance.status)
    execution = Execution(session, registry, actor)
    execution.adopt(instance)
    return execution, task, instance


def _close(execution: Execution, task: Task, instance: RunningInstance, closing: Closing) -> CompletedTask:
    """Write the task's end, advance the instance with its data, finish."""
    element = instance.element(task.scope_process, task.element_id)
    kept = snapshot(execution.session, closing.form, closing.data)
    _write_end(execution, task, closing, kept)
    _note_performers(execution, task, instance, element)
    execution.advance(
        instance,
        CompleteActivity(task.activity_id, with_every_field(closing.form, closing.data)),
        Cause(
            action=f"user_task.{closing.status}",
            element=element,
            activity_id=task.activity_id,
            role=task.candidate_role if closing.status == "completed" else "initiator",
            reason=closing.opinion,
            asked={"outcome": closing.outcome, "snapshot": kept.digest, "attachments": kept.attachments},
            after={"status": closing.status, "outcome": closing.outcome},
            has_deadline=task.due_at is not None,
        ),
    )
    execution.finish()
    return CompletedTask(task.id, instance.id, closing.outcome, tuple(execution.opened), instance.status)


def _write_end(execution: Execution, task: Task, closing: Closing, kept: Snapshot) -> None:
    person_id = execution.actor.person_id
    values = ended_task(
        task.instance_id,
        task.activity_id,
        closing.status,
        execution.at,
        seen_revision=task.revision,
        assignee_id=person_id if closing.status == "completed" else None,
        claimed_at=task.claimed_at or execution.at,
        completed_by=person_id,
        outcome=closing.outcome,
        opinion=closing.opinion,
        snapshot_digest=kept.digest,
        snapshot=kept.document,
    )
    # Otherwise somebody claimed, completed or withdrew it between our reading and our writing.
    execution.pending.end_task(values, lambda: UserTaskAlreadyClaimed(task.id, None))


def _note_performers(execution: Execution, task: Task, instance: RunningInstance, element: Element) -> None:
    """Remember who did an element that four eyes look at, so that opening the other one need not ask."""
    person_id, performers = execution.actor.person_id, instance.performers
    if person_id is None or performers is None or not instance.pinned.is_watched(element):
        return
    key = performer_key(element.process, element.id)
    known = performers.get(key, [])
    done_by = (person_id.hex, *(task.advisers or "").split())
    instance.performers = {**performers, key: list(dict.fromkeys((*known, *done_by)))}


def _no_reason() -> FieldProblem:
    return FieldProblem(
        "reason",
        "required",
        Text("撤回须说明理由。", "A withdrawal needs a reason."),
        None,
        Text("请填写撤回理由。", "Say why you withdraw."),
    )
