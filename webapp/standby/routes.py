"""The library, one component in it, and one POST per verb."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from domain.catalogue import queries as catalogue
from domain.people.permissions import OPERATOR
from domain.standby import queries, service
from kernel.errors import Rejected
from kernel.unit_of_work import perform
from webapp.acting import current_actor, current_platform
from webapp.keyset import as_id
from webapp.languages import gettext as _
from webapp.languages import in_language
from webapp.permissions import requires

blueprint = Blueprint("standby", __name__, url_prefix="/standby")
STREAM = "system:standby"
PROPOSED = 10


@blueprint.get("")
@requires("standby.read")
def index() -> ResponseReturnValue:
    """Show the gaps first, then every pair."""
    actor = current_actor()
    with current_platform().database.read() as session:
        core, pairs = queries.core_components(session, actor), queries.pairs(session, actor)
        gaps = queries.gaps_among(core)
        ids = {row.component_id for row in gaps} | {row.main_id for row in pairs}
        best = catalogue.best_versions(session, actor, ids)
    return render_template(
        "standby/index.html",
        gaps=[(row, best[row.component_id]) for row in gaps if row.component_id in best],
        core=len(core),
        pairs=[(row, best[row.main_id]) for row in pairs if row.main_id in best],
        can_manage=actor.may("standby.manage"),
    )


@blueprint.get("/<uuid:version_id>")
@requires("standby.read")
def show(version_id: UUID) -> ResponseReturnValue:
    """Show one component: its standbys, and those most like it as proposals."""
    actor = current_actor()
    with current_platform().database.read() as session:
        detail = catalogue.version_detail(session, actor, version_id)
        pairs = queries.pairs(session, actor, detail.component_id)
        known = {pair.standby_id for pair in pairs}
        alike = catalogue.similar_components(
            session, detail.record, exclude_component=detail.component_id, limit=PROPOSED
        )
        visible = catalogue.visible_versions(session, actor, {one.version_id for one in alike})
    proposals = [
        (str(one.version_id), f"{one.name} · {round(100 * one.score)}%")
        for one in alike
        if one.component_id not in known and one.version_id in visible
    ]
    can_manage = actor.may("standby.manage") and actor.has_role(OPERATOR, detail.region_code)
    return render_template(
        "standby/component.html", detail=detail, pairs=pairs, proposals=proposals, can_manage=can_manage
    )


@blueprint.post("/<uuid:version_id>/pairs")
@requires("standby.manage")
def add(version_id: UUID) -> ResponseReturnValue:
    """Put a standby of the component into the library."""
    actor, form = current_actor(), request.form
    given = form.get("similarity", "")
    similarity = int(given) if given.isdecimal() and len(given) <= len("100") else -1

    def work(session: Session) -> UUID:
        main = catalogue.version_detail(session, actor, version_id)
        standby = catalogue.version_detail(session, actor, as_id(form.get("standby", "")))
        return service.add_standby(session, actor, main, standby, similarity, form.get("notes", ""))

    return _done("standby.add", work, _("备用组件已登记"), version_id)


@blueprint.post("/<uuid:version_id>/pairs/<uuid:pair_id>/end")
@requires("standby.manage")
def end(version_id: UUID, pair_id: UUID) -> ResponseReturnValue:
    """Take a standby out of the library."""
    actor, reason = current_actor(), request.form.get("reason", "")
    return _done(
        "standby.end",
        lambda session: service.end_standby(session, actor, pair_id, reason),
        _("备用组件已移出备选库"),
        version_id,
    )


@blueprint.post("/<uuid:version_id>/core")
@requires("standby.manage")
def mark_core(version_id: UUID) -> ResponseReturnValue:
    """Mark the component as one on which core business depends."""
    actor, basis = current_actor(), request.form.get("basis", "")

    def work(session: Session) -> None:
        detail = catalogue.version_detail(session, actor, version_id)
        service.mark_core(session, actor, detail, basis)

    return _done("standby.mark_core", work, _("已标记为核心业务依赖的组件"), version_id)


def _done(action: str, work: Callable[[Session], Any], said: str, version_id: UUID) -> ResponseReturnValue:
    try:
        perform(current_platform().database, action, current_actor(), work, stream=STREAM)
    except Rejected as refusal:
        flash(in_language(refusal.message), "bad")
    else:
        flash(said, "ok")
    return redirect(url_for("standby.show", version_id=version_id), code=303)
