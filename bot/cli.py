"""The command `linernotes`: the only place that puts the parts together."""

from __future__ import annotations

import os
import sys
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from bot import __version__, cli_demo, cli_run
from bot.cli_doctor import doctor_command
from bot.cli_facts import facts
from bot.errors import LinerNotesError, PackError
from bot.terminal import ask, state
from bot.terminal.advising import find_command, lint
from bot.terminal.daily import daily_group
from bot.terminal.evaluating import eval_command

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from bot.answering.notes import Notes
    from bot.config import Config


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="linernotes")
def linernotes() -> None:
    """Answer fans' questions from cited notes: in the terminal, or as a Discord bot."""


@asynccontextmanager
async def notes_for(
    config: Config,
    places: tuple[Path, ...] = (),
    *,
    told: Callable[[LinerNotesError], None] | None = None,
) -> AsyncIterator[Notes]:
    """Open the notes of the packs in `places`, or of those that the settings name.

    A pack that does not validate keeps the last good store serving, and says so: to `told`, or
    on standard error.
    """
    # Imported when used: `linernotes --help` need not wait for the store and the matcher.
    from bot.answering.notes import Notes  # noqa: PLC0415
    from bot.answering.stores import Library  # noqa: PLC0415

    library = Library.of(config.data_dir, config.packs, places)
    try:
        store = library.store()
    except PackError as error:
        good = library.last_good()
        if good is None:
            raise
        (told or _say)(error)
        store = good
    async with await Notes.open(store) as notes:
        yield notes


def _say(faults: LinerNotesError) -> None:
    click.echo(f"{faults}\nThe last good notes go on serving until this is put right.", err=True)


@asynccontextmanager
async def _notes_here(places: tuple[Path, ...]) -> AsyncIterator[Notes]:
    config = cli_run.read_config(os.environ, None, {})
    async with notes_for(config, places) as notes:
        yield notes


def _state_url() -> str:
    return cli_run.read_config(os.environ, None, {}).state_url


def _now() -> datetime:
    return datetime.now(UTC)


for command in (eval_command(_notes_here), find_command(_notes_here), lint):
    facts.add_command(command)
linernotes.add_command(facts)
for command in (
    cli_demo.demo,
    *ask.commands(_notes_here),
    *cli_run.commands(notes_for),
    daily_group(_now),
    *state.commands(_state_url, _now),
    doctor_command(notes_for),
):
    linernotes.add_command(command)


def main() -> None:
    """Run the command; an expected error is a sentence on standard error and status 1."""
    try:
        linernotes.main(standalone_mode=True)
    except LinerNotesError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except BrokenPipeError:
        # Whoever read our output has seen enough; closing quietly is what a pipe expects.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
