"""Who may call which route: declared at the route, refused when undeclared.

``@requires("task.read")`` names an action of ``domain.people.permissions``; ``@signed_in`` lets in everybody
with a session; ``@public`` lets in everybody. The services check again with the acting person.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import Unauthorized

from kernel.unit_of_work import perform
from webapp.acting import current_actor, current_platform, is_signed_in

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "(public)"
SIGNED_IN = "(signed in)"
MUST_CHANGE = "must_change"


def requires(action: str) -> Callable[[View], View]:
    """Declare the action that the acting person must be permitted to call the route."""

    def declare(view: View) -> View:
        view.required_action = action  # type: ignore[attr-defined]
        return view

    return declare


def public(view: View) -> View:
    """Declare that the route answers without a session."""
    return requires(PUBLIC)(view)


def signed_in(view: View) -> View:
    """Declare that the route answers every signed-in person."""
    return requires(SIGNED_IN)(view)


def required_action(app: Flask, endpoint: str) -> str | None:
    """Return what the endpoint declares, or None when it declares nothing."""
    return getattr(app.view_functions.get(endpoint), "required_action", None)


def init_app(app: Flask) -> None:
    """Check every request before its view runs, and let in nobody by default."""
    public(app.view_functions["static"])
    app.before_request(_authorise)


def _authorise() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None  # no such address: the error page answers 404
    action = required_action(current_app, request.endpoint)
    if action == PUBLIC:
        return None
    if not is_signed_in():
        return _ask_to_sign_in()
    if action is None:
        abort(403)
    if session.get(MUST_CHANGE) and action != SIGNED_IN:
        # An expired or handed-out password opens the page that changes it, and no other.
        return redirect(url_for("auth.account"), code=303)
    actor = current_actor()
    if action != SIGNED_IN and action not in actor.permissions:

        def refuse(_transaction: Session) -> None:
            actor.require(action)

        # A refusal is recorded: perform writes it to the audit trail and raises NotAllowed again.
        perform(current_platform().database, action, actor, refuse, stream="system:access")
    return None


def _ask_to_sign_in() -> ResponseReturnValue:
    if request.blueprint == "api":
        raise Unauthorized
    if request.headers.get("HX-Request"):
        return "", 401, {"HX-Redirect": url_for("auth.sign_in_page")}
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("auth.sign_in_page", next=wanted if wanted != "/" else None), code=303)
