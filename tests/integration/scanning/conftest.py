"""What tests of the scans share: a workbench with a store of its own."""

from __future__ import annotations

import ipaddress
from pathlib import Path

import pytest

from handlers.checks.addresses import probe_guard
from handlers.scanning.bench import Workbench
from kernel.files import FileStore


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """Give the folder in which private folders are made; it must be empty after every scan."""
    return tmp_path / "scratch"


@pytest.fixture(scope="session")
def tool_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of unpacked tools, shared by all tests: unpacking takes a while."""
    return tmp_path_factory.mktemp("tool-cache")


@pytest.fixture
def bench(tmp_path: Path, scratch: Path, tool_cache: Path) -> Workbench:
    """Give a workbench that may probe this machine only."""
    guard = probe_guard((ipaddress.ip_network("127.0.0.0/8"),))
    return Workbench(FileStore(tmp_path / "files"), guard, scratch, tool_cache)
