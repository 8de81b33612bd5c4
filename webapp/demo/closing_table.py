"""The closing tables of the demo: one line per component, and one per tool that looked at them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich import box
from rich.table import Table

from kernel.language import Text
from webapp.demo.findings import Fate, ToolRun

STYLES = {"published": "green", "stopped": "yellow", "unexpected": "bold red"}


@dataclass(frozen=True, slots=True)
class Result:
    """How one component fared on its way to the market.

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


def closing_table(results: Iterable[tuple[Result, Fate]], language: str) -> Table:
    """Lay out how the components fared and what became of them."""
    table = _table(_COLUMNS, language)
    for result, fate in results:
        state = fate.state if result.kind == "published" else result.outcome
        table.add_row(
            f"{result.component} {result.version}",
            fate.form.in_(language),
            f"[{STYLES[result.kind]}]{state.in_(language)}[/]",
            fate.left.in_(language),
            fate.plan.in_(language),
            str(result.steps),
            str(result.rework_rounds),
            f"{result.checks_run} / {result.checks_stated} / {result.checks_not_run}",
            f"{fate.scan_seconds:.1f} s",
            f"{result.seconds:.1f} s",
        )
    return table


def tools_table(runs: Iterable[ToolRun], language: str) -> Table:
    """Lay out which tools ran how often, and for how long."""
    table = _table(_TOOL_COLUMNS, language)
    for run in runs:
        table.add_row(
            run.check.in_(language),
            run.tool,
            run.version,
            str(run.times),
            f"{run.seconds:.1f} s",
            run.outcomes.in_(language),
        )
    return table


def _table(columns: Iterable[tuple[Text, bool]], language: str) -> Table:
    table = Table(header_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for title, is_figure in columns:
        table.add_column(title.in_(language), justify="right" if is_figure else "left", overflow="fold")
    return table


_COLUMNS = (
    (Text("组件", "Component"), False),
    (Text("类别", "Kind"), False),
    (Text("状态", "State"), False),
    (Text("下架方式", "Left by"), False),
    (Text("应急预案", "Plan"), False),
    (Text("步骤", "Steps"), True),
    (Text("整改\n轮次", "Rework\nrounds"), True),
    (Text("检测：平台/\n人工/未检测", "Checks: platform/\nstated/not run"), True),
    (Text("其中安全\n评估", "Assess-\nment"), True),
    (Text("用时", "Time"), True),
)
_TOOL_COLUMNS = (
    (Text("检测项", "Check"), False),
    (Text("工具", "Tool"), False),
    (Text("版本", "Version"), False),
    (Text("次数", "Runs"), True),
    (Text("用时", "Time"), True),
    (Text("结果", "Results"), False),
)
