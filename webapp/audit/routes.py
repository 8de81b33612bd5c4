"""Finding instances, one instance as a trail, the system's own chains, and the proof of all of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from domain.people.queries import person_names, persons_named
from kernel import audit
from kernel.audit import AuditEntry, AuditEventRow, Verification
from kernel.unit_of_work import perform
from webapp.acting import current_actor, current_platform
from webapp.audit import export, presenters
from webapp.audit.filters import PAGE_SIZE, InstanceQuery, StreamQuery
from webapp.instances import diagrams
from webapp.instances import presenters as instance_presenters
from webapp.instances.oversight import record_read
from webapp.keyset import Pager
from webapp.languages import gettext as _
from webapp.outcomes import outcome_text
from webapp.permissions import requires

blueprint = Blueprint("audit", __name__, url_prefix="/audit")

VERIFICATIONS = "system:verifications"
SHOWN = ("all", "done", "refused", "read")
EXPORTS = {"json": (export.as_json, "application/json"), "csv": (export.as_csv, "text/csv; charset=utf-8")}


@blueprint.get("")
@requires("audit.read")
def index() -> ResponseReturnValue:
    """Find instances by component, process, person, role, date and outcome."""
    platform, actor = current_platform(), current_actor()
    query = InstanceQuery.from_request(request.args)
    if query.stated():
        record_read("audit.searched", asked=query.stated())
    with platform.database.read() as session:
        people = persons_named(session, actor, query.person) if query.person and not query.person_id else []
        person_id = query.person_id or (people[0].id if len(people) == 1 else None)
        nobody = bool(query.person) and person_id is None
        page = None if nobody else platform.engine.instances(session, actor, query.to_filter(person_id))
        rows = page.rows if page else ()
        names = person_names(session, {row.initiator_id for row in rows if row.initiator_id})
        processes = [row.latest for row in platform.engine.definitions(session)]
    return render_template(
        "audit/index.html",
        query=query,
        rows=rows,
        names=names,
        choices=presenters.choices(processes),
        people=people if len(people) > 1 else [],
        person_unknown=nobody and not people,
        pager=_pager(page.next if page else None),
        status_label=instance_presenters.status_label,
        status_tones=instance_presenters.STATUS_TONES,
        outcome_text=outcome_text,
    )


@blueprint.get("/instances/<uuid:instance_id>")
@requires("audit.read")
def trail(instance_id: UUID) -> ResponseReturnValue:
    """Show one instance as a trail and as a diagram."""
    record_read("instance.read", instance_id=instance_id)
    return _trail_page(instance_id, None)


@blueprint.post("/instances/<uuid:instance_id>/verification")
@requires("audit.verify")
def verify_instance(instance_id: UUID) -> ResponseReturnValue:
    """Verify the chain of one instance; the result, true for this moment only, is on the answer."""
    return _trail_page(instance_id, _verify(f"instance:{instance_id}"))


@blueprint.get("/instances/<uuid:instance_id>/trail.<any(json, csv):kind>")
@requires("audit.read")
def export_trail(instance_id: UUID, kind: str) -> ResponseReturnValue:
    """Hand out the trail of one instance as a file."""
    platform = current_platform()
    record_read("audit.exported", instance_id=instance_id, asked={"format": kind})
    with platform.database.read() as session:
        detail = platform.engine.instance(session, current_actor(), instance_id)
        rows = audit.events_of_instance(session, instance_id)
    write, media_type = EXPORTS[kind]
    name = f"{detail.row.case_number}-trail.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(write(rows), headers=headers, content_type=media_type)


@blueprint.get("/streams")
@requires("audit.read")
def streams() -> ResponseReturnValue:
    """Browse sign-ins, grants, deployments, refused requests and reads."""
    query = StreamQuery.from_request(request.args)
    record_read("audit.searched", asked={"streams": "system", **query.stated()})
    with current_platform().database.read() as session:
        rows = audit.search(session, query.to_search())
        chains = audit.streams(session, "system:")
    shown = rows[:PAGE_SIZE]
    return render_template(
        "audit/streams.html",
        query=query,
        events=presenters.events(shown),
        stream_choices=presenters.stream_choices(chains),
        outcome_choices=presenters.outcome_choices(),
        pager=_pager(str(shown[-1].id) if len(rows) > PAGE_SIZE else None),
    )


@blueprint.get("/verification")
@requires("audit.verify")
def verification() -> ResponseReturnValue:
    """Explain what a verification proves, and offer one."""
    return render_template("audit/verification.html", result=None)


@blueprint.post("/verification")
@requires("audit.verify")
def verify_all() -> ResponseReturnValue:
    """Verify every chain; the result, true for this moment only, is on the answer."""
    return render_template("audit/verification.html", result=_verify(None))


def _verify(stream: str | None) -> Verification:
    """Verify one chain or all, and record that it was done and what was found."""
    actor = current_actor()

    def work(session: Session) -> Verification:
        result = audit.verify(session, stream)
        found = {
            "chains": result.checked_streams,
            "events": result.checked_events,
            "breaks": len(result.breaks),
        }
        entry = AuditEntry(
            action="audit.verified",
            actor=actor,
            stream=VERIFICATIONS,
            asked={"stream": stream or "*"},
            after=found,
        )
        audit.append(session, entry)
        return result

    return perform(current_platform().database, "audit.verify", actor, work, stream=VERIFICATIONS)


def _trail_page(instance_id: UUID, result: Verification | None) -> str:
    platform = current_platform()
    with platform.database.read() as session:
        detail = platform.engine.instance(session, current_actor(), instance_id)
        rows = audit.events_of_instance(session, instance_id)
        persons = instance_presenters.names(session, detail)
    row = detail.row
    initiator = persons.get(row.initiator_id, "") if row.initiator_id else ""
    wanted = request.args.get("show", "all")
    shown = wanted if wanted in SHOWN else "all"
    kept = [event for event in rows if shown in ("all", event.outcome)]
    return render_template(
        "audit/trail.html",
        row=row,
        facts=instance_presenters.facts(row, initiator),
        tabs=diagrams.tabs(detail),
        process=_shown_process([tab.process_key for tab in diagrams.tabs(detail)]),
        events=presenters.events(kept, presenters.element_names(detail)),
        counts=_counts(rows),
        shown=shown,
        result=result,
    )


def _shown_process(known: list[str]) -> str:
    wanted = request.args.get("process", "")
    return wanted if wanted in known else known[0]


def _counts(rows: list[AuditEventRow]) -> list[tuple[str, str, int]]:
    labels = {"all": _("全部"), "done": _("已执行"), "refused": _("被拒绝"), "read": _("查阅")}
    return [(key, labels[key], sum(key in ("all", row.outcome) for row in rows)) for key in SHOWN]


def _pager(place: str | None) -> Pager:
    kept: dict[str, Any] = {
        name: value for name, value in request.args.items() if name != "after" and not name.startswith("_")
    }
    endpoint = request.endpoint or ""
    return Pager(
        next_url=url_for(endpoint, **{**kept, "after": place}) if place else None,
        previous_url=url_for(endpoint, **kept) if request.args.get("after") else None,
    )
