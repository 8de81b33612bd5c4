"""``zujian migrate-instances``: carry out a migration that two administrators agreed on."""

from __future__ import annotations

from uuid import UUID

import click

from webapp.cli.language import in_terminal, terminal_language
from webapp.cli.opening import opened_platform


@click.command(
    name="migrate-instances",
    help=in_terminal(
        "把运行中的办件迁移到新版本：执行已获同意的迁移申请，可中断后再次运行。",
        "Carry running instances over to a newer version, as a migration that was consented to says."
        " May be interrupted and run again.",
    ),
)
@click.argument("request_id", type=click.UUID)
@click.pass_context
def migrate_instances(context: click.Context, request_id: UUID) -> None:
    """Carry over instance by instance and say what became of each."""
    moved = stayed = 0
    language = terminal_language()
    with opened_platform() as platform:
        while verdicts := platform.engine.run_migration(platform.database, request_id):
            for verdict in verdicts:
                moved += verdict.is_movable
                stayed += not verdict.is_movable
                for reason in verdict.reasons:
                    click.secho(
                        f"{verdict.case_number}  [{reason.rule}]  {reason.message.in_(language)}", fg="red"
                    )
    click.echo(in_terminal(f"已迁移 {moved} 件，保留 {stayed} 件。", f"{moved} moved, {stayed} stayed."))
    if stayed:
        context.exit(1)
