"""Ask the knowledge base in a process of its own, then search all of its memory.

    python -m tests.support.memory_process STORE

What is left of what was typed is printed; run it in the environment `heap.WIPING`.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from pathlib import Path
from random import Random

from bot.answering.knowledge_base import KnowledgeBase
from tests.support.heap import typed_bytes_left, typed_word
from tests.support.packs import HIDE


async def ask_everything(store: Path) -> None:
    """Type words wherever they can be typed, and print what is left of them."""
    async with await KnowledgeBase.open(store, HIDE) as knowledge:
        scope = knowledge.packs
        await knowledge.answer(f"When does {typed_word(1)} come out, {typed_word(2)}s?", scope)
        await knowledge.answer(typed_word(3), scope)
        await knowledge.choose_quote(
            scope, Random(1), about=f"fans {typed_word(4)}", by=typed_word(5)
        )
        await knowledge.choose_quote(scope, Random(1), about=typed_word(6))
        await knowledge.search_release(f"24/Seven {typed_word(7)}", scope)
        knowledge.complete_question(f"when {typed_word(8)}", scope)
        knowledge.complete_title(typed_word(9), scope)
        gc.collect()
        for address, around in typed_bytes_left("self"):
            print(hex(address), around)  # noqa: T201  # for the test that started this


if __name__ == "__main__":
    asyncio.run(ask_everything(Path(sys.argv[1])))
