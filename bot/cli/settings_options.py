"""The settings of a command: read from options, environment and file; and `linernotes config`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.config import Config
from bot.settings import SETTINGS, unknown_variables

if TYPE_CHECKING:
    from collections.abc import Mapping

BESIDE = Path("linernotes.toml")
"""The settings file that is read where the bot is started, if it is there."""

FILE = click.option(
    "--config",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A TOML file with settings, instead of LINERNOTES_CONFIG or ./linernotes.toml.",
)
API = click.option("--api", metavar="URL", help="The HTTP API of a stand-in for Discord.")
GATEWAY = click.option("--gateway", metavar="URL", help="The gateway of a stand-in for Discord.")
OPTIONS = (GATEWAY, API, FILE)
"""Those of a command that speaks to Discord, the last one first."""


@click.command("config")
@FILE
def config_command(path: Path | None) -> None:
    """Show every setting in force and where it came from; the token is masked."""
    click.echo(describe(read_config(os.environ, path, {})))
    for name in unknown_variables(os.environ):
        click.echo(f"{name} is set, but it is no setting; is it misspelt?", err=True)


def read_config(
    env: Mapping[str, str], path: Path | None, given: Mapping[str, str | None]
) -> Config:
    """Read the settings; options given on the command line win over everything.

    The settings file is `path`, else what LINERNOTES_CONFIG names, else `BESIDE` if it is there.
    """
    options = {f"LINERNOTES_{name.upper()}": text for name, text in given.items() if text}
    named = env.get("LINERNOTES_CONFIG", "").strip()
    beside = BESIDE if BESIDE.exists() else None
    return Config.from_env({**env, **options}, path or (Path(named) if named else beside))


def describe(config: Config) -> str:
    """Return the settings as a table: name, value, where from."""
    rows = [(s.name, config.shown[s.name], config.origins[s.name]) for s in SETTINGS]
    names, values = (max(len(row[column]) for row in rows) for column in (0, 1))
    return "\n".join(f"{n:{names}}  {value:{values}}  {origin}" for n, value, origin in rows)
