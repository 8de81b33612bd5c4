"""Processes killed at random moments under load; engines with a fault; what the judge says of them.

The long form is ``make soak``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reliability.conftest import run_program
from tests.reliability.faults import FAULTS
from tests.reliability.load import FEWEST_KILLS

pytestmark = pytest.mark.slow

# What the judge must say of each fault, besides whatever else it finds.
SYMPTOMS = {
    "commit-too-early": {"state.tasks", "trail.task-completed"},
    "lost-retry": {"state.jobs"},
    "swallowed-conflict": {"ledger.two-winners", "state.tasks", "ledger.completion-lost"},
    "doubled-job": {"effect.count"},
    "audit-afterwards": {"trail.task-completed", "trail.job-completed", "trail.instance-started"},
}


def test_nothing_is_lost_doubled_or_stuck_when_processes_are_killed(
    both_databases: list[str], tmp_path: Path
) -> None:
    reports = run_program("load", str(tmp_path), *both_databases, "--seconds", "6")

    assert [report["violations"] for report in reports] == [[], []]
    assert all(report["kills"] >= FEWEST_KILLS for report in reports)
    assert all(report["counts"]["instances ended"] > 0 for report in reports)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_seeded_fault_is_found(fault: str, both_databases: list[str], tmp_path: Path) -> None:
    reports = run_program("load", str(tmp_path), *both_databases, "--fault", fault)

    for report in reports:
        found = {violation["rule"] for violation in report["violations"]}
        assert found & SYMPTOMS[fault], report
