"""Showing a version in the resource market, and taking it back.

Source: draft standard, clauses 9.1d and 11.3.1c; process P05, steps 6 and 9
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from domain.market import service
from engine.api import HandlerResult, JobContext, Parameter, Registry
from handlers.environment import PLATFORM, Environment
from handlers.parameters import REASON, VERSION, mapping, reason_of, version_of
from kernel.errors import Rejected
from kernel.language import Text


def register(registry: Registry, environment: Environment) -> None:
    """Register the topics of the market."""
    registry.handler(
        "market.publish",
        publish,
        Text("门户上线、更新检索索引", "Show in the portal, update the search index"),
        (VERSION, Parameter("settings", Text("发布设置", "Settings"), "object", required=False)),
        {
            "ok": Text("成功", "Done"),
            "marketIndexId": Text("市场条目", "Market entry"),
            "publishedAt": Text("发布时间", "Published at"),
            "problem": Text("未成功的原因", "Why not"),
        },
    )
    registry.handler(
        "market.unpublish",
        unpublish,
        Text("门户取消展示、停止新申请", "Remove from the portal, stop new applications"),
        (VERSION, REASON),
    )


def publish(job: JobContext) -> HandlerResult:
    """Publish; where the domain refuses, nothing of it stays and the reason is the result."""
    version_id, settings = version_of(job.parameters), mapping(job.parameters.get("settings"))

    def apply(session: Session) -> Mapping[str, Any]:
        try:
            with session.begin_nested():
                published = service.publish(session, PLATFORM, version_id, settings)
        except Rejected as refusal:
            return {
                "ok": False,
                "marketIndexId": None,
                "publishedAt": None,
                "problem": refusal.message.to_json(),
            }
        return {
            "ok": True,
            "marketIndexId": str(published.market_index_id),
            "publishedAt": published.published_at.isoformat(),
            "problem": None,
        }

    return HandlerResult(apply=apply)


def unpublish(job: JobContext) -> HandlerResult:
    """Hide the entry; running orders keep working."""
    version_id, reason = version_of(job.parameters), reason_of(job) or "—"

    def apply(session: Session) -> None:
        service.unpublish(session, PLATFORM, version_id, reason)

    return HandlerResult(apply=apply)
