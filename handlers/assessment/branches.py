"""One branch of the assessment: run its checks, whatever happens, and record what came of each.

Every branch reaches the join. A tool that breaks is tried three times in all; then, or when it runs past
its limit, its check is inconclusive, which is never passed. Source: process P03, note
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from domain.assessments import service
from domain.assessments.items import Item, ItemStatus
from domain.assessments.scanned import Scanned
from engine.api import HandlerResult, JobContext, TechnicalFailure
from handlers.assessment import risks, scans
from handlers.assessment.material import gather
from handlers.environment import PLATFORM, Environment
from handlers.parameters import mapping
from kernel.errors import Unavailable
from kernel.language import Text

MOST_ATTEMPTS: Final = 3
Scan = Callable[[scans.Desk], Scanned]
BRANCHES: Final[Mapping[str, Mapping[str, Scan]]] = MappingProxyType(
    {
        "composition": {Item.ARTEFACT: scans.artefact, Item.COMPOSITION: scans.composition},
        "static": {Item.STATIC: scans.static},
        "dynamic": {Item.DYNAMIC: scans.dynamic},
        "vulnerabilities": {Item.VULNERABILITIES: scans.vulnerabilities},
        "secrets": {Item.SECRETS: scans.secrets, Item.API_RISK: risks.api_risk},
    }
)
_log = structlog.get_logger(__name__)


def run_branch(environment: Environment, branch: Mapping[str, Scan], job: JobContext) -> HandlerResult:
    """Run the checks of a branch that apply, and record a result for each of them.

    Raises:
        TechnicalFailure: a tool broke and has attempts left.
    """
    assessment_id = UUID(str(job.parameters["assessmentId"]))
    applicable = {str(mapping(row).get("item")): mapping(row) for row in job.parameters["checks"]}
    material = gather(environment, job, assessment_id)
    desk = scans.Desk(environment, job.database, material)
    results = [_result(desk, item, scan, applicable.get(item), job) for item, scan in branch.items()]

    def apply(session: Session) -> None:
        for scanned in results:
            service.record_item(session, PLATFORM, assessment_id, scanned, job.job_id)
        if desk.libraries is not None:
            service.store_bill(session, assessment_id, desk.libraries)

    return HandlerResult({"status": {str(scanned.item): str(scanned.status) for scanned in results}}, apply)


def _result(
    desk: scans.Desk, item: str, scan: Scan, row: Mapping[str, Any] | None, job: JobContext
) -> Scanned:
    basis = Text(str(row.get("zh", "")), str(row.get("en", ""))) if row is not None else _NOT_IN_TABLE
    if row is None or row.get("applies") is not True:
        status = ItemStatus.NOT_APPLICABLE if row is not None else ItemStatus.NOT_CHECKED
        return Scanned(item=item, status=status, summary=basis, basis=basis)
    begin = time.monotonic()
    scanned = _run(desk, item, scan, job)
    seconds = scanned.seconds or time.monotonic() - begin
    return replace(scanned, basis=basis, seconds=seconds)


def _run(desk: scans.Desk, item: str, scan: Scan, job: JobContext) -> Scanned:
    """Run one check; after its last attempt a failure becomes a result instead of an incident."""
    has_attempts_left = job.attempt < MOST_ATTEMPTS
    try:
        scanned = scan(desk)
    except Unavailable:
        raise  # the database or a disk is away: that is an outage and no finding about the subject
    except Exception as error:
        # This is an edge: whatever a tool does must not keep the other branches from being judged.
        _log.warning("assessment.scan_failed", item=item, attempt=job.attempt, error=type(error).__name__)
        if has_attempts_left:
            raise TechnicalFailure(f"{item}: {type(error).__name__}: {error}") from error
        return scans.inconclusive(item, f"{type(error).__name__}: {error}")
    if scanned.status == ItemStatus.INCONCLUSIVE and scanned.is_worth_repeating and has_attempts_left:
        raise TechnicalFailure(f"{item}: {scanned.summary.en}")
    return scanned


_NOT_IN_TABLE = Text(
    "适用范围表未规定该检测项，按未检测处理",
    "The table of applicable checks does not mention this one; it counts as not checked",
)
