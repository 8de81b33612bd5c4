"""The list of orders, one order, registering and settling."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from domain.catalogue import queries as catalogue
from domain.orders import queries, registering, service
from domain.orders.registering import RowResult
from domain.orders.states import STATE_TEXT
from kernel.actor import system_actor
from kernel.errors import Conflict, Invalid, Rejected
from kernel.language import Text
from kernel.unit_of_work import perform
from webapp import keyset
from webapp.acting import current_actor, current_platform
from webapp.languages import gettext as _
from webapp.languages import in_language
from webapp.orders import importing
from webapp.permissions import requires

blueprint = Blueprint("orders", __name__)
PAGE_SIZE = 30
_FIELDS = ("number", "holderUnit", "application", "purpose", "grantedOn", "endsOn")


@blueprint.get("/orders")
@requires("order.read")
def index() -> ResponseReturnValue:
    """List the orders that the person may see, newest first."""
    after = keyset.decode(request.args.get("after"), 1)
    with current_platform().database.read() as session:
        page = queries.visible(
            session,
            current_actor(),
            after=keyset.as_id(after[0]) if after else None,
            limit=PAGE_SIZE,
        )
        names = catalogue.version_labels(session, {row.version_id for row in page.rows})
    pager = keyset.pager((page.next,) if page.next else None)
    return render_template("orders/index.html", orders=page.rows, names=names, words=STATE_TEXT, pager=pager)


@blueprint.get("/orders/<uuid:order_id>")
@requires("order.read")
def show(order_id: UUID) -> ResponseReturnValue:
    """Show one order as its holder sees it."""
    with current_platform().database.read() as session:
        order = queries.order(session, current_actor(), order_id)
        names = catalogue.version_labels(session, {order.version_id})
    component = " ".join(names.get(order.version_id, ()))
    return render_template("orders/order.html", order=order, component=component, words=STATE_TEXT)


@blueprint.post("/components/<uuid:version_id>/orders")
@requires("order.register")
def register(version_id: UUID) -> ResponseReturnValue:
    """Register one order that was granted elsewhere."""
    actor = current_actor()
    row = {name: value for name in _FIELDS if (value := request.form.get(name, "").strip())}

    def carry_out(session: Session) -> None:
        granted, problems = registering.read_order(session, {**row, "versionId": str(version_id)})
        if granted is None:
            raise Invalid(problems[0].message, tuple(problems))
        detail = catalogue.version_detail(session, actor, version_id)
        if importing.register_order(session, actor, detail, granted) is None:
            raise Conflict(Text("该订单编号已登记", "An order of this number is registered"))

    try:
        perform(
            current_platform().database,
            "order.register",
            actor,
            carry_out,
            subject=("component_version", version_id),
        )
    except Rejected as refusal:
        flash(in_language(refusal.message), "bad")
    else:
        flash(_("已登记订单"), "ok")
    return redirect(url_for("delisting.use", version_id=version_id), code=303)


@blueprint.post("/orders/import")
@requires("order.register")
def import_file() -> ResponseReturnValue:
    """Register the orders of a JSON file; say of each row what became of it."""
    actor = current_actor()
    upload = request.files.get("file")
    results: tuple[RowResult, ...] = ()
    try:
        rows = importing.read_rows(upload.stream.read(importing.MAX_BYTES + 1) if upload else b"")
        results = perform(
            current_platform().database,
            "order.register",
            actor,
            lambda session: importing.import_orders(session, actor, rows),
        )
    except Rejected as refusal:
        flash(in_language(refusal.message), "bad")
    return render_template("orders/import.html", results=results), 422 if _refused(results) else 200


@blueprint.post("/orders/<uuid:order_id>/settlement")
@requires("order.register")
def settle(order_id: UUID) -> ResponseReturnValue:
    """Settle the final statement of an order that has ended."""
    actor, note = current_actor(), request.form.get("note", "").strip()

    def carry_out(session: Session) -> None:
        order = queries.order(session, actor, order_id)
        detail = catalogue.version_detail(session, system_actor(), order.version_id)
        service.settle(session, actor, detail, order_id, note=note)

    try:
        perform(current_platform().database, "order.settle", actor, carry_out)
    except Rejected as refusal:
        flash(in_language(refusal.message), "bad")
    else:
        flash(_("已结清"), "ok")
    return redirect(url_for("orders.show", order_id=order_id), code=303)


def _refused(results: tuple[RowResult, ...]) -> bool:
    return not results or any(result.outcome == "refused" for result in results)
