"""Record and remove routes; the platform or an operator asks, no gateway is told."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.catalogue import queries as catalogue
from domain.catalogue.queries import VersionDetail
from domain.catalogue.rules import Severity, Stage
from domain.catalogue.trail import append_to_version
from domain.gateway.models import RecordedRoute
from domain.people.permissions import OPERATOR
from kernel.actor import Actor
from kernel.clock import now
from kernel.errors import FieldProblem, Invalid, NotAllowed
from kernel.ids import new_id
from kernel.language import Text

STAGES: Final = ("pre_release", "production")
# Of the standard: calls go through the gateway.
CLAUSE: Final = "8.2.2"


@dataclass(frozen=True, slots=True)
class RecordedRoutes:
    """The routes as recorded; ``skipped`` when the component has no API at all."""

    route_ids: tuple[UUID, ...]
    skipped: bool


def record_route(session: Session, actor: Actor, version_id: UUID, stage: str) -> RecordedRoutes:
    """Record the routes that the version's APIs need; doing it again changes nothing.

    Raises:
        VersionNotFound: no such version.
        NotAllowed: the actor is neither the platform nor an operator of the region.
        Invalid: the API data breaks rules of Table 1.
    """
    if stage not in STAGES:
        raise ValueError(f"stage is one of {STAGES}, found {stage!r}")
    detail = catalogue.version_detail(session, actor, version_id)
    _require_operator(actor, detail)
    _refuse_broken(session, version_id)
    wanted = list(_apis(detail.record))
    if not wanted:
        return RecordedRoutes((), skipped=True)
    standing = {route.api_code: route for route in _standing(session, version_id, stage)}
    recorded = []
    for api in wanted:
        held = standing.pop(api["apiCode"], None)
        if held is not None and _content(held) == _wanted(api):
            recorded.append(held.id)
            continue
        if held is not None:
            _remove(held, "superseded")
        route = _new_route(detail, stage, api)
        session.add(route)
        recorded.append(route.id)
    for route in standing.values():
        _remove(route, "superseded")
    append_to_version(
        session,
        actor,
        detail,
        action="gateway.route_recorded",
        clause=CLAUSE,
        reason=stage,
        after={"enforced": False},
    )
    # The handler reads the routes back in the same transaction.
    session.flush()
    return RecordedRoutes(tuple(recorded), skipped=False)


def remove_routes(session: Session, actor: Actor, version_id: UUID, reason: str) -> int:
    """Remove every standing route of the version and return how many there were.

    Raises:
        VersionNotFound: no such version.
        NotAllowed: the actor is neither the platform nor an operator of the region.
    """
    detail = catalogue.version_detail(session, actor, version_id)
    _require_operator(actor, detail)
    standing = [route for stage in STAGES for route in _standing(session, version_id, stage)]
    for route in standing:
        _remove(route, reason)
    if standing:
        append_to_version(
            session,
            actor,
            detail,
            action="gateway.routes_removed",
            clause=CLAUSE,
            reason=reason,
            after={"count": len(standing)},
        )
    return len(standing)


def _require_operator(actor: Actor, detail: VersionDetail) -> None:
    if not actor.is_system and not actor.has_role(OPERATOR, detail.region_code):
        raise NotAllowed(Text("只有运营方可以登记路由", "Only the operator may record routes"))


def _refuse_broken(session: Session, version_id: UUID) -> None:
    broken = [
        breach
        for breach in catalogue.check_version(session, version_id, Stage.ONBOARDING)
        if breach.path.startswith("apiInfo") and breach.severity is Severity.ERROR
    ]
    if broken:
        message = Text(
            "API信息不符合表1规则，不能登记路由", "The API data breaks Table 1; no route is recorded"
        )
        problems = tuple(
            FieldProblem(breach.path, breach.rule_id, breach.message, breach.clause, breach.mend)
            for breach in broken
        )
        raise Invalid(message, problems)


def _apis(record: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    api = record.get("apiInfo")
    if isinstance(api, Mapping):
        yield api


def _standing(session: Session, version_id: UUID, stage: str) -> list[RecordedRoute]:
    query = select(RecordedRoute).where(
        RecordedRoute.version_id == version_id,
        RecordedRoute.stage == stage,
        RecordedRoute.removed_at.is_(None),
    )
    return list(session.scalars(query.order_by(RecordedRoute.id)))


def _wanted(api: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "api_code": api["apiCode"],
        "public_path": api["publicPath"],
        "forward_path": api["forwardPath"],
        "targets": list(api.get("targetServers") or []),
        "protocols": list(api["protocols"]),
        "rate_limit": api["rateLimit"],
        "timeout_ms": api["timeoutMs"],
    }


def _content(route: RecordedRoute) -> dict[str, Any]:
    return {
        "api_code": route.api_code,
        "public_path": route.public_path,
        "forward_path": route.forward_path,
        "targets": route.targets,
        "protocols": route.protocols,
        "rate_limit": route.rate_limit,
        "timeout_ms": route.timeout_ms,
    }


def _new_route(detail: VersionDetail, stage: str, api: Mapping[str, Any]) -> RecordedRoute:
    return RecordedRoute(
        id=new_id(),
        version_id=detail.id,
        component_id=detail.component_id,
        region_code=detail.region_code,
        unit_id=detail.unit_id,
        stage=stage,
        enforced=False,
        recorded_at=now(),
        **_wanted(api),
    )


def _remove(route: RecordedRoute, reason: str) -> None:
    route.removed_at, route.removal_reason = now(), reason
