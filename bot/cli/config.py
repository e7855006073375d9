"""The command `linernotes config`, and the options of settings."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.command import Command
from bot.cli.printing import print_lines
from bot.cli.program import read_config
from bot.settings import SETTINGS, nearest_variable, unknown_variables

if TYPE_CHECKING:
    from bot.config import Config

FILE = click.option(
    "--config",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A TOML file with settings, instead of LINERNOTES_CONFIG or ./linernotes.toml.",
)
API = click.option("--api", metavar="URL", help="The HTTP API of a stand-in for Discord.")
GATEWAY = click.option("--gateway", metavar="URL", help="The gateway of a stand-in for Discord.")


@click.command(cls=Command)
@FILE
def config(path: Path | None) -> None:
    """Show every setting in force and where it came from; the token is masked."""
    click.echo(describe(read_config(path)))
    for name in unknown_variables(os.environ):
        near = nearest_variable(name)
        meant = f"did you mean {near}?" if near else "is it misspelt?"
        print_lines([f"{name} is set, but it is no setting; {meant}"], err=True)


def describe(config: Config) -> str:
    """Return the settings as a table: name, value, origin."""
    # The default folder is another on each machine, so it is named.
    shown = {**config.displayed, "data_dir": str(config.data_dir)}
    rows = [(s.name, shown[s.name], config.origins[s.name]) for s in SETTINGS]
    names, values = (max(len(row[column]) for row in rows) for column in (0, 1))
    return "\n".join(f"{n:{names}}  {value:{values}}  {origin}" for n, value, origin in rows)
