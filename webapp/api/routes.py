"""The addresses of ``/api/v1``, as ``openapi.json`` describes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from domain.catalogue import queries
from domain.catalogue.queries import VersionFilter, rule_context
from domain.catalogue.rules import Severity, Stage, check_record
from domain.catalogue.states import State
from domain.checks.queries import check_runs
from webapp import keyset
from webapp.acting import current_actor, current_platform
from webapp.api import documents, signing_in
from webapp.api.idempotency import Answer, perform_once
from webapp.catalogue.importing import import_in
from webapp.permissions import public, requires

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
blueprint.record_once(signing_in.install)
blueprint.before_request(signing_in.protect_sessions)

DOCUMENT = Path(__file__).with_name("openapi.json")
DEFAULT_LIMIT, MAX_LIMIT, MAX_RECORDS = 50, 200, 500


@blueprint.get("/openapi.json")
@public
def document() -> ResponseReturnValue:
    """Answer the description of this interface."""
    return current_app.response_class(DOCUMENT.read_bytes(), mimetype="application/json")


@blueprint.get("/components")
@requires("component.read")
def list_components() -> ResponseReturnValue:
    """List the versions that the person may see."""
    after = keyset.decode(request.args.get("after"), 1)
    with current_platform().database.read() as session:
        page = queries.versions(
            session,
            current_actor(),
            VersionFilter(text=request.args.get("text") or None, state=_asked_state()),
            after=keyset.as_id(after[0]) if after else None,
            limit=_asked_limit(),
        )
    items = [documents.component(row) for row in page.rows]
    return jsonify(items=items, next=keyset.encode(page.next) if page.next else None)


@blueprint.get("/components/<uuid:version_id>")
@requires("component.read")
def get_component(version_id: UUID) -> ResponseReturnValue:
    """Answer one version with record, attachments and check results."""
    with current_platform().database.read() as session:
        detail = queries.version_detail(session, current_actor(), version_id)
        runs = check_runs(session, version_id)
    return jsonify(documents.component_detail(detail, runs))


@blueprint.post("/components/validate")
@requires("component.read")
def validate_component() -> ResponseReturnValue:
    """Run the rules of Table 1 on a record that is not stored."""
    body = _body(dict)
    record, stage = body.get("record"), body.get("stage", "creation")
    if not isinstance(record, dict) or stage not in set(Stage) or body.keys() - {"record", "stage"}:
        raise BadRequest
    platform = current_platform()

    def work(session: Session) -> Answer:
        context = rule_context(session, strict=platform.settings.strict_table_1)
        breaches = check_record(record, Stage(stage), context)
        valid = not any(breach.severity is Severity.ERROR for breach in breaches)
        return Answer(200, {"valid": valid, "breaches": [breach.to_json() for breach in breaches]})

    return _given(perform_once(platform.database, "component.validate", current_actor(), work))


@blueprint.post("/components/import")
@requires("component.import")
def import_components() -> ResponseReturnValue:
    """Import records as drafts."""
    records = _body(list)
    if not 1 <= len(records) <= MAX_RECORDS:
        raise BadRequest
    platform, actor = current_platform(), current_actor()

    def work(session: Session) -> Answer:
        report = import_in(session, platform, actor, records, "api")
        return Answer(200, documents.import_report(report))

    return _given(perform_once(platform.database, "component.import", actor, work))


def _body(kind: type[Any]) -> Any:
    """Return the JSON body, which must be of this kind.

    Raises:
        BadRequest: it is not, or is no JSON.
    """
    try:
        body = json.loads(request.get_data(cache=True))
    except (ValueError, RecursionError):
        raise BadRequest from None
    if not isinstance(body, kind):
        raise BadRequest
    return body


def _asked_state() -> State | None:
    asked = request.args.get("state")
    if asked and asked not in State.__members__:
        raise BadRequest
    return State(asked) if asked else None


def _asked_limit() -> int:
    asked = request.args.get("limit", str(DEFAULT_LIMIT))
    if not asked.isdecimal() or not 1 <= int(asked) <= MAX_LIMIT:
        raise BadRequest
    return int(asked)


def _given(answer: Answer) -> ResponseReturnValue:
    return jsonify(answer.body), answer.status
