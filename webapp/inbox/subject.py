"""What a task is about: the component version with its checks and attachments, as the reviewer sees them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from domain.catalogue.queries import version_detail
from domain.catalogue.states import STATE_TEXT
from engine.api import TaskDetail
from kernel.actor import Actor
from kernel.errors import NotFound
from webapp.catalogue.changes import ShownComponentChange, pending_of
from webapp.catalogue.check_results import ShownRun, shown_runs
from webapp.catalogue.record import Group, groups
from webapp.catalogue.version_page import attachment_title
from webapp.files.presenters import file_facts
from webapp.forms import FileFacts
from webapp.languages import gettext as _
from webapp.languages import in_language

SUBJECT_TYPE = "component_version"


@dataclass(frozen=True, slots=True)
class AttachmentLine:
    """A stored file in its role for the version."""

    title: str
    file: FileFacts


@dataclass(frozen=True, slots=True)
class Subject:
    """A component version, finished for the task page. ``verdicts`` counts the checks by tone."""

    url: str
    state: str
    units: tuple[tuple[str, str], ...]
    record: tuple[Group, ...]
    checks: tuple[ShownRun, ...]
    verdicts: Counter[str]
    attachments: tuple[AttachmentLine, ...]
    pending: ShownComponentChange | None


def subject_of(session: Session, actor: Actor, detail: TaskDetail) -> Subject | None:
    """Return what the task is about, or None where it is no version that the actor may read."""
    version_id = _version_id(detail)
    if version_id is None or not actor.may("component.read"):
        return None
    try:
        version = version_detail(session, actor, version_id)
    except NotFound:
        return None
    checks = tuple(shown_runs(session, version_id))
    return Subject(
        url=url_for("catalogue.version", version_id=version_id),
        state=in_language(STATE_TEXT[version.state]),
        units=((_("发布单位"), version.unit_name), (_("提供方"), version.provider_unit_name or "")),
        record=tuple(groups(version.record)),
        checks=checks,
        verdicts=Counter(check.tone for check in checks),
        attachments=tuple(
            AttachmentLine(attachment_title(row.kind), file_facts(row.file, version=str(version.id)))
            for row in version.attachments
        ),
        pending=pending_of(session, version_id),
    )


def _version_id(detail: TaskDetail) -> UUID | None:
    if detail.row.subject_type == SUBJECT_TYPE and detail.row.subject_id is not None:
        return detail.row.subject_id
    # A case that creates its version learns the id only on the way.
    try:
        return UUID(str(detail.variables.get("versionId")))
    except ValueError:
        return None
