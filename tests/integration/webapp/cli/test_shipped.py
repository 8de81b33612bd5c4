"""Shipped processes: deployed when they changed, never over what administrators did."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kernel.actor import system_actor
from kernel.ids import new_id
from kernel.settings import Settings
from webapp.cli.shipped import Outcome, deploy_shipped, in_calling_order
from webapp.wiring import Platform, build_platform

KEY = "component-publishing"


@pytest.fixture
def platform(settings: Settings, tmp_path: Path) -> Iterator[Platform]:
    """Wire a platform whose shipped processes can be edited."""
    folder = tmp_path / "processes"
    shutil.copytree(settings.processes_dir / KEY, folder / KEY)
    platform = build_platform(replace(settings, processes_dir=folder))
    yield platform
    platform.close()


def edit(platform: Platform) -> dict[str, bytes]:
    """Change the name of the process and return its files."""
    folder = platform.settings.processes_dir / KEY
    path = folder / f"{KEY}.bpmn"
    path.write_text(path.read_text(encoding="utf-8").replace("组件发布", "组件发布改"), encoding="utf-8")
    forms = {f"forms/{form.name}": form.read_bytes() for form in (folder / "forms").glob("*.json")}
    return {path.name: path.read_bytes(), **forms}


def outcomes(platform: Platform, *, replacing: bool = False) -> list[tuple[Outcome, int | None]]:
    return [(done.outcome, done.version) for done in deploy_shipped(platform, replace=replacing)]


def test_a_changed_process_becomes_the_next_version(platform: Platform) -> None:
    first, again = outcomes(platform), outcomes(platform)
    edit(platform)

    assert first == [(Outcome.DEPLOYED, 1)]
    assert again == [(Outcome.UNCHANGED, 1)]
    assert outcomes(platform) == [(Outcome.DEPLOYED, 2)]


def test_what_an_administrator_deployed_stays_in_service(platform: Platform) -> None:
    outcomes(platform)
    files = edit(platform)
    administrator = replace(
        system_actor("administrator", frozenset({"definition.deploy"})), person_id=new_id()
    )
    with platform.database.write() as session:
        platform.engine.deploy_files(session, administrator, KEY, files, "renamed")

    left_alone = outcomes(platform)
    replaced = outcomes(platform, replacing=True)

    assert left_alone == [(Outcome.CHANGED_HERE, 2)]
    assert replaced[0][0] is Outcome.DEPLOYED


def test_a_called_process_comes_before_its_caller() -> None:
    calls = b'<a xmlns="urn:x"><callActivity calledElement="called"/></a>'
    processes = {"caller": {"caller.bpmn": calls}, "called": {"called.bpmn": b"<a/>"}}

    assert in_calling_order(processes) == ["called", "caller"]
