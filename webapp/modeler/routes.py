"""The pages of the process designer: processes, versions, the editor, drafts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.api import DefinitionDraft, DefinitionFiles, DefinitionNotFound
from kernel.language import Text
from webapp.acting import current_actor, current_platform
from webapp.modeler import presenters
from webapp.modeler.differences import ElementChange, compare_files
from webapp.modeler.skeleton import check_key
from webapp.permissions import requires
from webapp.security import CONTENT_SECURITY_POLICY

# The properties panel of bpmn-js sets exactly one style attribute, "height: 100%"; its digest is allowed
# on the editor page, any other inline style stays forbidden there too.
PANEL_STYLE = "'sha256-nR5hyLltSjfvi2rqC26RbcredWrJvTaPA1yqPX96jpY='"
EDITOR_POLICY = CONTENT_SECURITY_POLICY.replace(
    "style-src 'self'", f"style-src 'self' 'unsafe-hashes' {PANEL_STYLE}"
)

blueprint = Blueprint("modeler", __name__, url_prefix="/modeler")


@blueprint.context_processor
def _words() -> dict[str, object]:
    return {
        "draft_status": presenters.draft_status,
        "draft_tones": presenters.DRAFT_TONES,
        "change_kind": presenters.change_kind,
        "element_kind": presenters.element_kind,
        "field_label": presenters.field_label,
    }


@blueprint.get("")
@requires("definition.read")
def index() -> ResponseReturnValue:
    """List the processes, and the drafts that are being worked on or wait for release."""
    platform = current_platform()
    with platform.database.read() as session:
        definitions = platform.engine.definitions(session)
        drafts = [draft for draft in platform.engine.drafts(session) if draft.status != "released"]
        people = [row.latest.deployed_by for row in definitions] + [draft.author_id for draft in drafts]
        names = presenters.names_of(session, *people)
    return render_template("modeler/index.html", definitions=definitions, drafts=drafts, names=names)


@blueprint.get("/<key>")
@requires("definition.read")
def process(key: str) -> ResponseReturnValue:
    """Show one process with its versions and drafts."""
    platform = current_platform()
    with platform.database.read() as session:
        versions = platform.engine.definition_versions(session, key)
        if not versions:
            raise DefinitionNotFound(key)
        running = {one.id: platform.engine.definition_version(session, one.id).running for one in versions}
        drafts = platform.engine.drafts(session, key)
        people = [one.deployed_by for one in versions] + [draft.author_id for draft in drafts]
        names = presenters.names_of(session, *people)
    return render_template(
        "modeler/process.html",
        key=key,
        name=versions[0].name,
        versions=versions,
        running=running,
        drafts=drafts,
        names=names,
    )


@blueprint.get("/<key>/versions/<int:number>")
@requires("definition.read")
def version(key: str, number: int) -> ResponseReturnValue:
    """Show one version: its diagram, what changed since the one before, its files."""
    found, before = _version_and_previous(key, number)
    with current_platform().database.read() as session:
        names = presenters.names_of(session, found.version.deployed_by)
    return render_template(
        "modeler/version.html",
        found=found,
        version=found.version,
        before=before,
        changes=_changes(found, before) if before else [],
        forms=sorted(name for name in found.files if name.startswith("forms/")),
        names=names,
    )


@blueprint.get("/<key>/versions/<int:number>/diagram.json")
@requires("definition.read")
def version_diagram(key: str, number: int) -> ResponseReturnValue:
    """Answer the diagram of a version with the differences to the one before coloured."""
    found, before = _version_and_previous(key, number)
    changes = _changes(found, before) if before else []
    return jsonify(presenters.comparison_document(found.files[f"{key}.bpmn"], changes))


@blueprint.get("/<key>/versions/<int:number>/files/<path:name>")
@requires("definition.read")
def file(key: str, number: int, name: str) -> ResponseReturnValue:
    """Hand out one file of a version as it was deployed."""
    found, _before = _version_and_previous(key, number)
    if name not in found.files:
        raise DefinitionNotFound(f"{key}/{name}")
    media_type = "application/xml" if name.endswith(".bpmn") else "application/json"
    headers = {"Content-Disposition": f'attachment; filename="{name.rpartition("/")[2]}"'}
    return Response(found.files[name], content_type=f"{media_type}; charset=utf-8", headers=headers)


@blueprint.get("/<key>/edit")
@requires("definition.draft")
def edit(key: str) -> ResponseReturnValue:
    """Open the editor on a version, or on a new process; nothing is stored until the first save."""
    check_key(key)
    wanted: dict[str, Any] = {
        name: request.args[name] for name in ("version", "new", "name", "name_en") if request.args.get(name)
    }
    with current_platform().database.read() as session:
        versions = current_platform().engine.definition_versions(session, key)
    name = versions[0].name if versions else request.args.get("name", key)
    return _editor(key, name, None, url_for("modeler.editing.document", key=key, **wanted))


@blueprint.post("/new")
@requires("definition.draft")
def new() -> ResponseReturnValue:
    """Begin a new process: check its key and lead to the editor."""
    key = request.form.get("key", "").strip()
    check_key(key)
    name = request.form.get("name", "").strip() or key
    name_en = request.form.get("name_en", "").strip() or key
    return redirect(url_for("modeler.edit", key=key, new=1, name=name, name_en=name_en), code=303)


@blueprint.get("/drafts/<uuid:draft_id>")
@requires("definition.read")
def draft(draft_id: UUID) -> ResponseReturnValue:
    """Open the editor for the author of an open draft; show everybody else what it changes."""
    platform, actor = current_platform(), current_actor()
    with platform.database.read() as session:
        found = platform.engine.draft(session, draft_id)
        if presenters.may_edit(actor, found) and "review" not in request.args:
            return _editor(
                found.key, found.name, found, url_for("modeler.editing.draft_document", draft_id=draft_id)
            )
        versions = platform.engine.definition_versions(session, found.key)
        base = platform.engine.definition_version(session, versions[0].id) if versions else None
        report = platform.engine.check_files(session, found.key, found.files)
        names = presenters.names_of(session, found.author_id, found.decided_by)
    return render_template(
        "modeler/draft.html",
        draft=found,
        base=base.version if base else None,
        changes=compare_files(base.files, found.files) if base else [],
        report=presenters.check_report(report),
        names=names,
        is_author=found.author_id == actor.person_id,
        may_release=actor.may("definition.deploy"),
    )


@blueprint.get("/drafts/<uuid:draft_id>/diagram.json")
@requires("definition.read")
def draft_diagram(draft_id: UUID) -> ResponseReturnValue:
    """Answer the diagram of a draft with the differences to the newest version coloured."""
    platform = current_platform()
    with platform.database.read() as session:
        found = platform.engine.draft(session, draft_id)
        versions = platform.engine.definition_versions(session, found.key)
        base = platform.engine.definition_version(session, versions[0].id) if versions else None
    changes = compare_files(base.files, found.files) if base else []
    return jsonify(presenters.comparison_document(found.files.get(f"{found.key}.bpmn", b""), changes))


def _editor(
    key: str, name: Text | str, draft: DefinitionDraft | None, document_url: str
) -> ResponseReturnValue:
    page = render_template("modeler/editor.html", key=key, name=name, draft=draft, document_url=document_url)
    response = make_response(page)
    response.headers["Content-Security-Policy"] = EDITOR_POLICY
    return response


def _version_and_previous(key: str, number: int) -> tuple[DefinitionFiles, DefinitionFiles | None]:
    engine = current_platform().engine
    with current_platform().database.read() as session:
        versions = {one.version: one.id for one in engine.definition_versions(session, key)}
        if number not in versions:
            raise DefinitionNotFound(f"{key} {number}")
        found = engine.definition_version(session, versions[number])
        before = versions.get(number - 1)
        return found, engine.definition_version(session, before) if before else None


def _changes(found: DefinitionFiles, before: DefinitionFiles) -> list[ElementChange]:
    return compare_files(before.files, found.files)
