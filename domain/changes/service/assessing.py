"""Classify a submitted change: its fields by Table 1, its contract, its risk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalogue import queries as catalogue
from domain.catalogue.case import CaseFacts
from domain.catalogue.endpoints import declared_endpoints
from domain.catalogue.rules import RuleBreach, Severity, Stage, check_record, errors
from domain.catalogue.semantics import Level, fit_breach, level_between, predecessor
from domain.catalogue.versions import canonical_version
from domain.changes.differences import Difference, differences
from domain.changes.kinds import Kind, Risk, Status
from domain.changes.models import ComponentChange
from domain.changes.queries import record_under
from domain.changes.risk import RiskFacts, assess
from domain.changes.service.rows import locked_change, refuse_elsewhere, version_of_change, write_trail
from domain.checks.names import HEALTH_EXEMPTION
from domain.checks.queries import check_runs
from domain.orders.queries import live_count
from kernel.actor import Actor
from kernel.language import Text

# Message, clause and cure where an exemption from the health check would lose its ground.
LAPSES: Final = (
    Text(
        "该组件因无网络端点免于健康检查，声明端点后豁免失效",
        "It was exempt from the health check for having no network endpoint; with one the exemption lapses",
    ),
    "6.2b",
    Text(
        "请以新版本提供端点，并按参照类型接入",
        "Bring it in a new version, onboarded by the kind it follows",
    ),
)


@dataclass(frozen=True, slots=True)
class Contract:
    """What comparing two contracts found; ``changes`` are JSON objects with place, weight and message."""

    level: Level
    changes: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Assessed:
    """What the classification found; ``passed`` is False where a rule is broken."""

    passed: bool
    breaches: tuple[RuleBreach, ...]
    differences: tuple[Difference, ...]
    level: Level | None
    risk_score: int
    risk_level: Risk


def assess_change(
    session: Session,
    actor: Actor,
    change_id: UUID,
    *,
    contract: Contract | None = None,
    case: CaseFacts | None = None,
) -> Assessed:
    """Check the pending record where it differs, see that the number fits the contract, score the risk.

    Live orders of the version count towards the risk: a change reaches whoever uses it. ``contract`` is
    None where there were no two contracts to compare: that is kept as not checked.

    Raises:
        ChangeNotFound: no such change.
        ChangeElsewhere: the change is not submitted.
    """
    change = locked_change(session, change_id)
    refuse_elsewhere(change, Status.SUBMITTED)
    detail = version_of_change(session, change)
    current = record_under(session, change.base_digest)
    pending = record_under(session, change.pending_digest or change.base_digest)
    found = differences(current, pending)
    breaches = _new_breaches(session, detail, current, pending, found)
    breaches += _lapsed_exemption(session, detail, current, pending)
    level, unfit = _semantics(session, change, detail, contract)
    if unfit is not None:
        breaches.append(unfit)
    risk = assess(_facts(change, detail, current, pending, found, contract, live_count(session, detail.id)))
    change.risk_score, change.risk_level = risk.score, risk.level.value
    change.assessment = {
        "differences": [one.to_json() for one in found],
        "breaches": [breach.to_json() for breach in breaches],
        "factors": list(risk.factors),
        "level": level.value if level else None,
        "contract": None
        if contract is None
        else {"level": contract.level.value, "changes": [dict(one) for one in contract.changes]},
    }
    write_trail(
        session,
        actor,
        "change.assessed",
        change,
        case=case,
        after={
            "passed": not breaches,
            "risk_score": risk.score,
            "risk_level": risk.level.value,
            "breaches": [breach.rule_id for breach in breaches],
        },
    )
    return Assessed(not breaches, tuple(breaches), found, level, risk.score, risk.level)


def _new_breaches(
    session: Session,
    detail: catalogue.VersionDetail,
    current: Mapping[str, Any],
    pending: Mapping[str, Any],
    found: Sequence[Difference],
) -> list[RuleBreach]:
    """Return the errors on changed fields and those that the change brings elsewhere.

    What was wrong before and is not touched stays a matter of its own: a text can be mended without it.
    """
    context = catalogue.rule_context(session, detail.component_id, detail.id)
    known = {(one.rule_id, one.path) for one in errors(check_record(current, Stage.LISTING, context))}
    changed = {one.path for one in found}
    return [
        breach
        for breach in errors(check_record(pending, Stage.LISTING, context))
        if (breach.rule_id, breach.path) not in known
        or any(path == breach.path or path.startswith(f"{breach.path}.") for path in changed)
    ]


def _lapsed_exemption(
    session: Session, detail: catalogue.VersionDetail, current: Mapping[str, Any], pending: Mapping[str, Any]
) -> list[RuleBreach]:
    """Refuse an endpoint for what was exempted from the health check because it had none."""
    new = [path for path in declared_endpoints(pending) if path not in declared_endpoints(current)]
    is_exempt = new and any(
        run.check == HEALTH_EXEMPTION and run.status == "passed" for run in check_runs(session, detail.id)
    )
    return [RuleBreach("X-ENDPOINT", path, Severity.ERROR, *LAPSES) for path in new if is_exempt]


def _semantics(
    session: Session, change: ComponentChange, detail: catalogue.VersionDetail, contract: Contract | None
) -> tuple[Level | None, RuleBreach | None]:
    """Return which part of the number rises, and what is wrong with that."""
    canonical = canonical_version(change.new_version) if change.kind == Kind.VERSION else None
    if canonical is None:
        return None, None
    last = predecessor(canonical, catalogue.version_numbers(session, detail.component_id))
    before = last or detail.row.canonical
    unfit = fit_breach(detail.row.canonical, canonical, contract.level) if contract else None
    return level_between(before, canonical), unfit


def _facts(
    change: ComponentChange,
    detail: catalogue.VersionDetail,
    current: Mapping[str, Any],
    pending: Mapping[str, Any],
    found: Sequence[Difference],
    contract: Contract | None,
    live_orders: int,
) -> RiskFacts:
    rate = next((one for one in found if one.path == "apiInfo.rateLimit"), None)
    return RiskFacts(
        kind=Kind(change.kind),
        changed=frozenset(one.path for one in found),
        is_mandatory=detail.row.use_requirements == "强制",
        is_provincial=current.get("publicScope") == 0,
        live_orders=live_orders,
        contract=contract.level if contract else None,
        is_rate_lowered=rate is not None and _is_less(rate.after, rate.before),
        becomes_charged=current.get("isCharge") == "2" and pending.get("isCharge") == "1",
    )


def _is_less(one: object, other: object) -> bool:
    return isinstance(one, int) and isinstance(other, int) and one < other
