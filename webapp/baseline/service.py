"""The baseline in service and its editions; a new edition is a new version of the assessment's files.

Running cases keep the version that they started with, so they keep their baseline too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from domain.people import queries as people
from domain.people.permissions import SECURITY_ADMINISTRATOR
from engine.api import DefinitionVersion, Engine
from kernel import audit
from kernel.actor import Actor
from kernel.errors import Conflict, FieldProblem, Invalid, NotAllowed
from kernel.language import Text
from kernel.territory import covers
from webapp.baseline.decision_file import (
    BASELINE_FILE,
    CHECKS_FILE,
    Baseline,
    DecisionTable,
    Limit,
    read_baseline,
    read_table,
    write_baseline,
)

PROCESS: Final = "security-assessment"
HIGHEST: Final = 10_000
Cell = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of the baseline: since when, put in force by whom, and why."""

    number: int
    effective_at: datetime
    by: UUID | None
    note: str


def baseline_in_service(session: Session, engine: Engine) -> tuple[Baseline, DecisionTable]:
    """Return the baseline and the table of applicable checks of the newest version.

    Raises:
        DefinitionNotFound: the assessment is not deployed.
        BaselineUnreadable: the table was changed by other means.
    """
    files = _files(session, engine)
    return read_baseline(files[BASELINE_FILE]), read_table(files[CHECKS_FILE])


def editions(session: Session, engine: Engine) -> list[Edition]:
    """Return the editions, newest first; versions that left the baseline alone are passed over."""
    found: dict[int, Edition] = {}
    for version in reversed(engine.definition_versions(session, PROCESS)):
        files = engine.definition_version(session, version.id).files
        try:
            number = read_baseline(files[BASELINE_FILE]).edition
        except (KeyError, Conflict):
            continue
        found.setdefault(number, _edition(number, version))
    return sorted(found.values(), key=lambda each: -each.number)


def set_limits(
    session: Session,
    engine: Engine,
    actor: Actor,
    limits: Mapping[Cell, int | None],
    reason: str,
    edition_seen: int,
) -> Baseline:
    """Put a new edition in force for every case that starts from now on.

    Raises:
        NotAllowed: the actor does not keep the baseline, or keeps it for a city only: both levels have one
            baseline, and a city does not lower it (11.1a).
        Conflict: somebody changed it since it was looked at.
        Invalid: no reason, or nothing changed.
    """
    actor.require("baseline.manage")
    _refuse_part_of_the_territory(session, actor)
    files = dict(_files(session, engine))
    standing = read_baseline(files[BASELINE_FILE])
    if standing.edition != edition_seen:
        raise Conflict(
            Text(
                f"基线已由他人改为第{standing.edition}版，请核对后重试",
                f"Somebody changed the baseline to edition {standing.edition} meanwhile: look again",
            )
        )
    changed = [
        replace(row, limit=limits.get((row.scope, row.item, row.severity), row.limit))
        for row in standing.limits
    ]
    if not reason.strip():
        raise _invalid("reason", "reason.required", "请填写修改理由", "Give the reason of the change")
    if changed == list(standing.limits):
        raise _invalid("", "baseline.unchanged", "没有改动", "Nothing was changed")
    baseline = Baseline(standing.edition + 1, tuple(changed))
    files[BASELINE_FILE] = write_baseline(baseline)
    engine.deploy_files(session, actor, PROCESS, files, f"{reason.strip()[:500]}")
    audit.append(
        session,
        audit.AuditEntry(
            action="baseline.set",
            actor=actor,
            stream="system:baseline",
            subject_type="baseline",
            reason=reason.strip(),
            before=_said(standing.limits, changed),
            after={"edition": baseline.edition, **_said(changed, standing.limits)},
            clause="8.1.1",
        ),
    )
    return baseline


def _said(rows: Iterable[Limit], others: Iterable[Limit]) -> dict[str, int | None]:
    """Name the limits that differ."""
    return {
        f"{row.scope}.{row.item}.{row.severity}": row.limit
        for row, other in zip(rows, others, strict=True)
        if row != other
    }


def _refuse_part_of_the_territory(session: Session, actor: Actor) -> None:
    """Refuse a security administrator of a city on a platform that serves its province too."""
    regions = [region.code for region in people.regions(session)]
    for grant in actor.grants:
        if grant.role == SECURITY_ADMINISTRATOR and all(covers(grant.region_code, code) for code in regions):
            return
    raise NotAllowed(
        Text(
            "安全基线全域统一，只能由负责平台全部区域的安全管理员修改",
            "The whole territory has one baseline: only a security administrator of all of it may change it",
        )
    )


def _files(session: Session, engine: Engine) -> Mapping[str, bytes]:
    newest = engine.definition_versions(session, PROCESS)[0]
    return engine.definition_version(session, newest.id).files


def _edition(number: int, version: DefinitionVersion) -> Edition:
    return Edition(number, version.deployed_at, version.deployed_by, version.note)


def limit_unreadable(field: str, text: str) -> Invalid:
    """Say that a limit is no whole number."""
    return _invalid(
        field,
        "baseline.limit",
        f"上限应为0至{HIGHEST}的整数，或留空表示不限：{text[:20]}",
        f"A limit is a whole number from 0 to {HIGHEST}, or empty for none: {text[:20]}",
    )


def _invalid(field: str, rule: str, zh: str, en: str) -> Invalid:
    message = Text(zh, en)
    return Invalid(message, (FieldProblem(field, rule, message, "8.1.1"),))
