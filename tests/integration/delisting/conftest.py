"""A house with the four delistings in service, for each test an empty one."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from domain.people import passwords
from kernel.clock import ManualClock
from tests.integration.delisting.house import House
from webapp.wiring import Platform


@pytest.fixture
def house(platform: Platform, clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> House:
    """A platform with the sample people; tests deploy what they need."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", quick)
    return House(platform, clock).seed()
