"""Beginning an instance: pins, case number, first advance. Used by people, messages and timers alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.bpmn.model import Process
from engine.definitions.pinned import pinned_net
from engine.definitions.versions import find_version, pins_of
from engine.errors import InstanceAlreadyOpen
from engine.instances.causes import Cause
from engine.instances.models import CaseCounter, ProcessInstance
from engine.instances.running import RunningInstance
from engine.runtime.commands import Start
from kernel.audit.trail import know_head
from kernel.clock import SHANGHAI
from kernel.errors import FieldProblem, Invalid, StaleState
from kernel.ids import new_id
from kernel.language import Text
from kernel.territory import region_range

if TYPE_CHECKING:
    from engine.instances.execution import Execution


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What an instance begins with; ``cause`` says what started it (``hand``, ``message:<name>``, …)."""

    version_id: UUID
    variables: Mapping[str, Any]
    start_event: str | None
    business_key: str | None
    title: str
    subject_type: str | None
    subject_id: UUID | None
    region_code: str
    unit_id: UUID | None
    initiator_id: UUID | None
    cause: str


def begin(execution: Execution, beginning: Beginning) -> RunningInstance:
    """Begin an instance and advance it as far as it goes by itself.

    Raises:
        InstanceAlreadyOpen: the process is exclusive and one of this business key is open.
        Invalid: the region code is not one.
    """
    _check_region(beginning.region_code)
    instance = _new_instance(execution, beginning)
    process = instance.pinned.process(instance.definition_key)
    execution.adopt(instance)
    know_head(execution.session, instance.stream, None, None)
    variables = {**beginning.variables, "initiatorId": _text(beginning.initiator_id)}
    execution.advance(
        instance,
        Start(process.key, variables, beginning.start_event),
        _cause(instance, process, beginning),
    )
    return instance


def _new_instance(execution: Execution, beginning: Beginning) -> RunningInstance:
    version = find_version(execution.session, beginning.version_id)
    pinned = pinned_net(execution.session, pins := pins_of(execution.session, version))
    exclusive_key = _exclusive_key(execution.session, pinned.process(version.key), beginning.business_key)
    return RunningInstance(
        id=new_id(),
        case_number=_case_number(execution, beginning.region_code),
        region_code=beginning.region_code,
        unit_id=beginning.unit_id,
        definition_version_id=version.id,
        definition_key=version.key,
        definition_version=version.version,
        pins=pins,
        business_key=beginning.business_key,
        exclusive_key=exclusive_key,
        title=(beginning.title or version.name)[:300],
        subject_type=beginning.subject_type,
        subject_id=beginning.subject_id,
        initiator_id=beginning.initiator_id,
        status="active",
        outcome=None,
        open_incidents=0,
        state=None,
        performers={},
        revision=1,
        started_at=execution.at,
        ended_at=None,
        pinned=pinned,
        is_new=True,
    )


def _cause(instance: RunningInstance, process: Process, beginning: Beginning) -> Cause:
    start_event = beginning.start_event or next(
        (name for name in process.starts if process.elements[name].event is None), None
    )
    return Cause(
        action="instance.started",
        element=process.elements[start_event] if start_event else None,
        asked={"by": beginning.cause, "businessKey": beginning.business_key},
        after={"status": "active", "caseNumber": instance.case_number, "title": instance.title},
    )


def _exclusive_key(session: Session, process: Process, business_key: str | None) -> str | None:
    if not (process.exclusive and business_key):
        return None
    exclusive_key = f"{process.key}:{business_key}"
    taken = session.scalar(
        select(ProcessInstance.case_number).where(ProcessInstance.exclusive_key == exclusive_key)
    )
    if taken is not None:
        raise InstanceAlreadyOpen(process.key, business_key, taken)
    return exclusive_key


def _case_number(execution: Execution, region_code: str) -> str:
    """Return the next number of the region and the year; the counter row stays locked until the commit."""
    year = execution.at.astimezone(SHANGHAI).year
    counter = (CaseCounter.region_code == region_code, CaseCounter.year == year)
    number = execution.session.scalar(
        update(CaseCounter)
        .where(*counter)
        .values(last_number=CaseCounter.last_number + 1)
        .returning(CaseCounter.last_number),
        execution_options={"synchronize_session": False},
    )
    if number is None:
        number = 1
        values = {"region_code": region_code, "year": year, "last_number": number}
        try:
            execution.session.execute(insert(CaseCounter), [values])
        except IntegrityError as error:
            raise StaleState(Text("编号正被同时生成。", "Somebody else is numbering a case.")) from error
    return f"ZJ-{region_code}-{year}-{number:06d}"


def _check_region(region_code: str) -> None:
    try:
        region_range(region_code)
    except ValueError as error:
        message = Text(f"“{region_code}”不是区划代码。", f"“{region_code}” is not a region code.")
        cure = Text("请使用六位区划代码。", "Use a code of six digits.")
        raise Invalid(message, (FieldProblem("region_code", "region", message, None, cure),)) from error


def _text(person_id: UUID | None) -> str | None:
    return str(person_id) if person_id else None
