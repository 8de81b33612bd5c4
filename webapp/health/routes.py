"""``/health`` says that the process answers; ``/ready`` that its database does, at the right schema."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from webapp import schema
from webapp.acting import current_platform
from webapp.permissions import public

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
@public
def health() -> ResponseReturnValue:
    """Answer, which is all there is to say."""
    return jsonify(status="ok")


@blueprint.get("/ready")
@public
def ready() -> ResponseReturnValue:
    """Look at the database; what is wrong stays in the log, not in a public answer."""
    try:
        current = schema.is_current(current_platform().database)
    except SQLAlchemyError:
        return jsonify(status="unavailable", database="unreachable"), 503
    if not current:
        return jsonify(status="unavailable", database="other schema"), 503
    return jsonify(status="ok", database="ok")
