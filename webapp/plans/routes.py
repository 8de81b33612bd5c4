"""The register and one filing."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from domain.catalogue import queries as catalogue
from domain.emergency import queries
from domain.emergency.rules import GRADES
from domain.emergency.service import OVERDUE, STATE_TEXT
from kernel.calendar import day_of
from kernel.clock import now
from webapp import keyset
from webapp.acting import current_actor, current_platform
from webapp.permissions import requires

blueprint = Blueprint("plans", __name__)
PAGE_SIZE = 30
TONES = {"PENDING": "warn", "OVERDUE": "bad", "FILED": "ok", "COVERED": "ok", "ENDED": ""}


@blueprint.get("/plans")
@requires("plan.read")
def index() -> ResponseReturnValue:
    """List the filings that the person may see, newest first; the overdue ones alone where asked."""
    only_overdue = request.args.get("overdue") == "1"
    after = keyset.decode(request.args.get("after"), 1)
    with current_platform().database.read() as session:
        page = queries.filings(
            session,
            current_actor(),
            state=OVERDUE if only_overdue else None,
            after=keyset.as_id(after[0]) if after else None,
            limit=PAGE_SIZE,
        )
        names = catalogue.version_labels(session, {row.version_id for row in page.rows})
    today = day_of(now())
    late = {row.id: (today - day_of(row.due_at)).days + 1 for row in page.rows if row.state == OVERDUE}
    return render_template(
        "plans/index.html",
        filings=page.rows,
        names=names,
        late=late,
        words=STATE_TEXT,
        tones=TONES,
        only_overdue=only_overdue,
        pager=keyset.pager((page.next,) if page.next else None),
    )


@blueprint.get("/plans/<uuid:filing_id>")
@requires("plan.read")
def show(filing_id: UUID) -> ResponseReturnValue:
    """Show one filing and every version of the plan with its digest."""
    with current_platform().database.read() as session:
        filing = queries.filing(session, current_actor(), filing_id)
        plans = queries.plans(session, filing.version_id)
        names = catalogue.version_labels(session, {filing.version_id})
    component = " ".join(names.get(filing.version_id, ()))
    return render_template(
        "plans/filing.html",
        filing=filing,
        plans=plans,
        component=component,
        words=STATE_TEXT,
        tones=TONES,
        grades=GRADES,
    )
