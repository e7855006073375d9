"""The real bot, started over a sandbox and closed again."""

from __future__ import annotations

import asyncio
import contextlib
from random import Random
from typing import TYPE_CHECKING, Any

from bot.bootstrap import build_bot
from bot.client.endpoint import use_endpoint
from tests.support.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.answering.knowledge_base import KnowledgeBase
    from bot.client.serve import Bot
    from bot.config import Endpoint
    from bot.sandbox.server import Sandbox


@contextlib.asynccontextmanager
async def serving(
    sandbox: Sandbox, knowledge: KnowledgeBase, endpoint: Endpoint, **parts: Any
) -> AsyncIterator[Bot]:
    """Serve until the block ends; `parts` as `build_bot` takes them. A failing start raises."""
    with use_endpoint(endpoint):
        bot = build_bot(knowledge, Random(1), endpoint=endpoint, **parts)
        running = asyncio.create_task(bot.start(sandbox.token))
        try:
            await until(lambda: bot.app.is_ready() or running.done())
            if running.done():
                running.result()
            yield bot
        finally:
            await bot.close()
            await asyncio.wait({running})
        running.result()
