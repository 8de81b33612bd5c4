"""Commands about the use of components: orders that were granted elsewhere, calls from a gateway's log."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from kernel.errors import FieldProblem
from kernel.unit_of_work import perform
from webapp.cli.language import in_terminal, terminal_language
from webapp.cli.opening import opened_platform
from webapp.cli.samples import person_named
from webapp.orders.importing import import_calls, import_orders, read_rows

_FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_AS = click.option(
    "--as",
    "user_name",
    required=True,
    help=in_terminal("以此用户名的运营方人员身份导入。", "User name of who imports, of the operator."),
)


@click.command(
    "import-orders", help=in_terminal("登记 JSON 文件中的订单。", "Register orders from a JSON file.")
)
@_FILE
@_AS
@click.pass_context
def orders_file(context: click.Context, file: Path, user_name: str) -> None:
    """Register the orders of a file; print each refused row with its problems."""
    with opened_platform() as platform:
        actor, rows = person_named(platform, user_name), read_rows(file.read_bytes())
        results = perform(
            platform.database,
            "order.register",
            actor,
            lambda session: import_orders(session, actor, rows),
        )
    _say(context, [(result.number, result.outcome, result.problems) for result in results])


@click.command(
    "import-calls", help=in_terminal("导入网关调用日志。", "Take in calls from the log of a gateway.")
)
@_FILE
@_AS
@click.option("--source", required=True, help=in_terminal("日志来源名称。", "Name of the source of the log."))
@click.pass_context
def calls_file(context: click.Context, file: Path, user_name: str, source: str) -> None:
    """Take in the lines of a log; print each refused line with its problems."""
    with opened_platform() as platform:
        actor, rows = person_named(platform, user_name), read_rows(file.read_bytes())
        results = perform(
            platform.database,
            "usage.record",
            actor,
            lambda session: import_calls(session, actor, rows, source),
        )
    _say(context, [(result.number, result.outcome, result.problems) for result in results])


def _say(context: click.Context, results: Iterable[tuple[int, str, Iterable[FieldProblem]]]) -> None:
    """Print what was refused, then how many of each there were; refused rows make the exit code 1."""
    counts: dict[str, int] = {}
    for number, outcome, problems in results:
        counts[outcome] = counts.get(outcome, 0) + 1
        for problem in problems:
            sentence = problem.message.in_(terminal_language())
            click.echo(f"{number}. {problem.path or '—'}  [{problem.rule}]  {sentence}", err=True)
    words = {
        "registered": in_terminal("已登记", "registered"),
        "recorded": in_terminal("已记录", "recorded"),
        "known": in_terminal("已有", "known before"),
        "refused": in_terminal("未导入", "refused"),
    }
    click.echo(", ".join(f"{words[outcome]} {count}" for outcome, count in sorted(counts.items())))
    if counts.get("refused"):
        context.exit(1)
