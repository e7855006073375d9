"""A whole bot to kill: `python -m tests.support.fault_process STATE API GATEWAY TOKEN`.

The real client with the real poster, every wait shortened in proportion; with `usual` for a fifth
word, nothing is shortened. A sixth makes its clocks go wrong, as in `tests.support.wire`.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from random import SystemRandom

from bot.bootstrap import build_bot
from bot.client.endpoint import use_endpoint
from bot.config import Endpoint
from bot.scheduling.storage.database import State
from tests.support.knowledge import KnowledgeInMemory
from tests.support.wire import FAST, stepped_clock


async def main(  # noqa: PLR0913, PLR0917  # the words of its command
    url: str, api: str, gateway: str, token: str, pace: str = "fast", steps: str = "[]"
) -> None:
    """Be a bot until killed."""
    endpoint = Endpoint(api, gateway)
    with use_endpoint(endpoint):
        async with await State.open(url) as state:
            bot = build_bot(
                KnowledgeInMemory(),
                SystemRandom(),
                state=state,
                clock=stepped_clock(steps),
                limits=FAST if pace == "fast" else None,
                endpoint=endpoint,
                is_publishing=False,
            )
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            await bot.start(token)


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    asyncio.run(main(*sys.argv[1:]))
