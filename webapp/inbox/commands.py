"""What a person does with tasks: claim, give back, keep a draft, submit, withdraw."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from domain.credentials import service as credentials
from engine.api import TaskDetail
from kernel.actor import Actor
from kernel.errors import Conflict, Invalid, NotAllowed, Rejected
from kernel.unit_of_work import perform
from webapp.acting import current_actor, current_platform
from webapp.error_pages import status_of
from webapp.files.routes import keep_upload
from webapp.forms import SecretSealing, parse
from webapp.inbox.blueprint import blueprint
from webapp.inbox.filters import ListState
from webapp.inbox.routes import render_task
from webapp.languages import gettext as _
from webapp.languages import in_language
from webapp.permissions import requires

Result = TypeVar("Result")


@blueprint.post("/<uuid:task_id>/claim")
@requires("task.work")
def claim(task_id: UUID) -> ResponseReturnValue:
    """Take the task."""
    engine = current_platform().engine
    return carry_out(
        "user_task.claim",
        task_id,
        lambda db, actor: engine.claim_user_task(db, actor, task_id),
        _("已领取，请办理。"),
        # From now on the task is in the list of one's own.
        ListState("mine"),
    )


@blueprint.post("/<uuid:task_id>/unclaim")
@requires("task.work")
def unclaim(task_id: UUID) -> ResponseReturnValue:
    """Give the task back to its candidates."""
    engine = current_platform().engine
    return carry_out(
        "user_task.unclaim",
        task_id,
        lambda db, actor: engine.unclaim_user_task(db, actor, task_id),
        _("已退还，其他人可以领取。"),
    )


@blueprint.post("/<uuid:task_id>/withdraw")
@requires("task.work")
def withdraw(task_id: UUID) -> ResponseReturnValue:
    """End the task as its initiator, with a reason."""
    engine, reason = current_platform().engine, request.form.get("reason", "").strip()
    return carry_out(
        "user_task.withdraw",
        task_id,
        lambda db, actor: engine.withdraw(db, actor, task_id, reason),
        _("已撤回。"),
    )


@blueprint.post("/<uuid:task_id>/draft")
@requires("task.work")
def save_draft(task_id: UUID) -> ResponseReturnValue:
    """Keep what is filled in so far; htmx asks every few seconds, the button works without it."""
    engine = current_platform().engine
    data = _submitted(_detail(task_id))
    try:
        saved_at = _perform(
            "user_task.draft", task_id, lambda db, actor: engine.save_task_draft(db, actor, task_id, data)
        )
    except Rejected as refusal:
        if request.headers.get("HX-Request"):
            return render_template("inbox/_draft_state.html", refusal=refusal.message), 200
        return render_task(task_id, data, refusal=refusal.message, status=status_of(refusal))
    if request.headers.get("HX-Request"):
        return render_template("inbox/_draft_state.html", saved_at=saved_at)
    url = ListState.of(request.form).task_url(task_id)
    if "row.add" not in request.form and "row.remove" not in request.form:
        flash(_("草稿已保存。"), "success")
    return redirect(url, code=303)


@blueprint.post("/<uuid:task_id>/complete")
@requires("task.work")
def complete(task_id: UUID) -> ResponseReturnValue:
    """Submit the form and go to the next task; a refused form comes back with every problem named."""
    if "row.add" in request.form or "row.remove" in request.form:
        return save_draft(task_id)
    engine = current_platform().engine
    detail = _detail(task_id)
    data = _submitted(detail, partial(_seal, detail.row.instance_id))
    revision = request.form.get("revision", type=int)
    try:
        done = _perform(
            "user_task.complete",
            task_id,
            lambda db, actor: engine.complete_user_task(db, actor, task_id, data, revision),
        )
    except Invalid as refusal:
        return render_task(task_id, data, refusal.problems, refusal.message, 422)
    except (Conflict, NotAllowed) as refusal:
        return render_task(task_id, data, refusal=refusal.message, status=status_of(refusal))
    name = detail.row.instance_title or detail.row.case_number
    flash(_("已提交：%(name)s", name=f"{name} · {in_language(detail.row.name)}"), "success")
    state = ListState.of(request.form)
    if any(next_id for next_id in done.next_task_ids if _is_mine(next_id)):
        return redirect(state.task_url(done.next_task_ids[0]), code=303)
    return redirect(url_for("inbox.next_task", **state.query()), code=303)


@blueprint.post("/claim")
@requires("task.work")
def claim_many() -> ResponseReturnValue:
    """Take every ticked task, each in a transaction of its own, and say what happened to each."""
    taken, refusals = 0, []
    for task_id in request.form.getlist("task", type=UUID)[:100]:
        try:
            _perform("user_task.claim", task_id, partial(_claim, task_id))
            taken += 1
        except Rejected as refusal:
            refusals.append(in_language(refusal.message))
    if taken:
        flash(_("已领取 %(n)s 项。", n=taken), "success")
    for message in dict.fromkeys(refusals):
        flash(message, "error")
    return redirect(
        ListState("mine").list_url() if taken else ListState.of(request.form).list_url(), code=303
    )


def _claim(task_id: UUID, db: Session, actor: Actor) -> None:
    current_platform().engine.claim_user_task(db, actor, task_id)


def _detail(task_id: UUID) -> TaskDetail:
    platform = current_platform()
    with platform.database.read() as session:
        return platform.engine.task(session, current_actor(), task_id)


def _is_mine(task_id: UUID) -> bool:
    try:
        allowed = _detail(task_id).allowed
    except Rejected:
        return False
    return allowed.complete or allowed.claim


def _submitted(detail: TaskDetail, seal: SecretSealing | None = None) -> dict[str, Any]:
    return parse(detail.form_schema, request.form, request.files, _keep, detail.data, seal)


def _seal(instance_id: UUID, secret: str) -> str:
    """Encrypt a typed secret in a transaction of its own, so that only its reference goes on from here."""
    platform, actor = current_platform(), current_actor()
    return perform(
        platform.database,
        "credential.seal",
        actor,
        lambda session: credentials.seal(session, platform.vault, actor, secret, instance_id),
    )


def _keep(upload: FileStorage) -> str:
    return keep_upload(upload).reference


def _perform(action: str, task_id: UUID, work: Callable[[Session, Actor], Result]) -> Result:
    actor = current_actor()
    return perform(
        current_platform().database,
        action,
        actor,
        lambda db: work(db, actor),
        stream="system:tasks",
        subject=("user_task", task_id),
    )


def carry_out(
    action: str,
    task_id: UUID,
    work: Callable[[Session, Actor], object],
    message: str,
    then: ListState | None = None,
) -> ResponseReturnValue:
    """Run a command of one button and come back to the task, with the refusal if there is one."""
    try:
        _perform(action, task_id, work)
    except (Conflict, NotAllowed, Invalid) as refusal:
        return render_task(task_id, refusal=refusal.message, status=status_of(refusal))
    flash(message, "success")
    return redirect((then or ListState.of(request.form)).task_url(task_id), code=303)
