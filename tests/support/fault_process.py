"""A whole bot to kill: `python -m tests.support.fault_process STATE API GATEWAY TOKEN [PACE]`.

The real client with the real poster, every wait shortened in proportion; with `usual` for PACE,
nothing is shortened.
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
from tests.support.wire import FAST


async def main(url: str, api: str, gateway: str, token: str, pace: str = "fast") -> None:
    """Be a bot until killed."""
    endpoint = Endpoint(api, gateway)
    with use_endpoint(endpoint):
        async with await State.open(url) as state:
            bot = build_bot(
                KnowledgeInMemory(),
                SystemRandom(),
                state=state,
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
