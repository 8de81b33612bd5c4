"""The shelf and one entry."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from domain.market import queries
from webapp import keyset
from webapp.acting import current_actor, current_platform
from webapp.catalogue import record
from webapp.catalogue.presenters import choices
from webapp.market import presenters
from webapp.market.filters import MarketFilters
from webapp.permissions import requires
from webapp.words import words

blueprint = Blueprint("market", __name__, url_prefix="/market")
PAGE_SIZE = 24


@blueprint.get("")
@requires("market.read")
def index() -> ResponseReturnValue:
    """Show the published components as cards, newest first."""
    filters = MarketFilters.from_request(request.args)
    after = keyset.decode(request.args.get("after"), 1)
    with current_platform().database.read() as session:
        page = queries.search(
            session,
            current_actor(),
            filters.wanted(),
            after=keyset.as_id(after[0]) if after else None,
            limit=PAGE_SIZE,
        )
        regions = presenters.region_names(session)
    cards = [presenters.card(row, regions) for row in page.rows]
    return render_template(
        "market/index.html",
        cards=cards,
        total=page.total,
        filters=filters,
        pager=keyset.pager((page.next,) if page.next else None),
        layers=choices(words("layer")),
        capabilities=choices(words("capabilityClass")),
        forms=choices(words("technicalField")),
        uses=choices(words("useRequirements")),
    )


@blueprint.get("/<uuid:entry_id>")
@requires("market.read")
def entry(entry_id: UUID) -> ResponseReturnValue:
    """Show the Table 1 data of one published component."""
    with current_platform().database.read() as session:
        detail = queries.entry(session, current_actor(), entry_id)
        regions = presenters.region_names(session)
    card = presenters.card(detail.row, regions)
    groups = record.public_groups(detail.record)
    return render_template(
        "market/entry.html", card=card, groups=groups, trial=record.trial_address(detail.record)
    )
