"""What the editor's script calls: open, check, save and submit a draft, all as JSON."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from engine.api import DefinitionDraft
from kernel.errors import Conflict, Invalid
from kernel.language import Text
from kernel.unit_of_work import perform
from webapp.acting import current_actor, current_platform
from webapp.modeler import presenters
from webapp.modeler.skeleton import new_definition
from webapp.permissions import requires

blueprint = Blueprint("editing", __name__)

STREAM = "system:definitions"


@blueprint.get("/<key>/document.json")
@requires("definition.read")
def document(key: str) -> ResponseReturnValue:
    """Open the newest version, or the one asked for, as the start of a draft."""
    platform = current_platform()
    with platform.database.read() as session:
        version_id = request.args.get("version", type=UUID)
        if request.args.get("new"):
            files = new_definition(key, request.args.get("name", key), request.args.get("name_en", key))
        else:
            chosen = version_id or platform.engine.definition_versions(session, key)[0].id
            files = dict(platform.engine.definition_version(session, chosen).files)
        answer = presenters.editor_document(platform.engine, session, current_actor(), key, files, None)
    return jsonify(answer)


@blueprint.get("/drafts/<uuid:draft_id>/document.json")
@requires("definition.read")
def draft_document(draft_id: UUID) -> ResponseReturnValue:
    """Open a draft."""
    platform = current_platform()
    with platform.database.read() as session:
        draft = platform.engine.draft(session, draft_id)
        answer = presenters.editor_document(
            platform.engine, session, current_actor(), draft.key, draft.files, draft
        )
    return jsonify(answer)


@blueprint.post("/check")
@requires("definition.read")
def check() -> ResponseReturnValue:
    """Check files as a deployment would, changing nothing."""
    platform = current_platform()
    asked = _body()
    with platform.database.read() as session:
        report = platform.engine.check_files(session, str(asked.get("key", "")), _files(asked))
    return jsonify(presenters.check_report(report))


@blueprint.post("/<key>/drafts")
@requires("definition.draft")
def create(key: str) -> ResponseReturnValue:
    """Store a first draft."""
    platform, actor = current_platform(), current_actor()
    files = _files(_body())
    draft = perform(
        platform.database,
        "definition_draft.save",
        actor,
        lambda session: platform.engine.save_draft(session, actor, key, files),
        stream=STREAM,
    )
    return jsonify(presenters.draft_state(draft)), 201


@blueprint.put("/drafts/<uuid:draft_id>")
@requires("definition.draft")
def save(draft_id: UUID) -> ResponseReturnValue:
    """Store a draft anew; refused when somebody stored another revision meanwhile."""
    asked = _body()
    files, revision = _files(asked), asked.get("revision")
    if not isinstance(revision, int):
        raise Conflict(
            Text("保存草稿须带上读到的修订号。", "Saving a draft needs the revision that was read.")
        )
    platform, actor = current_platform(), current_actor()
    with platform.database.read() as session:
        stored = platform.engine.draft(session, draft_id)
    draft = perform(
        platform.database,
        "definition_draft.save",
        actor,
        lambda session: platform.engine.save_draft(
            session, actor, stored.key, files, note=stored.note, draft_id=draft_id, revision=revision
        ),
        stream=STREAM,
        subject=("definition_draft", draft_id),
    )
    return jsonify(presenters.draft_state(draft))


@blueprint.post("/drafts/<uuid:draft_id>/submission")
@requires("definition.draft")
def submit(draft_id: UUID) -> ResponseReturnValue:
    """Offer a draft for release by a second administrator."""
    note = str(_body().get("note", "")).strip()
    platform, actor = current_platform(), current_actor()

    def work(session: Any) -> DefinitionDraft:
        return platform.engine.submit_draft(session, actor, draft_id, note)

    draft = perform(
        platform.database,
        "definition_draft.submit",
        actor,
        work,
        stream=STREAM,
        subject=("definition_draft", draft_id),
    )
    return jsonify(presenters.draft_state(draft))


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Invalid(Text("请求内容须为 JSON 对象。", "The request must be a JSON object."))
    return body


def _files(body: dict[str, Any]) -> dict[str, bytes]:
    files = body.get("files")
    if not isinstance(files, dict) or not all(isinstance(content, str) for content in files.values()):
        raise Invalid(Text("files 须为“文件名 → 文本”。", "files must map file names to texts."))
    return {str(name): content.encode() for name, content in files.items()}
