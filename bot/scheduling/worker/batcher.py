"""A micro-batcher: many small requests share one piece of work."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

Item = TypeVar("Item")
Result = TypeVar("Result")


class Batcher(Generic[Item, Result]):
    """Collects items while the batch before them is being worked on.

    An item that arrives when nothing is being worked on starts immediately, with all others of
    the same moment, unless the batcher lingers for more. A failure is shared by its whole batch.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]],
        max_size: int,
        linger: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """Put the parts together.

        Args:
            work: returns a result for each item, in their order.
            max_size: the most items in a batch.
            linger: waits for more items, before each batch.
        """
        self._work = work
        self._linger = linger
        self._max_size = max_size
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._running: asyncio.Task[None] | None = None

    async def submit(self, item: Item) -> Result:
        """Add an item to the next batch, and wait for its result.

        A caller that is cancelled stops nothing: the batch is also others' work, and a
        transaction that is cut off in the middle may keep the database locked.
        """
        result: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, result))
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run(), name="batcher")
        return await result

    async def _run(self) -> None:
        while self._waiting:
            if self._linger is not None:
                await self._linger()
            batch, self._waiting = self._waiting[: self._max_size], self._waiting[self._max_size :]
            await self._run_batch(batch)

    async def _run_batch(self, batch: list[tuple[Item, asyncio.Future[Result]]]) -> None:
        try:
            results = await self._work([item for item, _ in batch])
        except BaseException as error:
            for _, waiting in batch:
                if not waiting.done():
                    waiting.set_exception(error)
                    # Retrieved here: the caller may be gone, and asyncio would warn of that.
                    waiting.exception()
            if not isinstance(error, Exception):
                raise
            return
        for (_, waiting), result in zip(batch, results, strict=True):
            if not waiting.done():
                waiting.set_result(result)
