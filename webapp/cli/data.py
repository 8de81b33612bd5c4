"""Commands that prepare data: secret key, schema, processes, samples, imports."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from domain.catalogue.service import ImportReport
from kernel.database import Database
from kernel.settings import Settings
from webapp import schema
from webapp.catalogue.importing import import_file as import_components_file
from webapp.catalogue.importing import read_file
from webapp.cli.language import in_terminal, terminal_language
from webapp.cli.opening import data_dir, ensure_keys, opened_platform
from webapp.cli.samples import SAMPLE_IMPORTER, person_named, seed_samples
from webapp.cli.shipped import Outcome, deploy_shipped
from webapp.wiring import Platform


@click.command(help=in_terminal("建立数据目录和密钥。", "Make the data directory and its keys."))
def init() -> None:
    """Make the keys where there are none."""
    made = ensure_keys()
    click.echo(in_terminal("数据目录：", "Data directory: ") + str(data_dir()))
    if made:
        click.echo(in_terminal("已生成密钥。", "Keys were made."))


@click.command(help=in_terminal("把数据库升级到最新结构。", "Bring the database to the newest schema."))
def migrate() -> None:
    """Run the migrations."""
    ensure_keys()
    settings = Settings.from_environment()
    database = Database(settings.database_url, synchronous=settings.sqlite_synchronous)
    try:
        schema.upgrade(database)
    finally:
        database.dispose()
    make_private(settings)
    click.echo(in_terminal("数据库结构已是最新。", "The database is at the newest schema."))


@click.command(help=in_terminal("部署有变化的自带流程。", "Deploy the shipped processes that changed."))
@click.option(
    "--replace",
    is_flag=True,
    help=in_terminal("连同管理员改过的流程一并替换。", "Replace processes that administrators changed, too."),
)
def deploy(replace: bool) -> None:
    """Deploy what changed and say what was done with each process."""
    with opened_platform() as platform:
        say_deployments(platform, replace=replace, quiet=False)


@click.command(help=in_terminal("载入示例人员和示例组件。", "Load the sample people and components."))
def seed() -> None:
    """Add the samples where they are missing."""
    with opened_platform() as platform:
        seed_samples(platform)


@click.command(
    "import", help=in_terminal("从 JSON 或 Excel 文件导入组件。", "Import components from JSON or Excel.")
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--as",
    "user_name",
    default=SAMPLE_IMPORTER,
    show_default=True,
    help=in_terminal("以此用户名的发布单位人员身份导入。", "User name of who imports, of a releasing unit."),
)
@click.option(
    "--dry-run",
    "rehearse",
    is_flag=True,
    help=in_terminal("试导入：只报告，不保存。", "Say what an import would do and keep nothing."),
)
@click.pass_context
def import_file(context: click.Context, file: Path, user_name: str, rehearse: bool) -> None:
    """Import the records; attachments are looked for in the folder of the file."""
    with opened_platform() as platform:
        actor = person_named(platform, user_name)
        read = read_file(platform, file.read_bytes(), file.name)
        root = file.resolve().parent
        report = import_components_file(platform, actor, read, attachments_root=root, rehearse=rehearse)
    say_import(report, read.place)
    if report.count("refused"):
        context.exit(1)


def prepare() -> None:
    """Do everything that a first start needs; what was done before is passed over quickly."""
    settings = Settings.from_environment()
    database = Database(settings.database_url, synchronous=settings.sqlite_synchronous)
    try:
        if not schema.is_current(database):
            click.echo(in_terminal("==> 数据库结构", "==> database schema"))
            schema.upgrade(database)
    finally:
        database.dispose()
    make_private(settings)
    with opened_platform() as platform:
        say_deployments(platform, replace=False, quiet=True)
        seed_samples(platform, quiet=True)


def make_private(settings: Settings) -> None:
    """Let only the owner read an embedded database, wherever it lies."""
    for path in settings.data_dir.glob("*.sqlite3*"):
        path.chmod(0o600)


def say_deployments(platform: Platform, *, replace: bool, quiet: bool) -> None:
    """Deploy the shipped processes and print what became of each."""
    words = {
        Outcome.DEPLOYED: in_terminal("已部署", "deployed"),
        Outcome.UNCHANGED: in_terminal("无变化", "unchanged"),
        Outcome.CHANGED_HERE: in_terminal(
            "管理员改过，未替换（--replace 可替换）",
            "changed by administrators, left alone (--replace does it)",
        ),
    }
    for done in deploy_shipped(platform, replace=replace):
        if not quiet or done.outcome is not Outcome.UNCHANGED:
            version = f" v{done.version}" if done.version else ""
            click.echo(
                in_terminal("==> 流程 ", "==> process ") + f"{done.key}{version}: {words[done.outcome]}"
            )


def say_import(report: ImportReport, place: Callable[[int, str], str]) -> None:
    """Print one line per record and every broken rule with its place and cure."""
    language = terminal_language()
    words = {
        "created": in_terminal("已导入", "imported"),
        "unchanged": in_terminal("未改动", "unchanged"),
        "refused": in_terminal("未导入", "refused"),
    }
    for row in report.rows:
        colour = "red" if row.outcome == "refused" else None
        label = f"{row.index + 1}. {row.name or '—'} {row.version}: {words[row.outcome]}"
        click.secho(label, fg=colour)
        for breach in row.breaches:
            rule = f"[{breach.rule_id}, {breach.clause}]"
            click.echo(f"   {place(row.index, breach.path)}  {rule}  {breach.message.in_(language)}")
            click.echo(f"      {in_terminal('改法：', 'mend: ')}{breach.mend.in_(language)}")
        for notice in row.notices:
            click.echo(f"   {notice.path}  {notice.message.in_(language)}")
    counts = ", ".join(f"{word} {report.count(outcome)}" for outcome, word in words.items())
    click.echo(counts)
