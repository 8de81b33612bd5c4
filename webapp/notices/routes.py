"""The list of notices, and marking them as read."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from domain.notices import queries, service
from kernel.unit_of_work import perform
from webapp import keyset
from webapp.acting import current_actor, current_platform, is_signed_in
from webapp.local_addresses import local_address
from webapp.permissions import requires

blueprint = Blueprint("notices", __name__, url_prefix="/notices")
PAGE_SIZE = 30


@blueprint.get("")
@requires("notice.read")
def index() -> ResponseReturnValue:
    """List the notices, newest first."""
    unread_only = request.args.get("unread") == "1"
    after = keyset.decode(request.args.get("after"), 1)
    with current_platform().database.read() as session:
        page = queries.notices(
            session,
            current_actor(),
            unread_only=unread_only,
            after=keyset.as_id(after[0]) if after else None,
            limit=PAGE_SIZE,
        )
    pager = keyset.pager((page.next,) if page.next else None)
    return render_template("notices/index.html", notices=page.rows, pager=pager, unread_only=unread_only)


@blueprint.post("/read")
@requires("notice.read")
def mark_all_read() -> ResponseReturnValue:
    """Mark every notice as read."""
    _mark_read(None)
    return redirect(url_for("notices.index"), code=303)


@blueprint.post("/<uuid:notice_id>/read")
@requires("notice.read")
def mark_read(notice_id: UUID) -> ResponseReturnValue:
    """Mark one notice as read and go where it leads."""
    _mark_read(notice_id)
    return redirect(local_address(request.form.get("next"), url_for("notices.index")), code=303)


@blueprint.app_context_processor
def count_unread() -> dict[str, Any]:
    """Offer the number of unread notices to the bell in the top bar."""
    if not is_signed_in() or not current_actor().may("notice.read"):
        return {}
    with current_platform().database.read() as session:
        return {"unread_notices": queries.unread_count(session, current_actor())}


def _mark_read(notice_id: UUID | None) -> None:
    actor = current_actor()

    def work(session: Session) -> int:
        return service.mark_read(session, actor, notice_id)

    perform(current_platform().database, "notice.mark_read", actor, work, stream="system:notices")
