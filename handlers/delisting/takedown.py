"""Taking a version down: holders told, grace, market, routes, credentials, deployments, orders.

Each step may run again and looks itself whether its part is gone; only what was seen gone is recorded as
proof. A step that fails leaves the version in DELISTING with an incident for the operator, and goes on
from there when it is retried.

Source: draft standard, clause 9.2; the shared steps of processes P06a to P06d
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalogue import queries, service
from domain.catalogue.service.leaving import TAKEDOWN_NOTICE
from domain.catalogue.states import Event
from domain.credentials import queries as credential_queries
from domain.credentials import service as credentials
from domain.delisting import service as cases
from domain.delisting.kinds import CALLS_FOUND
from domain.deployments import queries as deployment_queries
from domain.deployments import service as deployments
from domain.deployments.service import STANDING
from domain.gateway import queries as gateway_queries
from domain.gateway import service as gateway
from domain.market import queries as market_queries
from domain.market import service as market
from domain.market.errors import EntryNotFound
from domain.orders import queries as order_queries
from domain.orders import service as orders
from domain.people.permissions import OPERATOR, PROVIDER, RELEASING_UNIT, REVIEWER
from domain.suspension import service as suspension
from domain.usage import queries as usage
from engine.api import HandlerResult, JobContext, Parameter, Registry, TechnicalFailure
from handlers.catalogue import case_of
from handlers.delisting.case import case_in
from handlers.deploying.reconciling import end_stopping
from handlers.environment import PLATFORM, Environment
from handlers.holders import tell_holders, tell_units
from handlers.parameters import REASON, VERSION, reason_of, version_of
from kernel.calendar import day_of, end_of_day
from kernel.clock import SHANGHAI
from kernel.language import Text
from kernel.unit_of_work import perform


def register(registry: Registry, environment: Environment) -> None:
    """Register the steps of the take-down."""
    registry.handler(
        "takedown.announce",
        announce,
        Text("确定下架日期，逐单通知订单持有人", "Settle the day, tell the holder of every order"),
        (
            VERSION,
            Parameter("graceDays", Text("宽限天数", "Days of grace"), "int"),
            Parameter("notAfter", Text("不晚于", "Not after"), "str", required=False),
            Parameter("guide", Text("替代与迁移指引", "Substitute and guide"), "str", required=False),
        ),
        {"takedownAt": Text("下架时间", "Take-down at"), "told": Text("已通知", "Told")},
    )
    registry.handler(
        "takedown.look_for_calls",
        look_for_calls,
        Text("宽限期后再次核对无新调用", "After the grace period look again for calls"),
        (VERSION,),
        {"callsFound": Text("有新调用", "Calls found")},
    )
    registry.handler(
        "takedown.unpublish",
        unpublish,
        Text("门户取消发布并核实", "Remove from the portal and look that it is gone"),
        (VERSION, REASON),
    )
    registry.handler(
        "takedown.remove_routes",
        remove_routes,
        Text("网关删除路由并核实", "Remove the routes and look that they are gone"),
        (VERSION, REASON),
    )
    registry.handler(
        "takedown.reclaim",
        partial(reclaim, environment),
        Text(
            "吊销凭证、回收部署资源并核实", "Revoke credentials, reclaim deployments, look that they are gone"
        ),
        (VERSION, REASON),
    )
    registry.handler(
        "takedown.execute",
        execute,
        Text("订单结算取消，版本下架", "Cancel the orders with their statements; the version is delisted"),
        (VERSION, REASON),
        {"cancelled": Text("取消的订单", "Orders cancelled")},
    )


def announce(job: JobContext) -> HandlerResult:
    """Settle when the take-down begins and tell the holders; again, it stays at what was told."""
    version_id, asked = version_of(job.parameters), job.parameters

    def apply(session: Session) -> Mapping[str, Any]:
        detail = queries.version_detail(session, PLATFORM, version_id)
        case, guide = case_in(session, job.instance), str(asked.get("guide") or "").strip()
        not_after = asked.get("notAfter")
        at = cases.set_grace(
            session,
            PLATFORM,
            detail,
            job.instance.id,
            days=int(asked["graceDays"]),
            not_after=str(not_after) if not_after else None,
        )
        day = day_of(at).isoformat()
        title = Text(
            f"组件将下架：{detail.name} {detail.version}", f"To be delisted: {detail.name} {detail.version}"
        )
        body = Text(
            f"自{day}起停止服务。" + (guide or "替代组件与迁移请联系运营方。"),
            f"Service ends on {day}. " + (guide or "Ask the operator for a substitute and the migration."),
        )
        told = tell_holders(session, detail, case.id, TAKEDOWN_NOTICE, title, body, job.instance.id)
        cases.tell(session, job.instance.id)
        return {"takedownAt": at.astimezone(SHANGHAI).isoformat(), "told": told}

    return HandlerResult(apply=apply)


def look_for_calls(job: JobContext) -> HandlerResult:
    """Tell whether the version was called for real in the time that it is held to have been idle.

    Not only since the delisting was asked for: a log may bring in calls of the days before.
    """
    version_id = version_of(job.parameters)

    def apply(session: Session) -> Mapping[str, Any]:
        case = case_in(session, job.instance)
        idle_since = date.fromisoformat(str(case.grounds["idleSince"]))
        found = usage.real_calls(session, version_id, end_of_day(idle_since))
        if found:
            detail = queries.version_detail(session, PLATFORM, version_id)
            reason = f"{idle_since}以来有{found}次真实调用 / called {found} times since {idle_since}"
            cases.stop(session, PLATFORM, detail, job.instance.id, CALLS_FOUND, reason)
        return {"callsFound": bool(found)}

    return HandlerResult(apply=apply)


def unpublish(job: JobContext) -> HandlerResult:
    """Hide the entry of the market, past the point of no return, and see that nobody finds it."""
    version_id, reason = version_of(job.parameters), reason_of(job) or "组件下架 / delisted"

    def apply(session: Session) -> None:
        detail = queries.version_detail(session, PLATFORM, version_id)
        cases.begin_takedown(session, PLATFORM, detail, job.instance.id)
        try:
            market.unpublish(session, PLATFORM, version_id, reason)
            was_shown = True
        except EntryNotFound:
            was_shown = False
        session.flush()
        if market_queries.is_shown(session, version_id):
            raise TechnicalFailure("the market still shows the version")
        proof = {"was_shown": was_shown, "shown": False}
        cases.prove_gone(session, PLATFORM, detail, job.instance.id, "market", proof)

    return HandlerResult(apply=apply)


def remove_routes(job: JobContext) -> HandlerResult:
    """Take every route out and read back that none is left."""
    version_id, reason = version_of(job.parameters), reason_of(job) or "组件下架 / delisted"

    def apply(session: Session) -> None:
        detail = queries.version_detail(session, PLATFORM, version_id)
        removed = gateway.remove_routes(session, PLATFORM, version_id, reason)
        session.flush()
        left = gateway_queries.routes(session, version_id)
        if left:
            raise TechnicalFailure(f"{len(left)} routes are still there")
        # While no gateway is connected the record is all there is: it is said so.
        proof = {"removed": removed, "left": 0, "enforced": False}
        cases.prove_gone(session, PLATFORM, detail, job.instance.id, "routes", proof)

    return HandlerResult(apply=apply)


def execute(job: JobContext) -> HandlerResult:
    """Cancel orders and their access, ask for DELISTED, close the case, tell everybody: all or nothing."""
    version_id, reason = version_of(job.parameters), reason_of(job) or "组件下架 / delisted"

    def apply(session: Session) -> Mapping[str, Any]:
        detail = queries.version_detail(session, PLATFORM, version_id)
        case = case_in(session, job.instance)
        done = Text("组件已下架，订单终止", "Delisted, the order has ended")
        service.request_transition(
            session, PLATFORM, version_id, Event.EXECUTE, reason=reason, case=case_of(job.instance)
        )
        tell_holders(session, detail, case.id, "delisted", done, done, job.instance.id)
        for order in order_queries.holders(session, version_id):
            credentials.revoke_for_order(session, PLATFORM, order.id, reason)
        cancelled = orders.cancel_for_version(session, PLATFORM, detail, reason, job.instance.id)
        suspension.end(session, PLATFORM, detail, job.instance.id)
        cases.close(session, PLATFORM, detail, job.instance.id, "delisted", reason)
        tell_units(
            session,
            detail,
            (RELEASING_UNIT, PROVIDER, OPERATOR, REVIEWER),
            Text("组件已下架", "Delisted"),
            Text(reason, reason),
            "delisted",
        )
        return {"cancelled": cancelled}

    return HandlerResult(apply=apply)


def reclaim(environment: Environment, job: JobContext) -> HandlerResult:
    """Revoke what credentials the platform keeps and end what it deployed; see that nothing is left."""
    version_id, reason = version_of(job.parameters), reason_of(job) or "组件下架 / delisted"
    stopped = perform(
        job.database,
        "deployment.stop",
        PLATFORM,
        lambda session: deployments.remove_for_version(session, PLATFORM, version_id, reason),
    )
    end_stopping(job.database, environment.runner, version_id)

    def apply(session: Session) -> None:
        detail = queries.version_detail(session, PLATFORM, version_id)
        proofs = {
            "credentials": _no_credentials(session, version_id, reason),
            "deployments": {**_no_deployments(session, version_id), "removed": stopped},
        }
        for part, proof in proofs.items():
            cases.prove_gone(session, PLATFORM, detail, job.instance.id, part, proof)

    return HandlerResult(apply=apply)


def _no_credentials(session: Session, version_id: UUID, reason: str) -> Mapping[str, Any]:
    revoked = credentials.revoke_for_version(session, PLATFORM, version_id, reason)
    session.flush()
    rows = credential_queries.credentials_of_version(session, version_id)
    if left := [row for row in rows if row.state == "active"]:
        raise TechnicalFailure(f"{len(left)} credentials still stand")
    return {"revoked": revoked, "left": 0}


def _no_deployments(session: Session, version_id: UUID) -> Mapping[str, Any]:
    """Look that no process runs; what stands in production was installed by the operator, who is asked."""
    rows = deployment_queries.deployments_of_version(session, version_id)
    standing = [row for row in rows if row.state in STANDING]
    if ours := [row for row in standing if row.driver != "stated"]:
        raise TechnicalFailure(f"{len(ours)} deployments of the platform still stand")
    return {"left": 0, "operator_asked": len(standing)}
