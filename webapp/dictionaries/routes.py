"""The list of dictionaries, one dictionary with its editions, and one POST per verb."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from domain.catalogue import queries, service
from domain.catalogue.dictionary_rules import KINDS, Entry
from domain.people import queries as people
from kernel.errors import Invalid, Rejected
from kernel.unit_of_work import perform
from webapp.acting import current_actor, current_platform
from webapp.dictionaries import forms
from webapp.languages import gettext as _
from webapp.languages import in_language
from webapp.permissions import requires

blueprint = Blueprint("dictionaries", __name__, url_prefix="/dictionaries")


@blueprint.get("")
@requires("dictionary.read")
def index() -> ResponseReturnValue:
    """List the dictionaries with the number of their values."""
    with current_platform().database.read() as session:
        entries = queries.dictionary_entries(session)
        waiting = {
            key
            for key in KINDS
            if any(row.status == "draft" for row in queries.dictionary_editions(session, key))
        }
        regions = len(people.regions(session))
    return render_template(
        "dictionaries/index.html",
        kinds=list(KINDS.values()),
        entries=entries,
        waiting=waiting,
        regions=regions,
    )


@blueprint.get("/<key>")
@requires("dictionary.read")
def show(key: str) -> ResponseReturnValue:
    """Show the values in force, a draft that waits, and the editions before."""
    return _page(key)


@blueprint.post("/<key>")
@requires("dictionary.draft")
def draft(key: str) -> ResponseReturnValue:
    """Draft an edition from the lines of the form."""
    actor, platform, kind = current_actor(), current_platform(), queries.dictionary_kind(key)
    with platform.database.read() as session:
        known = queries.dictionary_entries(session)[key]
    form = forms.from_request(kind, request.form, known)

    def work(session: Session) -> UUID:
        return service.draft_dictionary(session, actor, key, form.entries(), form.purpose)

    try:
        perform(platform.database, "dictionary.draft", actor, work)
    except Rejected as refusal:
        problems = refusal.problems if isinstance(refusal, Invalid) else ()
        form.errors.append(in_language(refusal.message))
        form.show(problems)
        return _page(key, form)
    flash(_("已提交修订，待安全管理员发布后生效"), "ok")
    return redirect(url_for("dictionaries.show", key=key), code=303)


@blueprint.post("/<key>/editions/<uuid:edition_id>")
@requires("dictionary.release")
def decide(key: str, edition_id: UUID) -> ResponseReturnValue:
    """Release a draft or refuse it."""
    actor = current_actor()
    release = request.form.get("decision") == "release"
    reason = request.form.get("reason", "").strip() or None

    def work(session: Session) -> None:
        service.decide_dictionary(session, actor, edition_id, release=release, reason=reason)

    try:
        perform(current_platform().database, "dictionary.decide", actor, work)
    except Rejected as refusal:
        flash(in_language(refusal.message), "bad")
    else:
        flash(_("已发布，立即生效") if release else _("已驳回该修订"), "ok")
    return redirect(url_for("dictionaries.show", key=key), code=303)


def _page(key: str, form: forms.EditionForm | None = None) -> ResponseReturnValue:
    kind = queries.dictionary_kind(key)
    with current_platform().database.read() as session:
        entries = queries.dictionary_entries(session)[key]
        editions = queries.dictionary_editions(session, key)
        names = people.person_names(
            session, {i for row in editions for i in (row.drafted_by, row.decided_by) if i is not None}
        )
    waiting = next((row for row in editions if row.status == "draft"), None)
    page = render_template(
        "dictionaries/show.html",
        kind=kind,
        entries=entries,
        editions=editions,
        waiting=waiting,
        changes=changes(entries, waiting.entries) if waiting else [],
        names=names,
        form=form or forms.of_entries(kind, entries),
    )
    return page, 422 if form else 200


def changes(before: Sequence[Entry], after: Sequence[Entry]) -> list[tuple[str, str, str]]:
    """Return what a draft changes: (what happens, code, words now)."""
    old, new = ({entry.code: entry for entry in entries} for entries in (before, after))
    found = [
        (_change(old.get(code), entry), code, f"{entry.text.zh} · {entry.text.en}")
        for code, entry in new.items()
        if old.get(code) != entry
    ]
    found += [(_("删除"), code, entry.text.zh) for code, entry in old.items() if code not in new]
    kept = [code for code in old if code in new]
    if kept != [code for code in new if code in old]:
        found.append((_("调整顺序"), "", ""))
    return found


def _change(old: Entry | None, new: Entry) -> str:
    if old is None:
        return _("新增")
    if old.is_active != new.is_active:
        return _("恢复使用") if new.is_active else _("停用")
    return _("改名")
