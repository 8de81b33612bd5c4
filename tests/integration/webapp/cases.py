"""A finished case whose trail can be read, and the visitors who read it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest
from flask import Flask

from kernel.actor import system_actor
from kernel.database import Database
from kernel.unit_of_work import perform
from tests.factories.people import REGION, SamplePerson, make_person
from tests.integration.webapp.browser import Visitor
from tests.integration.webapp.modeler.desk import KEY, Desk, small_process
from webapp.wiring import Platform


@dataclass(frozen=True, slots=True)
class Case:
    """One instance, who worked on it, and the application it lives in."""

    instance_id: UUID
    case_number: str
    worker: SamplePerson
    app: Flask
    database: Database

    def visitor(self, user_name: str, *roles: str) -> Visitor:
        """Register a person and sign them in."""
        visitor = Visitor(self.app.test_client())
        assert visitor.sign_in(make_person(self.database, user_name, roles)).status_code == 303
        return visitor


@pytest.fixture
def desk(app: Flask, database: Database) -> Desk:
    """Sign in a system administrator and a security administrator."""
    return Desk(app, database)


@pytest.fixture
def case(app: Flask, platform: Platform, database: Database) -> Case:
    """Deploy the small process, start it and complete its task with an opinion."""
    deployer = system_actor(permissions=frozenset({"definition.deploy"}))
    files = {name: content.encode() for name, content in small_process().items()}
    perform(
        database,
        "definition.deploy",
        deployer,
        lambda session: platform.engine.deploy_files(session, deployer, KEY, files),
    )
    worker = make_person(database, "zhang", ["reviewer"])
    engine, actor = platform.engine, worker.actor
    started = perform(
        database,
        "instance.start",
        actor,
        lambda session: engine.start_instance(
            session, actor, KEY, {}, business_key="one", title="城市体征数据接口", region_code=REGION
        ),
    )
    with database.read() as session:
        (task_id,) = engine.instance(session, actor, started.id).task_ids
    perform(
        database,
        "user_task.complete",
        actor,
        lambda session: engine.complete_user_task(session, actor, task_id, {"opinion": "同意接入。"}),
    )
    return Case(started.id, started.case_number, worker, app, database)


@pytest.fixture
def supervisor(case: Case) -> Visitor:
    """Sign in somebody of the supervising department."""
    return case.visitor("jiandu", "supervisor")
