"""Persons, units and grants: lists, and one POST per verb."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from domain.people import queries, service
from kernel.errors import Rejected
from kernel.unit_of_work import perform
from webapp import keyset
from webapp.acting import current_actor, current_platform
from webapp.languages import gettext as _
from webapp.languages import in_language
from webapp.people import presenters
from webapp.people.forms import GrantForm, PersonForm, UnitForm
from webapp.permissions import requires

blueprint = Blueprint("people", __name__, url_prefix="/people")
PAGE_SIZE = 50
Result = TypeVar("Result")


@blueprint.get("")
@requires("person.read")
def index() -> ResponseReturnValue:
    """List persons by name."""
    text = request.args.get("text", "").strip()
    after = keyset.decode(request.args.get("after"), 2)
    with current_platform().database.read() as session:
        rows = queries.persons(
            session,
            current_actor(),
            text=text or None,
            after=(after[0], UUID(after[1])) if after else None,
            limit=PAGE_SIZE + 1,
        )
        persons = presenters.persons(session, rows[:PAGE_SIZE])
    last = rows[PAGE_SIZE - 1] if len(rows) > PAGE_SIZE else None
    pager = keyset.pager((last.name, last.id) if last else None)
    return render_template("people/index.html", persons=persons, pager=pager, text=text)


@blueprint.get("/<uuid:person_id>")
@requires("person.read")
def person(person_id: UUID) -> ResponseReturnValue:
    """Show one person with the standing grants."""
    return _person_page(person_id)


@blueprint.route("/new", methods=["GET", "POST"])
@requires("person.manage")
def add_person() -> ResponseReturnValue:
    """Add a person; the generated password is on the answer itself and nowhere else."""
    form = PersonForm.from_request(request.form)
    if request.method == "POST" and form.is_complete():
        actor = current_actor()

        def add(session: Session) -> service.NewPerson:
            return service.add_person(session, actor, form.name, form.chosen_unit(), form.user_name)

        try:
            new = perform(current_platform().database, "person.add", actor, add)
        except Rejected as refusal:
            form.refuse(in_language(refusal.message))
        else:
            return _person_page(new.person_id, password=new.password)
    with current_platform().database.read() as session:
        units = presenters.unit_choices(session)
    return render_template("people/new.html", form=form, units=units), 422 if form.errors else 200


@blueprint.post("/<uuid:person_id>/password")
@requires("person.manage")
def reset_password(person_id: UUID) -> ResponseReturnValue:
    """Give a new generated password, shown on the answer itself and nowhere else."""
    actor = current_actor()
    password = perform(
        current_platform().database,
        "person.reset_password",
        actor,
        lambda session: service.reset_password(session, actor, person_id),
        subject=("person", person_id),
    )
    return _person_page(person_id, password=password)


@blueprint.post("/<uuid:person_id>/deactivation")
@requires("person.manage")
def deactivate(person_id: UUID) -> ResponseReturnValue:
    """Bar a person from signing in."""
    reason = request.form.get("reason", "").strip()
    actor = current_actor()

    def work(session: Session) -> None:
        service.deactivate_person(session, actor, person_id, reason)

    return _do("person.deactivate", person_id, work, _("已停用该人员，其全部授权同时终止"))


@blueprint.post("/<uuid:person_id>/grants")
@requires("grant.propose")
def propose_grant(person_id: UUID) -> ResponseReturnValue:
    """Propose a role; the security administrator decides."""
    form = GrantForm.from_request(request.form)
    actor = current_actor()

    def work(session: Session) -> UUID:
        return service.propose_grant(
            session,
            actor,
            person_id,
            form.role,
            form.region_code,
            form.unit_id,
            starts_on=form.starts_on,
            ends_on=form.ends_on,
        )

    return _do("grant.propose", person_id, work, _("已提出授权，待安全管理员审批"))


@blueprint.get("/grants")
@requires("person.read")
def grants() -> ResponseReturnValue:
    """List the grants that wait for a decision."""
    with current_platform().database.read() as session:
        waiting = presenters.grants(session, queries.proposed_grants(session, current_actor()))
    return render_template("people/grants.html", grants=waiting)


@blueprint.post("/<uuid:person_id>/grants/<uuid:grant_id>/decision")
@requires("grant.manage")
def decide_grant(person_id: UUID, grant_id: UUID) -> ResponseReturnValue:
    """Approve or refuse a proposed grant."""
    approve = request.form.get("decision") == "approve"
    reason = request.form.get("reason", "").strip() or None
    actor = current_actor()

    def work(session: Session) -> None:
        service.decide_grant(session, actor, grant_id, approve=approve, reason=reason)

    return _do("grant.decide", person_id, work, _("已同意授权，立即生效") if approve else _("已驳回该授权"))


@blueprint.post("/<uuid:person_id>/grants/<uuid:grant_id>/revocation")
@requires("grant.manage")
def revoke_grant(person_id: UUID, grant_id: UUID) -> ResponseReturnValue:
    """End a grant at once."""
    reason = request.form.get("reason", "").strip()
    actor = current_actor()

    def work(session: Session) -> None:
        service.revoke_grant(session, actor, grant_id, reason)

    return _do("grant.revoke", person_id, work, _("已收回授权，立即生效"))


@blueprint.route("/units", methods=["GET", "POST"])
@requires("person.read")
def units() -> ResponseReturnValue:
    """List units, and let the system administrator add one."""
    form = UnitForm.from_request(request.form)
    if request.method == "POST":
        actor = current_actor()

        def work(session: Session) -> UUID:
            return service.add_unit(session, actor, form.name, form.kind, form.region_code)

        try:
            perform(current_platform().database, "unit.add", actor, work)
        except Rejected as refusal:
            form.refuse(in_language(refusal.message))
        else:
            flash(_("已添加单位“%(name)s”", name=form.name), "ok")
            return redirect(url_for("people.units"), code=303)
    with current_platform().database.read() as session:
        branches, regions = presenters.tree(session), presenters.region_choices(session)
    page = render_template(
        "people/units.html", branches=branches, regions=regions, form=form, kinds=presenters.kinds()
    )
    return page, 422 if form.errors else 200


def _do(action: str, person_id: UUID, work: Callable[[Session], Result], done: str) -> ResponseReturnValue:
    """Perform one verb on a person and come back to the page, with what was done or refused."""
    try:
        perform(current_platform().database, action, current_actor(), work, subject=("person", person_id))
    except Rejected as refusal:
        flash(in_language(refusal.message), "bad")
    else:
        flash(done, "ok")
    return redirect(url_for("people.person", person_id=person_id), code=303)


def _person_page(person_id: UUID, password: str | None = None) -> ResponseReturnValue:
    with current_platform().database.read() as session:
        row = queries.person(session, person_id)
        shown = presenters.persons(session, [row])[0]
        verification = queries.verification_of(session, person_id)
        names = queries.person_names(session, [verification.verified_by] if verification else [])
        choices = presenters.grant_choices(session)
    return render_template(
        "people/person.html",
        person=shown,
        password=password,
        verification=verification,
        verifier=names.get(verification.verified_by, "") if verification else "",
        **choices,
    )
