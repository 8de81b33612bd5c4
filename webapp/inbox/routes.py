"""The pages of the inbox."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from domain.people.queries import unit_names
from kernel.errors import FieldProblem
from kernel.language import Text
from webapp.acting import current_actor, current_platform
from webapp.inbox.blueprint import blueprint
from webapp.inbox.filters import ListState
from webapp.inbox.next_starts import listings_to_start
from webapp.inbox.presenters import line, process_choices, view_labels, view_links
from webapp.inbox.task_page import TaskPage, task_page
from webapp.permissions import requires


@blueprint.get("")
@requires("task.work")
def index() -> ResponseReturnValue:
    """Show the list and, beside it on wide screens, its first task."""
    platform, actor = current_platform(), current_actor()
    state = ListState.of(request.args)
    with platform.database.read() as session:
        shown = list_values(session, state)
        first = shown["lines"][0].id if shown["lines"] else None
        page = task_page(session, platform.engine, actor, first) if first else None
    return render_template("inbox/index.html", task=page, mode="list", **shown)


@blueprint.get("/<uuid:task_id>")
@requires("task.work")
def task(task_id: UUID) -> ResponseReturnValue:
    """Show one task beside its list."""
    return render_task(task_id)


@blueprint.get("/first")
@requires("task.work")
def first_view() -> ResponseReturnValue:
    """Lead to what is on the person's own desk, or, where that is empty, to what may be claimed."""
    platform, actor = current_platform(), current_actor()
    with platform.database.read() as session:
        counts = platform.engine.inbox_counts(session, actor)
    state = ListState("mine" if counts.mine or not counts.claimable else "claimable")
    return redirect(state.list_url(), code=303)


@blueprint.get("/next")
@requires("task.work")
def next_task() -> ResponseReturnValue:
    """Lead to the first task of the list; what waits for a claimant comes when nothing else is left."""
    platform, actor = current_platform(), current_actor()
    state = ListState.of(request.args)
    with platform.database.read() as session:
        for wanted in (state, ListState("mine"), ListState("claimable")):
            rows = platform.engine.inbox(session, actor, wanted.filter()).rows
            if rows:
                return redirect(wanted.task_url(rows[0].id), code=303)
    return redirect(state.list_url(), code=303)


@blueprint.get("/<uuid:task_id>/print")
@requires("task.work")
def print_task(task_id: UUID) -> ResponseReturnValue:
    """Show the task as an approval sheet for paper."""
    platform = current_platform()
    with platform.database.read() as session:
        page = task_page(session, platform.engine, current_actor(), task_id)
    return render_template("inbox/print.html", task=page)


def render_task(
    task_id: UUID,
    data: Mapping[str, Any] | None = None,
    problems: tuple[FieldProblem, ...] = (),
    refusal: Text | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """Render the task page, also with what a refused submission contained."""
    platform = current_platform()
    state = ListState.of(request.form if request.method == "POST" else request.args)
    with platform.database.read() as session:
        page: TaskPage = task_page(session, platform.engine, current_actor(), task_id, data, problems)
        shown = list_values(session, state)
    return render_template("inbox/index.html", task=page, mode="task", refusal=refusal, **shown), status


def list_values(session: Session, state: ListState) -> dict[str, Any]:
    """Return what the list and the side column show."""
    engine, actor = current_platform().engine, current_actor()
    page = engine.inbox(session, actor, state.filter())
    units = unit_names(session, {row.unit_id for row in page.rows if row.unit_id})
    views = view_links(state, engine.inbox_counts(session, actor))
    return {
        "state": state,
        "views": views,
        "view_label": view_labels()[state.view],
        "view_count": next(view.count for view in views if view.current),
        "processes": process_choices(engine.definitions(session), state),
        "lines": [line(row, state, units) for row in page.rows],
        "next_url": state.list_url(after=page.next) if page.next else None,
        "search_text": state.text,
        "to_start": listings_to_start(session, engine, actor),
    }
