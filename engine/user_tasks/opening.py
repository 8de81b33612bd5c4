"""Opening a user task: its row, its reminder and escalation, and the notice."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import select

from engine.bpmn.model import Element, ElementKind
from engine.errors import EngineIncident
from engine.instances.running import RunningInstance
from engine.instances.variables import variables_of
from engine.jobs.queue import task_job
from engine.registry import TaskNotice
from engine.runtime.effects import UserTaskOpened
from engine.user_tasks.models import UserTask
from engine.user_tasks.signatures import sign_over, signature_columns
from kernel.calendar import deadline
from kernel.ids import new_id
from kernel.language import Text

if TYPE_CHECKING:
    from engine.instances.execution import Execution

NO_DUE_DATE: Final = datetime(9999, 1, 1, tzinfo=UTC)
REMINDER_SHARE: Final = 0.8
_UNTOUCHED: Final[dict[str, Any]] = {
    "status": "open",
    "assignee_id": None,
    "claimed_at": None,
    "completed_at": None,
    "completed_by": None,
    "outcome": None,
    "opinion": None,
    "snapshot_digest": None,
    "snapshot": None,
    "has_draft": False,
    "revision": 0,
}


def open_task(execution: Execution, instance: RunningInstance, effect: UserTaskOpened) -> UUID:
    """Add the rows of a new user task and the notice of it; returns its id."""
    element = instance.element(effect.scope_process, effect.element_id)
    due_at = deadline(execution.at, effect.deadline).due_at if effect.deadline else None
    task_id = new_id()
    row = sign_over(execution, effect, _row(execution, instance, effect, element))
    execution.pending.tasks.append({"id": task_id, **row, "due_at": due_at, "sort_at": due_at or NO_DUE_DATE})
    if due_at is not None:
        remind_at = execution.at + (due_at - execution.at) * REMINDER_SHARE
        for kind, run_at in (("reminder", remind_at), ("escalation", due_at)):
            execution.pending.jobs.append(task_job(instance, effect, kind, run_at, task_id, execution.at))
    variables = variables_of(instance.state)
    execution.notices.append(
        TaskNotice(
            kind="opened" if effect.place is None else "signature",
            task_id=task_id,
            name=name_of(element),
            process_name=instance.pinned.processes[instance.definition_key].name,
            instance=instance.facts(element.id, variables),
            candidate_role=row["candidate_role"],
            candidate_unit_id=row["candidate_unit_id"],
            region_code=row["region_code"],
            assignee_id=row["assignee_id"],
            due_at=due_at,
            at=execution.at,
        )
    )
    return task_id


def name_of(element: Element) -> Text:
    """Return the element's name in both languages, its id where it has none."""
    zh = element.name or element.id
    return Text(zh, element.name_en or zh)


def _row(
    execution: Execution, instance: RunningInstance, effect: UserTaskOpened, element: Element
) -> dict[str, Any]:
    form = instance.pinned.form_of(element)
    name = name_of(element)
    return {
        "instance_id": instance.id,
        "activity_id": effect.activity_id,
        "element_id": effect.element_id,
        "scope_process": effect.scope_process,
        "process_key": instance.definition_key,
        "name": name.zh,
        "name_en": name.en,
        "candidate_role": effect.role or "",
        "candidate_unit_id": _unit(effect),
        "region_code": _region(effect) or instance.region_code,
        "unit_id": instance.unit_id,
        "initiator_id": instance.initiator_id,
        "form_name": effect.form,
        "form_digest": form.content.digest if form else None,
        "prefill": dict(effect.prefill or {}),
        "clauses": list(element.clauses),
        "differs_from": list(effect.differs_from),
        "excluded_persons": " ".join(
            excluded(execution, instance, effect.scope_process, effect.differs_from)
        ),
        "withdrawable": effect.withdraw,
        **signature_columns(effect),
        "vote": _vote(instance, effect, element),
        "stand_in": element.stand_in,
        "opened_at": execution.at,
        **_UNTOUCHED,
    }


def _vote(instance: RunningInstance, effect: UserTaskOpened, element: Element) -> str | None:
    """Return the visit whose instances vote together, for a task that is one of them."""
    if element.approval is None or instance.state is None:
        return None
    activity = instance.state["activities"].get(effect.activity_id)
    return None if activity is None else activity.get("instance_of")


def _region(effect: UserTaskOpened) -> str | None:
    """Return the region whose people work on the task, where the diagram says so (GB/T 2260, six digits)."""
    if not effect.region:
        return None
    if re.fullmatch(r"[0-9]{6}", effect.region):
        return effect.region
    raise EngineIncident(
        effect.element_id,
        "user-task.region",
        Text(
            f"环节“{effect.element_id}”的办理地区“{effect.region}”不是六位行政区划代码。",
            f"The region “{effect.region}” of “{effect.element_id}” is not a code of six digits.",
        ),
    )


def _unit(effect: UserTaskOpened) -> UUID | None:
    if not effect.unit:
        return None
    try:
        return UUID(effect.unit)
    except ValueError:
        raise EngineIncident(
            effect.element_id,
            "user-task.unit",
            Text(
                f"环节“{effect.element_id}”的办理单位“{effect.unit}”不是有效的单位标识。",
                f"The unit “{effect.unit}” of “{effect.element_id}” is not a unit id.",
            ),
        ) from None


def excluded(
    execution: Execution, instance: RunningInstance, scope_process: str, differs_from: Iterable[str]
) -> Iterable[str]:
    """Return the persons whom four eyes keep out, as hexadecimal ids."""
    process = instance.pinned.process(scope_process)
    wanted = [process.elements[name] for name in differs_from]
    if not wanted:
        return ()
    tasks = [element.id for element in wanted if element.kind is ElementKind.USER_TASK]
    persons = set(_performers(execution, instance, scope_process, tasks))
    if instance.initiator_id and any(element.kind is ElementKind.START_EVENT for element in wanted):
        persons.add(instance.initiator_id.hex)
    return sorted(persons)


def performer_key(scope_process: str, element_id: str) -> str:
    """Return the key of an element in ``ProcessInstance.performers``."""
    return f"{scope_process}:{element_id}"


def _performers(
    execution: Execution, instance: RunningInstance, scope_process: str, elements: list[str]
) -> Iterable[str]:
    """Return who completed the elements in this instance, and whose opinion they asked."""
    if not elements:
        return ()
    if instance.performers is None:
        return _looked_up(execution, instance, scope_process, elements)
    known = instance.performers
    return [person for name in elements for person in known.get(performer_key(scope_process, name), ())]


def _looked_up(
    execution: Execution, instance: RunningInstance, scope_process: str, elements: list[str]
) -> Iterable[str]:
    """Ask the rows: the instance is older than the note of its performers."""
    execution.flush()
    found = execution.session.execute(
        select(UserTask.completed_by, UserTask.advisers).where(
            UserTask.instance_id == instance.id,
            UserTask.scope_process == scope_process,
            UserTask.element_id.in_(elements),
            UserTask.completed_by.is_not(None),
        )
    )
    return [
        person
        for completed_by, advisers in found
        if completed_by is not None
        for person in (completed_by.hex, *(advisers or "").split())
    ]
