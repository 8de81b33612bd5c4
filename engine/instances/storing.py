"""Writing instances: inserted once, then updated under their revision counter."""

from __future__ import annotations

from functools import cache
from typing import Any, Final, cast

from sqlalchemy import Table, bindparam, func, insert, select, update

from engine.incidents.models import IncidentRecord
from engine.instances.models import ProcessInstance
from engine.instances.running import STORED, RunningInstance
from engine.messages.receivers import Look, receivers_of
from kernel.errors import StaleState
from kernel.language import Text
from kernel.statements import Batch, Statement

_CHANGING: Final = (
    "status",
    "outcome",
    "exclusive_key",
    "open_incidents",
    "state",
    "performers",
    "ended_at",
    "subject_type",
    "subject_id",
)
_table = cast(Table, ProcessInstance.__table__)
_INSERT: Final = Statement(insert(_table))
# What is set are the other values given.
_BY_REVISION: Final = update(_table).where(
    _table.c.id == bindparam("instance_id"), _table.c.revision == bindparam("seen_revision")
)
_open_incidents = select(func.count()).where(
    IncidentRecord.instance_id == bindparam("of_instance", type_=_table.c.id.type),
    IncidentRecord.status == "open",
)
_AND_COUNT: Final = _BY_REVISION.values(
    open_incidents=_open_incidents.select_from(IncidentRecord).scalar_subquery()
)


@cache
def _update(recounts_incidents: bool, thrown: int) -> Statement:
    """Return the statement that stores an instance; ``thrown`` is for how many events it finds receivers."""
    written = _AND_COUNT if recounts_incidents else _BY_REVISION
    return Statement(written.returning(*receivers_of(thrown)) if thrown else written)


def insert_instance(batch: Batch, instance: RunningInstance) -> None:
    """Insert a new instance.

    When an exclusive process is started twice at the same moment the loser is run again, finds the open
    instance and is refused in words.
    """
    values = {name: getattr(instance, name) for name in STORED}
    batch.add(_INSERT, [values], otherwise=_started_twice)
    instance.is_new = instance.is_changed = False


def update_instance(batch: Batch, instance: RunningInstance, look: Look | None = None) -> None:
    """Store the changed instance, unless somebody else did so since it was loaded.

    A look for receivers rides on it; it sees what the statements before it have written.
    """
    case_number = instance.case_number
    stored = instance.as_stored
    values: dict[str, Any] = {name: getattr(instance, name) for name in _CHANGING}
    instance.as_stored = {**stored, **values}
    if stored:
        values = {name: value for name, value in values.items() if value != stored[name]}
    seen = {"instance_id": instance.id, "seen_revision": instance.revision}
    if instance.recounts_incidents:
        values.pop("open_incidents", None)
        seen["of_instance"] = instance.id
    instance.revision += 1
    batch.add(
        _update(instance.recounts_incidents, look.places if look else 0),
        [{**seen, **values, "revision": instance.revision, **(look.values if look else {})}],
        1,
        lambda: _advanced_by_another(case_number),
        then=look.hear if look else None,
    )
    instance.is_changed = instance.recounts_incidents = False


def _started_twice() -> StaleState:
    return StaleState(Text("同一事项正被同时发起。", "Somebody else is starting the same case."))


def _advanced_by_another(case_number: str) -> StaleState:
    return StaleState(
        Text(f"办件 {case_number} 已被他人推进。", f"Instance {case_number} was advanced by somebody else.")
    )
