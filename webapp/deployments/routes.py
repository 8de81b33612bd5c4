"""The deployments of one version."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from domain.catalogue import queries as catalogue
from domain.deployments import service
from kernel.errors import Rejected
from kernel.unit_of_work import perform
from webapp.acting import current_actor, current_platform
from webapp.deployments import presenters
from webapp.deployments.asking import StartForm
from webapp.languages import gettext as _
from webapp.languages import in_language
from webapp.permissions import requires

blueprint = Blueprint("deployments", __name__, url_prefix="/components")


@blueprint.get("/<uuid:version_id>/deployments")
@requires("component.read")
def index(version_id: UUID) -> ResponseReturnValue:
    """Show where the version runs and ran, with the end of each log and what was sampled."""
    platform, actor = current_platform(), current_actor()
    with platform.database.read() as session:
        page = presenters.page(session, actor, version_id, platform)
    return render_template("deployments/index.html", page=page)


@blueprint.post("/<uuid:version_id>/deployments")
@requires("deployment.operate")
def start(version_id: UUID) -> ResponseReturnValue:
    """Deploy the artefact of the version again, or state where it was put into production."""
    actor = current_actor()
    form = StartForm.from_request(request.form)

    def begin(session: Session) -> UUID:
        detail = catalogue.version_detail(session, actor, version_id)
        if form.is_production:
            stored = form.artefact(session, detail)
            address = form.checked_address()
            return service.state_production(session, actor, version_id, stored.digest, stored.name, address)
        return service.begin(session, actor, form.wanted(session, detail))

    said = _("生产部署已登记") if form.is_production else _("已安排部署，通常一分钟内完成，请刷新查看")
    return _carry_out("deployment.request", version_id, begin, said)


@blueprint.post("/<uuid:version_id>/deployments/<uuid:deployment_id>/stop")
@requires("deployment.operate")
def stop(version_id: UUID, deployment_id: UUID) -> ResponseReturnValue:
    """Have a deployment ended."""
    actor = current_actor()
    reason = request.form.get("reason", "").strip() or _("运营方停止")
    return _carry_out(
        "deployment.stop",
        version_id,
        lambda session: service.ask_to_stop(session, actor, deployment_id, reason),
        _("已安排停止"),
    )


def _carry_out(
    action: str, version_id: UUID, work: Callable[[Session], object], said: str
) -> ResponseReturnValue:
    try:
        perform(
            current_platform().database,
            action,
            current_actor(),
            work,
            stream=f"component:{version_id}",
            subject=("component_version", version_id),
        )
    except Rejected as refusal:
        flash(in_language(refusal.message), "bad")
    else:
        flash(said, "ok")
    return redirect(url_for("deployments.index", version_id=version_id), code=303)
