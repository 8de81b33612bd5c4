"""What the samples should show at the end, and what differs from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kernel.language import Text
from webapp.demo.answers import RETURNED_ONCE
from webapp.demo.closing_table import Result
from webapp.demo.findings import Fate
from webapp.demo.story import LATE, LEAVING, is_told_of


def deviations(told: Iterable[tuple[Result, Fate]]) -> Iterator[Text]:
    """Yield what differs from what the samples should show.

    Every kind reaches the market, one component after exactly one round of rework. Four leave it, each by
    its way, the others stay; one plan is filed late.
    """
    pairs = list(told)
    time_passed = is_told_of({result.component: None for result, _ in pairs})
    for result, fate in pairs:
        rounds = 1 if result.component == RETURNED_ONCE else 0
        if result.kind != "published" or result.rework_rounds != rounds:
            yield Text(
                f"{result.component}：与预期不符（{result.outcome.zh}，整改 {result.rework_rounds} 轮）",
                f"{result.component} is not as expected: {result.outcome.en}, rework {result.rework_rounds}",
            )
        else:
            yield from _later(result.component, fate, time_passed=time_passed)


def _later(name: str, fate: Fate, *, time_passed: bool) -> Iterator[Text]:
    """Yield what differs in the market and on the way out of it."""
    leaves_by = LEAVING.get(name) if time_passed else None
    if fate.left_by != leaves_by or fate.is_live != (leaves_by is None):
        yield Text(
            f"{name}：应为{'已下架' if leaves_by else '已发布'}，实为“{fate.state.zh}”（{fate.left.zh}）",
            f"{name} should be {'delisted' if leaves_by else 'published'}, "
            f"but is “{fate.state.en}” ({fate.left.en})",
        )
    if fate.is_plan_on_time is not (name != LATE):
        yield Text(
            f"{name}：应急预案备案与预期不符（{fate.plan.zh}）",
            f"The emergency plan of {name} is not as expected: {fate.plan.en}",
        )
