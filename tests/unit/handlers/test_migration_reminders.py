"""The reminders of a voluntary delisting after days on which nothing ran."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from domain.catalogue import queries
from domain.delisting import queries as case_queries
from handlers.delisting import migration
from kernel.clock import ManualClock, use_clock

OFFLINE_AT = datetime(2026, 12, 30, 16, tzinfo=UTC)  # the 31st in Shanghai


@pytest.mark.parametrize(("today", "told"), [(1, "reminder 30 2026-12-31"), (3, "reminder 30 2026-12-31")])
def test_a_reminder_whose_day_was_missed_is_sent_by_the_next_run(
    monkeypatch: pytest.MonkeyPatch, today: int, told: str
) -> None:
    case = SimpleNamespace(
        id="c-1",
        version_id="v-1",
        instance_id="i-1",
        takedown_at=OFFLINE_AT,
        approved_at=datetime(2026, 8, 1, tzinfo=UTC),
        grounds={},
    )
    kinds: list[str] = []

    def tell(_session: Any, _detail: Any, _case_id: Any, kind: str, *_words: Any, **_more: Any) -> int:
        kinds.append(kind)
        return 1

    monkeypatch.setattr(case_queries, "in_migration", lambda _session: [case])
    version = SimpleNamespace(name="统一网络资源服务", version="1.2.0")
    monkeypatch.setattr(queries, "version_detail", lambda *_given: version)
    monkeypatch.setattr(migration, "tell_holders", tell)
    apply = migration.remind(None).apply  # type: ignore[arg-type]  # nothing of the job is read
    assert apply is not None

    with use_clock(ManualClock(datetime(2026, 12, today, 1, tzinfo=UTC))):
        answer = apply(None)  # type: ignore[arg-type]  # nor of the session

    assert (kinds, answer) == ([told], {"found": 1, "started": 1})
