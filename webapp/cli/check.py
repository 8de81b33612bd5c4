"""``zujian check``: look at a diagram as a deployment would, and change nothing."""

from __future__ import annotations

from pathlib import Path

import click

from engine.api import CheckReport
from webapp.cli.language import in_terminal, terminal_language
from webapp.cli.opening import opened_platform


@click.command(
    help=in_terminal(
        "按部署规则检查一个 BPMN 文件，不作任何改动。", "Check a BPMN file as a deployment would."
    )
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_context
def check(context: click.Context, file: Path) -> None:
    """Print what stands against deploying the file, with its forms from the folder beside it."""
    with opened_platform() as platform, platform.database.read() as session:
        report = platform.engine.check_files(session, file.stem, definition_files(file))
    say_report(report)
    if not report.is_deployable:
        context.exit(1)


def definition_files(diagram: Path) -> dict[str, bytes]:
    """Read a diagram with the forms and decisions beside it, named as the engine names them."""
    folder = diagram.parent
    others = sorted([*(folder / "forms").glob("*.json"), *(folder / "decisions").glob("*.dmn")])
    files = {f"{diagram.stem}.bpmn": diagram.read_bytes()}
    return files | {other.relative_to(folder).as_posix(): other.read_bytes() for other in others}


def say_report(report: CheckReport) -> None:
    """Print every finding, what was proved, and what could not be compared."""
    language = terminal_language()
    for problem in report.problems:
        colour = "red" if problem.severity == "error" else "yellow"
        click.secho(
            f"{problem.element_id or '—'}  [{problem.rule}]  {problem.message.in_(language)}", fg=colour
        )
        click.echo(f"    {problem.cure.in_(language)}")
    for sentence in (report.soundness, report.second_opinion):
        if sentence:
            click.echo(sentence.in_(language))
    for item in report.not_cross_checked:
        click.echo(in_terminal("未比对：", "Not cross-checked: ") + item.in_(language))
    if report.is_deployable:
        click.secho(in_terminal("可以部署。", "It can be deployed."), fg="green")
    else:
        click.secho(in_terminal("不能部署。", "It cannot be deployed."), fg="red")
