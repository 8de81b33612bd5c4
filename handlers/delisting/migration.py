"""The migration period: the plan, who is asked to move away and when, whether calls still come.

Source: draft standard, clauses 9.2a to 9.2d; processes P06a to P06d
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from domain.catalogue import queries, service
from domain.catalogue.states import Event, State
from domain.delisting import queries as case_queries
from domain.delisting.queries import CaseRow
from domain.delisting.rules import reminder_due
from domain.orders import queries as order_queries
from domain.usage import queries as usage
from engine.api import HandlerResult, JobContext, Parameter, Registry, TechnicalFailure
from handlers.catalogue import case_of
from handlers.delisting.case import case_in
from handlers.environment import PLATFORM, Environment
from handlers.holders import tell_holders
from handlers.parameters import VERSION, mapping, version_of
from kernel.calendar import day_of
from kernel.clock import SHANGHAI, now
from kernel.files import REFERENCE_PREFIX, find_file
from kernel.language import Text

CALLS_LOOKED_AT: Final = timedelta(days=7)
MIGRATION: Final = "migration"


def register(registry: Registry, environment: Environment) -> None:
    """Register the steps of the migration period."""
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
        case = case_in(session, job.instance)
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


def remind(job: JobContext) -> HandlerResult:
    """Remind at T-90, T-30 and T-7, or as soon as something runs again, whoever has not moved away.

    Each order is told once of each of these days.
    """

    def apply(session: Session) -> Mapping[str, Any]:
        waiting = case_queries.in_migration(session)
        return {"found": len(waiting), "started": sum(_remind(session, case) for case in waiting)}

    return HandlerResult(apply=apply)


def _remind(session: Session, case: CaseRow) -> int:
    if case.takedown_at is None:
        return 0
    # The holders are asked to migrate as soon as the delisting is approved.
    told_on = day_of(case.approved_at) if case.approved_at else None
    mark = reminder_due(day_of(case.takedown_at), told_on, day_of(now()))
    if mark is None:
        return 0
    detail = queries.version_detail(session, PLATFORM, case.version_id)
    day = day_of(case.takedown_at).isoformat()
    title, body = _migration_words(detail.name, detail.version, day, case)
    return tell_holders(
        session,
        detail,
        case.id,
        f"reminder {mark} {day}",
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
