"""The reference page names every topic, template, check and rule of the handlers."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

import handlers
import handlers.checks
from domain.checks.names import CHECK_TEXT
from engine.api import Registry
from handlers.checks.results import Rule
from handlers.notices import TEMPLATES
from kernel.files import FileStore
from kernel.settings import Settings

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "topics.md"


def named() -> set[str]:
    return set(re.findall(r"`([^`\n]+)`", PAGE.read_text(encoding="utf-8")))


def registry(folder: Path) -> Registry:
    filled = Registry()
    settings = Settings(data_dir=folder, database_url="sqlite://", secret_key="x" * 32, processes_dir=folder)
    handlers.register_all(filled, settings=settings, files=FileStore(folder))
    return filled


def rules() -> set[str]:
    packages = [(handlers.__path__, "handlers."), (handlers.checks.__path__, "handlers.checks.")]
    names = [prefix + found.name for path, prefix in packages for found in pkgutil.iter_modules(path)]
    modules = [importlib.import_module(name) for name in names]
    return {value.id for module in modules for value in vars(module).values() if isinstance(value, Rule)}


def test_every_topic_and_parameter_is_in_the_reference(tmp_path: Path) -> None:
    known = registry(tmp_path)
    contracts = [*known.topics(), *known.listener_topics()]

    parameters = {
        parameter.name if parameter.required else f"{parameter.name}?"
        for contract in contracts
        for parameter in contract.parameters
    }
    assert {contract.topic for contract in contracts} - named() == set()
    assert parameters - named() == set()


def test_every_template_check_and_rule_is_in_the_reference() -> None:
    assert set(TEMPLATES) - named() == set()
    assert set(CHECK_TEXT) - named() == set()
    assert rules() - named() == set()
