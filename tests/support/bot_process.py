"""The commands of the terminal over the notebook in memory: `-m tests.support.bot_process`."""

from __future__ import annotations

import sys

import click

from bot.cli_run import commands
from bot.errors import LinerNotesError
from tests.support.notes import NotesInMemory

if __name__ == "__main__":
    group = click.Group(commands=commands(lambda _: NotesInMemory()))
    try:
        group(standalone_mode=True)
    except LinerNotesError as error:
        sys.exit(str(error))
