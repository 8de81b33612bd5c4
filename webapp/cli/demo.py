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
@click.pass_context
def demo(context: click.Context) -> None:
    """Run the demonstration; the exit code says whether everything went as it should."""
    # Imported here: the demonstration is a program of its own that no other command needs.
    from webapp.demo import run

    context.exit(run())
