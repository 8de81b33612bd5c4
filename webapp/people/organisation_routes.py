"""Regions, the tree of units, real names, delegated authority, and registers from CSV."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from domain.people import queries, service
from kernel.errors import Rejected
from kernel.unit_of_work import perform
from webapp.acting import current_actor, current_platform
from webapp.keyset import as_id
from webapp.languages import gettext as _
from webapp.languages import in_language
from webapp.people import presenters
from webapp.people.routes import blueprint
from webapp.permissions import requires

MAX_UPLOAD = 1024 * 1024 + 1


@blueprint.route("/regions", methods=["GET", "POST"])
@requires("person.read")
def regions() -> ResponseReturnValue:
    """List the regions, and let the system administrator add one."""
    actor, refusal = current_actor(), ""
    form = {name: request.form.get(name, "").strip() for name in ("code", "name", "name_en")}
    if request.method == "POST":

        def work(session: Session) -> None:
            service.add_region(session, actor, form["code"], form["name"], form["name_en"])

        try:
            perform(current_platform().database, "region.add", actor, work)
        except Rejected as rejected:
            refusal = in_language(rejected.message)
        else:
            flash(_("已添加地区“%(name)s”", name=form["name"]), "ok")
            return redirect(url_for("people.regions"), code=303)
    with current_platform().database.read() as session:
        rows = queries.regions(session)
    page = render_template("people/regions.html", regions=rows, form=form, refusal=refusal)
    return page, 422 if refusal else 200


@blueprint.post("/units/<uuid:unit_id>/place")
@requires("person.manage")
def place_unit(unit_id: UUID) -> ResponseReturnValue:
    """Put a unit below another and note its credit code."""
    actor = current_actor()
    parent, code = request.form.get("parent_id", ""), request.form.get("credit_code", "")

    def work(session: Session) -> None:
        service.place_unit(session, actor, unit_id, as_id(parent) if parent else None, code)

    _do("unit.place", work, _("已保存"))
    return redirect(url_for("people.units"), code=303)


@blueprint.post("/<uuid:person_id>/verification")
@requires("person.manage")
def verify(person_id: UUID) -> ResponseReturnValue:
    """Note that the person's real name was verified, or withdraw it."""
    actor, reason = current_actor(), request.form.get("basis", "").strip()
    withdraw = request.form.get("decision") == "withdraw"

    def work(session: Session) -> None:
        act = service.withdraw_verification if withdraw else service.verify_person
        act(session, actor, person_id, reason)

    _do("person.verify", work, _("已撤销实名核验") if withdraw else _("已记录实名核验"))
    return redirect(url_for("people.person", person_id=person_id), code=303)


@blueprint.route("/delegations", methods=["GET", "POST"])
@requires("delegation.grant")
def delegations() -> ResponseReturnValue:
    """List the authority that the own department delegated, and delegate more."""
    actor, form = current_actor(), request.form
    if request.method == "POST":

        def work(session: Session) -> UUID:
            return service.delegate_authority(
                session,
                actor,
                as_id(form.get("company", "")),
                form.get("region_code", ""),
                form.get("scope", ""),
                form.get("starts_on", ""),
                form.get("ends_on", ""),
            )

        if _do("delegation.grant", work, _("已委托授权")):
            return redirect(url_for("people.delegations"), code=303)
    with current_platform().database.read() as session:
        rows = queries.delegations(session, department_unit_id=actor.unit_id)
        names = queries.unit_names(session, {row.company_unit_id for row in rows})
        companies = [(str(row.id), row.name) for row in queries.units(session, kind="provider")]
        choices = presenters.region_choices(session)
    return render_template(
        "people/delegations.html", rows=rows, names=names, companies=companies, regions=choices, form=form
    )


@blueprint.post("/delegations/<uuid:delegation_id>/revocation")
@requires("delegation.grant")
def revoke_delegation(delegation_id: UUID) -> ResponseReturnValue:
    """End an authority at once."""
    actor, reason = current_actor(), request.form.get("reason", "")

    def work(session: Session) -> None:
        service.revoke_delegation(session, actor, delegation_id, reason)

    _do("delegation.revoke", work, _("已终止委托"))
    return redirect(url_for("people.delegations"), code=303)


@blueprint.route("/import", methods=["GET", "POST"])
@requires("person.manage")
def import_register() -> ResponseReturnValue:
    """Import persons or units from CSV; the passwords are on the answer itself and nowhere else."""
    report, refusal, rehearsed = None, "", request.form.get("mode") == "rehearse"
    if request.method == "POST":
        upload = request.files.get("file")
        content = upload.stream.read(MAX_UPLOAD) if upload else b""
        try:
            report = _imported(request.form.get("register", ""), content, rehearse=rehearsed)
        except Rejected as rejected:
            refusal = in_language(rejected.message)
    page = render_template(
        "people/import.html",
        report=report,
        refusal=refusal,
        rehearsed=rehearsed,
        persons=service.PERSON_COLUMNS,
        units=service.UNIT_COLUMNS,
        register=request.form.get("register", "persons"),
    )
    return page, 422 if refusal else 200


def _imported(register: str, content: bytes, *, rehearse: bool) -> service.RegisterReport:
    actor, database = current_actor(), current_platform().database
    take = service.import_units if register == "units" else service.import_persons
    if rehearse:
        with database.write() as session:
            report = take(session, actor, content)
            session.rollback()
        return report
    return perform(database, "person.import", actor, lambda session: take(session, actor, content))


def _do(action: str, work: Callable[[Session], object], done: str) -> bool:
    try:
        perform(current_platform().database, action, current_actor(), work)
    except Rejected as refusal:
        flash(in_language(refusal.message), "bad")
        return False
    flash(done, "ok")
    return True
