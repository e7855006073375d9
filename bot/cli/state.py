"""The commands `linernotes backup`, `restore`, `state copy`, `state restored`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.command import Command
from bot.cli.lazy_group import LazyGroup
from bot.cli.program import read_config
from bot.cli.progress import show_count

if TYPE_CHECKING:
    from bot.cli.program import Program

SINCE = (
    "It does not know what was posted since the backup. What is due is looked for in its channel "
    "before it is posted; where the bot may not read the history, it is not posted, and the "
    "admin is told."
)
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(cls=Command)
@click.argument("file", type=_FILE)
def backup(file: Path) -> None:
    """Copy the settings and the ledger to a new FILE, safely while the bot runs."""
    from bot.scheduling.storage import archive  # noqa: PLC0415

    with show_count("Copying the state") as report:
        archive.backup(read_config().state_url, file, report)
    click.echo(f"Backed up to {file}.")


@click.command(cls=Command)
@click.argument("file", type=_FILE)
@click.pass_obj
def restore(program: Program, /, file: Path) -> None:
    """Put a backup FILE in the place of the settings and the ledger; stop the bot first.

    The FILE is checked before anything is replaced, and the old state is kept. What came due
    since the backup is looked for in its channel before it is posted.
    """
    from bot.scheduling.storage import archive  # noqa: PLC0415

    with show_count("Copying the backup") as report:
        kept = archive.restore(read_config().state_url, file, program.now(), report)
    click.echo(f"Restored from {file}.")
    if kept is not None:
        click.echo(f"The old state is kept in {kept}.")
    click.echo(SINCE)


@click.group(cls=LazyGroup)
def state() -> None:
    """Move the settings and the ledger."""


@state.command("copy")
@click.option("--to", "target", required=True, metavar="URL", help="An empty database.")
@click.option("--from", "source", metavar="URL", help="The state in use, if left out.")
def copy_state(target: str, source: str | None) -> None:
    """Copy everything to another database; stop the bot first.

    From SQLite to PostgreSQL, for a host that outgrows one machine, or back. Then set
    LINERNOTES_STATE_URL to the new one.
    """
    from bot.scheduling.storage import archive  # noqa: PLC0415

    with show_count("Copying the state") as report:
        copied = asyncio.run(archive.copy(source or read_config().state_url, target, report))
    click.echo(f"Copied {copied.rows:,} rows from {copied.source} to {copied.target}.")


@state.command("restored")
@click.pass_obj
def mark_restored(program: Program) -> None:
    """Say that the database was brought back, as with pg_restore; stop the bot first.

    What came due since the backup is then looked for in its channel before it is posted.
    """
    from bot.scheduling.storage import archive  # noqa: PLC0415

    place = asyncio.run(archive.mark_restored(read_config().state_url, program.now()))
    click.echo(f"Noted in {place} that it was brought back. {SINCE}")
