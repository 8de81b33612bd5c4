"""The list, one version, and the buttons on it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from domain.catalogue import queries
from domain.catalogue.rules import Stage, check_record
from engine.api import InstanceRef
from kernel.errors import Rejected
from kernel.unit_of_work import perform
from webapp import keyset
from webapp.acting import current_actor, current_platform
from webapp.catalogue import presenters, starting, version_page
from webapp.catalogue.filters import CatalogueFilters
from webapp.catalogue.forms import NewComponentForm
from webapp.languages import gettext as _
from webapp.languages import in_language
from webapp.permissions import requires

blueprint = Blueprint("catalogue", __name__, url_prefix="/components")
PAGE_SIZE = 30


@blueprint.get("")
@requires("component.read")
def index() -> ResponseReturnValue:
    """List component versions, newest first."""
    filters = CatalogueFilters.from_request(request.args)
    after = keyset.decode(request.args.get("after"), 1)
    with current_platform().database.read() as session:
        page = queries.versions(
            session,
            current_actor(),
            filters.wanted(),
            after=keyset.as_id(after[0]) if after else None,
            limit=PAGE_SIZE,
        )
        lines = presenters.lines(session, page.rows)
        counts = queries.counts(session, current_actor(), filters.wanted())
        regions = presenters.region_choices(session)
    pager = keyset.pager((page.next,) if page.next else None)
    choices = {**presenters.filter_choices(counts), "regions": regions}
    return render_template("catalogue/index.html", lines=lines, pager=pager, filters=filters, **choices)


@blueprint.get("/<uuid:version_id>")
@requires("component.read")
def version(version_id: UUID) -> ResponseReturnValue:
    """Show one version in full."""
    platform, actor = current_platform(), current_actor()
    with platform.database.read() as session:
        page = version_page.build(session, platform.engine, actor, version_id)
    return render_template("catalogue/version.html", page=page)


@blueprint.post("/<uuid:version_id>/cases/<process_key>")
@requires("task.work")
def start(version_id: UUID, process_key: str) -> ResponseReturnValue:
    """Start a process on the version."""
    actor, engine = current_actor(), current_platform().engine
    options = {name: value for name, value in request.form.items() if name in starting.OPTIONS}

    def begin(session: Session) -> InstanceRef:
        detail = queries.version_detail(session, actor, version_id)
        return starting.start_on_version(session, engine, actor, process_key, detail, options)

    try:
        started = perform(
            current_platform().database,
            "instance.start",
            actor,
            begin,
            subject=("component_version", version_id),
        )
    except Rejected as refusal:
        flash(in_language(refusal.message), "bad")
    else:
        flash(_("已发起，办件编号 %(number)s", number=started.case_number), "ok")
    return redirect(url_for("catalogue.version", version_id=version_id), code=303)


@blueprint.post("/<uuid:version_id>/revocation")
@requires("component.authorise")
def revoke_authorisation(version_id: UUID) -> ResponseReturnValue:
    """Take the mandate back from the provider: the running onboarding hears of it."""
    actor, engine = current_actor(), current_platform().engine
    reason = request.form.get("reason", "").strip()

    def send(session: Session) -> None:
        detail = queries.version_detail(session, actor, version_id)
        starting.revoke_authorisation(session, engine, actor, detail, reason)

    try:
        perform(
            current_platform().database,
            "component.revoke_authorisation",
            actor,
            send,
            subject=("component_version", version_id),
        )
    except Rejected as refusal:
        flash(in_language(refusal.message), "bad")
    else:
        flash(_("已收回授权，提供方的权限和任务即时终止"), "ok")
    return redirect(url_for("catalogue.version", version_id=version_id), code=303)


@blueprint.route("/new", methods=["GET", "POST"])
@requires("component.start_creation")
def new() -> ResponseReturnValue:
    """Start the creation of a component, or of a new version of one; open to releasing units alone (9.1a)."""
    actor, platform = current_actor(), current_platform()
    form = NewComponentForm.from_request(request.values)
    if request.method == "POST" and form.is_complete() and request.form.get("mode") == "steps":
        try:
            draft = perform(
                platform.database,
                "component.open_draft",
                actor,
                lambda session: starting.open_draft(session, actor, form.asked()),
            )
        except Rejected as refusal:
            form.errors[""] = in_language(refusal.message)
        else:
            return redirect(url_for("catalogue.resume", version_id=draft), code=303)
    elif request.method == "POST" and form.is_complete():

        def begin(session: Session) -> InstanceRef:
            component = form.component_id
            best = queries.component_page(session, actor, component).best if component else None
            return starting.start_creation(session, platform.engine, actor, form.asked(), best)

        try:
            started = perform(platform.database, "instance.start", actor, begin)
        except Rejected as refusal:
            form.errors[""] = in_language(refusal.message)
        else:
            flash(_("已发起组件创建，办件编号 %(number)s", number=started.case_number), "ok")
            return redirect(url_for("instances.show", instance_id=started.id), code=303)
    modes = presenters.build_modes()
    return render_template("catalogue/new.html", form=form, modes=modes), 422 if form.errors else 200


@blueprint.get("/new/name")
@requires("component.start_creation")
def name_check() -> ResponseReturnValue:
    """Say, while somebody types, what stands against a name; the creation decides again."""
    given = request.args.get("name", "").strip()
    with current_platform().database.read() as session:
        breaches = check_record({"name": given}, Stage.CREATION, queries.rule_context(session))
    broken = [breach.message for breach in breaches if breach.path == "name"] if given else []
    return render_template("catalogue/_name_check.html", given=given, broken=broken)
