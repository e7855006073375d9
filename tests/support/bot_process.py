"""The commands of the terminal over the notebook in memory: `-m tests.support.bot_process`.

BROKEN_NOTES and SLOW_NOTES in the environment make the notebook fail, or take an hour;
STUCK_NOTES leaves a thread that hangs for an hour. BRISK_POSTS shortens every wait of posting in
proportion.
"""

from __future__ import annotations

import asyncio
import os
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.cli.main import main
from bot.cli.program import Program
from bot.scheduling.limits import Limits
from tests.support.knowledge import BROKEN, KnowledgeInMemory

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.config import Config
    from bot.errors import LinerNotesError


BRISK = Limits(
    lease=timedelta(seconds=10),
    request_timeout=timedelta(seconds=5),
    lease_margin=timedelta(seconds=1),
    nonce_lifetime=timedelta(seconds=20),
    first_retry=timedelta(seconds=0.2),
    longest_retry=timedelta(seconds=1),
    max_under_way=16,
    max_idle=timedelta(seconds=0.5),
)


def open_in_memory(
    config: Config,
    places: tuple[Path, ...] = (),
    *,
    told: Callable[[LinerNotesError], None] | None = None,
) -> KnowledgeInMemory:
    knowledge = KnowledgeInMemory()
    knowledge.fail = BROKEN if "BROKEN_NOTES" in os.environ else None
    knowledge.hold = 3600.0 if "SLOW_NOTES" in os.environ else 0.0
    if "STUCK_NOTES" in os.environ:
        asyncio.get_running_loop().run_in_executor(None, time.sleep, 3600)
    return knowledge


if __name__ == "__main__":
    main(Program(open_in_memory, limits=BRISK if "BRISK_POSTS" in os.environ else None))
