"""What a task is about: the component version with its checks and attachments, as the reviewer sees them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import current_app, url_for
from sqlalchemy.orm import Session

from domain.catalogue.queries import VersionDetail, version_detail
from domain.catalogue.states import STATE_TEXT
from domain.checks.queries import CheckRunRow, FindingRow, check_runs
from engine.api import TaskDetail
from kernel.actor import Actor
from kernel.errors import NotFound
from webapp.catalogue.record import Group, groups
from webapp.files.presenters import file_facts
from webapp.forms import FileFacts
from webapp.languages import gettext as _
from webapp.languages import in_language

SUBJECT_TYPE = "component_version"


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One finding in words."""

    severity: str
    tone: str
    message: str
    rule: str
    place: str
    clause: str
    evidence: str


@dataclass(frozen=True, slots=True)
class CheckLine:
    """The latest run of one check. "Not checked" is a result of its own, never a pass."""

    title: str
    status: str
    tone: str
    icon: str
    summary: str
    by: str
    at: datetime
    is_open: bool
    findings: tuple[FindingLine, ...]


@dataclass(frozen=True, slots=True)
class AttachmentLine:
    """A stored file in its role for the version."""

    title: str
    file: FileFacts


@dataclass(frozen=True, slots=True)
class Subject:
    """A component version, finished for the task page."""

    url: str | None
    state: str
    units: tuple[tuple[str, str], ...]
    record: tuple[Group, ...]
    checks: tuple[CheckLine, ...]
    counts: Counter[str]
    attachments: tuple[AttachmentLine, ...]


def subject_of(session: Session, actor: Actor, detail: TaskDetail) -> Subject | None:
    """Return what the task is about, or None where it is no version that the actor may read."""
    version_id = _version_id(detail)
    if version_id is None or not actor.may("component.read"):
        return None
    try:
        version = version_detail(session, actor, version_id)
    except NotFound:
        return None
    runs = check_runs(session, version_id)
    has_page = "catalogue.version" in current_app.view_functions
    return Subject(
        url=url_for("catalogue.version", version_id=version_id) if has_page else None,
        state=in_language(STATE_TEXT[version.state]),
        units=((_("发布单位"), version.unit_name), (_("提供方"), version.provider_unit_name or "")),
        record=tuple(groups(version.record)),
        checks=tuple(_check(run) for run in runs),
        counts=Counter(run.status for run in runs),
        attachments=tuple(_attachments(version)),
    )


def _version_id(detail: TaskDetail) -> UUID | None:
    if detail.row.subject_type == SUBJECT_TYPE and detail.row.subject_id is not None:
        return detail.row.subject_id
    # A case that creates its version learns the id only on the way.
    try:
        return UUID(str(detail.variables.get("versionId")))
    except ValueError:
        return None


def _check(run: CheckRunRow) -> CheckLine:
    status, tone, icon = {
        "passed": (_("通过"), "ok", "check"),
        "failed": (_("未通过"), "bad", "circle-x"),
    }.get(run.status, (_("未检查"), "dashed", "circle-dashed"))
    by = (
        _("%(name)s 认定，平台未检查", name=run.stated_by_name or _("人员"))
        if run.is_statement
        else _("平台检查")
    )
    return CheckLine(
        title=in_language(run.title),
        status=status,
        tone=tone,
        icon=icon,
        summary=in_language(run.summary),
        by=by if run.status != "not_checked" else "",
        at=run.recorded_at,
        is_open=run.status == "failed",
        findings=tuple(_finding(finding) for finding in run.findings),
    )


def _finding(row: FindingRow) -> FindingLine:
    severity, tone = {
        "error": (_("错误"), "bad"),
        "warning": (_("警告"), "warn"),
    }.get(row.severity, (_("提示"), ""))
    return FindingLine(
        severity, tone, in_language(row.message), row.rule, row.place, row.clause, row.evidence
    )


def _attachments(version: VersionDetail) -> Iterable[AttachmentLine]:
    names = {
        "functionalTestReport": _("功能测试报告"),
        "securityTestReport": _("安全测试报告"),
        "performanceTestReport": _("性能测试报告"),
        "applicationGuide": _("组件申请指南"),
        "apiDocument": _("接口文档"),
    }
    for attachment in version.attachments:
        facts = file_facts(attachment.file, version=str(version.id))
        yield AttachmentLine(names.get(attachment.kind, attachment.kind), facts)
