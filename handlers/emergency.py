"""Filing of emergency plans: due times, completeness, overdue marking, restriction.

Source: draft standard, clause 10.3a; process P09
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from domain.catalogue import queries
from domain.emergency import queries as plan_queries
from domain.emergency import service as plans
from domain.emergency.queries import FilingRow
from domain.emergency.rules import REMINDERS
from domain.people.permissions import OPERATOR, PROVIDER, RELEASING_UNIT, REVIEWER, SUPERVISOR
from engine.api import (
    HandlerResult,
    InstanceFacts,
    JobContext,
    ListenerCall,
    Parameter,
    Registry,
    TechnicalFailure,
)
from handlers.environment import PLATFORM, Environment
from handlers.holders import tell_units
from handlers.parameters import REASON, VERSION, mapping, optional_id, reason_of, version_of
from kernel.calendar import add_months, day_of
from kernel.clock import SHANGHAI, now
from kernel.files import REFERENCE_PREFIX, find_file
from kernel.language import Text

# A filed plan covers a later version for so long, where it says that it does.
COVERS_MONTHS: Final = 12
# How far a review has got when the provider is reminded.
_SHARES: Final = (0.5, 0.8, 0.95)
_REMIND_AT: Final = ("remindFirstAt", "remindSecondAt", "remindThirdAt")


def register(registry: Registry, environment: Environment) -> None:
    """Register the topics of the filing."""
    registry.handler(
        "plan.open_filing",
        open_filing,
        Text("计算截止时间，查有效备案", "Compute the due time, look for a filed plan"),
        (
            Parameter("versionId", Text("组件版本", "Component version"), "str", required=False),
            Parameter(
                "cause", Text("原因", "Cause"), "str", choices=("listing", "yearly", "change", "missing")
            ),
        ),
        {
            "covered": Text("已有有效备案", "Covered"),
            "dueAt": Text("截止时间", "Due at"),
            "versionId": Text("组件版本", "Component version"),
            **{name: Text("提醒时间", "Reminder") for name in _REMIND_AT},
            "providerUnitId": Text("提供方单位", "Provider unit"),
            "planVersionId": Text("预案版本", "Plan version"),
        },
    )
    registry.listener(
        "plan.submit",
        submit,
        Text(
            "保存预案版本，记首次合格提交时间",
            "Keep the version of the plan, note the first valid submission",
        ),
        (VERSION, Parameter("plan", Text("预案", "Plan"), "object")),
    )
    registry.handler(
        "plan.check",
        check,
        Text("预案完整性校验", "Check that the plan is complete"),
        (VERSION, Parameter("plan", Text("预案", "Plan"), "object")),
        {
            "passed": Text("通过", "Passed"),
            "problems": Text("缺项", "What is missing"),
            "firstValidAt": Text("首次合格提交", "First valid submission"),
            "planVersionId": Text("预案版本", "Plan version"),
        },
    )
    registry.handler(
        "plan.file",
        file_plan,
        Text("登记备案，解除逾期限制", "Register the filing, lift restrictions"),
        (VERSION,),
        {"onTime": Text("按期", "On time")},
    )
    registry.handler(
        "plan.remind",
        remind,
        Text("提醒提供方，抄送发布单位", "Remind the provider, copy to the releasing unit"),
        (VERSION,),
        {"told": Text("已提醒", "Reminded")},
    )
    registry.handler(
        "plan.mark_overdue",
        mark_overdue,
        Text(
            "逾期判定与通知（不自动下架）", "Judge whether it is overdue and tell; nothing is delisted by it"
        ),
        (VERSION,),
        {"overdue": Text("逾期", "Overdue")},
    )
    registry.handler(
        "plan.restrict",
        restrict,
        Text("催办，或暂停受理新申请", "Urge, or pause new orders"),
        (VERSION, Parameter("decision", Text("处置", "Decision"), "str"), REASON),
    )
    registry.handler(
        "plan.ask_for_rectification",
        ask_for_rectification,
        Text("提请审核方立案整改", "Ask the reviewer for a rectification notice"),
        (VERSION, REASON),
    )
    registry.handler(
        "plan.end_filing",
        end_filing,
        Text("因下架终止备案", "End the filing because of the delisting"),
        (VERSION,),
    )


def open_filing(job: JobContext) -> HandlerResult:
    """Open the filing; a plan that is filed already, or one that covers later versions, closes it at once."""
    # A signal carries no version: what began here is about the same as the case that threw it.
    version_id = optional_id(job.parameters.get("versionId")) or job.instance.subject_id
    cause = str(job.parameters["cause"])
    if version_id is None:
        raise TechnicalFailure(f"{job.instance.case_number} is about no version")

    def apply(session: Session) -> Mapping[str, Any]:
        detail = queries.version_detail(session, PLATFORM, version_id)
        listed_at = detail.row.listed_at
        if listed_at is None:
            raise TechnicalFailure(f"{detail.name} {detail.version} was never listed")
        start = listed_at if cause == "listing" else now()
        filing = plans.open_filing(
            session, PLATFORM, detail, detail.component_id, job.instance.id, cause, start
        )
        covering = _covering(session, filing) if cause == "listing" else None
        if covering is not None:
            plans.cover(session, PLATFORM, detail, job.instance.id, covering.id)
        return {
            "versionId": str(version_id),
            "covered": covering is not None,
            "dueAt": filing.due_at.astimezone(SHANGHAI).isoformat(),
            **dict(zip(_REMIND_AT, map(_local, _reminders(filing)), strict=True)),
            "providerUnitId": str(detail.provider_unit_id) if detail.provider_unit_id else None,
            "planVersionId": str(covering.id) if covering else None,
        }

    return HandlerResult(apply=apply)


def _covering(session: Session, filing: FilingRow) -> plan_queries.PlanRow | None:
    own = plan_queries.covering_plan(session, filing.version_id)
    former = own or plan_queries.former_plan(session, filing.component_id, filing.version_id)
    if former is None:
        return None
    fresh = add_months(day_of(former.submitted_at), COVERS_MONTHS) > day_of(now())
    return former if fresh else None


def _reminders(filing: FilingRow) -> list[datetime]:
    """Return when to remind: days 7, 12 and 14 after a listing, shares of the time of a review."""
    if filing.cause == "listing":
        return [filing.began_at + timedelta(days=days) for days in REMINDERS]
    length = filing.due_at - filing.began_at
    return [filing.began_at + length * share for share in _SHARES]


def _local(at: datetime) -> str:
    return at.astimezone(SHANGHAI).isoformat()


def submit(session: Session, call: ListenerCall) -> None:
    """Keep what was handed in as a version by its digest; what it lacks is said by the next step."""
    detail = queries.version_detail(session, PLATFORM, version_of(call.parameters))
    plan = mapping(call.parameters.get("plan"))
    reference = plan.get("file")
    file = None
    if isinstance(reference, str) and reference.startswith(REFERENCE_PREFIX):
        file = find_file(session, reference)
    plans.submit_plan(
        session,
        call.actor,
        detail,
        call.instance.id,
        {name: value for name, value in plan.items() if name != "file"},
        file.id if file else None,
        file.digest if file else None,
    )


def check(job: JobContext) -> HandlerResult:
    """Say what the plan lacks, field by field; the form shows it when it comes back."""
    plan = mapping(job.parameters.get("plan"))
    with job.database.read() as session:
        filing = _filing(session, job.instance)
        problems = plans.problems_of(session, filing.plan_version_id, plan)
    return HandlerResult(
        {
            "passed": not problems,
            "problems": [f"{problem.message.zh} / {problem.message.en}" for problem in problems],
            "firstValidAt": filing.first_valid_at.isoformat() if filing.first_valid_at else None,
            "planVersionId": str(filing.plan_version_id) if filing.plan_version_id else None,
        }
    )


def file_plan(job: JobContext) -> HandlerResult:
    """Register the plan; whether on time is told by the first valid submission."""
    version_id = version_of(job.parameters)

    def apply(session: Session) -> Mapping[str, Any]:
        detail = queries.version_detail(session, PLATFORM, version_id)
        filing = plans.file_plan(session, PLATFORM, detail, job.instance.id)
        late = Text("", "") if filing.is_on_time else Text("（逾期）", " (late)")
        tell_units(
            session,
            detail,
            (PROVIDER, RELEASING_UNIT),
            Text(f"应急预案已备案{late.zh}", f"Emergency plan filed{late.en}"),
            Text("备案已登记。", "The filing is registered."),
            "plan_filed",
        )
        return {"onTime": filing.is_on_time}

    return HandlerResult(apply=apply)


def remind(job: JobContext) -> HandlerResult:
    """Remind, unless a valid plan has been handed in; the operator's own delay troubles nobody."""
    version_id = version_of(job.parameters)

    def apply(session: Session) -> Mapping[str, Any]:
        filing = _filing(session, job.instance)
        if filing.first_valid_at is not None:
            return {"told": False}
        detail = queries.version_detail(session, PLATFORM, version_id)
        last = day_of(filing.due_at - timedelta(seconds=1)).isoformat()
        tell_units(
            session,
            detail,
            (PROVIDER, RELEASING_UNIT),
            Text("请提交应急预案备案", "Please file the emergency plan"),
            Text(f"截止{last} 24:00。", f"Due by the end of {last}."),
            "plan_reminder",
        )
        return {"told": True}

    return HandlerResult(apply=apply)


def mark_overdue(job: JobContext) -> HandlerResult:
    """Mark the filing overdue where no valid plan came in time, and tell everybody concerned."""
    version_id = version_of(job.parameters)

    def apply(session: Session) -> Mapping[str, Any]:
        detail = queries.version_detail(session, PLATFORM, version_id)
        filing = plans.mark_overdue(session, PLATFORM, detail, job.instance.id)
        is_overdue = filing.state == plans.OVERDUE
        if is_overdue:
            tell_units(
                session,
                detail,
                (PROVIDER, RELEASING_UNIT, OPERATOR, SUPERVISOR),
                Text("应急预案备案逾期", "The filing of the emergency plan is overdue"),
                Text("请尽快补报；不自动下架。", "Please file it soon; nothing is delisted by itself."),
                "plan_overdue",
            )
        return {"overdue": is_overdue}

    return HandlerResult(apply=apply)


def restrict(job: JobContext) -> HandlerResult:
    """Urge the provider, or pause new orders until the plan is filed."""
    version_id, reason = version_of(job.parameters), reason_of(job) or "—"
    pauses = job.parameters.get("decision") == "restrict"

    def apply(session: Session) -> None:
        detail = queries.version_detail(session, PLATFORM, version_id)
        if pauses:
            plans.restrict(session, PLATFORM, detail, job.instance.id, reason)
        title = (
            Text("预案逾期，暂停受理新申请", "Plan overdue, new orders paused")
            if pauses
            else Text("预案逾期催办", "Plan overdue, please hurry")
        )
        tell_units(session, detail, (PROVIDER, RELEASING_UNIT), title, Text(reason, reason), "plan_urged")

    return HandlerResult(apply=apply)


def ask_for_rectification(job: JobContext) -> HandlerResult:
    """Ask the reviewer to open a case of forced delisting with its notice; a person decides."""
    version_id, reason = version_of(job.parameters), reason_of(job) or "—"

    def apply(session: Session) -> None:
        detail = queries.version_detail(session, PLATFORM, version_id)
        title = Text("预案逾期，提请整改立案", "Plan overdue, a rectification is asked for")
        tell_units(session, detail, (REVIEWER,), title, Text(reason, reason), "plan_rectification")

    return HandlerResult(apply=apply)


def end_filing(job: JobContext) -> HandlerResult:
    """End the filing with the version."""
    version_id = version_of(job.parameters)

    def apply(session: Session) -> None:
        detail = queries.version_detail(session, PLATFORM, version_id)
        plans.end_filing(session, PLATFORM, detail, job.instance.id)

    return HandlerResult(apply=apply)


def _filing(session: Session, instance: InstanceFacts) -> FilingRow:
    filing = plan_queries.filing_of_instance(session, instance.id)
    if filing is None:
        raise TechnicalFailure(f"no filing in {instance.case_number}")
    return filing
