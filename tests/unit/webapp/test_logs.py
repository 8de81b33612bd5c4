"""The log: one JSON document a line, with the ids that are bound, from our events and from others'."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from webapp.logs import HANDLER, configure_logging


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Take our handler off again and leave structlog as it was."""
    yield
    root = logging.getLogger()
    for handler in [each for each in root.handlers if each.get_name() == HANDLER]:
        root.removeHandler(handler)
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    """Return what was written, one document a line."""
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_an_event_carries_the_ids_that_are_bound(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("json")

    with structlog.contextvars.bound_contextvars(request_id="r1", job_id="j1"):
        structlog.get_logger("engine.jobs").info("job.ran", outcome="done")

    (line,) = lines(capsys)
    assert line["event"] == "job.ran"
    assert (line["request_id"], line["job_id"], line["outcome"]) == ("r1", "j1", "done")
    assert (line["level"], line["logger"]) == ("info", "engine.jobs")
    assert str(line["timestamp"]).endswith("Z")


def test_events_of_other_packages_take_the_same_way(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("json")

    with structlog.contextvars.bound_contextvars(request_id="r2"):
        logging.getLogger("waitress.queue").warning("depth is %d", 3)
        logging.getLogger("waitress.queue").info("not asked for")

    (line,) = lines(capsys)
    assert (line["event"], line["request_id"], line["level"]) == ("depth is 3", "r2", "warning")


def test_an_exception_stands_in_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("json")
    try:
        raise ValueError("broken")
    except ValueError as error:
        structlog.get_logger("webapp").error("request.failed", exc_info=error)

    (line,) = lines(capsys)
    assert "ValueError: broken" in str(line["exception"])


def test_the_level_decides_what_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("json", "warning")

    structlog.get_logger("engine").info("job.ran")
    structlog.get_logger("engine").warning("job.failed")

    assert [line["event"] for line in lines(capsys)] == ["job.failed"]


def test_a_second_call_takes_the_place_of_the_first(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("json")
    configure_logging("text")

    structlog.get_logger("webapp").warning("once")

    assert capsys.readouterr().err.count("once") == 1
