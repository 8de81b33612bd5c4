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


@pytest.fixture
def bench(tmp_path: Path, scratch: Path) -> Workbench:
    """Give a workbench that may probe this machine only."""
    guard = probe_guard((ipaddress.ip_network("127.0.0.0/8"),))
    return Workbench(FileStore(tmp_path / "files"), guard, scratch)
