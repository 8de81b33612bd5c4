"""The pages of the room, and one POST per verb."""

from __future__ import annotations

from datetime import date
from typing import BinaryIO, cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from domain.assessments.items import ITEM_TEXT, ITEMS, LIMITED_SEVERITIES, SEVERITY_TEXT
from domain.licences import queries as licences
from domain.licences.service import set_policy
from domain.people import queries as people
from domain.vulnerabilities import queries as vulnerabilities
from domain.vulnerabilities.service import DataSetInput, Imported, import_data_set
from handlers.assessment.rematch import rematch
from kernel.errors import Rejected
from kernel.unit_of_work import perform
from webapp.acting import current_actor, current_platform
from webapp.baseline import service
from webapp.baseline.decision_file import SCOPES, Baseline
from webapp.languages import gettext as _
from webapp.languages import in_language
from webapp.permissions import requires

blueprint = Blueprint("baseline", __name__, url_prefix="/baseline")
UNLIMITED = ""


@blueprint.get("")
@requires("baseline.read")
def index() -> ResponseReturnValue:
    """Show the limits in force, the table of applicable checks, and the editions before."""
    platform = current_platform()
    with platform.database.read() as session:
        baseline, checks = service.baseline_in_service(session, platform.engine)
        editions = service.editions(session, platform.engine)
        names = people.person_names(session, {each.by for each in editions if each.by is not None})
    return render_template(
        "baseline/index.html",
        baseline=baseline,
        grids=[(scope, _grid(baseline, scope)) for scope in SCOPES],
        severities=[(severity.value, SEVERITY_TEXT[severity]) for severity in LIMITED_SEVERITIES],
        checks=checks,
        editions=editions,
        names=names,
    )


@blueprint.post("")
@requires("baseline.manage")
def set_limits() -> ResponseReturnValue:
    """Put a new edition of the limits in force."""
    platform, actor = current_platform(), current_actor()
    reason, seen = request.form.get("reason", ""), request.form.get("edition", "0")

    def work(session: Session) -> Baseline:
        return service.set_limits(
            session,
            platform.engine,
            actor,
            _limits(request.form),
            reason,
            int(seen) if seen.isdecimal() else 0,
        )

    try:
        baseline = perform(platform.database, "baseline.set", actor, work, stream="system:baseline")
    except Rejected as refusal:
        flash(in_language(refusal.message), "bad")
    else:
        flash(_("基线第 %(n)s 版已生效；在办的办件沿用其发起时的基线", n=baseline.edition), "ok")
    return redirect(url_for("baseline.index"), code=303)


@blueprint.get("/licences")
@requires("baseline.read")
def licence_policy() -> ResponseReturnValue:
    """Show the licence policy in force and its editions."""
    with current_platform().database.read() as session:
        policy = licences.current_policy(session)
        editions = licences.policy_editions(session)
    return render_template("baseline/licences.html", policy=policy, editions=editions)


@blueprint.post("/licences")
@requires("baseline.manage")
def set_licences() -> ResponseReturnValue:
    """Put a new edition of the licence policy in force."""
    actor, form = current_actor(), request.form
    seen = form.get("edition", "0")

    def work(session: Session) -> int:
        return set_policy(
            session,
            actor,
            form.get("allowed", "").split(),
            form.get("denied", "").split(),
            form.get("reason", ""),
            int(seen) if seen.isdecimal() else -1,
        )

    try:
        number = perform(
            current_platform().database, "licence_policy.set", actor, work, stream="system:baseline"
        )
    except Rejected as refusal:
        flash(in_language(refusal.message), "bad")
    else:
        flash(_("许可证策略第 %(n)s 版已生效", n=number), "ok")
    return redirect(url_for("baseline.licence_policy"), code=303)


@blueprint.get("/data")
@requires("baseline.read")
def data_sets() -> ResponseReturnValue:
    """List the vulnerability data sets with their dates."""
    with current_platform().database.read() as session:
        rows = vulnerabilities.data_sets(session)
    return render_template("baseline/data.html", rows=rows)


@blueprint.post("/data")
@requires("vulnerability_data.manage")
def import_data() -> ResponseReturnValue:
    """Import an uploaded data set in place of the one before."""
    actor, upload = current_actor(), request.files.get("file")
    if upload is None or not upload.filename:
        flash(_("请选择数据集文件（zip）"), "bad")
        return redirect(url_for("baseline.data_sets"), code=303)
    given = DataSetInput(
        ecosystem=request.form.get("ecosystem", "").strip(),
        sha256=request.form.get("sha256", "").strip(),
        data_as_of=_day(request.form.get("data_as_of", "")),
        file_name=upload.filename,
    )

    def work(session: Session) -> Imported:
        return import_data_set(session, actor, given, cast(BinaryIO, upload.stream))

    try:
        imported = perform(
            current_platform().database, "vulnerability_data.import", actor, work, stream="system:baseline"
        )
    except Rejected as refusal:
        flash(in_language(refusal.message), "bad")
    else:
        if not imported.is_unchanged:
            # What is known changed, so what was assessed is matched again, each in a transaction of its own.
            rematch(current_platform().database)
        flash(
            _("该数据集已在用，未作改动")
            if imported.is_unchanged
            else _("已导入 %(n)s 条漏洞记录", n=imported.advisories),
            "ok",
        )
    return redirect(url_for("baseline.data_sets"), code=303)


def _grid(baseline: Baseline, scope: str) -> list[tuple[str, str, list[tuple[str, str, int | None]]]]:
    """Return a row per check of the scope: key, title, and (field name, severity, limit) per severity."""
    limits = {(row.item, row.severity): row.limit for row in baseline.limits if row.scope == scope}
    return [
        (
            item,
            in_language(ITEM_TEXT[item]),
            [
                (f"{scope}.{item}.{severity}", in_language(SEVERITY_TEXT[severity]), limits[item, severity])
                for severity in LIMITED_SEVERITIES
                if (item, severity) in limits
            ],
        )
        for item in ITEMS
        if any(key[0] == item for key in limits)
    ]


def _limits(form: MultiDict[str, str]) -> dict[service.Cell, int | None]:
    """Read the cells of the form; what is no number from 0 to the highest is left as it was."""
    found: dict[service.Cell, int | None] = {}
    for name, value in form.items():
        scope, _dot, rest = name.partition(".")
        item, _dot, severity = rest.partition(".")
        text = value.strip()
        if scope not in SCOPES or item not in ITEMS or severity not in LIMITED_SEVERITIES:
            continue
        if text == UNLIMITED:
            found[scope, item, severity] = None
        elif text.isdecimal() and int(text) <= service.HIGHEST:
            found[scope, item, severity] = int(text)
        else:
            raise service.limit_unreadable(name, text)
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
