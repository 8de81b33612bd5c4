"""Counting and naming what a command does: figures for Prometheus, ids for the log.

Every command pays for this, so it costs a few microseconds: one variable is set, two figures move, and an id
is written out only where something is logged.
"""

from __future__ import annotations

import itertools
import secrets
import time
from contextvars import ContextVar, Token
from functools import cache
from types import TracebackType
from typing import Final

import structlog
from prometheus_client import Counter, Histogram

from kernel.errors import Rejected
from kernel.metrics import COMMAND_SECONDS, COMMANDS

_PROCESS: Final = secrets.token_hex(4)
_numbers: Final = itertools.count(1)
_command: ContextVar[tuple[str, int] | None] = ContextVar("zujian_command", default=None)
_log = structlog.get_logger(__name__)


def current_command() -> dict[str, str]:
    """Return name and id of the command at work, as the log shows them; nothing outside of one."""
    command = _command.get()
    return {} if command is None else {"command": command[0], "command_id": f"{_PROCESS}-{command[1]}"}


class ObservedCommand:
    """A block that is counted and timed as one command, and named in whatever is logged meanwhile."""

    __slots__ = ("_action", "_begin", "_token")

    def __init__(self, action: str) -> None:
        self._action = action

    def __enter__(self) -> None:
        """Begin the command."""
        self._token: Token[tuple[str, int] | None] = _command.set((self._action, next(_numbers)))
        self._begin = time.perf_counter()

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Count what became of it."""
        seconds = time.perf_counter() - self._begin
        outcome = "done" if kind is None else "refused" if issubclass(kind, Rejected) else "failed"
        _counter(self._action, outcome).inc()
        _histogram(self._action).observe(seconds)
        if structlog.is_configured():
            _log.debug("command.ended", outcome=outcome, milliseconds=round(seconds * 1000, 1))
        _command.reset(self._token)


# Actions are names from the code, a few dozen; looking a label up anew costs more than counting.
@cache
def _counter(action: str, outcome: str) -> Counter:
    return COMMANDS.labels(action, outcome)


@cache
def _histogram(action: str) -> Histogram:
    return COMMAND_SECONDS.labels(action)
