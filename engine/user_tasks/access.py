"""Who may see and work on a task: role × unit × region, and four eyes."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, exists, false, or_, true

from engine.errors import FourEyesViolated, NotACandidate
from engine.instances.models import ProcessInstance
from engine.user_tasks.models import UserTask, UserTaskCopy
from engine.user_tasks.tasks import AnyTask
from kernel.actor import Actor, Grant
from kernel.territory import region_range

READ_ALL = "instance.read_all"


def is_candidate(actor: Actor, task: AnyTask) -> bool:
    """Tell whether a grant of the actor reaches the task."""
    return actor.has_role(task.candidate_role, task.region_code, task.candidate_unit_id)


def is_excluded(actor: Actor, task: AnyTask) -> bool:
    """Tell whether four eyes keep the actor out."""
    return actor.person_id is not None and actor.person_id.hex in task.excluded_persons.split()


def check_may_work(actor: Actor, task: AnyTask) -> None:
    """Refuse whoever is no candidate or did an element that this one must differ from.

    Raises:
        NotACandidate: no grant reaches the task.
        FourEyesViolated: the actor did one of ``differsFrom``.
    """
    if actor.person_id is None or not is_candidate(actor, task):
        raise NotACandidate(task.id, task.candidate_role)
    if is_excluded(actor, task):
        raise FourEyesViolated(task.id, ", ".join(task.differs_from))


def may_see(actor: Actor, task: AnyTask) -> bool:
    """Tell whether the actor may read the task: candidates, its people, the initiator, supervisors."""
    if actor.is_system or is_candidate(actor, task):
        return True
    if actor.person_id in (task.assignee_id, task.completed_by, task.initiator_id, task.added_by):
        return True
    return reads_all(actor, task.region_code)


def reads_all(actor: Actor, region_code: str) -> bool:
    """Tell whether the actor reads every instance of the region."""
    return actor.may(READ_ALL) and any(grant.reaches(region_code, None) for grant in actor.grants)


def candidate_condition(actor: Actor) -> ColumnElement[bool]:
    """Return ``is_candidate`` as a condition on ``user_task``."""
    return or_(false(), *candidate_conditions(actor))


def candidate_conditions(actor: Actor) -> list[ColumnElement[bool]]:
    """Return ``is_candidate`` as conditions of which each is one range of an index, in the inbox's order."""
    conditions: list[ColumnElement[bool]] = []
    for role, grants in _grants_by_role(actor).items():
        has_role = UserTask.candidate_role == role
        everywhere = [grant.region_code for grant in grants if grant.unit_id is None]
        if everywhere:
            conditions.append(and_(has_role, _in_regions(everywhere)))
        bound = [grant.region_code for grant in grants if grant.unit_id is not None]
        if bound:
            conditions.append(and_(has_role, UserTask.candidate_unit_id.is_(None), _in_regions(bound)))
        for unit_id in sorted({grant.unit_id for grant in grants if grant.unit_id is not None}):
            conditions.append(and_(has_role, UserTask.candidate_unit_id == unit_id))
    return conditions


def not_excluded_condition(actor: Actor) -> ColumnElement[bool]:
    """Return the negation of ``is_excluded`` as a condition on ``user_task``."""
    if actor.person_id is None:
        return true()
    return UserTask.excluded_persons.not_like(f"%{actor.person_id.hex}%")


def instance_condition(actor: Actor) -> ColumnElement[bool]:
    """Return the condition under which the actor may see a ``process_instance``."""
    if actor.is_system:
        return true()
    own = ProcessInstance.initiator_id == actor.person_id
    worked = (
        UserTask.__table__.select()
        .with_only_columns(UserTask.id)
        .where(
            UserTask.instance_id == ProcessInstance.id,
            or_(
                UserTask.assignee_id == actor.person_id,
                UserTask.completed_by == actor.person_id,
                candidate_condition(actor),
            ),
        )
        .exists()
    )
    copied = exists().where(
        UserTaskCopy.instance_id == ProcessInstance.id, UserTaskCopy.person_id == actor.person_id
    )
    return or_(own, worked, copied, *_all_of_regions(actor))


def _all_of_regions(actor: Actor) -> list[ColumnElement[bool]]:
    if not actor.may(READ_ALL):
        return []
    regions = sorted({grant.region_code for grant in actor.grants})
    return [ProcessInstance.region_code.between(*region_range(region)) for region in regions]


def _grants_by_role(actor: Actor) -> dict[str, list[Grant]]:
    found: dict[str, list[Grant]] = {}
    for grant in dict.fromkeys(actor.grants):
        found.setdefault(grant.role, []).append(grant)
    return found


def _in_regions(regions: Iterable[str]) -> ColumnElement[bool]:
    return or_(*(UserTask.region_code.between(*region_range(region)) for region in sorted(set(regions))))
