"""Answering the security assessment (P03): reports for what cannot be checked here, judged by two operators.

Nobody is let through: a provider hands in a report where one may stand in, an operator accepts it, another
agrees. Whatever else is open the operator confirms, and the component goes to its rework.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from domain.assessments import queries
from domain.assessments.items import REPLACEABLE
from domain.assessments.service.reports import ReportInput, today
from domain.catalogue.queries import VersionDetail
from domain.people.permissions import PROVIDER
from engine.api import TaskDetail
from kernel.actor import Actor
from webapp.assessments.subjects import report_subject
from webapp.demo.cast import Cast
from webapp.demo.hands import Hands
from webapp.demo.supplies import Upload
from webapp.wiring import Platform

# The filing of an emergency plan has a form of this name, too.
_EXAMINING: Final = ("security-assessment", "examine.json")
ISSUER: Final = "示例检测中心（虚构）"
_LASTS: Final = timedelta(days=90)
_COMMITMENT: Final = (
    "本单位承诺所附检测报告真实有效，所检源码与申报版本一致，并承担相应责任（示例，纯属虚构）。"
)


def is_examining(task: TaskDetail) -> bool:
    """Tell whether an operator is asked what to make of an assessment without a conclusion."""
    return (task.scope_process, task.form_name) == _EXAMINING


def is_about_an_admission(task: TaskDetail) -> bool:
    """Tell whether that assessment is of a product from outside, for which no report can be handed in."""
    return is_examining(task) and task.variables.get("subjectType") == "admission"


def examined(
    platform: Platform, hands: Hands, cast: Cast, version: VersionDetail, given: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what the first operator says of everything that is open, unless it is said already."""
    if given.get("outcome"):
        return dict(given)
    rows: Sequence[Mapping[str, Any]] = given.get("judgements") or ()
    stuck = [row for row in rows if row.get("finding") or row["item"] not in REPLACEABLE]
    if stuck:
        opinion = "；".join(str(row.get("problem") or row["item"]) for row in stuck)
        return {"outcome": "confirmed", "opinion": opinion[:900]}
    provider = cast.with_role(PROVIDER, version.region_code, version.provider_unit_id)
    for row in rows:
        if not row.get("report"):
            item = str(row["item"])
            report = _report_about(platform, provider, version.id, item)
            hands.hand_in_report(provider, version.id, report, _file_of(item))
    reason = f"{ISSUER}的报告覆盖本版本全部源码，在有效期内（示例）。"
    judged = [{**row, "verdict": "substitute", "reason": reason} for row in rows]
    return {"outcome": "settled", "judgements": judged}


def _report_about(platform: Platform, provider: Actor, version_id: UUID, item: str) -> ReportInput:
    with platform.database.read() as session:
        subject = report_subject(session, provider, version_id)
        earlier = {row.subject_digest for row in queries.reports_of(session, version_id)}
    # Where no source lies here, the first report says what the others are about, too.
    digests = subject.artefact_digests or earlier or {hashlib.sha256(version_id.bytes).hexdigest()}
    return ReportInput(
        item=item,
        issuer=ISSUER,
        issued_on=today(),
        valid_until=today() + _LASTS,
        subject_digest=min(digests),
        scope="全部源码与依赖",
        commitment=_COMMITMENT,
    )


def _file_of(item: str) -> Upload:
    return Upload(f"report-{item}.pdf", f"%PDF-1.4 示例检测报告（虚构）：{item}".encode())
