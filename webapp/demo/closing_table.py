"""The closing table of the demo: one line per component."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich import box
from rich.table import Table

from kernel.language import Text

STYLES = {"published": "green", "stopped": "yellow", "unexpected": "bold red"}


@dataclass(frozen=True, slots=True)
class Result:
    """How one component fared.

    ``kind`` is published, stopped or unexpected. ``checks_run`` were run by the platform,
    ``checks_stated`` by people, ``checks_not_run`` by nobody. ``seconds`` are of the wall clock.
    """

    component: str
    version: str
    kind: str
    outcome: Text
    steps: int
    rework_rounds: int
    checks_run: int
    checks_stated: int
    checks_not_run: int
    seconds: float


def closing_table(results: Iterable[Result], language: str) -> Table:
    """Lay the results out as a table."""
    table = Table(header_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for title, justify in _COLUMNS:
        table.add_column(title.in_(language), justify="right" if justify else "left", overflow="fold")
    for result in results:
        table.add_row(
            f"{result.component} {result.version}",
            str(result.steps),
            str(result.rework_rounds),
            f"{result.checks_run} / {result.checks_stated} / {result.checks_not_run}",
            f"[{STYLES[result.kind]}]{result.outcome.in_(language)}[/]",
            f"{result.seconds:.1f} s",
        )
    return table


_COLUMNS = (
    (Text("组件", "Component"), False),
    (Text("步骤", "Steps"), True),
    (Text("整改\n轮次", "Rework\nrounds"), True),
    (Text("检测：平台/\n人工/未检测", "Checks: platform/\nstated/not run"), True),
    (Text("结果", "Outcome"), False),
    (Text("用时", "Time"), True),
)
