"""``zujian demo``: watch the sample components go from creation to publication, and four of them leave."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import click

from domain.samples.components import sample_records
from kernel.clock import SHANGHAI
from kernel.settings import default_data_dir
from webapp.cli.language import in_terminal
from webapp.logs import configure_logging


@click.command(
    help=in_terminal(
        "在终端中演示示例组件从创建到发布、备案、下架的全过程，结果可在浏览器中查看。",
        "Drive the sample components from creation to publication, file their plans and delist four of them, "
        "in the terminal; the result can be served.",
    )
)
@click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help=in_terminal("空的数据目录，默认新建一个。", "An empty data directory; by default one is made."),
)
@click.option(
    "--database",
    "database_url",
    help=in_terminal("使用此空数据库，而非目录中的 SQLite。", "An empty database to use instead of SQLite."),
)
@click.option(
    "--only",
    multiple=True,
    type=click.Choice([record["name"] for record in sample_records()]),
    metavar="NAME",
    help=in_terminal("只演示此名称的组件。", "Only the component of this name."),
)
@click.pass_context
def demo(
    context: click.Context, data_dir: Path | None, database_url: str | None, only: tuple[str, ...]
) -> None:
    """Run the demonstration; the exit code says whether everything went as it should."""
    # Imported here: the demonstration is a program of its own that no other command needs.
    from webapp.demo.showing import run

    # What goes well is shown in the tables; the log would run through the progress bars.
    configure_logging(level="warning")
    folder = (data_dir or _new_folder()).expanduser().absolute()
    context.exit(run(database_url, data_dir=folder, only=only))


def _new_folder() -> Path:
    """Return a folder beside the usual data directory, named by the minute."""
    usual = Path(default_data_dir(os.environ))
    return usual.with_name(f"{usual.name}-demo-{datetime.now(SHANGHAI):%Y%m%d-%H%M%S}")
