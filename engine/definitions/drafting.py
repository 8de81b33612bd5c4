"""Drafts: written by one administrator, released by another.

draft → submitted → released | rejected; saving a submitted or rejected draft makes it a draft again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from engine.contents.store import content_of, fetch, keep
from engine.definitions.check import check
from engine.definitions.deploy import PERMISSION as DEPLOY
from engine.definitions.deploy import STREAM, deploy
from engine.definitions.files import bpmn_name, deployable
from engine.definitions.models import DefinitionDraftRow
from engine.definitions.rows import DefinitionDraft, DefinitionVersion
from engine.definitions.titles import process_title
from engine.definitions.versions import latest_versions
from engine.errors import DeploymentRefused, DraftNotFound, DraftNotOpen, SameAdministrator
from engine.instances.pending import affected
from engine.registry import Registry
from kernel.actor import Actor
from kernel.audit import AuditEntry, append
from kernel.clock import now
from kernel.errors import Conflict, FieldProblem, Invalid, NotAllowed
from kernel.ids import new_id
from kernel.language import Text

PERMISSION: Final = "definition.draft"
MAX_DRAFT_BYTES: Final = 5 * 1024 * 1024
Files = Mapping[str, bytes]


def save_draft(
    session: Session,
    actor: Actor,
    key: str,
    files: Files,
    note: str,
    draft_id: UUID | None,
    revision: int | None,
) -> DefinitionDraft:
    """Create a draft, or save into one's own; unchecked, because work in progress may be broken.

    Raises:
        NotAllowed: the actor lacks ``definition.draft``, or the draft is another's.
        DraftNotFound, DraftNotOpen.
        Conflict: somebody saved since ``revision``.
    """
    actor.require(PERMISSION)
    kept = _keep_files(session, files)
    title = process_title(files.get(bpmn_name(key), b""), key)
    values = {"name": title.zh[:200], "name_en": title.en[:200], "note": note, "files": kept}
    if draft_id is None:
        return _create(session, actor, key, values)
    draft = _own(session, actor, draft_id)
    if draft.status == "released":
        raise DraftNotOpen(draft_id, draft.status)
    if revision is not None and revision != draft.revision:
        raise _changed_meanwhile()
    _write(session, draft, {**values, "status": "draft", "submitted_at": None})
    _audit(session, actor, "definition.draft_saved", draft, note)
    return read_draft(session, draft_id)


def submit_draft(
    session: Session, registry: Registry, actor: Actor, draft_id: UUID, note: str
) -> DefinitionDraft:
    """Offer one's draft for release.

    Raises:
        NotAllowed, DraftNotFound, DraftNotOpen.
        DeploymentRefused: it has errors.
    """
    actor.require(PERMISSION)
    draft = _own(session, actor, draft_id)
    if draft.status != "draft":
        raise DraftNotOpen(draft_id, draft.status)
    report = check(session, registry, draft.key, _files(session, draft)).report
    if not report.is_deployable:
        raise DeploymentRefused(report.problems)
    _write(session, draft, {"status": "submitted", "submitted_at": now(), "note": note or draft.note})
    _audit(session, actor, "definition.draft_submitted", draft, note)
    return read_draft(session, draft_id)


def release_draft(
    session: Session, registry: Registry, actor: Actor, draft_id: UUID, note: str
) -> DefinitionVersion:
    """Deploy a submitted draft, as somebody other than its author.

    Raises:
        NotAllowed: the actor lacks ``definition.deploy``.
        SameAdministrator: the actor wrote it.
        DraftNotFound, DraftNotOpen, DeploymentRefused.
    """
    actor.require(DEPLOY)
    draft = _row(session, draft_id)
    if actor.person_id is None or actor.person_id == draft.author_id:
        raise SameAdministrator(draft_id)
    if draft.status != "submitted":
        raise DraftNotOpen(draft_id, draft.status)
    files = _files(session, draft)
    version = deploy(session, registry, actor, draft.key, files, note or draft.note, draft.author_id)
    decided = {"decided_by": actor.person_id, "decided_at": now(), "decision_reason": note}
    _write(session, draft, {"status": "released", "released_version_id": version.id, **decided})
    _audit(session, actor, "definition.draft_released", draft, note)
    return version


def reject_draft(session: Session, actor: Actor, draft_id: UUID, reason: str) -> DefinitionDraft:
    """Turn a submitted draft down, with a reason.

    Raises:
        NotAllowed, SameAdministrator, DraftNotFound, DraftNotOpen.
        Invalid: no reason was given.
    """
    actor.require(DEPLOY)
    draft = _row(session, draft_id)
    if actor.person_id is None or actor.person_id == draft.author_id:
        raise SameAdministrator(draft_id)
    if draft.status != "submitted":
        raise DraftNotOpen(draft_id, draft.status)
    if not reason.strip():
        raise _no_reason()
    decided = {"decided_by": actor.person_id, "decided_at": now(), "decision_reason": reason}
    _write(session, draft, {"status": "rejected", **decided})
    _audit(session, actor, "definition.draft_rejected", draft, reason)
    return read_draft(session, draft_id)


def read_draft(session: Session, draft_id: UUID) -> DefinitionDraft:
    """Return a draft with its files.

    Raises:
        DraftNotFound: there is none.
    """
    draft = _row(session, draft_id)
    return draft_row(draft, _files(session, draft))


def drafts(session: Session, key: str | None) -> tuple[DefinitionDraft, ...]:
    """List drafts, last changed first, without their files."""
    query = select(DefinitionDraftRow).order_by(DefinitionDraftRow.changed_at.desc()).limit(200)
    if key is not None:
        query = query.where(DefinitionDraftRow.key == key)
    found = session.scalars(query.execution_options(populate_existing=True))
    return tuple(draft_row(draft, {}) for draft in found)


def draft_row(draft: DefinitionDraftRow, files: Files) -> DefinitionDraft:
    """Return a draft as outsiders see it."""
    return DefinitionDraft(
        id=draft.id,
        key=draft.key,
        name=Text(draft.name, draft.name_en),
        status=draft.status,  # type: ignore[arg-type]  # the column holds nothing else
        author_id=draft.author_id,
        note=draft.note,
        base_version=draft.base_version,
        created_at=draft.created_at,
        changed_at=draft.changed_at,
        submitted_at=draft.submitted_at,
        decided_by=draft.decided_by,
        decided_at=draft.decided_at,
        decision_reason=draft.decision_reason,
        released_version_id=draft.released_version_id,
        revision=draft.revision,
        files=files,
    )


def _create(session: Session, actor: Actor, key: str, values: dict[str, Any]) -> DefinitionDraft:
    at, draft_id = now(), new_id()
    latest = latest_versions(session, [key]).get(key)
    row = {
        "id": draft_id,
        "key": key,
        "status": "draft",
        "author_id": actor.person_id,
        "base_version": latest.version if latest else None,
        "revision": 1,
        "created_at": at,
        "changed_at": at,
        "decision_reason": "",
    }
    session.execute(insert(DefinitionDraftRow), [{**row, **values}])
    draft = _row(session, draft_id)
    _audit(session, actor, "definition.draft_saved", draft, values["note"])
    return read_draft(session, draft_id)


def _row(session: Session, draft_id: UUID) -> DefinitionDraftRow:
    query = select(DefinitionDraftRow).where(DefinitionDraftRow.id == draft_id)
    draft = session.scalar(query.execution_options(populate_existing=True))
    if draft is None:
        raise DraftNotFound(draft_id)
    return draft


def _own(session: Session, actor: Actor, draft_id: UUID) -> DefinitionDraftRow:
    draft = _row(session, draft_id)
    if draft.author_id != actor.person_id:
        raise NotAllowed(
            Text(
                "只有作者本人可以修改草稿，请另建草稿。", "Only its author may change a draft; make your own."
            )
        )
    return draft


def _write(session: Session, draft: DefinitionDraftRow, values: dict[str, Any]) -> None:
    result = session.execute(
        update(DefinitionDraftRow)
        .where(DefinitionDraftRow.id == draft.id, DefinitionDraftRow.revision == draft.revision)
        .values(**values, revision=draft.revision + 1, changed_at=now()),
        execution_options={"synchronize_session": False},
    )
    if affected(result) != 1:
        raise _changed_meanwhile()


def _keep_files(session: Session, files: Files) -> dict[str, str]:
    kept = deployable(files)
    if sum(map(len, kept.values())) > MAX_DRAFT_BYTES:
        message = Text("草稿文件过大。", "The files of the draft are too large.")
        raise Invalid(message, (FieldProblem("files", "draft.size", message),))
    contents = {name: content_of(data, "application/octet-stream") for name, data in kept.items()}
    keep(session, contents.values())
    return {name: content.digest for name, content in contents.items()}


def _files(session: Session, draft: DefinitionDraftRow) -> dict[str, bytes]:
    contents = fetch(session, draft.files.values())
    return {name: contents[digest] for name, digest in draft.files.items()}


def _audit(session: Session, actor: Actor, action: str, draft: DefinitionDraftRow, reason: str) -> None:
    append(
        session,
        AuditEntry(
            action=action,
            actor=actor,
            stream=STREAM,
            subject_type="definition_draft",
            subject_id=draft.id,
            reason=reason or None,
            before={"status": draft.status},
            after={"key": draft.key, "author": str(draft.author_id), "baseVersion": draft.base_version},
        ),
    )


def _changed_meanwhile() -> Conflict:
    return Conflict(
        Text("草稿已在别处保存，请重新打开。", "The draft was saved elsewhere meanwhile; open it again.")
    )


def _no_reason() -> Invalid:
    message = Text("驳回须说明理由。", "A rejection needs a reason.")
    cure = Text("请填写理由。", "Say why.")
    return Invalid(message, (FieldProblem("reason", "required", message, None, cure),))
