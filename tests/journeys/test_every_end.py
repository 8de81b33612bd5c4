"""No end of a shipped process is left out by the journeys."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from tests.journeys.ends import DECLARED, shipped_ends

HERE = Path(__file__).parent


def test_every_end_of_every_process_is_reached_by_a_journey() -> None:
    for path in HERE.glob("test_*.py"):
        import_module(f"tests.journeys.{path.stem}")

    reached = set().union(*DECLARED.values())

    assert reached - shipped_ends() == set()
    assert shipped_ends() - reached == set()
