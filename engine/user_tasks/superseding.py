"""What returns and take-backs make of completions: void, or valid again; and the work offered anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from engine.instances.running import RunningInstance
from engine.runtime.effects import (
    CouldNotGoStraightBack,
    TakenBack,
    TokensReturned,
    WentStraightBack,
)
from engine.user_tasks.ending import COMPLETED_WITHIN
from engine.user_tasks.models import UserTask
from engine.user_tasks.snapshots import submitted_data
from engine.user_tasks.tasks import task_table
from kernel.actor import Actor
from kernel.statements import Statement

OUTCOME = "outcome"
_SUPERSEDE: Final = Statement(
    update(task_table).where(task_table.c.instance_id == bindparam("of_instance"), COMPLETED_WITHIN)
)

if TYPE_CHECKING:
    from engine.instances.execution import Execution


def supersede(execution: Execution, instance: RunningInstance, effect: TokensReturned) -> None:
    """Mark the completions that a return made void; they stay in the history."""
    spanned = ({"after": after, "upto": upto} for after, upto in effect.superseded.pairs)
    void = {"of_instance": instance.id, "superseded_at": execution.at}
    execution.batch.add(_SUPERSEDE, [{**void, **span} for span in spanned])


def reinstate(execution: Execution, instance: RunningInstance, effect: WentStraightBack) -> None:
    """Let the completions count again that nothing was changed for."""
    execution.pending.reinstate_tasks(instance, effect.reinstated)
    element = instance.element(effect.scope_process, effect.element_id)
    execution.record(instance, action="user_task.went_straight_back", element=element)


def replay(execution: Execution, instance: RunningInstance, effect: CouldNotGoStraightBack) -> None:
    """Record why those in between decide anew: what they had decided on has changed."""
    element = instance.element(effect.scope_process, effect.element_id)
    execution.record(instance, action="user_task.replayed", element=element)


def taken_back(_execution: Execution, _instance: RunningInstance, _effect: TakenBack) -> None:
    """Change no row: the command itself has marked the completion that was taken back."""


def earlier_work(session: Session, actor: Actor, task: UserTask, of_several: bool) -> Mapping[str, Any]:
    """Return what was submitted for this element before a return made it void, as it is offered anew.

    The decision is left out: it is taken anew. Of several instances everybody is offered their own work only.
    """
    query = select(UserTask).where(
        UserTask.instance_id == task.instance_id,
        UserTask.scope_process == task.scope_process,
        UserTask.element_id == task.element_id,
        UserTask.superseded_at.is_not(None),
        UserTask.place.is_(None),
    )
    if of_several:
        query = query.where(UserTask.completed_by == actor.person_id)
    newest_first = query.order_by(UserTask.completed_at.desc(), UserTask.id.desc()).limit(1)
    earlier = session.scalar(newest_first)
    if earlier is None or earlier.snapshot_digest is None:
        return {}
    submitted = submitted_data(session, earlier)
    return {name: value for name, value in submitted.items() if name != OUTCOME and value is not None}
