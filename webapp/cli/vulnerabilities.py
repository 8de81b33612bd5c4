"""``zujian vulnerabilities``: import data sets of known vulnerabilities, of any size, and list them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from domain.vulnerabilities.queries import data_sets
from domain.vulnerabilities.service import DataSetInput, import_data_set
from handlers.assessment.rematch import rematch
from kernel.unit_of_work import perform
from webapp.cli.language import in_terminal
from webapp.cli.opening import opened_platform
from webapp.cli.samples import person_named


@click.group(help=in_terminal("漏洞数据集。", "Data sets of known vulnerabilities."))
def vulnerabilities() -> None:
    """Group the commands of the data sets."""


@vulnerabilities.command(
    "import", help=in_terminal("导入一个 OSV 数据集（zip）。", "Import an OSV data set (zip).")
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--ecosystem", required=True, help=in_terminal("OSV 生态名称，如 Maven。", "OSV ecosystem such as Maven.")
)
@click.option("--sha256", required=True, help=in_terminal("发布方给出的摘要。", "Digest as published."))
@click.option(
    "--date",
    "data_as_of",
    required=True,
    type=click.DateTime(["%Y-%m-%d"]),
    help=in_terminal("数据日期，如 2026-11-01。", "Date of the data, such as 2026-11-01."),
)
@click.option(
    "--as",
    "user_name",
    required=True,
    help=in_terminal("以此安全管理员的身份导入。", "User name of the security administrator who imports."),
)
def import_file(file: Path, ecosystem: str, sha256: str, data_as_of: datetime, user_name: str) -> None:
    """Import the file in place of the data set before, and say what came of it."""
    given = DataSetInput(
        ecosystem=ecosystem, sha256=sha256, data_as_of=data_as_of.date(), file_name=file.name
    )
    with opened_platform() as platform, file.open("rb") as source:
        actor = person_named(platform, user_name)
        imported = perform(
            platform.database,
            "vulnerability_data.import",
            actor,
            lambda session: import_data_set(session, actor, given, source),
            stream="system:baseline",
        )
        looked_at, fallen = (0, 0) if imported.is_unchanged else rematch(platform.database)
    if imported.is_unchanged:
        click.echo(in_terminal("该数据集已在用，未作改动。", "This very data set is in service already."))
    else:
        click.echo(in_terminal("已导入漏洞记录：", "Advisories imported: ") + str(imported.advisories))
        click.echo(
            in_terminal("重新比对的版本（超出基线）：", "Versions matched again (above the baseline): ")
            + f"{looked_at} ({fallen})"
        )


@vulnerabilities.command(
    "list", help=in_terminal("列出数据集及其日期。", "List the data sets and their dates.")
)
def list_data_sets() -> None:
    """Print the data sets in service."""
    with opened_platform() as platform, platform.database.read() as session:
        rows = data_sets(session, only_current=True)
    if not rows:
        click.echo(in_terminal("没有在用的数据集：依赖漏洞为未检测。", "None: dependencies are not checked."))
    for row in rows:
        click.echo(f"{row.ecosystem}\t{row.data_as_of}\t{row.advisories}\t{row.sha256}")
