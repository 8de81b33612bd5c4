"""Where a visit begins."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp.acting import is_signed_in
from webapp.languages import COOKIE, LANGUAGES
from webapp.local_addresses import local_address
from webapp.navigation import may_visit
from webapp.permissions import public

blueprint = Blueprint("home", __name__)

FIRST_PAGES = ("inbox.first_view", "audit.index", "modeler.index", "people.index", "market.index")
A_YEAR = 365 * 24 * 3600


@blueprint.get("/")
@public
def index() -> ResponseReturnValue:
    """Lead to the first page that the person may visit, or to the sign-in page."""
    if not is_signed_in():
        return redirect(url_for("auth.sign_in_page"), code=303)
    first = next((endpoint for endpoint in FIRST_PAGES if may_visit(endpoint)), "auth.account")
    return redirect(url_for(first), code=303)


@blueprint.post("/language")
@public
def choose_language() -> ResponseReturnValue:
    """Keep the chosen language in a cookie and go back to the page."""
    language = request.form.get("language", "")
    if language not in LANGUAGES:
        abort(400)
    response = redirect(local_address(request.form.get("next")), code=303)
    response.set_cookie(
        COOKIE, language, max_age=A_YEAR, httponly=True, samesite="Lax", secure=request.is_secure
    )
    return response
