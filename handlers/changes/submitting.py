"""What happens with a change in the transaction of a completed task: submitted, linked, ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from domain.changes import service
from domain.changes.kinds import Status
from domain.changes.service import Proposal
from engine.api import ListenerCall, Parameter, Registry
from handlers.catalogue import case_of
from handlers.changes.parameters import CHANGE, change_of
from handlers.environment import Environment
from handlers.parameters import REASON, mapping, optional_id, reason_of
from kernel.language import Text

_ENDS = (Status.FINISHED, Status.REFUSED, Status.ROLLED_BACK)


def register(registry: Registry, environment: Environment) -> None:
    """Register the listeners of changes."""
    registry.listener(
        "changes.submit",
        submit,
        Text("提交变更内容，与现行信息分开保存", "Submit what changes, kept beside what holds"),
        (CHANGE, Parameter("proposal", Text("变更内容", "Content of the change"), "object")),
    )
    registry.listener(
        "changes.note_version",
        note_version,
        Text("记录变更产生的新版本", "Note the version that the change has brought"),
        (CHANGE, Parameter("newVersionId", Text("新版本", "New version"), "str", required=False)),
    )
    registry.listener(
        "changes.finish",
        finish,
        Text("结束变更", "End the change"),
        (
            CHANGE,
            Parameter("status", Text("结果", "Result"), "str", choices=tuple(one.value for one in _ENDS)),
            REASON,
        ),
    )


def submit(session: Session, call: ListenerCall) -> None:
    """Keep what the provider filled in; a broken rule refuses the task and names the field."""
    service.submit_change(
        session,
        call.actor,
        change_of(call.parameters),
        proposal_of(mapping(call.parameters.get("proposal"))),
        case=case_of(call.instance, call.clauses),
    )


def proposal_of(form: Mapping[str, Any]) -> Proposal:
    """Read the form of a change."""

    def text(name: str) -> str:
        value = form.get(name)
        return value if isinstance(value, str) else ""

    return Proposal(
        summary=text("summary"),
        impact=text("impact"),
        rollback_plan=text("rollbackPlan"),
        compatibility_plan=text("compatibilityPlan"),
        window_start=text("windowStart") or None,
        window_end=text("windowEnd") or None,
        new_version=text("newVersion").strip() or None,
        contract_file=text("contract") or None,
        record=mapping(form.get("record")),
    )


def note_version(session: Session, call: ListenerCall) -> None:
    """Link the new version, so that nobody publishes it outside the window."""
    version_id = optional_id(call.parameters.get("newVersionId"))
    if version_id is not None:
        service.note_new_version(session, change_of(call.parameters), version_id)


def finish(session: Session, call: ListenerCall) -> None:
    """End the change as the diagram says."""
    service.finish_change(
        session,
        call.actor,
        change_of(call.parameters),
        Status(str(call.parameters["status"])),
        reason_of(call) or "",
        case=case_of(call.instance, call.clauses),
    )
