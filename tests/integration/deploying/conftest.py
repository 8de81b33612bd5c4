"""A driver whose processes all end with the test, and sample archives to run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from domain.samples.services.packing import python_archive
from handlers.deploying.local import LocalDriver, LocalLimits
from handlers.deploying.running import Artefact, Runner

Pack = Callable[..., Artefact]


@pytest.fixture
def driver(tmp_path: Path) -> Iterator[LocalDriver]:
    """Give a driver with little patience; whatever it started is ended."""
    driver = LocalDriver(tmp_path / "deployments", LocalLimits(grace_seconds=1.0, log_bytes=64 * 1024))
    yield driver
    for deployment_id in driver.known():
        driver.stop(deployment_id)


@pytest.fixture
def runner(driver: LocalDriver) -> Runner:
    """Give a runner on that driver."""
    return Runner(driver, start_seconds=30.0)


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    """Pack the sample component, or store any bytes, as an artefact."""

    def packed(content: bytes | None = None, name: str = "component.zip", **manifest: object) -> Artefact:
        path = tmp_path / name
        path.write_bytes(python_archive("component", manifest) if content is None else content)
        return Artefact(path, name, "0" * 64)

    return packed
