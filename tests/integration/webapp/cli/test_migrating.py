"""``zujian migrate-instances``: carries out what two administrators agreed on, and nothing else."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner, Result

from engine.api import Engine, MigrationPlan, Registry
from kernel.actor import Actor, Grant
from kernel.database import Database
from kernel.ids import new_id
from kernel.language import Text
from kernel.unit_of_work import perform
from tests.integration.engine.desk import CITY, ROLES
from tests.integration.engine.diagrams import chain, diagram, end, files, start, user_task
from tests.integration.engine.samples import single_task
from webapp.cli import main


def administrator(*permissions: str) -> Actor:
    """Return somebody who may do this in the city."""
    return Actor(
        person_id=new_id(),
        name="管理员",
        grants=(Grant("system_administrator", CITY),),
        permissions=frozenset(permissions),
    )


class Office:
    """A data directory with one running instance and a newer version of its process."""

    def __init__(self, folder: Path) -> None:
        self.environment = {"ZUJIAN_DATA_DIR": str(folder), "LC_ALL": "en_US.UTF-8"}
        self.run("migrate")
        self.database = Database(f"sqlite:///{folder / 'zujian.sqlite3'}")
        registry = Registry()
        for role in ROLES:
            registry.role(role, Text(role, role))
        self.engine = Engine(registry)
        self.asking = administrator("instance.operate", "definition.deploy")
        self.deploy(single_task(form=False))
        self.case_number = perform(
            self.database,
            "test",
            self.asking,
            lambda s: self.engine.start_instance(
                s, self.asking, "single", {}, region_code=CITY, check_role=False
            ),
        ).case_number

    def run(self, *arguments: str) -> Result:
        """Run one command."""
        return CliRunner().invoke(main, arguments, env=self.environment)

    def deploy(self, given: dict[str, bytes]) -> UUID:
        """Deploy a version and return its id."""
        return perform(
            self.database,
            "test",
            self.asking,
            lambda s: self.engine.deploy_files(s, self.asking, "single", given),
        ).id

    def request(self, version_id: UUID) -> UUID:
        """Ask for the migration to a version."""
        plan = MigrationPlan(version_id=version_id, region_code=CITY)
        return perform(
            self.database,
            "test",
            self.asking,
            lambda s: self.engine.request_migration(s, self.asking, plan, "流程修订"),
        ).id

    def consent(self, request_id: UUID) -> None:
        """Consent as somebody else."""
        consenting = administrator("instance.consent")
        perform(
            self.database,
            "test",
            consenting,
            lambda s: self.engine.consent_to_operation(s, consenting, request_id),
        )


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Open an office whose settings come from nowhere else."""
    for name in ("ZUJIAN_DATABASE_URL", "ZUJIAN_SECRET_KEY", "ZUJIAN_PROCESSES_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    return Office(tmp_path / "data")


def two_tasks(first: str) -> dict[str, bytes]:
    """Return the process with one more task behind the first."""
    return files(
        "single",
        diagram(
            "single",
            start(),
            user_task(first),
            user_task("more"),
            end(),
            *chain("begin", first, "more", "done"),
        ),
    )


def test_instances_are_carried_over_once_consent_is_given(office: Office) -> None:
    request_id = office.request(office.deploy(two_tasks("review")))

    early = office.run("migrate-instances", str(request_id))
    office.consent(request_id)
    done, again = (office.run("migrate-instances", str(request_id)) for _ in range(2))

    assert early.exit_code == 1
    assert (done.exit_code, done.output.strip()) == (0, "1 moved, 0 stayed.")
    assert again.output.strip() == "0 moved, 0 stayed."


def test_what_has_to_stay_is_named_with_the_reason(office: Office) -> None:
    request_id = office.request(office.deploy(two_tasks("other")))
    office.consent(request_id)

    answer = office.run("migrate-instances", str(request_id))

    assert answer.exit_code == 1
    assert office.case_number in answer.output
    assert "[migrate.element]" in answer.output
    assert "0 moved, 1 stayed." in answer.output
