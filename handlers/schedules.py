"""Daily scans: find what has fallen due and start one case for each, once, whatever runs how often.

The clock is a small deployed process with a timer start; its one service task names a topic of this
module. See docs/how-to/start-processes-on-schedule.md for how to add one.

Source: draft standard, clauses 9.2b, 10.3a and 11.3.2a; processes P06b and P09
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from domain.catalogue import queries
from domain.catalogue.queries import IdleVersion, VersionRow
from domain.emergency import queries as plan_queries
from domain.scans.service import claim_day
from engine.api import DefinitionNotFound, Engine, HandlerResult, InstanceAlreadyOpen, JobContext, Registry
from handlers.environment import PLATFORM, Environment
from kernel.calendar import add_months, day_of
from kernel.clock import now
from kernel.language import Text

REVIEW_AFTER_MONTHS: Final = 12
MOST_AT_ONCE: Final = 200
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Something on which a process is to be started: what it is about and what the process wants to know."""

    subject_id: UUID
    title: str
    region_code: str
    unit_id: UUID
    variables: Mapping[str, Any] = field(default_factory=dict)
    subject_type: str = "component_version"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """A daily scan: ``find`` says what is due, ``process`` is started on each, at ``start_event``."""

    name: str
    process: str
    start_event: str
    find: Callable[[Session], Iterable[Due]]


def register(registry: Registry, environment: Environment) -> None:
    """Register the scans."""
    scans = (
        (
            Scan(name="idle", process="idle-delisting", start_event="candidate_found", find=idle_versions),
            Text("每日闲置扫描，逐一立案", "Daily scan for idle versions, one case each"),
        ),
        (
            Scan(
                name="plan_review",
                process="emergency-plan-filing",
                start_event="review_requested",
                find=plans_to_review,
            ),
            Text("每日预案复核扫描，逐一发起", "Daily scan for plans to review, one case each"),
        ),
        (
            Scan(
                name="catalogue_review",
                process="catalogue-confirmation",
                start_event="confirmation_due",
                find=untouched_records,
            ),
            Text("每日目录信息复核扫描，逐一发起", "Daily scan for records long untouched, one case each"),
        ),
    )
    engine = Engine(registry)
    for scan, title in scans:
        registry.handler(
            f"scan.{scan.name}",
            partial(run_scan, engine, scan),
            title,
            (),
            {"started": Text("已发起", "Started"), "found": Text("候选", "Candidates")},
        )


def run_scan(engine: Engine, scan: Scan, job: JobContext) -> HandlerResult:
    """Start one case for each thing that is due, unless this scan has dealt with today already.

    What is due depends on now and not on the day that the clock makes up for: after a time in which nothing
    ran the first run does it all, and the others look at nothing. All of it happens in the transaction that
    records the result, so that a scan which dies half-way or runs twice starts nothing twice. What does not
    fit into one run comes tomorrow.
    """

    def apply(session: Session) -> Mapping[str, Any]:
        if not claim_day(session, scan.name, day_of(now())):
            return {"found": 0, "started": 0}
        due = list(scan.find(session))[:MOST_AT_ONCE]
        return {"found": len(due), "started": sum(_start(session, engine, scan, one) for one in due)}

    return HandlerResult(apply=apply)


def _start(session: Session, engine: Engine, scan: Scan, due: Due) -> int:
    try:
        with session.begin_nested():
            engine.start_instance(
                session,
                PLATFORM,
                scan.process,
                due.variables,
                business_key=str(due.subject_id),
                title=due.title,
                subject_type=due.subject_type,
                subject_id=due.subject_id,
                region_code=due.region_code,
                unit_id=due.unit_id,
                check_role=False,
                start_event=scan.start_event,
            )
    except (InstanceAlreadyOpen, DefinitionNotFound) as refusal:
        log.info("scan.not_started", scan=scan.name, subject_id=str(due.subject_id), reason=str(refusal))
        return 0
    return 1


def idle_versions(session: Session) -> list[Due]:
    """Return the versions that nobody has called for six calendar months."""
    return [
        _due(one, providerUnitId=_id(one.provider_unit_id), releasingUnitId=str(one.unit_id))
        for one in queries.idle_candidates(session)
    ]


def plans_to_review(session: Session) -> list[Due]:
    """Return the versions in the catalogue whose plan was filed twelve months ago or longer."""
    today = day_of(now())
    old = {
        version_id
        for version_id, filed_at in plan_queries.last_filed(session).items()
        if add_months(day_of(filed_at), REVIEW_AFTER_MONTHS) <= today
    }
    old -= plan_queries.versions_with_open_filing(session, old)
    return [
        _due(row, providerUnitId=_id(row.provider_unit_id), cause="yearly")
        for row in queries.versions_in_catalogue(session, old)
    ]


def untouched_records(session: Session) -> list[Due]:
    """Return the versions in the catalogue whose record nobody touched for more than 180 days."""
    return [
        _due(row, releasingUnitId=str(row.unit_id), untouchedSince=day_of(row.updated_at).isoformat())
        for row in queries.untouched_versions(session)
    ]


def _due(version: VersionRow | IdleVersion, **variables: str | None) -> Due:
    """Return a version as the subject of a case, with what the case is to know."""
    return Due(
        subject_id=version.id,
        title=f"{version.name} {version.version}",
        region_code=version.region_code,
        unit_id=version.unit_id,
        variables={"versionId": str(version.id), **variables},
    )


def _id(value: UUID | None) -> str | None:
    return None if value is None else str(value)
