"""Which reviewer actions the actor may do on a task now, and what was done on the tasks of its instance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.bpmn.model import Element
from engine.instances.running import RunningInstance
from engine.user_tasks.access import is_candidate, is_excluded
from engine.user_tasks.models import UserTask, UserTaskAction
from engine.user_tasks.opening import name_of
from engine.user_tasks.reading import OPEN
from engine.user_tasks.returning import may_take_back, targets_of
from engine.user_tasks.rows import ReturnTarget, TaskActionRow
from kernel.actor import Actor

RESOLVE: Final = "resolve"


def reviewer_actions(actor: Actor, task: UserTask, instance: RunningInstance) -> tuple[str, ...]:
    """Return the names of the reviewer actions that would not be refused, in the order of the table."""
    if actor.person_id is None or instance.status != "active":
        return ()
    element = instance.find_element(task.scope_process, task.element_id)
    if element is None:
        # A done task of an element that the version the instance was migrated to no longer has.
        return ()
    found = [
        name
        for name, is_possible in _ACTIONS.items()
        if name in element.actions and is_possible(actor, task, instance, element)
    ]
    if task.delegated_by is not None and actor.person_id in (task.assignee_id, task.delegated_by):
        found.append(RESOLVE)
    return tuple(found)


def actions_on(session: Session, instance_id: UUID) -> tuple[TaskActionRow, ...]:
    """Return what reviewers did on the tasks of an instance beside completing them, oldest first."""
    rows = session.scalars(
        select(UserTaskAction).where(UserTaskAction.instance_id == instance_id).order_by(UserTaskAction.id)
    )
    return tuple(
        TaskActionRow(row.task_id, row.kind, row.actor_id, row.person_id, row.reason, row.at) for row in rows
    )


def _holds(actor: Actor, task: UserTask, _instance: RunningInstance, _element: Element) -> bool:
    """Tell whether the actor has the task or may take it."""
    return (
        task.status in OPEN
        and task.delegated_by is None
        and task.assignee_id in (None, actor.person_id)
        and is_candidate(actor, task)
        and not is_excluded(actor, task)
    )


def _waits(actor: Actor, task: UserTask, _instance: RunningInstance, _element: Element) -> bool:
    """Tell whether the actor waits for somebody else to do the task."""
    return (
        task.status in OPEN
        and actor.person_id in (task.initiator_id, task.delegated_by)
        and actor.person_id != task.assignee_id
    )


def _adds(actor: Actor, task: UserTask, instance: RunningInstance, element: Element) -> bool:
    """Tell whether the actor may ask others to sign; who was added may not."""
    return task.place is None and _holds(actor, task, instance, element)


def _removes(actor: Actor, task: UserTask, _instance: RunningInstance, _element: Element) -> bool:
    """Tell whether the actor asked for this signature and it is still open."""
    return task.place is not None and task.added_by == actor.person_id and task.status in (*OPEN, "held")


def _returns(actor: Actor, task: UserTask, instance: RunningInstance, element: Element) -> bool:
    """Tell whether there is something to return to; who was added does not return."""
    return (
        task.place is None
        and _holds(actor, task, instance, element)
        and bool(targets_of(instance, task.activity_id))
    )


def _takes_back(actor: Actor, task: UserTask, instance: RunningInstance, _element: Element) -> bool:
    """Tell whether the actor completed the task and nothing but opening tasks has come of it."""
    return (
        task.status == "completed"
        and task.completed_by == actor.person_id
        and may_take_back(instance, task.activity_id)
    )


def return_targets_of(actor: Actor, task: UserTask, instance: RunningInstance) -> tuple[ReturnTarget, ...]:
    """Return where the actor may return the task to, nearest first."""
    if "return" not in reviewer_actions(actor, task, instance):
        return ()
    return tuple(
        ReturnTarget(
            element_id=target.element_id,
            name=name_of(instance.element(target.scope_process, target.element_id)),
            scope_process=target.scope_process,
            is_previous=target.is_previous,
            is_initiator=target.is_initiator,
            straight_back=target.straight_back,
        )
        for target in targets_of(instance, task.activity_id)
    )


_ACTIONS: Final[Mapping[str, Callable[[Actor, UserTask, RunningInstance, Element], bool]]] = {
    "return": _returns,
    "takeBack": _takes_back,
    "addSignatory": _adds,
    "removeSignatory": _removes,
    "transfer": _holds,
    "delegate": _holds,
    "copy": _holds,
    "urge": _waits,
}
