"""What the log says of requests, commands and jobs: ids, and nothing personal."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from flask.testing import FlaskClient

from kernel.actor import system_actor
from kernel.database import Database
from kernel.errors import Conflict
from kernel.language import Text
from kernel.unit_of_work import perform
from tests.factories.people import make_person
from tests.integration.engine.desk import Desk
from tests.integration.engine.samples import single_service
from tests.integration.webapp.browser import Visitor
from webapp.logs import HANDLER, configure_logging

Log = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def logging_everything(capsys: Log) -> Iterator[None]:
    """Log from debug upwards, and leave the logging as it was."""
    configure_logging("json", "debug")
    yield
    root = logging.getLogger()
    for handler in [each for each in root.handlers if each.get_name() == HANDLER]:
        root.removeHandler(handler)
    structlog.reset_defaults()


def lines(capsys: Log, event: str) -> list[dict[str, Any]]:
    """Return the lines of one event."""
    documents = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    return [document for document in documents if document["event"] == event]


def test_a_request_is_logged_with_its_id_and_without_what_was_searched(
    client: FlaskClient, database: Database, capsys: Log
) -> None:
    visitor = Visitor(client)
    visitor.sign_in(make_person(database, "lin", ["reviewer"]))
    capsys.readouterr()

    answer = visitor.get("/tasks?text=secret")

    (line,) = lines(capsys, "request.ended")
    assert line["request_id"] == answer.headers["X-Request-Id"]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/tasks", answer.status_code)
    assert "secret" not in json.dumps(line)


def test_commands_are_logged_with_names_and_ids_of_their_own(database: Database, capsys: Log) -> None:
    log = structlog.get_logger("webapp")

    def refuse(_session: object) -> None:
        log.info("inside")
        raise Conflict(Text("不行", "No"))

    perform(database, "test.first", system_actor(), lambda _session: None)
    with pytest.raises(Conflict):
        perform(database, "test.second", system_actor(), refuse)
    written = [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    first, inside, second = (line for line in written if line["event"] in ("command.ended", "inside"))
    assert (first["command"], first["outcome"]) == ("test.first", "done")
    assert (second["command"], second["outcome"]) == ("test.second", "refused")
    assert inside["command_id"] == second["command_id"] != first["command_id"]


def test_a_run_of_a_job_is_logged_with_job_and_instance(desk: Desk, capsys: Log) -> None:
    desk.deploy("service", single_service())
    started = desk.start("service", {"name": "示例"})
    capsys.readouterr()

    desk.run_jobs()

    (line,) = lines(capsys, "job.ran")
    assert (line["job_id"], line["process_instance_id"]) == (str(desk.calls[0].job_id), str(started.id))
    assert (line["topic"], line["attempt"], line["outcome"]) == ("checks.run", 1, "done")
    assert "示例" not in json.dumps(line, ensure_ascii=False)


@pytest.fixture
def desk(database: Database, clock: Any) -> Desk:
    """Give a desk of the engine's tests."""
    return Desk(database, clock)
