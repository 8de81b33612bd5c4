"""Samples of running components: each planted mistake is found, and the good one passes."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from handlers.checks.results import CheckResult, Status
from handlers.checks.sampling import check_health_truth, check_log, check_metrics
from handlers.deploying.running import Runner
from kernel.ids import new_id
from tests.integration.deploying.conftest import Pack

BROKEN_DATABASE = {"DATABASE_ADDRESS": "127.0.0.1:9"}


def sampled(runner: Runner, pack: Pack, faults: str = "", *, switch: bool = True) -> dict[str, CheckResult]:
    """Deploy the sample component with planted mistakes and take every sample."""
    deployment_id = new_id()
    artefact = pack()
    variables = {"FAULTS": faults}
    started = runner.start(deployment_id, runner.open(deployment_id, artefact), variables, "/health")
    with ExitStack() as stack:

        def broken() -> str | None:
            trial = stack.enter_context(runner.trial(artefact, {**variables, **BROKEN_DATABASE}))
            return None if trial is None else f"{trial}/health"

        results = [
            *check_health_truth(runner.guard, f"{started.address}/health", broken if switch else None),
            check_log(runner.driver.log(deployment_id).tail),
            check_metrics(runner.guard, f"{started.address}/metrics"),
        ]
    return {result.check: result for result in results}


def test_a_good_component_passes_every_sample(runner: Runner, pack: Pack) -> None:
    results = sampled(runner, pack)

    assert {check: result.status for check, result in results.items()} == {
        "health": Status.PASSED,
        "runtime.health": Status.PASSED,
        "runtime.logs": Status.PASSED,
        "runtime.metrics": Status.PASSED,
    }


@pytest.mark.parametrize(
    ("fault", "check", "rule"),
    [
        ("lying-health", "runtime.health", "S-UNTRUE"),
        ("no-dependencies", "health", "S-DEPENDENCIES"),
        ("plain-log", "runtime.logs", "S-LOG-LINES"),
        ("no-log", "runtime.logs", "S-LOG-MISSING"),
        ("no-metrics", "runtime.metrics", "S-METRICS"),
        ("broken-metrics", "runtime.metrics", "S-METRICS"),
        ("double-type", "runtime.metrics", "S-METRICS-TWICE"),
    ],
)
def test_a_planted_mistake_fails_its_sample_and_no_other(
    runner: Runner, pack: Pack, fault: str, check: str, rule: str
) -> None:
    results = sampled(runner, pack, fault)

    assert {name for name, result in results.items() if result.status is Status.FAILED} == {check}
    assert [finding.rule for finding in results[check].findings] == [rule]


def test_without_a_test_switch_the_truth_of_the_health_endpoint_is_not_checked(
    runner: Runner, pack: Pack
) -> None:
    results = sampled(runner, pack, "lying-health", switch=False)

    assert results["runtime.health"].status is Status.NOT_CHECKED
    assert "测试开关" in results["runtime.health"].summary.zh
    assert results["health"].status is Status.PASSED
