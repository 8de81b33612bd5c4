"""The sample component in Java: it runs where there is Java, and where there is none that is said plainly."""

from __future__ import annotations

import shutil
from importlib.resources import files

import pytest

from handlers.checks.calls import call
from handlers.deploying.driver import CannotRun
from handlers.deploying.running import Runner
from kernel.ids import new_id
from tests.integration.deploying.conftest import Pack


def test_a_jar_runs_where_java_is_and_is_told_to_be_beyond_the_machine_where_it_is_not(
    runner: Runner, pack: Pack
) -> None:
    jar = files("domain.samples.services").joinpath("component.jar").read_bytes()
    deployment_id = new_id()
    package = runner.open(deployment_id, pack(jar, "component.jar"))

    if shutil.which("java") is None:
        with pytest.raises(CannotRun, match="Java"):
            runner.start(deployment_id, package, {}, "/health")
        return
    started = runner.start(deployment_id, package, {}, "/health")

    health = call(runner.guard, "GET", f"{started.address}/health")
    assert health.document["status"] == "UP"
    assert '"message":"started"' in runner.driver.log(deployment_id).tail
