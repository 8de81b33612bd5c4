"""What the platform does in a case of delisting: notices, deadlines, plans, going back.

Source: draft standard, clauses 9.2a to 9.2d; processes P06a to P06d
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalogue import queries, service
from domain.catalogue.states import Event, State
from domain.delisting import kinds
from domain.delisting import queries as case_queries
from domain.delisting import service as cases
from domain.delisting.kinds import Kind
from domain.delisting.queries import CaseRow
from domain.gateway import service as gateway
from domain.orders import queries as order_queries
from domain.orders import service as orders
from domain.people.permissions import OPERATOR, PROVIDER, RELEASING_UNIT
from domain.suspension import queries as suspension_queries
from domain.suspension import service as suspension
from domain.usage import queries as usage
from engine.api import HandlerResult, InstanceFacts, JobContext, Parameter, Registry, TechnicalFailure
from handlers.catalogue import case_of
from handlers.environment import PLATFORM, Environment, initiator_of
from handlers.holders import tell_holders, tell_units
from handlers.parameters import REASON, VERSION, mapping, reason_of, version_of
from kernel.calendar import add_months, day_of
from kernel.clock import SHANGHAI, now
from kernel.files import REFERENCE_PREFIX, find_file
from kernel.language import Text

CALLS_LOOKED_AT: Final = timedelta(days=7)
# Days before the offline date on which holders are reminded.
REMINDERS: Final = (90, 30, 7)
MIGRATION: Final = "migration"
_DAYS = Parameter("days", Text("天数", "Days"), "int")


def register(registry: Registry, environment: Environment) -> None:
    """Register the steps of the platform."""
    registry.handler(
        "delisting.register_idle",
        register_idle,
        Text(
            "复核闲置条件并立案，标注强制类与已暂停",
            "Check idleness again, open the case, flag what is special",
        ),
        (VERSION,),
        {
            "eligible": Text("符合", "Eligible"),
            "flags": Text("标注", "Flags"),
            "idleSince": Text("闲置起算日", "Idle since"),
        },
    )
    registry.handler(
        "delisting.serve_notice",
        serve_notice,
        Text("下发整改通知，期限起算", "Serve the rectification notice; its deadline runs"),
        (
            VERSION,
            _DAYS,
            Parameter("severity", Text("严重程度", "Severity"), "str"),
            Parameter("text", Text("整改要求", "What to mend"), "str"),
        ),
        {"deadlineAt": Text("期限", "Deadline"), "noticeId": Text("通知", "Notice")},
    )
    registry.handler(
        "delisting.suspend",
        suspend,
        Text("先行暂停路由与新申请", "Suspend routes and new orders first"),
        (VERSION, REASON),
        {"suspended": Text("本案暂停", "Suspended by this case")},
    )
    registry.handler(
        "delisting.deadline",
        tell_deadline,
        Text("整改期限是否届满", "Tell whether the deadline of the notice has passed"),
        (VERSION,),
        {"isDue": Text("已届满", "Passed")},
    )
    registry.handler(
        "delisting.check_plan",
        check_plan,
        Text("校验迁移方案，列出在用订单与强制类提示", "Check the migration plan; list the active orders"),
        (VERSION, Parameter("plan", Text("方案", "Plan"), "object")),
        {
            "passed": Text("通过", "Passed"),
            "problems": Text("问题", "Problems"),
            "orders": Text("在用订单", "Active orders"),
            "isMandatory": Text("强制类", "Mandatory"),
        },
    )
    registry.handler(
        "delisting.ask_to_migrate",
        ask_to_migrate,
        Text("通知订单持有人迁移，列出待确认订单", "Ask order holders to migrate; list whom to wait for"),
        (VERSION,),
        {
            "orders": Text("待确认的订单", "Orders to wait for"),
            "offlineAt": Text("下线时间", "Offline at"),
        },
    )
    registry.handler(
        "delisting.enter",
        enter,
        Text("发布单位同意后，代提供方申请下架", "After the releasing unit agreed, ask for the provider"),
        (VERSION, Parameter("plan", Text("方案", "Plan"), "object")),
    )
    registry.handler(
        "scan.migration_reminders",
        remind,
        Text("提醒距下线90、30、7日仍未迁移的持有人", "Remind who has not migrated 90, 30 or 7 days before"),
        (),
        {"found": Text("过渡期中的下架", "Delistings under way"), "started": Text("已提醒", "Reminded")},
    )
    registry.handler(
        "delisting.look_for_calls",
        look_for_calls,
        Text("核对近7日真实调用", "Look for real calls of the last seven days"),
        (VERSION,),
        {"calls": Text("调用次数", "Calls"), "lastCallAt": Text("最近调用", "Last call")},
    )
    registry.handler(
        "delisting.end_grace",
        end_grace,
        Text("过渡期结束，进入下架中", "End the migration period"),
        (VERSION,),
    )
    registry.handler(
        "delisting.keep",
        keep,
        Text("不予下架：恢复原状态并结案", "Keep: back to the state before, close the case"),
        (
            VERSION,
            REASON,
            Parameter("retain", Text("闲置重新起算", "Restart the idle clock"), "bool", required=False),
        ),
        {"retainedUntil": Text("保留至", "Retained until")},
    )


def register_idle(job: JobContext) -> HandlerResult:
    """Look again whether the version is idle, and open the case where it is."""
    version_id = version_of(job.parameters)

    def apply(session: Session) -> Mapping[str, Any]:
        candidate = queries.idle_candidate(session, version_id)
        if candidate is None or case_queries.open_case(session, version_id) is not None:
            return {"eligible": False, "flags": [], "idleSince": None}
        detail = queries.version_detail(session, PLATFORM, version_id)
        flags = []
        if detail.row.use_requirements == "强制":
            flags.append("mandatory")
        if detail.state is State.SUSPENDED:
            flags.append("suspended")
        grounds = {"idleSince": candidate.isoformat(), "flags": flags}
        cases.open_case(session, PLATFORM, detail, Kind.IDLE, grounds, job.instance.id, listed_before=True)
        tell_units(
            session,
            detail,
            (PROVIDER, RELEASING_UNIT),
            Text("已满6个月无调用，列为闲置候选", "No call for six months: a candidate for delisting"),
            Text(
                f"自{candidate.isoformat()}起无真实调用，请说明。",
                f"No real call since {candidate.isoformat()}.",
            ),
            "idle_candidate",
        )
        return {"eligible": True, **grounds}

    return HandlerResult(apply=apply)


def serve_notice(job: JobContext) -> HandlerResult:
    """Serve the notice to the provider, with a copy to the releasing unit."""
    version_id, asked = version_of(job.parameters), job.parameters

    def apply(session: Session) -> Mapping[str, Any]:
        detail = queries.version_detail(session, PLATFORM, version_id)
        due_at = cases.serve_notice(
            session, PLATFORM, detail, job.instance.id, int(asked["days"]), str(asked["severity"])
        )
        last = day_of(due_at - timedelta(seconds=1)).isoformat()
        text = str(asked.get("text") or "")
        tell_units(
            session,
            detail,
            (PROVIDER, RELEASING_UNIT),
            Text("整改通知", "Rectification notice"),
            Text(f"{text}（期限：{last} 24:00）", f"{text} (until the end of {last})"),
            "rectification_notice",
        )
        case = _case(session, job.instance)
        return {"deadlineAt": due_at.isoformat(), "noticeId": str(case.id)}

    return HandlerResult(apply=apply)


def suspend(job: JobContext) -> HandlerResult:
    """Block a severe hole at once by order of the reviewer; what is blocked already stays so."""
    version_id, reason = version_of(job.parameters), reason_of(job) or "—"

    def apply(session: Session) -> Mapping[str, Any]:
        detail = queries.version_detail(session, PLATFORM, version_id)
        if detail.state not in (State.LISTED, State.PUBLISHED, State.DEPRECATED):
            return {"suspended": False}
        block(session, job.instance, version_id, "security_event", reason)
        cases.mark_suspended(session, job.instance.id)
        return {"suspended": True}

    return HandlerResult(apply=apply)


def block(session: Session, instance: InstanceFacts, version_id: UUID, cause: str, reason: str) -> None:
    """Put the event on record, suspend the version, its orders and its routes."""
    detail = queries.version_detail(session, PLATFORM, version_id)
    if suspension_queries.open_suspension(session, version_id) is None:
        suspension.record_event(
            session, PLATFORM, detail, cause, reason, detail.record_digest, instance_id=instance.id
        )
    service.request_transition(
        session, PLATFORM, version_id, Event.SUSPEND, reason=reason, case=case_of(instance)
    )
    suspend_effects(session, version_id, reason)


def suspend_effects(session: Session, version_id: UUID, reason: str) -> None:
    """Take the routes away and suspend the orders of a version that was blocked; tell the units."""
    detail = queries.version_detail(session, PLATFORM, version_id)
    gateway.remove_routes(session, PLATFORM, version_id, reason)
    orders.suspend_for_version(session, version_id)
    tell_units(
        session,
        detail,
        (PROVIDER, RELEASING_UNIT, OPERATOR),
        Text("已暂停服务", "Suspended"),
        Text(reason, reason),
        "version_suspended",
    )


def tell_deadline(job: JobContext) -> HandlerResult:
    """Tell whether the deadline of the notice has passed; only the clock of the platform decides."""
    with job.database.read() as session:
        case = _case(session, job.instance)
    return HandlerResult({"isDue": case.due_at is not None and now() >= case.due_at})


def check_plan(job: JobContext) -> HandlerResult:
    """Check that the migration plan is a stored file and the offline date lies ahead; list the orders."""
    version_id, plan = version_of(job.parameters), mapping(job.parameters.get("plan"))
    with job.database.read() as session:
        detail = queries.version_detail(session, PLATFORM, version_id)
        problems = _plan_problems(session, plan)
        holders = order_queries.holders(session, version_id)
    return HandlerResult(
        {
            "passed": not problems,
            "problems": problems,
            "orders": [_shown(order) for order in holders],
            "isMandatory": detail.row.use_requirements == "强制",
        }
    )


def _plan_problems(session: Session, plan: Mapping[str, Any]) -> list[str]:
    problems = []
    reference = str(plan.get("migrationPlan") or "")
    if not reference.startswith(REFERENCE_PREFIX):
        problems.append("缺少数据迁移方案文件 / the file of the migration plan is missing")
    else:
        find_file(session, reference)
    if not str(plan.get("reason") or "").strip():
        problems.append("缺少申请理由 / the reason is missing")
    try:
        is_ahead = date.fromisoformat(str(plan.get("offlineDate"))) > day_of(now())
    except ValueError:
        is_ahead = False
    if not is_ahead:
        problems.append("下线日期应在今天之后 / the offline date must lie ahead")
    return problems


def _shown(order: order_queries.OrderRow) -> dict[str, Any]:
    return {
        "orderId": str(order.id),
        "number": order.number,
        "holder": order.holder_unit_name,
        "unitId": str(order.holder_unit_id),
        "application": order.application,
        "migrated": order.migrated_at is not None,
    }


def ask_to_migrate(job: JobContext) -> HandlerResult:
    """Tell the holders by when to move, and say for whose confirmation the case waits."""
    version_id = version_of(job.parameters)

    def apply(session: Session) -> Mapping[str, Any]:
        case = _case(session, job.instance)
        if case.takedown_at is None:
            raise TechnicalFailure(f"case {case.id} has no offline date")
        detail = queries.version_detail(session, PLATFORM, version_id)
        day = day_of(case.takedown_at).isoformat()
        title, body = _migration_words(detail.name, detail.version, day, case)
        tell_holders(session, detail, case.id, f"{MIGRATION} {day}", title, body, job.instance.id)
        waiting = [one for one in order_queries.holders(session, version_id) if one.migrated_at is None]
        return {
            "orders": [_shown(order) for order in waiting],
            "offlineAt": case.takedown_at.astimezone(SHANGHAI).isoformat(),
        }

    return HandlerResult(apply=apply)


def enter(job: JobContext) -> HandlerResult:
    """Ask for the delisting in the case that the provider opened, now that the releasing unit agreed."""
    version_id, plan = version_of(job.parameters), mapping(job.parameters.get("plan"))

    def apply(session: Session) -> None:
        detail = queries.version_detail(session, PLATFORM, version_id)
        provider = initiator_of(session, job.instance)
        cases.ask(session, provider, detail, job.instance.id, plan)
        reason = str(plan.get("reason") or "")
        recovering = detail.state not in (State.LISTED, State.PUBLISHED, State.DEPRECATED, State.SUSPENDED)
        service.request_transition(
            session,
            PLATFORM,
            version_id,
            Event.ABANDON_RECOVERY if recovering else Event.START_DELISTING,
            reason=reason,
            case=case_of(job.instance),
        )
        tell_units(
            session,
            detail,
            (RELEASING_UNIT, PROVIDER, OPERATOR),
            Text("已申请下架，停止新申请", "A delisting was asked for, no new orders"),
            Text(reason, reason),
            "delisting_requested",
        )

    return HandlerResult(apply=apply)


def remind(job: JobContext) -> HandlerResult:
    """Remind at T-90, T-30 and T-7 whoever has not moved away; each order is told once of each day."""

    def apply(session: Session) -> Mapping[str, Any]:
        waiting = case_queries.in_migration(session)
        return {"found": len(waiting), "started": sum(_remind(session, case) for case in waiting)}

    return HandlerResult(apply=apply)


def _remind(session: Session, case: CaseRow) -> int:
    if case.takedown_at is None:
        return 0
    left = (day_of(case.takedown_at) - day_of(now())).days
    if left not in REMINDERS:
        return 0
    detail = queries.version_detail(session, PLATFORM, case.version_id)
    day = day_of(case.takedown_at).isoformat()
    title, body = _migration_words(detail.name, detail.version, day, case)
    return tell_holders(
        session,
        detail,
        case.id,
        f"reminder {left} {day}",
        title,
        body,
        case.instance_id,
        only_unmigrated=True,
    )


def _migration_words(name: str, version: str, day: str, case: CaseRow) -> tuple[Text, Text]:
    successor = str(case.grounds.get("successor") or "")
    return (
        Text(
            f"请迁移：{name} {version} 将于{day}下线",
            f"Please migrate: {name} {version} goes offline on {day}",
        ),
        Text(
            f"请于{day}前完成迁移并确认。" + (f"替代：{successor}。" if successor else ""),
            f"Migrate before {day} and confirm." + (f" Substitute: {successor}." if successor else ""),
        ),
    )


def look_for_calls(job: JobContext) -> HandlerResult:
    """Count the real calls of the last seven days, as far as gateways have reported them."""
    version_id = version_of(job.parameters)
    with job.database.read() as session:
        calls = usage.real_calls(session, version_id, now() - CALLS_LOOKED_AT)
        last = usage.last_real_call(session, version_id)
    return HandlerResult({"calls": calls, "lastCallAt": last.isoformat() if last else None})


def end_grace(job: JobContext) -> HandlerResult:
    """Enter DELISTING again for the take-down; a version that never left it stays."""
    version_id = version_of(job.parameters)

    def apply(session: Session) -> None:
        if queries.version_detail(session, PLATFORM, version_id).state is State.DEPRECATED:
            service.request_transition(
                session, PLATFORM, version_id, Event.END_GRACE, case=case_of(job.instance)
            )

    return HandlerResult(apply=apply)


def keep(job: JobContext) -> HandlerResult:
    """Go back to the state before where one was left, close the case as kept, tell who was told."""
    version_id, reason = version_of(job.parameters), reason_of(job) or "—"

    def apply(session: Session) -> Mapping[str, Any]:
        detail = queries.version_detail(session, PLATFORM, version_id)
        case = _case(session, job.instance)
        event = _way_back(session, detail.state, case, version_id)
        if event is not None:
            if case.stopped_how is None:
                cases.stop(session, PLATFORM, detail, job.instance.id, kinds.CALLS_FOUND, reason)
            service.request_transition(
                session, PLATFORM, version_id, event, reason=reason, case=case_of(job.instance)
            )
        until = None
        if job.parameters.get("retain") is True:
            until = cases.retain(session, job.instance.id)
        cases.close(session, PLATFORM, detail, job.instance.id, "kept", reason)
        tell_units(
            session,
            detail,
            (RELEASING_UNIT, PROVIDER, OPERATOR),
            Text("不予下架，恢复原状态", "Kept, back to the state before"),
            Text(reason, reason),
            "delisting_kept",
        )
        if case.told_at is not None or event is Event.UNDEPRECATE:
            words = Text("下架已停止，订单照常", "The delisting was stopped, the order goes on")
            tell_holders(session, detail, case.id, "kept", words, words, job.instance.id)
        return {"retainedUntil": _until(until)}

    return HandlerResult(apply=apply, data={})


def _way_back(session: Session, state: State, case: CaseRow, version_id: UUID) -> Event | None:
    if state is State.DELISTING:
        return Event.KEEP
    was_published = queries.delist_from(session, version_id) is State.PUBLISHED
    if state is State.DEPRECATED and case.approved_at is not None and was_published:
        return Event.UNDEPRECATE
    return None


def _until(day: str | None) -> str | None:
    return None if day is None else add_months(date.fromisoformat(day), kinds.IDLE_MONTHS).isoformat()


def _case(session: Session, instance: InstanceFacts) -> CaseRow:
    case = case_queries.case_of_instance(session, instance.id)
    if case is None:
        raise TechnicalFailure(f"no case of delisting in {instance.case_number}")
    return case
