"""What a reviewer does with a task beside deciding it: hand over, ask, tell, urge, return, take back.

The engine says which of these are possible and refuses the rest; here stand the forms behind the buttons.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal
from uuid import UUID

from flask import abort, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from engine.api import Engine, Signatory
from kernel.actor import Actor
from kernel.errors import FieldProblem, Invalid
from kernel.language import Text
from webapp.acting import current_platform
from webapp.inbox.blueprint import blueprint
from webapp.inbox.commands import carry_out
from webapp.languages import gettext as _
from webapp.permissions import requires

Command = Callable[[Engine, Session, Actor, UUID], object]


@blueprint.post("/<uuid:task_id>/actions/<name>")
@requires("task.work")
def act(task_id: UUID, name: str) -> ResponseReturnValue:
    """Carry out one action on the task and come back to it, with the refusal if there is one."""
    if name not in _COMMANDS:
        abort(404)
    engine = current_platform().engine
    command, done = _COMMANDS[name], _done(name)
    return carry_out(
        f"user_task.{name}", task_id, lambda db, actor: command(engine, db, actor, task_id), done
    )


def _done(name: str) -> str:
    return {
        "transfer": _("已转办。"),
        "delegate": _("已委派，对方给出意见后任务交还给您。"),
        "resolve": _("已交还委派。"),
        "copy": _("已抄送。"),
        "urge": _("已催办。"),
        "return": _("已退回。"),
        "take_back": _("已取回，可以重新办理。"),
        "add_signatory": _("已发出加签。"),
        "remove_signatory": _("已减签。"),
    }[name]


def _transfer(engine: Engine, db: Session, actor: Actor, task_id: UUID) -> None:
    engine.transfer_user_task(db, actor, task_id, _person(), _reason(), _revision())


def _delegate(engine: Engine, db: Session, actor: Actor, task_id: UUID) -> None:
    engine.delegate_user_task(db, actor, task_id, _person(), _reason(), _revision())


def _resolve(engine: Engine, db: Session, actor: Actor, task_id: UUID) -> None:
    engine.resolve_delegation(db, actor, task_id, _reason())


def _copy(engine: Engine, db: Session, actor: Actor, task_id: UUID) -> None:
    engine.copy_user_task(db, actor, task_id, _persons(), _reason())


def _urge(engine: Engine, db: Session, actor: Actor, task_id: UUID) -> None:
    engine.urge_user_task(db, actor, task_id, _reason())


def _return(engine: Engine, db: Session, actor: Actor, task_id: UUID) -> None:
    straight = "straight_back" in request.form
    engine.return_user_task(db, actor, task_id, request.form.get("to", ""), _reason(), straight, _revision())


def _take_back(engine: Engine, db: Session, actor: Actor, task_id: UUID) -> None:
    engine.take_back_user_task(db, actor, task_id, _reason())


def _add_signatory(engine: Engine, db: Session, actor: Actor, task_id: UUID) -> None:
    asked = [Signatory(person) for person in _persons()]
    place: Literal["before", "after"] = "after" if request.form.get("place") == "after" else "before"
    engine.add_signatories(db, actor, task_id, place, asked, _reason(), _revision())


def _remove_signatory(engine: Engine, db: Session, actor: Actor, task_id: UUID) -> None:
    engine.remove_signatory(db, actor, task_id, _reason())


_COMMANDS: Mapping[str, Command] = MappingProxyType(
    {
        "transfer": _transfer,
        "delegate": _delegate,
        "resolve": _resolve,
        "copy": _copy,
        "urge": _urge,
        "return": _return,
        "take_back": _take_back,
        "add_signatory": _add_signatory,
        "remove_signatory": _remove_signatory,
    }
)


def _persons() -> list[UUID]:
    """Return the persons chosen.

    Raises:
        Invalid: nobody, or something that is no person.
    """
    try:
        chosen = [UUID(value) for value in request.form.getlist("person")]
    except ValueError:
        chosen = []
    if not chosen:
        message = Text("请选择人员", "Choose a person")
        raise Invalid(message, (FieldProblem("person", "person.required", message),))
    return chosen


def _person() -> UUID:
    return _persons()[0]


def _reason() -> str:
    return request.form.get("reason", "").strip()


def _revision() -> int | None:
    return request.form.get("revision", type=int)
