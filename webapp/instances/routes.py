"""The page of one process instance and the documents of its diagrams."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from engine.api import InstanceDetail
from webapp.acting import current_actor, current_platform
from webapp.instances import diagrams, presenters
from webapp.instances.oversight import record_read
from webapp.permissions import requires

blueprint = Blueprint("instances", __name__, url_prefix="/instances")


@blueprint.get("/<uuid:instance_id>")
@requires("task.read")
def show(instance_id: UUID) -> ResponseReturnValue:
    """Show one instance: where it stands, its diagram and its steps."""
    platform, actor = current_platform(), current_actor()
    record_read("instance.read", instance_id=instance_id)
    with platform.database.read() as session:
        detail = platform.engine.instance(session, actor, instance_id)
        persons = presenters.names(session, detail)
    row = detail.row
    return render_template(
        "instances/show.html",
        row=row,
        facts=presenters.facts(row, persons.get(row.initiator_id, "") if row.initiator_id else ""),
        status_label=presenters.status_label,
        tabs=diagrams.tabs(detail),
        shown=_shown_process(detail),
        steps=presenters.steps(detail, persons),
        related=[other for other in detail.related if other.id != row.id],
    )


@blueprint.get("/<uuid:instance_id>/diagrams/<process_key>")
@requires("task.read")
def diagram(instance_id: UUID, process_key: str) -> ResponseReturnValue:
    """Answer one diagram with the path taken, for the viewer."""
    platform = current_platform()
    with platform.database.read() as session:
        detail = platform.engine.instance(session, current_actor(), instance_id)
    return jsonify(diagrams.document(detail, process_key))


def _shown_process(detail: InstanceDetail) -> str:
    wanted = request.args.get("process", "")
    known = {shown.process_key for shown in detail.diagrams}
    return wanted if wanted in known else detail.row.process_key
