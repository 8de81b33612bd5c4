"""Who is acting in this request, and the platform that the request works on."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from uuid import UUID

from flask import Flask, current_app, request
from flask_login import UserMixin, current_user

from domain.people.queries import actor_for, unit_names
from kernel.actor import Actor
from kernel.errors import Rejected
from webapp.extensions import login_manager

if TYPE_CHECKING:
    from webapp.wiring import Platform

EXTENSION = "zujian.platform"


class SignedInPerson(UserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    """What Flask-Login keeps of a person: the id in the session, the actor for this request."""

    def __init__(self, actor: Actor, unit_name: str = "") -> None:
        self.id = str(actor.person_id)
        self.actor = actor
        self.unit_name = unit_name


def init_app(app: Flask, platform: Platform) -> None:
    """Hand the platform to the requests and teach Flask-Login to find people."""
    app.extensions[EXTENSION] = platform
    login_manager.user_loader(_load_person)


def current_platform() -> Platform:
    """Return the platform of the running application."""
    return cast("Platform", current_app.extensions[EXTENSION])


def is_signed_in() -> bool:
    """Tell whether the request carries a valid session."""
    return bool(current_user.is_authenticated)


def current_actor() -> Actor:
    """Return the acting person with grants and permissions as they are now, not as at sign-in."""
    return cast(Actor, current_user.actor)


def unit_name() -> str:
    """Return the name of the acting person's unit."""
    return str(current_user.unit_name)


def _load_person(person_id: str) -> SignedInPerson | None:
    with current_platform().database.read() as session:
        try:
            actor = actor_for(session, UUID(person_id), channel="web", address=request.remote_addr)
            names = unit_names(session, [actor.unit_id] if actor.unit_id else [])
        except Rejected:  # removed or disabled since: the session is worth nothing any more
            return None
    return SignedInPerson(actor, names.get(actor.unit_id, "") if actor.unit_id else "")
