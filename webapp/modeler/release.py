"""The second administrator: look at a submitted draft, release it or turn it down."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from kernel.errors import Rejected
from kernel.unit_of_work import perform
from webapp.acting import current_actor, current_platform
from webapp.languages import gettext as _
from webapp.languages import in_language
from webapp.permissions import requires

blueprint = Blueprint("release", __name__)

STREAM = "system:definitions"


@blueprint.post("/drafts/<uuid:draft_id>/release")
@requires("definition.deploy")
def release(draft_id: UUID) -> ResponseReturnValue:
    """Deploy a submitted draft as the next version."""
    platform, actor = current_platform(), current_actor()
    note = request.form.get("note", "").strip()
    try:
        version = perform(
            platform.database,
            "definition_draft.release",
            actor,
            lambda session: platform.engine.release_draft(session, actor, draft_id, note),
            stream=STREAM,
            subject=("definition_draft", draft_id),
        )
    except Rejected as refusal:
        return _back(draft_id, refusal)
    flash(_("已发布第 %(n)s 版。新办件按新版流转，在办的办件不受影响。", n=version.version), "success")
    return redirect(url_for("modeler.version", key=version.key, number=version.version), code=303)


@blueprint.post("/drafts/<uuid:draft_id>/rejection")
@requires("definition.deploy")
def reject(draft_id: UUID) -> ResponseReturnValue:
    """Turn a submitted draft down, with the reason for its author."""
    platform, actor = current_platform(), current_actor()
    reason = request.form.get("reason", "").strip()
    try:
        perform(
            platform.database,
            "definition_draft.reject",
            actor,
            lambda session: platform.engine.reject_draft(session, actor, draft_id, reason),
            stream=STREAM,
            subject=("definition_draft", draft_id),
        )
    except Rejected as refusal:
        return _back(draft_id, refusal)
    flash(_("已退回给起草人。"), "success")
    return redirect(url_for("modeler.index"), code=303)


def _back(draft_id: UUID, refusal: Rejected) -> ResponseReturnValue:
    flash(in_language(refusal.message), "error")
    return redirect(url_for("modeler.draft", draft_id=draft_id), code=303)
