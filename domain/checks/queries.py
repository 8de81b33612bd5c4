"""Reads about checks: the latest run of each check, or all of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from domain.checks.models import CheckFinding, CheckRun
from domain.checks.names import CHECK_TEXT, NOT_PASSED_BY_WORD
from kernel.language import Text


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding: rule, severity (error, warning, info), evidence, place, clause."""

    rule: str
    severity: str
    evidence: str
    place: str
    clause: str
    message: Text


@dataclass(frozen=True, slots=True)
class CheckRunRow:
    """One run. ``is_statement`` is true when a person stated the result, not the platform."""

    id: UUID
    version_id: UUID
    check: str
    title: Text
    status: str
    summary: Text
    instance_id: UUID | None
    element_id: str | None
    stated_by: UUID | None
    stated_by_name: str | None
    recorded_at: datetime
    findings: tuple[FindingRow, ...]

    @property
    def is_statement(self) -> bool:
        """Tell whether a person stated the result."""
        return self.stated_by is not None


def check_runs(session: Session, version_id: UUID) -> list[CheckRunRow]:
    """Return the latest run of each check of a version, oldest first."""
    later = aliased(CheckRun)
    # Not max(id): PostgreSQL knows no largest uuid before version 18.
    superseded = (
        select(later.id)
        .where(
            later.version_id == CheckRun.version_id,
            later.check_name == CheckRun.check_name,
            later.id > CheckRun.id,
        )
        .exists()
    )
    query = select(CheckRun).where(CheckRun.version_id == version_id, ~superseded).order_by(CheckRun.id)
    return _rows(session, session.scalars(query).all())


def latest_statuses(session: Session, version_id: UUID, since: datetime) -> dict[str, str]:
    """Return the status of the latest run of each check since an instant, by check name.

    A statement that a check passed is left out where a statement does not do.
    """
    is_mere_word = and_(
        CheckRun.stated_by.is_not(None),
        CheckRun.status == "passed",
        CheckRun.check_name.in_(NOT_PASSED_BY_WORD),
    )
    query = (
        select(CheckRun.check_name, CheckRun.status)
        .where(CheckRun.version_id == version_id, CheckRun.recorded_at >= since, ~is_mere_word)
        .order_by(CheckRun.id)
    )
    return {row.check_name: row.status for row in session.execute(query)}


@dataclass(frozen=True, slots=True)
class LatestRun:
    """The status of the latest run of a check, and the digest of the content that it looked at."""

    status: str
    subject: str | None


def latest_run(session: Session, version_id: UUID, check: str, *, since: datetime) -> LatestRun | None:
    """Return the latest run of one check since an instant."""
    query = (
        select(CheckRun.status, CheckRun.subject)
        .where(CheckRun.version_id == version_id, CheckRun.check_name == check, CheckRun.recorded_at >= since)
        .order_by(CheckRun.id.desc())
        .limit(1)
    )
    found = session.execute(query).one_or_none()
    return None if found is None else LatestRun(found.status, found.subject)


def _rows(session: Session, runs: Sequence[CheckRun]) -> list[CheckRunRow]:
    findings = _findings(session, [run.id for run in runs])
    return [
        CheckRunRow(
            id=run.id,
            version_id=run.version_id,
            check=run.check_name,
            title=CHECK_TEXT.get(run.check_name, Text(run.check_name, run.check_name)),
            status=run.status,
            summary=Text.from_json(run.summary),
            instance_id=run.instance_id,
            element_id=run.element_id,
            stated_by=run.stated_by,
            stated_by_name=run.stated_by_name,
            recorded_at=run.recorded_at,
            findings=tuple(findings.get(run.id, ())),
        )
        for run in runs
    ]


def _findings(session: Session, run_ids: Iterable[UUID]) -> dict[UUID, list[FindingRow]]:
    found: dict[UUID, list[FindingRow]] = {}
    query = (
        select(CheckFinding)
        .where(CheckFinding.run_id.in_(list(run_ids)))
        .order_by(CheckFinding.run_id, CheckFinding.position)
    )
    for row in session.scalars(query):
        finding = FindingRow(
            row.rule, row.severity, row.evidence, row.place, row.clause, Text.from_json(row.message)
        )
        found.setdefault(row.run_id, []).append(finding)
    return found
