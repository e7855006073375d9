"""The commands of the terminal over the notebook in memory: `-m tests.support.bot_process`.

BROKEN_NOTES and SLOW_NOTES in the environment make the notebook fail, or take an hour;
BRISK_POSTS shortens every wait of posting in proportion.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from bot.cli.doctor import doctor_command
from bot.cli.run import commands
from bot.errors import LinerNotesError
from bot.scheduling.limits import Limits
from tests.support.knowledge import BROKEN, KnowledgeInMemory

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.config import Config


BRISK = Limits(
    lease=timedelta(seconds=10),
    send=timedelta(seconds=5),
    margin=timedelta(seconds=1),
    same_nonce=timedelta(seconds=20),
    first_retry=timedelta(seconds=0.2),
    longest_retry=timedelta(seconds=1),
    at_once=16,
    idle=timedelta(seconds=0.5),
)


def knowledge(
    config: Config, *, told: Callable[[LinerNotesError], None] | None = None
) -> KnowledgeInMemory:
    knowledge = KnowledgeInMemory()
    knowledge.fail = BROKEN if "BROKEN_NOTES" in os.environ else None
    knowledge.hold = 3600.0 if "SLOW_NOTES" in os.environ else 0.0
    return knowledge


if __name__ == "__main__":
    limits = BRISK if "BRISK_POSTS" in os.environ else None
    group = click.Group(commands=[*commands(knowledge, limits), doctor_command(knowledge)])
    try:
        group(standalone_mode=True)
    except LinerNotesError as error:
        sys.exit(str(error))
