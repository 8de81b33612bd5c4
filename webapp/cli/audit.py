"""``zujian audit``: prove that the trail is whole."""

from __future__ import annotations

import click

from kernel.audit import verification
from webapp.cli.language import in_terminal, terminal_language
from webapp.cli.opening import opened_platform


@click.group(help=in_terminal("审计记录。", "The audit trail."))
def audit() -> None:
    """Hold the commands of the audit trail."""


@audit.command(help=in_terminal("校验全部（或一条）记录链。", "Verify every chain of the trail, or one."))
@click.option("--stream", help=in_terminal("只校验这一条记录链。", "Verify this chain only."))
@click.pass_context
def verify(context: click.Context, stream: str | None) -> None:
    """Check every link and say what is broken and where."""
    with opened_platform() as platform, platform.database.read() as session:
        result = verification.verify(session, stream)
    language = terminal_language()
    for found in result.breaks:
        click.secho(f"{found.stream}  #{found.sequence}  {found.what.in_(language)}", fg="red")
    figures = in_terminal(
        f"共 {result.checked_streams} 条记录链、{result.checked_events} 条记录",
        f"{result.checked_events} events in {result.checked_streams} chains",
    )
    if result.ok:
        click.secho(figures + in_terminal("，全部完好。", ": all whole."), fg="green")
        return
    count = len(result.breaks)
    click.secho(figures + in_terminal(f"，发现 {count} 处异常。", f": {count} breaks found."), fg="red")
    context.exit(1)
