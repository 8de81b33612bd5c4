"""Every shipped process passes what the platform asks before it deploys: handlers, forms, soundness."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.api import Registry
from engine.definitions.contract_rules import contract_problems
from engine.definitions.files import deployable, file_problems
from engine.definitions.form_rules import forms_problems
from engine.verification.second_opinion import second_opinion
from engine.verification.soundness import verify_soundness
from handlers import register_all
from kernel.files import FileStore
from kernel.settings import Settings
from tests.processes.story import PROCESSES, shipped_net

KEYS = sorted(shipped_net().processes)


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    """The handlers, listeners and roles of the platform."""
    registry = Registry()
    settings = Settings(
        data_dir=tmp_path, database_url="sqlite://", secret_key="unused", processes_dir=PROCESSES
    )
    register_all(registry, settings=settings, files=FileStore(tmp_path))
    return registry


def files_of(key: str) -> dict[str, bytes]:
    """Read the folder of a process as it is deployed."""
    folder = PROCESSES / key
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return deployable(files)


@pytest.mark.parametrize("key", KEYS)
def test_handlers_listeners_and_roles_exist_with_their_parameters(key: str, registry: Registry) -> None:
    assert list(contract_problems(shipped_net().processes[key], registry)) == []


@pytest.mark.parametrize("key", KEYS)
def test_folder_and_forms_can_be_deployed(key: str) -> None:
    files = files_of(key)

    assert list(file_problems(key, files)) == []
    assert list(forms_problems(shipped_net().processes[key], files)) == []


@pytest.mark.parametrize("key", KEYS)
def test_every_state_can_reach_an_end(key: str) -> None:
    report = verify_soundness(shipped_net(), key)

    assert report.is_sound, report.violations


@pytest.mark.parametrize("key", KEYS)
def test_spiffworkflow_walks_the_same_ways(key: str) -> None:
    diagrams = {path.name: path.read_bytes() for path in PROCESSES.glob("*/*.bpmn")}

    opinion = second_opinion(shipped_net(), key, diagrams)

    assert opinion.walks
    assert opinion.differences == ()
