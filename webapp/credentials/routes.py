"""List one's credentials, show one once, rotate one."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from domain.credentials import queries, service
from kernel.errors import Rejected
from kernel.unit_of_work import perform
from webapp.acting import current_actor, current_platform
from webapp.languages import gettext as _
from webapp.languages import in_language
from webapp.local_addresses import local_address
from webapp.permissions import requires

blueprint = Blueprint("credentials", __name__, url_prefix="/credentials")


@blueprint.get("")
@requires("credential.reveal")
def index() -> ResponseReturnValue:
    """List the credentials that the person may see, or has seen."""
    with current_platform().database.read() as session:
        held = queries.held_by(session, current_actor())
    return render_template("credentials/index.html", held=held)


@blueprint.post("/<uuid:credential_id>/reveal")
@requires("credential.reveal")
def reveal(credential_id: UUID) -> ResponseReturnValue:
    """Show a credential for the only time; nothing on the way may keep the answer."""
    platform, actor = current_platform(), current_actor()
    try:
        secret = perform(
            platform.database,
            "credential.reveal",
            actor,
            lambda session: service.reveal_once(session, platform.vault, actor, credential_id),
            stream="system:credentials",
            subject=("credential", credential_id),
        )
    except Rejected as refusal:
        flash(in_language(refusal.message), "bad")
        return redirect(url_for("credentials.index"), code=303)
    response = make_response(render_template("credentials/shown.html", secret=secret))
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/<uuid:credential_id>/rotation")
@requires("credential.manage")
def rotate(credential_id: UUID) -> ResponseReturnValue:
    """Put a new secret in the place of an old one."""
    platform, actor = current_platform(), current_actor()
    secret = request.form.get("secret", "")
    try:
        perform(
            platform.database,
            "credential.rotate",
            actor,
            lambda session: service.rotate(session, platform.vault, actor, credential_id, secret),
            stream="system:credentials",
            subject=("credential", credential_id),
        )
    except Rejected as refusal:
        flash(in_language(refusal.message), "bad")
    else:
        flash(_("凭证已更换，原凭证已清除"), "ok")
    version_id = request.form.get("version", type=UUID)
    page = url_for("catalogue.version", version_id=version_id) if version_id else url_for("credentials.index")
    return redirect(local_address(page, url_for("credentials.index")), code=303)
