"""Many processes at the same moment: one task has one winner, one instance takes them all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reliability.conftest import run_program

PEOPLE = 16


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_of_many_processes_that_complete_one_task_exactly_one_wins(
    kind: str, both_databases: list[str], tmp_path: Path
) -> None:
    url = both_databases[kind == "postgresql"]

    found = run_program("races", str(tmp_path), url, "same-task", "--people", str(PEOPLE))

    assert found == {"won": 1, "conflict": PEOPLE - 1, "broken": 0, "violations": 0}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_many_processes_that_complete_tasks_of_one_instance_all_succeed(
    kind: str, both_databases: list[str], tmp_path: Path
) -> None:
    url = both_databases[kind == "postgresql"]

    found = run_program("races", str(tmp_path), url, "same-instance", "--people", str(PEOPLE))

    assert found == {"won": PEOPLE, "conflict": 0, "broken": 0, "violations": 0}
