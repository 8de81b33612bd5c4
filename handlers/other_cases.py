"""What else is under way on a version that was taken down: ended with a reason, and said so.

Source: draft standard, clause 9.2; docs/reference/component-states.md, S35 and S40
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from domain.assessments import service as assessments
from domain.catalogue import queries
from domain.changes import queries as change_queries
from domain.changes import service as changes
from domain.changes.kinds import Status
from domain.emergency.queries import open_filing_of
from domain.people.permissions import OPERATOR, PROVIDER, RELEASING_UNIT, REVIEWER
from engine.api import Engine, HandlerResult, InstanceRef, JobContext, Registry
from handlers.catalogue import case_of
from handlers.environment import PLATFORM, Environment
from handlers.holders import tell_units
from handlers.parameters import REASON, VERSION, reason_of, version_of
from kernel.language import Text


def register(registry: Registry, environment: Environment) -> None:
    """Register the last step of the take-down."""
    registry.handler(
        "takedown.end_other_cases",
        partial(end_other_cases, Engine(registry)),
        Text("终止该版本的其他在办办件", "End the other open cases of the version"),
        (VERSION, REASON),
        {"ended": Text("终止的办件", "Cases ended")},
    )


def end_other_cases(engine: Engine, job: JobContext) -> HandlerResult:
    """Cancel what else is under way on the version, and tell its units which cases these were.

    The change that already brings a new version goes on: the new one is not delisted, and the process
    looks itself whether the old one is still published. The filing of the plan goes on, too: it has heard
    of the delisting and ends with its record, which a cancellation would leave open.
    """
    version_id, reason = version_of(job.parameters), reason_of(job) or "组件下架 / delisted"

    def apply(session: Session) -> Mapping[str, Any]:
        detail = queries.version_detail(session, PLATFORM, version_id)
        change = change_queries.open_change_of(session, version_id)
        goes_on = change is not None and change.new_version_id is not None and change.instance_id
        filing = open_filing_of(session, version_id)
        ended = engine.cancel_instances_about(
            session,
            PLATFORM,
            ("component_version", version_id),
            f"组件已下架，办件随之终止：{reason}",
            by=InstanceRef(job.instance.id, job.instance.case_number),
            keep=[*([goes_on] if goes_on else []), *([filing.instance_id] if filing else [])],
        )
        # A case that is creating the new version is about that one already, though the change knows it later.
        ended_ids = {each.id for each in ended}
        if change is not None and (change.instance_id is None or change.instance_id in ended_ids):
            case = case_of(job.instance)
            changes.finish_change(session, PLATFORM, change.id, Status.REFUSED, reason, case=case)
        assessments.cancel_for_version(session, PLATFORM, version_id, reason)
        numbers = [each.case_number for each in ended]
        if numbers:
            tell_units(
                session,
                detail,
                (RELEASING_UNIT, PROVIDER, OPERATOR, REVIEWER),
                Text("随下架终止的办件", "Cases that ended with the delisting"),
                Text("、".join(numbers), ", ".join(numbers)),
                "delisted",
            )
        return {"ended": numbers}

    return HandlerResult(apply=apply)
