"""The command line on a data directory of its own: from nothing to a running platform."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from domain.samples.components import invalid_record
from kernel.database import Database
from tests.integration.webapp.catalogue_desk import record
from webapp.cli import main
from webapp.cli.serve import only_one


class Terminal:
    """A terminal in English, with a data directory of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {"ZUJIAN_DATA_DIR": str(folder), "LC_ALL": "en_US.UTF-8"}

    def run(self, *arguments: str) -> Result:
        """Run one command."""
        return CliRunner().invoke(main, arguments, env=self.environment)


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Open a terminal whose settings come from nowhere else."""
    for name in ("ZUJIAN_DATABASE_URL", "ZUJIAN_SECRET_KEY", "ZUJIAN_PROCESSES_DIR", "LC_ALL", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    return Terminal(tmp_path / "data")


def test_a_command_before_the_set_up_says_what_to_run(terminal: Terminal) -> None:
    answer = terminal.run("audit", "verify")

    assert answer.exit_code == 2
    assert "zujian init" in answer.output


def test_the_keys_are_for_their_owner_alone(terminal: Terminal) -> None:
    first, second = terminal.run("init"), terminal.run("init")

    assert "Keys were made" in first.output
    assert "Keys were made" not in second.output
    for key in ("secret-key", "credentials-key"):
        assert stat.S_IMODE((terminal.folder / key).stat().st_mode) == 0o600
    assert stat.S_IMODE(terminal.folder.stat().st_mode) == 0o700


def test_a_database_of_another_schema_is_not_touched(terminal: Terminal) -> None:
    terminal.run("init")

    answer = terminal.run("deploy")

    assert answer.exit_code == 1
    assert "zujian migrate" in answer.output


def test_processes_are_deployed_once(terminal: Terminal) -> None:
    terminal.run("migrate")

    first, second = terminal.run("deploy"), terminal.run("deploy")

    assert "component-creation v1: deployed" in first.output
    assert "component-creation v1: unchanged" in second.output


def test_a_file_is_imported_and_a_bad_record_named(terminal: Terminal, tmp_path: Path) -> None:
    terminal.run("migrate")
    terminal.run("deploy")
    seeded = terminal.run("seed")
    file = tmp_path / "components.json"
    file.write_text(json.dumps([record(), invalid_record()], ensure_ascii=False), encoding="utf-8")

    answer = terminal.run("import", str(file))
    stranger = terminal.run("import", str(file), "--as", "nobody")
    verified = terminal.run("audit", "verify")

    assert "fabu1" in seeded.output
    assert stat.S_IMODE((terminal.folder / "sample-people.txt").stat().st_mode) == 0o600
    assert answer.exit_code == 1
    assert "示例新组件" in answer.output
    assert "V-NAME-01" in answer.output
    assert "mend:" in answer.output
    assert stranger.exit_code == 1
    assert "--as" in stranger.output
    assert verified.exit_code == 0
    assert "all whole" in verified.output


def test_a_cut_chain_is_found(terminal: Terminal) -> None:
    terminal.run("migrate")
    terminal.run("deploy")
    database = Database(f"sqlite:///{terminal.folder / 'zujian.sqlite3'}")
    with database.engine.begin() as connection:
        connection.exec_driver_sql("delete from audit_stream where name = 'system:definitions'")
    database.dispose()

    answer = terminal.run("audit", "verify")

    assert answer.exit_code == 1
    assert "system:definitions" in answer.output


def test_a_diagram_is_checked_without_deploying_it(terminal: Terminal) -> None:
    terminal.run("migrate")
    processes = Path(__file__).resolve().parents[4] / "processes"

    good = terminal.run("check", str(processes / "component-publishing" / "component-publishing.bpmn"))

    assert good.exit_code == 0, good.output
    assert "can be deployed" in good.output


def test_a_broken_diagram_is_named_with_the_cure(terminal: Terminal, tmp_path: Path) -> None:
    terminal.run("migrate")
    broken = tmp_path / "broken.bpmn"
    broken.write_text("<definitions/>", encoding="utf-8")

    answer = terminal.run("check", str(broken))

    assert answer.exit_code == 1
    assert "cannot be deployed" in answer.output


def test_a_second_start_on_the_same_data_is_refused(terminal: Terminal) -> None:
    terminal.run("migrate")

    with only_one(terminal.folder):
        answer = terminal.run("run")

    assert answer.exit_code == 1
    assert "running already" in answer.output


def test_a_malformed_setting_is_named(terminal: Terminal) -> None:
    terminal.run("init")
    terminal.environment["ZUJIAN_PORT"] = "many"

    answer = terminal.run("migrate")

    assert answer.exit_code == 2
    assert "ZUJIAN_PORT" in answer.output


@pytest.mark.parametrize("command", [("worker",), ("dispatch",), ("worker", "--celery")])
def test_jobs_in_several_processes_are_refused_on_sqlite(
    terminal: Terminal, command: tuple[str, ...]
) -> None:
    terminal.environment["ZUJIAN_REDIS_URL"] = "redis://127.0.0.1:1/0"
    terminal.run("init")
    terminal.run("migrate")

    answer = terminal.run(*command)

    assert answer.exit_code == 1
    assert "need PostgreSQL" in answer.output


@pytest.mark.parametrize("command", [("dispatch",), ("worker", "--celery")])
def test_celery_without_an_address_of_redis_says_what_to_set(
    terminal: Terminal, command: tuple[str, ...]
) -> None:
    terminal.run("init")

    answer = terminal.run(*command)

    assert answer.exit_code == 2
    assert "ZUJIAN_REDIS_URL" in answer.output


def test_celery_that_is_not_installed_says_how_to_install_it(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal.environment["ZUJIAN_REDIS_URL"] = "redis://127.0.0.1:1/0"
    terminal.run("init")
    monkeypatch.setitem(sys.modules, "celery", None)

    answer = terminal.run("dispatch")

    assert answer.exit_code == 1
    assert "zujian[scale]" in answer.output
