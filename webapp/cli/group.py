"""The edge of every command: what the platform refuses becomes a sentence and an exit code."""

from __future__ import annotations

from typing import Any

import click

from kernel.errors import Invalid, PlatformError
from kernel.settings import SettingsError
from webapp.cli.language import in_terminal, terminal_language

REFUSED, MISCONFIGURED = 1, 2


class CommandGroup(click.Group):
    """A group whose commands end with a readable refusal instead of a trace."""

    def invoke(self, context: click.Context) -> Any:
        """Run the command; say what was refused, with every problem that it names."""
        try:
            return super().invoke(context)
        except PlatformError as error:
            say_refusal(error)
            context.exit(MISCONFIGURED if isinstance(error, SettingsError) else REFUSED)


def say_refusal(error: PlatformError) -> None:
    """Print the message of an error and its problems, one a line, with rule and cure."""
    language = terminal_language()
    click.secho(error.message.in_(language), fg="red", err=True)
    for problem in error.problems if isinstance(error, Invalid) else ():
        line = f"  {problem.path or '—'}  [{problem.rule}]  {problem.message.in_(language)}"
        if problem.mend:
            line += in_terminal("；改法：", "; mend: ") + problem.mend.in_(language)
        click.echo(line, err=True)
