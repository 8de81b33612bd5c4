"""Writing instances: inserted once, then updated under their revision counter."""

from __future__ import annotations

from typing import Any, Final, cast

from sqlalchemy import Table, bindparam, insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.instances.models import ProcessInstance
from engine.instances.pending import affected
from engine.instances.running import STORED, RunningInstance
from kernel.errors import StaleState
from kernel.language import Text

_CHANGING: Final = (
    "status",
    "outcome",
    "exclusive_key",
    "open_incidents",
    "state",
    "ended_at",
    "subject_type",
    "subject_id",
)
_table = cast(Table, ProcessInstance.__table__)
# Built once: building a statement costs more than running it. What is set are the other values given.
_UPDATE: Final = update(_table).where(
    _table.c.id == bindparam("instance_id"), _table.c.revision == bindparam("seen_revision")
)


def insert_instance(session: Session, instance: RunningInstance) -> None:
    """Insert a new instance.

    Raises:
        StaleState: an exclusive process was started twice at the same moment; run again, the loser finds
            the open instance and is refused in words.
    """
    values = {name: getattr(instance, name) for name in STORED}
    try:
        session.execute(insert(_table), [values])
    except IntegrityError as error:
        if instance.exclusive_key is None:
            raise
        raise StaleState(
            Text("同一事项正被同时发起。", "Somebody else is starting the same case.")
        ) from error
    instance.is_new = instance.is_changed = False


def update_instance(session: Session, instance: RunningInstance) -> None:
    """Store the changed instance, unless somebody else did so since it was loaded.

    Raises:
        StaleState: somebody did; the unit of work runs the command again.
    """
    values: dict[str, Any] = {name: getattr(instance, name) for name in _CHANGING}
    seen = {"instance_id": instance.id, "seen_revision": instance.revision}
    result = session.connection().execute(_UPDATE, {**seen, **values, "revision": instance.revision + 1})
    if affected(result) != 1:
        raise StaleState(
            Text(
                f"办件 {instance.case_number} 已被他人推进。",
                f"Instance {instance.case_number} was advanced by somebody else.",
            )
        )
    instance.revision += 1
    instance.is_changed = False
