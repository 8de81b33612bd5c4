"""``zujian demo``: watch the sample components go from creation to publication."""

from __future__ import annotations

import click

from webapp.cli.language import in_terminal


@click.command(
    help=in_terminal(
        "在终端中演示示例组件从创建到发布的全过程。",
        "Drive the sample components from creation to publication, in the terminal.",
    )
)
@click.option(
    "--database",
    "database_url",
    help=in_terminal(
        "使用并保留此数据库，而非临时数据库。", "Use and keep this database instead of a temporary one."
    ),
)
@click.option(
    "--only", multiple=True, help=in_terminal("只演示此名称的组件。", "Only the component of this name.")
)
@click.pass_context
def demo(context: click.Context, database_url: str | None, only: tuple[str, ...]) -> None:
    """Run the demonstration; the exit code says whether everything went as it should."""
    # Imported here: the demonstration is a program of its own that no other command needs.
    from webapp.demo.showing import run

    context.exit(run(database_url, only=only))
