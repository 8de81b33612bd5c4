"""The clock of the demo, and what it makes of how the components fared."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.delisting.kinds import Kind
from kernel.language import Text
from webapp.demo.answers import RETURNED_ONCE
from webapp.demo.closing_table import Result
from webapp.demo.expected import deviations
from webapp.demo.findings import Fate
from webapp.demo.story import LATE, LEAVING
from webapp.demo.story_clock import StoryClock

ONBOARDED = Result("甲", "1.0.0", "published", Text("已发布", "Published"), 40, 0, 10, 3, 0, 1.0)
STAYS = Fate(
    form=Text("智能体", "Agent"),
    state=Text("已发布", "Published"),
    is_live=True,
    left=Text("—", "—"),
    left_by=None,
    plan=Text("按时", "On time"),
    is_plan_on_time=True,
    scan_seconds=1.0,
)
LEFT = replace(STAYS, is_live=False)


def told(name: str, fate: Fate, **result: object) -> list[str]:
    """Return what is said of a component whose name is this."""
    one = replace(ONBOARDED, component=name, **result)  # type: ignore[arg-type]  # fields of a result
    return [text.en for text in deviations([(one, fate)])]


def test_the_clock_leaps_forward_and_never_beyond_today() -> None:
    clock = StoryClock(timedelta(days=10))
    began = clock.now()

    clock.leap(timedelta(days=4))
    after = clock.now()
    clock.leap(timedelta(days=100))

    assert timedelta(days=4) <= after - began < timedelta(days=4, minutes=1)
    assert clock.left == timedelta(0)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_component_that_stays_leaves_or_is_sent_back_as_it_should_is_no_deviation() -> None:
    assert told("甲", STAYS) == []
    assert told(RETURNED_ONCE, STAYS, rework_rounds=1) == []
    assert told(LATE, replace(STAYS, is_plan_on_time=False)) == []
    for name, kind in LEAVING.items():
        assert told(name, replace(LEFT, left_by=kind)) == []


@pytest.mark.parametrize(
    ("name", "fate", "result"),
    [
        ("甲", STAYS, {"kind": "stopped"}),
        ("甲", STAYS, {"rework_rounds": 1}),
        (RETURNED_ONCE, STAYS, {}),
        ("甲", replace(STAYS, is_plan_on_time=None), {}),
        ("甲", replace(STAYS, is_plan_on_time=False), {}),
        (LATE, STAYS, {}),
        ("甲", replace(LEFT, left_by=Kind.IDLE), {}),
        ("城市地图服务", STAYS, {}),
        ("城市地图服务", replace(LEFT, left_by=Kind.FORCED), {}),
    ],
)
def test_whatever_else_happens_is_a_deviation(name: str, fate: Fate, result: dict[str, object]) -> None:
    assert len(told(name, fate, **result)) == 1
