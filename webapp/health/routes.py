"""``/health``: is this process alive? ``/ready``: can the platform do its work? ``/metrics``: the figures."""

from __future__ import annotations

import ipaddress

import structlog
from flask import Blueprint, abort, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError

from engine.api import QueueStanding
from kernel.errors import Unavailable
from kernel.settings import Settings
from webapp import schema
from webapp.acting import current_actor, current_platform, is_signed_in
from webapp.drivers.celery_queue import answers
from webapp.drivers.embedded import current_driver
from webapp.health.figures import exposition
from webapp.health.standing import DatabaseWord, QueueWord, judge
from webapp.permissions import public

blueprint = Blueprint("health", __name__)
log = structlog.get_logger(__name__)

METRICS_PERMISSION = "metrics.read"
# A request that a proxy passed on comes from somewhere else, whatever its last address says.
FORWARDING_HEADERS = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")


@blueprint.get("/health")
@public
def health() -> ResponseReturnValue:
    """Say whether this process still does what it is for; what it depends on is the matter of ``/ready``."""
    driver = current_driver()
    if driver is not None and not driver.is_alive:
        return jsonify(status="unavailable", clock="missing"), 503
    return jsonify(status="ok")


@blueprint.get("/ready")
@public
def ready() -> ResponseReturnValue:
    """Look at the database, the clock driver and the queue; causes stay in the log."""
    driver = current_driver()
    database, standing = _look()
    found = judge(database, standing, _queue(), is_own_clock_alive=driver.is_alive if driver else None)
    answer = jsonify(status=found.status, database=found.database, clock=found.clock, queue=found.queue)
    return answer, found.http_status


@blueprint.get("/metrics")
@public
def metrics() -> ResponseReturnValue:
    """Answer Prometheus from the allowed networks, and persons who may read the figures; nobody else."""
    if not (_is_from_allowed_network() or _may_read()):
        abort(403)
    return exposition(_look()[1]), 200, {"Content-Type": CONTENT_TYPE_LATEST}


def _look() -> tuple[DatabaseWord, QueueStanding | None]:
    platform = current_platform()
    try:
        if not schema.is_current(platform.database):
            return "other schema", None
        with platform.database.read() as session:
            return "ok", platform.engine.queue_standing(session)
    except (Unavailable, SQLAlchemyError) as error:
        log.warning("database.unreachable", error=type(error).__name__)
        return "unreachable", None


def _queue() -> QueueWord:
    redis_url = current_platform().settings.redis_url
    if redis_url is None:
        return "not used"
    return "ok" if answers(redis_url) else "unreachable"


def _is_from_allowed_network() -> bool:
    settings: Settings = current_platform().settings
    if any(name in request.headers for name in FORWARDING_HEADERS) or not request.remote_addr:
        return False
    address = ipaddress.ip_address(request.remote_addr)
    return any(address in network for network in settings.metrics_networks)


def _may_read() -> bool:
    return is_signed_in() and current_actor().may(METRICS_PERMISSION)
