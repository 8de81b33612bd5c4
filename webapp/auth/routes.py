"""Routes of signing in, signing out and the account page."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user, logout_user

from domain.people.queries import actor_for
from domain.people.service import change_password, sign_in
from kernel import audit
from kernel.actor import system_actor
from kernel.errors import Invalid
from kernel.unit_of_work import perform
from webapp.acting import SignedInPerson, current_actor, current_platform, is_signed_in
from webapp.auth.presenters import account_facts
from webapp.extensions import limiter
from webapp.languages import gettext as _
from webapp.local_addresses import local_address
from webapp.permissions import PUBLIC, public, required_action, signed_in

blueprint = Blueprint("auth", __name__)

MUST_CHANGE = "must_change"
ATTEMPTS = "20 per minute"


@blueprint.get("/sign-in")
@public
def sign_in_page() -> ResponseReturnValue:
    """Show the sign-in form."""
    if is_signed_in():
        return redirect(url_for("home.index"), code=303)
    return render_template("auth/sign_in.html", wanted=request.args.get("next", ""))


@blueprint.post("/sign-in", endpoint="sign_in_submit")
@limiter.limit(ATTEMPTS)
@public
def submit_sign_in() -> ResponseReturnValue:
    """Check the password and open a session; the answer never tells whether the user name exists."""
    platform = current_platform()
    user_name, password = request.form.get("user_name", ""), request.form.get("password", "")
    result = perform(
        platform.database,
        "person.sign_in",
        system_actor("sign-in"),
        lambda db: sign_in(db, user_name, password, address=request.remote_addr),
    )
    wanted = request.form.get("next", "")
    if result.person_id is None:
        page = render_template(
            "auth/sign_in.html", wanted=wanted, user_name=user_name, refusal=result.message()
        )
        return page, 422
    with platform.database.read() as db:
        actor = actor_for(db, result.person_id, channel="web", address=request.remote_addr)
    session.clear()  # nothing of an earlier visitor's session lives on
    session.permanent = True
    login_user(SignedInPerson(actor))
    if result.must_change:
        session[MUST_CHANGE] = True
        return redirect(url_for("auth.account"), code=303)
    return redirect(local_address(wanted), code=303)


@blueprint.post("/sign-out")
@signed_in
def sign_out() -> ResponseReturnValue:
    """End the session."""
    actor = current_actor()
    entry = audit.AuditEntry(
        action="person.signed_out",
        actor=actor,
        stream="system:people",
        subject_type="person",
        subject_id=actor.person_id,
    )
    perform(current_platform().database, "person.sign_out", actor, lambda db: audit.append(db, entry))
    logout_user()
    session.clear()
    flash(_("您已退出登录。"), "success")
    return redirect(url_for("auth.sign_in_page"), code=303)


@blueprint.get("/account")
@signed_in
def account() -> ResponseReturnValue:
    """Show who is signed in, with which roles, and the form for a new password."""
    return _account_page()


@blueprint.post("/account/password")
@signed_in
def submit_password() -> ResponseReturnValue:
    """Replace the person's own password."""
    actor, form = current_actor(), request.form
    if form.get("new", "") != form.get("repeated", ""):
        return _account_page({"repeated": [_("两次输入的新密码不一致")]})
    try:
        perform(
            current_platform().database,
            "person.change_password",
            actor,
            lambda db: change_password(db, actor, form.get("old", ""), form.get("new", "")),
            stream="system:people",
        )
    except Invalid as refusal:
        errors: dict[str, list[object]] = {}
        for problem in refusal.problems:
            errors.setdefault("old" if problem.path == "old" else "new", []).append(problem.message)
        return _account_page(errors)
    session.pop(MUST_CHANGE, None)
    flash(_("密码已修改。"), "success")
    return redirect(url_for("auth.account"), code=303)


@blueprint.before_app_request
def ask_for_new_password() -> ResponseReturnValue | None:
    """Keep a person with a password to change on the account page."""
    if not session.get(MUST_CHANGE) or not is_signed_in() or request.endpoint is None:
        return None
    if request.endpoint in ("auth.account", "auth.submit_password", "auth.sign_out"):
        return None
    if required_action(current_app, request.endpoint) == PUBLIC:
        return None
    return redirect(url_for("auth.account"), code=303)


def _account_page(errors: dict[str, list[object]] | None = None) -> ResponseReturnValue:
    with current_platform().database.read() as db:
        facts = account_facts(db, current_actor())
    page = render_template(
        "auth/account.html", facts=facts, errors=errors or {}, must_change=session.get(MUST_CHANGE, False)
    )
    return page, 422 if errors else 200
