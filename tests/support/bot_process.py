"""The commands of the terminal over the notebook in memory: `-m tests.support.bot_process`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from bot.cli_doctor import doctor_command
from bot.cli_run import commands
from bot.errors import LinerNotesError
from tests.support.notes import NotesInMemory

if TYPE_CHECKING:
    from bot.config import Config


def notes(_config: Config) -> NotesInMemory:
    return NotesInMemory()


if __name__ == "__main__":
    group = click.Group(commands=[*commands(notes), doctor_command(notes)])
    try:
        group(standalone_mode=True)
    except LinerNotesError as error:
        sys.exit(str(error))
