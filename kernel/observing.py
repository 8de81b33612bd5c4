"""Counting and naming what a command does: figures for Prometheus, ids for the log."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from kernel.errors import Rejected
from kernel.ids import new_id
from kernel.metrics import COMMAND_SECONDS, COMMANDS

_log = structlog.get_logger(__name__)


@contextmanager
def observed_command(action: str) -> Iterator[None]:
    """Count the command and time it; whatever is logged meanwhile carries its name and an id of its own."""
    begin = time.perf_counter()
    outcome = "failed"
    with structlog.contextvars.bound_contextvars(command=action, command_id=new_id().hex):
        try:
            yield
            outcome = "done"
        except Rejected:
            outcome = "refused"
            raise
        finally:
            seconds = time.perf_counter() - begin
            COMMANDS.labels(action, outcome).inc()
            COMMAND_SECONDS.labels(action).observe(seconds)
            if structlog.is_configured():
                _log.debug("command.ended", outcome=outcome, milliseconds=round(seconds * 1000, 1))
