"""Who is calling: a program by user name and password, or a page of this site by its session."""

from __future__ import annotations

from flask import Request, request
from flask.blueprints import BlueprintSetupState

from domain.people.queries import actor_for
from domain.people.service import sign_in
from webapp.acting import SignedInPerson, current_platform
from webapp.extensions import csrf, login_manager

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def install(state: BlueprintSetupState) -> None:
    """Let programs sign in, and take their requests out of the check that protects sessions."""
    login_manager.request_loader(person_of)
    csrf.exempt(state.blueprint)


def person_of(incoming: Request) -> SignedInPerson | None:
    """Return the person whose name and password the request carries; None lets the session decide.

    Only addresses of this interface accept a password, and an account whose first password was not
    changed yet is refused like a wrong one.
    """
    given = incoming.authorization
    if incoming.blueprint != "api" or given is None or given.type != "basic":
        return None
    database = current_platform().database
    with database.write() as session:
        attempt = sign_in(
            session,
            given.username or "",
            given.password or "",
            address=incoming.remote_addr,
            channel="api",
        )
    if attempt.outcome != "ok" or attempt.person_id is None or attempt.must_change:
        return None
    with database.read() as session:
        actor = actor_for(session, attempt.person_id, channel="api", address=incoming.remote_addr)
    return SignedInPerson(actor)


def protect_sessions() -> None:
    """Ask for the CSRF token where the browser's session, and not a password, says who is calling."""
    if request.method not in SAFE_METHODS and request.authorization is None:
        csrf.protect()
