"""The list of admissions, one of them, and starting a new one."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from domain.admissions import queries
from domain.admissions.rules import ORIGINS
from domain.assessments.queries import reports_of
from domain.people.permissions import PROVIDER
from engine.api import InstanceRef
from kernel.actor import Actor
from kernel.errors import FieldProblem, Invalid, NotAllowed, Rejected
from kernel.language import Text
from kernel.unit_of_work import perform
from webapp import keyset
from webapp.acting import current_actor, current_platform
from webapp.assessments.presenters import shown_reports
from webapp.assessments.subjects import admission_subject, is_owner
from webapp.languages import gettext as _
from webapp.languages import in_language
from webapp.permissions import requires

blueprint = Blueprint("admissions", __name__, url_prefix="/admissions")
PROCESS = "external-admission"
PAGE_SIZE = 30


@blueprint.get("")
@requires("admission.read")
def index() -> ResponseReturnValue:
    """List the admissions that the person may see."""
    after = keyset.decode(request.args.get("after"), 1)
    with current_platform().database.read() as session:
        rows, following = queries.admissions(
            session, current_actor(), after=keyset.as_id(after[0]) if after else None, limit=PAGE_SIZE
        )
    pager = keyset.pager((following,) if following else None)
    return render_template(
        "admissions/index.html", rows=rows, pager=pager, origins=ORIGINS, standing=_standing
    )


@blueprint.get("/<uuid:admission_id>")
@requires("admission.read")
def show(admission_id: UUID) -> ResponseReturnValue:
    """Show one admission with its certificate and the reports about the product."""
    actor = current_actor()
    with current_platform().database.read() as session:
        row = queries.admission_for(session, actor, admission_id)
        reports = reports_of(session, admission_id)
        subject = admission_subject(session, actor, admission_id)
    return render_template(
        "admissions/show.html",
        row=row,
        origins=ORIGINS,
        standing=_standing,
        is_owner=is_owner(actor, subject),
        **shown_reports(reports),
    )


@blueprint.post("")
@requires("admission.apply")
def start() -> ResponseReturnValue:
    """Start an admission for the provider's unit."""
    platform, actor = current_platform(), current_actor()
    origin = request.form.get("origin", "")

    def begin(session: Session) -> InstanceRef:
        if origin not in ORIGINS:
            message = Text("请选择来源", "Choose the origin")
            raise Invalid(message, (FieldProblem("origin", "admission.origin", message, "11.6.1a"),))
        region_code, unit_id = _place(actor)
        return platform.engine.start_instance(
            session,
            actor,
            PROCESS,
            {"origin": origin, "providerUnitId": str(unit_id)},
            title=f"外部组件安全准入：{ORIGINS[origin].zh}",
            region_code=region_code,
            unit_id=unit_id,
        )

    try:
        started = perform(platform.database, "instance.start", actor, begin)
    except Rejected as refusal:
        flash(in_language(refusal.message), "bad")
        return redirect(url_for("admissions.index"), code=303)
    flash(_("已发起，办件编号 %(number)s", number=started.case_number), "ok")
    return redirect(url_for("instances.show", instance_id=started.id), code=303)


def _place(actor: Actor) -> tuple[str, UUID]:
    """Return the region and unit for which the actor provides.

    Raises:
        NotAllowed: the actor acts for no provider.
    """
    for grant in actor.grants:
        unit_id = grant.unit_id or actor.unit_id
        if grant.role == PROVIDER and unit_id is not None:
            return grant.region_code, unit_id
    raise NotAllowed(Text("只有提供方可以申请引入", "Only a provider may apply for an admission"))


def _standing(row: queries.AdmissionRow) -> tuple[str, str]:
    """Return where an admission stands, and its tone."""
    if row.standing == "admitted":
        return (_("准入有效"), "ok") if row.is_valid else (_("准入已过期"), "warn")
    return {
        "refused": (_("不予引入"), "bad"),
        "withdrawn": (_("已撤回"), "dashed"),
    }.get(row.standing, (_("办理中"), "brand"))
