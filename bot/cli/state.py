"""`linernotes backup`, `restore`, `state copy`, `state restored`: settings and ledger whole."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

SINCE = (
    "It does not know what was posted since the backup. What is due is looked for in its channel "
    "before it is posted; where the bot may not read the history, it is not posted, and the "
    "admin is told."
)
_FILE = click.Path(path_type=Path, dir_okay=False)


def commands(state_url: Callable[[], str], now: Callable[[], datetime]) -> list[click.Command]:
    """Return the commands, given where the state is and the time."""
    return [
        _backup_command(state_url),
        _restore_command(state_url, now),
        _state_group(state_url, now),
    ]


def _backup_command(state_url: Callable[[], str]) -> click.Command:
    @click.command("backup")
    @click.argument("file", type=_FILE)
    def command(file: Path) -> None:
        """Copy the settings and the ledger to a new FILE, safely while the bot runs."""
        from bot.scheduling.storage.archive import backup  # noqa: PLC0415

        backup(state_url(), file)
        click.echo(f"Backed up to {file}.")

    return command


def _restore_command(state_url: Callable[[], str], now: Callable[[], datetime]) -> click.Command:
    @click.command("restore")
    @click.argument("file", type=_FILE)
    def command(file: Path) -> None:
        """Put a backup FILE in the place of the settings and the ledger; stop the bot first.

        The FILE is checked before anything is replaced, and the old state is kept. What came due
        since the backup is looked for in its channel before it is posted.
        """
        from bot.scheduling.storage.archive import restore  # noqa: PLC0415

        kept = restore(state_url(), file, now())
        click.echo(f"Restored from {file}.")
        if kept is not None:
            click.echo(f"The old state is kept in {kept}.")
        click.echo(SINCE)

    return command


def _state_group(state_url: Callable[[], str], now: Callable[[], datetime]) -> click.Group:
    @click.group("state")
    def state() -> None:
        """Move the settings and the ledger."""

    @state.command("copy")
    @click.option("--to", "target", required=True, metavar="URL", help="An empty database.")
    @click.option("--from", "source", metavar="URL", help="The state in use, if left out.")
    def copy_command(target: str, source: str | None) -> None:
        """Copy everything to another database; stop the bot first.

        From SQLite to PostgreSQL, for a host that outgrows one machine, or back. Then set
        LINERNOTES_STATE_URL to the new one.
        """
        from bot.scheduling.storage.archive import copy  # noqa: PLC0415

        copied = asyncio.run(copy(source or state_url(), target))
        click.echo(f"Copied {copied.rows:,} rows from {copied.source} to {copied.target}.")

    @state.command("restored")
    def restored_command() -> None:
        """Say that the database was brought back, as with pg_restore; stop the bot first.

        What came due since the backup is then looked for in its channel before it is posted.
        """
        from bot.scheduling.storage.restored import mark  # noqa: PLC0415

        place = asyncio.run(mark(state_url(), now()))
        click.echo(f"Noted in {place} that it was brought back. {SINCE}")

    return state
