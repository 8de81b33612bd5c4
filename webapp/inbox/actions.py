"""The reviewer actions of a task as the page offers them, each with the people to choose from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from domain.people import queries as people
from domain.people.permissions import OPERATOR, PROVIDER, RELEASING_UNIT, REVIEWER
from engine.api import ReturnTarget, TaskDetail
from kernel.actor import Actor
from webapp.languages import gettext as _
from webapp.languages import in_language

# In the order of the sheet; the names of ``zujian:actions`` with those of the routes.
_ROUTES = {
    "return": "return",
    "resolve": "resolve",
    "addSignatory": "add_signatory",
    "removeSignatory": "remove_signatory",
    "transfer": "transfer",
    "delegate": "delegate",
    "copy": "copy",
    "urge": "urge",
    "takeBack": "take_back",
}
_NEEDS_REASON = frozenset({"return", "resolve", "removeSignatory"})
_CHOOSES_PERSONS = frozenset({"transfer", "delegate", "copy", "addSignatory"})
_CHOOSES_SEVERAL = frozenset({"copy", "addSignatory"})


@dataclass(frozen=True, slots=True)
class PersonChoice:
    """A person to whom something may be handed."""

    id: UUID
    label: str


@dataclass(frozen=True, slots=True)
class Target:
    """An earlier step to return to."""

    element_id: str
    label: str
    straight_back: bool


@dataclass(frozen=True, slots=True)
class TaskAction:
    """One action: its words, where it is posted, and what it asks for."""

    name: str
    label: str
    help: str
    icon: str
    url: str
    reason_label: str
    needs_reason: bool
    persons: tuple[PersonChoice, ...]
    asks_persons: bool
    asks_several: bool
    targets: tuple[Target, ...]


def task_actions(session: Session, actor: Actor, detail: TaskDetail) -> tuple[TaskAction, ...]:
    """Return the actions that the engine would not refuse, finished for the sheet."""
    allowed = set(detail.allowed.actions)
    names = [name for name in _ROUTES if name in allowed]
    if not names:
        return ()
    able = _candidates(session, actor, detail) if _CHOOSES_PERSONS & allowed else ()
    anybody = _colleagues(session, actor, detail) if "copy" in allowed else ()
    return tuple(
        TaskAction(
            name=name,
            label=_labels()[name],
            help=_helps()[name],
            icon=_ICONS[name],
            url=url_for("inbox.act", task_id=detail.row.id, name=_ROUTES[name]),
            reason_label=_("意见") if name == "resolve" else _("原因"),
            needs_reason=name in _NEEDS_REASON,
            persons=anybody if name == "copy" else able,
            asks_persons=name in _CHOOSES_PERSONS,
            asks_several=name in _CHOOSES_SEVERAL,
            targets=_targets(detail.return_targets) if name == "return" else (),
        )
        for name in names
    )


_ICONS = {
    "return": "undo-2",
    "resolve": "check",
    "addSignatory": "users",
    "removeSignatory": "ban",
    "transfer": "arrow-right",
    "delegate": "users",
    "copy": "send",
    "urge": "clock",
    "takeBack": "undo-2",
}


def _labels() -> dict[str, str]:
    return {
        "return": _("退回到环节"),
        "resolve": _("交还委派"),
        "addSignatory": _("加签"),
        "removeSignatory": _("减签"),
        "transfer": _("转办"),
        "delegate": _("委派"),
        "copy": _("抄送"),
        "urge": _("催办"),
        "takeBack": _("取回"),
    }


def _helps() -> dict[str, str]:
    return {
        "return": _("该环节及其后的办理重新进行，没有人的审批会被跳过。"),
        "resolve": _("填写意见后，任务交还给委派人。"),
        "addSignatory": _("请他人一并签署：前加签先于您办理，后加签在您同意之后办理。"),
        "removeSignatory": _("不再需要这一签署。"),
        "transfer": _("任务从此由对方办理。"),
        "delegate": _("请对方给出意见，之后任务交还给您。"),
        "copy": _("对方可以查看本办件。"),
        "urge": _("提醒当前办理人，每小时至多一次。"),
        "takeBack": _("下一环节尚无人办理时，可以取回重办。"),
    }


def _targets(found: Iterable[ReturnTarget]) -> tuple[Target, ...]:
    targets = []
    for one in found:
        label = in_language(one.name)
        if one.is_initiator:
            label = _("%(step)s（发起人）", step=label)
        elif one.is_previous:
            label = _("%(step)s（上一环节）", step=label)
        targets.append(Target(one.element_id, label, one.straight_back))
    return tuple(targets)


def _candidates(session: Session, actor: Actor, detail: TaskDetail) -> tuple[PersonChoice, ...]:
    """Return who holds the role of the task, without those whom four eyes keep out."""
    row = detail.row
    found = people.holders(session, row.candidate_role, row.region_code, row.candidate_unit_id)
    return _choices(session, found, {actor.person_id, row.assignee_id, *detail.excluded_persons})


def _colleagues(session: Session, actor: Actor, detail: TaskDetail) -> tuple[PersonChoice, ...]:
    roles = (RELEASING_UNIT, PROVIDER, OPERATOR, REVIEWER)
    found = {
        person.id: person
        for role in roles
        for person in people.holders(session, role, detail.row.region_code, None)
    }
    return _choices(session, found.values(), {actor.person_id})


def _choices(
    session: Session, found: Iterable[people.PersonName], without: set[UUID | None]
) -> tuple[PersonChoice, ...]:
    return tuple(
        PersonChoice(person.id, f"{person.name} · {person.unit_name}" if person.unit_name else person.name)
        for person in found
        if person.id not in without
    )
