"""The commands of the terminal over the notebook in memory: `-m tests.support.bot_process`.

BROKEN_NOTES and SLOW_NOTES in the environment make the notebook fail, or take a minute.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from bot.cli_doctor import doctor_command
from bot.cli_run import commands
from bot.errors import LinerNotesError
from tests.support.notes import BROKEN, NotesInMemory

if TYPE_CHECKING:
    from bot.config import Config


def notes(_config: Config) -> NotesInMemory:
    notes = NotesInMemory()
    notes.fail = BROKEN if "BROKEN_NOTES" in os.environ else None
    notes.hold = 60.0 if "SLOW_NOTES" in os.environ else 0.0
    return notes


if __name__ == "__main__":
    group = click.Group(commands=[*commands(notes), doctor_command(notes)])
    try:
        group(standalone_mode=True)
    except LinerNotesError as error:
        sys.exit(str(error))
