"""Bringing rows and processes together: after a restart, and for what is to be stopped."""

from __future__ import annotations

from uuid import UUID

import structlog

from domain.deployments import queries, service
from domain.deployments.queries import DeploymentRow
from handlers.deploying.driver import CannotRun
from handlers.deploying.packages import PackageRefused
from handlers.deploying.running import Artefact, DidNotStart, Runner
from handlers.environment import PLATFORM
from kernel.database import Database
from kernel.files import FileStore
from kernel.unit_of_work import perform

log = structlog.get_logger(__name__)


def reconcile(database: Database, runner: Runner, files: FileStore) -> int:
    """Start what an operator asked for, end what is to be stopped, record what has ended by itself.

    What a job prepares is left to that job, which starts the deployment anew when it runs again. A process
    that no row knows is ended. Returns how many rows or processes were put right.
    """
    with database.read() as session:
        rows = queries.standing(session, runner.driver.name)
    mended = end_stopping(database, runner)
    for row in rows:
        if row.state == "running" and not runner.driver.condition(row.id).is_running:
            _record_end(database, runner, row, lost=True)
        elif row.state == "preparing" and row.job_id is None:
            _start(database, runner, files, row)
        else:
            continue
        mended += 1
    return mended + _end_strangers(database, runner)


def _start(database: Database, runner: Runner, files: FileStore, row: DeploymentRow) -> None:
    """Start a deployment that an operator asked for, and record what came of it."""
    try:
        artefact = Artefact(files.path(row.digest), row.file_name, row.digest)
        started = runner.start(row.id, runner.open(row.id, artefact), row.environment, row.health_path)
    except (CannotRun, DidNotStart, PackageRefused) as error:
        reason, kept = error.reason, runner.kept_log(row.id)
        runner.driver.clear(row.id)
        perform(
            database,
            "deployment.fail",
            PLATFORM,
            lambda session: service.record_failed(session, PLATFORM, row.id, reason, kept),
        )
        return
    process = {**started.process, "confined": started.confined}
    perform(
        database,
        "deployment.start",
        PLATFORM,
        lambda session: service.record_running(
            session, PLATFORM, row.id, address=started.address, process=process
        ),
    )


def end_stopping(database: Database, runner: Runner, version_id: UUID | None = None) -> int:
    """End the processes of deployments that are to be stopped, and record that they are gone."""
    with database.read() as session:
        rows = [row for row in queries.standing(session, runner.driver.name) if row.state == "stopping"]
    asked = [row for row in rows if version_id in (None, row.version_id)]
    for row in asked:
        runner.driver.stop(row.id)
        _record_end(database, runner, row, lost=False)
    return len(asked)


def _record_end(database: Database, runner: Runner, row: DeploymentRow, *, lost: bool) -> None:
    condition, kept = runner.driver.condition(row.id), runner.kept_log(row.id)
    perform(
        database,
        "deployment.end",
        PLATFORM,
        lambda session: service.record_ended(
            session, row.id, exit_code=condition.exit_code, log=kept, lost=lost
        ),
    )
    runner.driver.clear(row.id)
    log.info("deployment.ended", deployment_id=str(row.id), lost=lost, exit_code=condition.exit_code)


def _end_strangers(database: Database, runner: Runner) -> int:
    ended = 0
    for deployment_id in runner.driver.known():
        if not runner.driver.condition(deployment_id).is_running:
            continue
        with database.read() as session:
            row = queries.deployment(session, deployment_id)
        if row is None or row.state not in service.STANDING:
            runner.driver.stop(deployment_id)
            ended += 1
    return ended
