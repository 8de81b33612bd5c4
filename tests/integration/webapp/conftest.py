"""Situations that several rooms of the web pages are tested in."""

from __future__ import annotations

import pytest
from flask import Flask

from kernel.database import Database
from kernel.unit_of_work import perform
from tests.factories.people import REGION, make_person
from tests.integration.webapp.browser import Visitor
from tests.integration.webapp.cases import Case
from tests.integration.webapp.modeler.desk import KEY, Desk
from webapp.wiring import Platform


@pytest.fixture
def desk(app: Flask, database: Database) -> Desk:
    """Sign in a system administrator and a security administrator."""
    return Desk(app, database)


@pytest.fixture
def case(app: Flask, desk: Desk, platform: Platform, database: Database) -> Case:
    """Release the small process, start it and complete its task with an opinion."""
    assert desk.release(desk.submitted()).status_code == 303
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
