"""Migrating running instances to another version: dry run, request, and the batch with its results.

The batch carries each instance over in a transaction of its own, so that one that cannot move, or is
being worked on at this moment, holds up none of the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, insert, select
from sqlalchemy.orm import Session

from engine.definitions.pinned import PinnedNet, pinned_net
from engine.definitions.rows import DefinitionVersion
from engine.definitions.versions import find_version, pins_of, version_row
from engine.errors import OperationNotOpen
from engine.instances.execution import Execution
from engine.instances.models import ProcessInstance
from engine.operations.access import OPERATE, check_may, check_reason
from engine.operations.carrying import Destination, carry_over, tried
from engine.operations.models import MigrationResult
from engine.operations.requesting import insert_request, read_request
from engine.operations.rows import MigrationPlan, MigrationVerdict, OperationRow
from engine.registry import Registry
from engine.runtime.homes import CannotMigrate, Reason
from kernel.actor import Actor, system_actor
from kernel.audit import AuditEntry, append
from kernel.clock import now
from kernel.database import Database
from kernel.errors import FieldProblem, Invalid, NotAllowed
from kernel.language import Text
from kernel.territory import covers, region_range
from kernel.unit_of_work import Concern, perform

_OPEN: Final = ("active", "suspended")
MOST_TRIED: Final = 1_000


def dry_run(
    session: Session, actor: Actor, plan: MigrationPlan, limit: int = MOST_TRIED
) -> tuple[MigrationVerdict, ...]:
    """Say of each instance that the plan concerns whether it can move, and why not; changes nothing.

    Raises:
        NotAllowed: the actor lacks ``instance.operate``, or no grant reaches the region of the plan.
        DefinitionNotFound: there is no such version.
        Invalid: the mapping names elements that one of the versions lacks.
    """
    check_may(actor, OPERATE)
    _check_region(actor, plan)
    destination = _destination(session, plan)
    _check_mapping(session, plan, destination)
    query = _concerned(destination.version, plan).limit(min(limit, MOST_TRIED))
    return tuple(tried(session, instance_id, destination) for instance_id in session.scalars(query))


def request_migration(session: Session, actor: Actor, plan: MigrationPlan, reason: str) -> OperationRow:
    """Ask for a migration; called processes are pinned now, to the versions of this moment.

    Raises:
        As ``dry_run``, and Invalid without a reason.
    """
    person_id = check_may(actor, OPERATE)
    _check_region(actor, plan)
    check_reason(reason)
    destination = _destination(session, plan)
    _check_mapping(session, plan, destination)
    asked = {
        "versionId": str(plan.version_id),
        "process": destination.version.key,
        "version": destination.version.version,
        "pins": dict(destination.pins),
        "mapping": {key: dict(names) for key, names in plan.mapping.items()},
        "fromVersions": list(plan.from_versions),
    }
    request = insert_request(session, "migrate", person_id, None, plan.region_code, asked, reason)
    entry = AuditEntry(
        action="operation.requested",
        actor=actor,
        stream="system:operations",
        definition_version=f"{destination.version.key}@{destination.version.version}",
        reason=reason,
        asked={"request": str(request.id), "operation": "migrate", **asked},
        region_code=plan.region_code,
    )
    append(session, entry)
    return request


def run_migration(
    database: Database, registry: Registry, request_id: UUID, limit: int
) -> tuple[MigrationVerdict, ...]:
    """Carry over up to ``limit`` instances of a migration that was consented to; the rest with the next call.

    Returns what became of each; an empty answer means that the migration is through. An instance that
    had to stay is not tried again under the same request.

    Raises:
        OperationNotFound: there is no such request.
        OperationNotOpen: nobody consented to it, or it is no migration.
    """
    with database.read() as session:
        request = read_request(session, request_id)
        if request.kind != "migrate" or request.status != "done":
            raise OperationNotOpen(request_id)
        plan = plan_of(request)
        destination = _destination(session, plan, request.asked["pins"])
        done = select(MigrationResult.instance_id).where(MigrationResult.request_id == request_id)
        query = _concerned(destination.version, plan).where(ProcessInstance.id.not_in(done)).limit(limit)
        waiting = list(session.scalars(query))
    return tuple(_move(database, registry, request, destination, each) for each in waiting)


def plan_of(request: OperationRow) -> MigrationPlan:
    """Return the plan that a request keeps."""
    return MigrationPlan(
        version_id=UUID(request.asked["versionId"]),
        region_code=request.region_code,
        mapping=request.asked["mapping"],
        from_versions=tuple(request.asked["fromVersions"]),
    )


def results(session: Session, request_id: UUID) -> tuple[MigrationVerdict, ...]:
    """Return what became of each instance so far."""
    query = (
        select(MigrationResult, ProcessInstance.case_number, ProcessInstance.definition_version)
        .join(ProcessInstance, ProcessInstance.id == MigrationResult.instance_id)
        .where(MigrationResult.request_id == request_id)
        .order_by(MigrationResult.instance_id)
    )
    return tuple(
        MigrationVerdict(
            instance_id=row.instance_id,
            case_number=case_number,
            version=version,
            is_movable=row.is_moved,
            reasons=tuple(_read_reason(each) for each in (row.reason or {}).get("reasons", ())),
        )
        for row, case_number, version in session.execute(query)
    )


def _move(
    database: Database,
    registry: Registry,
    request: OperationRow,
    destination: Destination,
    instance_id: UUID,
) -> MigrationVerdict:
    actor = system_actor()

    def move(session: Session) -> MigrationVerdict:
        execution = Execution(session, registry, actor)
        instance = execution.load(instance_id)
        reasons: tuple[Reason, ...] = ()
        try:
            carry_over(execution, instance, destination, request)
            execution.finish()
        except CannotMigrate as refusal:
            # Nothing was written for this instance: it is refused before the first statement.
            reasons = refusal.reasons
        values = {
            "request_id": request.id,
            "instance_id": instance_id,
            "is_moved": not reasons,
            "reason": {"reasons": [_written_reason(each) for each in reasons]} if reasons else None,
            "at": now(),
        }
        session.execute(insert(MigrationResult), [values])
        return MigrationVerdict(
            instance_id, instance.case_number, instance.definition_version, not reasons, reasons
        )

    concern = Concern(instance_id=instance_id)
    return perform(database, "instance.migrate", actor, move, concern=concern)


def _destination(session: Session, plan: MigrationPlan, pins: Mapping[str, str] | None = None) -> Destination:
    version = find_version(session, plan.version_id)
    chosen = dict(pins) if pins is not None else pins_of(session, version)
    return Destination(version_row(version), chosen, pinned_net(session, chosen), plan.mapping)


def _concerned(version: DefinitionVersion, plan: MigrationPlan) -> Select[UUID]:
    instance = ProcessInstance
    query = select(instance.id).where(
        instance.definition_key == version.key,
        instance.status.in_(_OPEN),
        instance.definition_version_id != version.id,
        instance.region_code.between(*region_range(plan.region_code)),
    )
    if plan.from_versions:
        query = query.where(instance.definition_version.in_(plan.from_versions))
    return query.order_by(instance.id)


def _check_region(actor: Actor, plan: MigrationPlan) -> None:
    if not any(covers(grant.region_code, plan.region_code) for grant in actor.grants):
        raise NotAllowed(Text("该区域不在您的管辖范围。", "The region is outside your territory."))


def _check_mapping(session: Session, plan: MigrationPlan, destination: Destination) -> None:
    """Refuse names that the new version does not know: they are slips, and would silently rename nothing."""
    problems = [
        _unknown(process, name)
        for process, names in plan.mapping.items()
        for name in names.values()
        if name not in _elements(destination.pinned, process)
    ]
    if problems:
        raise Invalid(problems[0].message, tuple(problems))


def _elements(pinned: PinnedNet, process: str) -> Mapping[str, Any]:
    found = pinned.net.processes.get(process)
    return {} if found is None else found.elements


def _unknown(process: str, name: str) -> FieldProblem:
    message = Text(
        f"新版本的流程 {process} 没有元素“{name}”。", f"The new version of {process} has no element “{name}”."
    )
    return FieldProblem(f"mapping.{process}", "migrate.mapping", message)


def _written_reason(reason: Reason) -> dict[str, Any]:
    return {"rule": reason.rule, "elementId": reason.element_id, "message": reason.message.to_json()}


def _read_reason(stored: Mapping[str, Any]) -> Reason:
    message = stored["message"]
    return Reason(stored["rule"], stored["elementId"], Text(zh=message["zh-CN"], en=message["en"]))
