"""The desk that the engine's tests work at."""

from __future__ import annotations

import pytest

from kernel.clock import ManualClock
from kernel.database import Database
from tests.integration.engine.desk import Desk


@pytest.fixture
def desk(database: Database, clock: ManualClock) -> Desk:
    """Give a desk on an empty database."""
    return Desk(database, clock)
