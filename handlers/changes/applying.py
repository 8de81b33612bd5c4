"""Put an approved change into force in its window, and bring back what held before.

No gateway is connected: the routes are recorded anew, at once and for everybody, and not in parts.

Source: draft standard, clause 11.4d; process P13, steps 16, 18c and 19c
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalogue import queries as catalogue
from domain.catalogue.states import State
from domain.changes import queries, service
from domain.gateway import service as gateway
from domain.market import service as market
from domain.market.queries import settings_of
from engine.api import HandlerResult, JobContext, Registry
from handlers import directory
from handlers.catalogue import case_of
from handlers.changes.parameters import CHANGE, change_of
from handlers.environment import PLATFORM, Environment
from handlers.gateway import PRODUCTION
from handlers.parameters import REASON, reason_of
from kernel.clock import now
from kernel.errors import Rejected
from kernel.language import Text

WINDOW_OVER = Text("变更窗口已结束，未下发", "The window is over, nothing was applied")


def register(registry: Registry, environment: Environment) -> None:
    """Register the topics that change what holds."""
    registry.handler(
        "changes.apply",
        apply_in_window,
        Text(
            "窗口内下发配置、策略（未连接网关：登记，一次全量）", "Apply in the window (no gateway: recorded)"
        ),
        (CHANGE,),
        {"ok": Text("成功", "Done"), "problem": Text("未成功的原因", "Why not")},
    )
    registry.handler(
        "changes.update_catalogue",
        partial(update_catalogue, environment),
        Text("更新目录信息并同步资源目录", "Update the record and send it to the catalogue"),
        (CHANGE,),
        {"digest": Text("目录信息摘要", "Digest of the record"), "receipt": Text("回执", "Receipt")},
    )
    registry.handler(
        "changes.restore",
        restore,
        Text("恢复变更前的配置、策略", "Restore configuration and policy from before the change"),
        (CHANGE, REASON),
    )


def apply_in_window(job: JobContext) -> HandlerResult:
    """Let the pending record hold and record its routes; where that is refused nothing of it stays."""
    change_id = change_of(job.parameters)

    def apply(session: Session) -> Mapping[str, Any]:
        change = queries.change(session, PLATFORM, change_id)
        if change.window_end is not None and now() > change.window_end:
            return {"ok": False, "problem": WINDOW_OVER.to_json()}
        try:
            with session.begin_nested():
                service.apply_change(session, PLATFORM, change_id, case=case_of(job.instance))
                gateway.record_route(session, PLATFORM, change.version_id, PRODUCTION)
        except Rejected as refusal:
            return {"ok": False, "problem": refusal.message.to_json()}
        return {"ok": True, "problem": None}

    return HandlerResult(apply=apply)


def update_catalogue(environment: Environment, job: JobContext) -> HandlerResult:
    """Let a reviewed record hold where it does not yet, and show it everywhere."""
    change_id = change_of(job.parameters)

    def apply(session: Session) -> Mapping[str, Any]:
        digest = service.apply_change(session, PLATFORM, change_id, case=case_of(job.instance))
        change = queries.change(session, PLATFORM, change_id)
        _refresh_market(session, change.version_id)
        return {"digest": digest, "receipt": directory.send(session, environment, change.version_id)}

    return HandlerResult(apply=apply)


def restore(job: JobContext) -> HandlerResult:
    """Bring the record and the routes from before the change back."""
    change_id, reason = change_of(job.parameters), reason_of(job) or "变更异常"

    def apply(session: Session) -> None:
        service.restore_record(session, PLATFORM, change_id, reason, case=case_of(job.instance))
        version_id = queries.change(session, PLATFORM, change_id).version_id
        gateway.record_route(session, PLATFORM, version_id, PRODUCTION)

    return HandlerResult(apply=apply)


def _refresh_market(session: Session, version_id: UUID) -> None:
    """Bring the entry of a published version up to date; one that is not shown stays so."""
    if catalogue.version_detail(session, PLATFORM, version_id).state is State.PUBLISHED:
        # The scope is one of the fields that a change may have set: the record decides.
        settings = dict(settings_of(session, version_id))
        settings.pop("publicScope", None)
        market.publish(session, PLATFORM, version_id, settings)
