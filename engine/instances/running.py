"""A process instance in memory while a command works on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, literal_column, outerjoin, select
from sqlalchemy.orm import Session

from engine.bpmn.model import Element
from engine.definitions.pinned import PinnedNet, pinned_net
from engine.errors import InstanceNotFound
from engine.instances.models import ProcessInstance
from engine.registry import InstanceFacts
from engine.runtime.codec import load_state
from engine.runtime.state import State
from kernel.audit.trail import HEAD_COLUMNS, STREAM_NAME, know_head
from kernel.statements import Statement, uuid_text


@dataclass(slots=True)
class RunningInstance:
    """The row of an instance with its compiled net. Changed in memory, written once by ``storing``.

    ``as_stored`` is the row as it was read, so that only what changed is written: an index is touched by
    every column that an UPDATE names, whether its value is another one or not. ``recounts_incidents``: how
    many are open is counted when the row is written.
    """

    id: UUID
    case_number: str
    region_code: str
    unit_id: UUID | None
    definition_version_id: UUID
    definition_key: str
    definition_version: int
    pins: Mapping[str, str]
    business_key: str | None
    exclusive_key: str | None
    title: str
    subject_type: str | None
    subject_id: UUID | None
    initiator_id: UUID | None
    status: str
    outcome: str | None
    open_incidents: int
    state: State | None
    performers: dict[str, list[str]] | None
    revision: int
    started_at: datetime
    ended_at: datetime | None
    pinned: PinnedNet
    is_new: bool = field(default=False)
    is_changed: bool = field(default=False)
    recounts_incidents: bool = field(default=False)
    as_stored: Mapping[str, Any] = field(default_factory=dict)

    def element(self, scope_process: str, element_id: str) -> Element:
        """Return an element of this or a called process."""
        return self.pinned.element(scope_process, element_id)

    def find_element(self, scope_process: str, element_id: str) -> Element | None:
        """Return an element that may be of an earlier version, if this one still has it.

        A job that was at work during a migration knows its element by the old name.
        """
        process = self.pinned.net.processes.get(scope_process)
        return None if process is None else process.elements.get(element_id)

    def element_named(self, element_id: str | None) -> Element | None:
        """Return the element of this id, of the own process or else of a called one."""
        keys = (self.definition_key, *self.pinned.net.processes)
        found = (self.find_element(key, element_id) for key in keys if element_id is not None)
        return next((element for element in found if element is not None), None)

    @property
    def stream(self) -> str:
        """Return the audit stream of the instance."""
        return f"instance:{self.id}"

    def facts(self, element_id: str, variables: Mapping[str, Any]) -> InstanceFacts:
        """Return what handlers, listeners and notifiers may know."""
        return InstanceFacts(
            id=self.id,
            case_number=self.case_number,
            title=self.title,
            business_key=self.business_key,
            definition_key=self.definition_key,
            definition_version=self.definition_version,
            element_id=element_id,
            region_code=self.region_code,
            unit_id=self.unit_id,
            initiator_id=self.initiator_id,
            subject_type=self.subject_type,
            subject_id=self.subject_id,
            variables=variables,
        )


STORED: Final = tuple(
    item.name
    for item in fields(RunningInstance)
    if item.name not in {"pinned", "is_new", "is_changed", "recounts_incidents", "as_stored"}
)
_table = cast(Table, ProcessInstance.__table__)
# What is read of an instance: its row, and where its audit stream stands.
INSTANCE_COLUMNS: Final = (*(_table.c[name] for name in STORED), *HEAD_COLUMNS)
INSTANCE_WITH_HEAD: Final = outerjoin(
    _table, STREAM_NAME.table, literal_column("'instance:'") + uuid_text(_table.c.id) == STREAM_NAME
)
_READ: Final = Statement(
    select(*INSTANCE_COLUMNS).select_from(INSTANCE_WITH_HEAD).where(_table.c.id == bindparam("instance_id"))
)


def load_instance(session: Session, instance_id: UUID) -> RunningInstance:
    """Read an instance with its net.

    Raises:
        InstanceNotFound: there is none.
    """
    row = _READ.first(session, {"instance_id": instance_id})
    if row is None:
        raise InstanceNotFound(instance_id)
    return running_from(session, row)


def running_from(session: Session, row: Sequence[Any]) -> RunningInstance:
    """Make an instance of a row of ``INSTANCE_COLUMNS``."""
    values = dict(zip(STORED, row, strict=False))
    values["state"] = load_state(values["state"])
    instance = RunningInstance(**values, pinned=pinned_net(session, values["pins"]), as_stored=values)
    know_head(session, instance.stream, *row[len(STORED) :])
    return instance
