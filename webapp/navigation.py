"""The entries of the top bar: those whose room exists and whose action the person is permitted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request, url_for

from webapp.acting import current_actor, is_signed_in, unit_name
from webapp.languages import gettext as _
from webapp.permissions import PUBLIC, SIGNED_IN, required_action


@dataclass(frozen=True, slots=True)
class Entry:
    """One place of the navigation, as the template shows it."""

    label: str
    url: str
    icon: str
    current: bool


def init_app(app: Flask) -> None:
    """Offer ``navigation``, ``person_name`` and ``signed_in`` to the templates."""
    app.context_processor(_context)


def entries() -> list[Entry]:
    """Return the entries for the acting person, in the order of the bar."""
    places = (
        ("inbox.index", _("待办中心"), "inbox"),
        ("catalogue.index", _("组件目录"), "package"),
        ("market.index", _("组件市场"), "store"),
        ("delisting.index", _("使用与下架"), "undo-2"),
        # Who may see delistings finds the orders there; the bar has no room for both.
        ("orders.index" if not may_visit("delisting.index") else "", _("订单"), "file-text"),
        ("modeler.index", _("流程设计"), "workflow"),
        ("audit.index", _("审计追溯"), "shield-check"),
        ("people.index", _("人员与授权"), "users"),
        ("people.delegations", _("委托授权"), "key-round"),
        ("dictionaries.index", _("数据字典"), "book-open"),
        ("admissions.index", _("外部准入"), "badge-check"),
        ("baseline.index", _("安全基线"), "shield-alert"),
    )
    return [
        Entry(label, url_for(endpoint), icon, request.blueprint == endpoint.split(".")[0])
        for endpoint, label, icon in places
        if endpoint and may_visit(endpoint)
    ]


def may_visit(endpoint: str) -> bool:
    """Tell whether the endpoint exists and the acting person is permitted what it requires."""
    action = required_action(current_app, endpoint)
    if action is None or not is_signed_in():
        return False
    return action in (PUBLIC, SIGNED_IN) or current_actor().may(action)


def _context() -> dict[str, Any]:
    if not is_signed_in():
        return {"navigation": [], "signed_in": False, "may_visit": may_visit}
    return {
        "navigation": entries(),
        "signed_in": True,
        "may_visit": may_visit,
        "person_name": current_actor().name,
        "unit_name": unit_name(),
    }
