"""The log: one event a line, as JSON for programs or as text for a terminal.

Our own events and those of other packages take the same way, and each carries the ids that are bound where
it happens (docs/reference/logs.md). No personal data, no variables, no secrets.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

import orjson
import structlog
from structlog.typing import EventDict, Processor

from kernel.observing import current_command

HANDLER = "zujian"


def _add_command(_logger: Any, _method: str, event: EventDict) -> EventDict:
    return {**current_command(), **event}


_SHARED: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    _add_command,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
)


def configure_logging(form: str = "auto", level: str = "info") -> None:
    """Write events to the standard error stream; warnings and worse from other packages too."""
    handler = _ToStandardError()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(form)],
            foreign_pre_chain=_SHARED,
        )
    )
    handler.set_name(HANDLER)
    root = logging.getLogger()
    for earlier in [each for each in root.handlers if each.get_name() == HANDLER]:
        root.removeHandler(earlier)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    for ours in ("kernel", "engine", "domain", "handlers", "webapp"):
        logging.getLogger(ours).setLevel(level.upper())
    # A tick that finds the one before still at work is what it is asked to be: left out.
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )


class _ToStandardError(logging.Handler):
    """Writes to what is the standard error stream at that moment."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        try:
            sys.stderr.write(self.format(record) + "\n")
            sys.stderr.flush()
        except Exception:  # The contract of logging: what cannot be logged stops nobody.
            self.handleError(record)


def _renderer(form: str) -> Processor:
    if form == "text" or (form == "auto" and sys.stderr.isatty()):
        return structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"])
    return structlog.processors.JSONRenderer(serializer=_as_json)


def _as_json(event: dict[str, Any], default: Any = None, **_options: Any) -> str:
    return orjson.dumps(event, default=default or str).decode()
