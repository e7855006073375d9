"""Do at once, for all who wait, what each asks for alone: one transaction instead of many."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

Item = TypeVar("Item")
Result = TypeVar("Result")


class Together(Generic[Item, Result]):
    """Collect what is asked while the work for those before is being done.

    Who comes when nothing is being done is served at once, with all who come in the same moment,
    unless it is said how long to wait for company. A failure is everybody's in that batch.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]],
        most: int,
        company: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """Put the parts together.

        Args:
            work: gives a result for each item, in their order.
            most: how many items at once.
            company: waits for more to come, before each batch.
        """
        self._work = work
        self._company = company
        self._most = most
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._serving: asyncio.Task[None] | None = None

    async def ask(self, item: Item) -> Result:
        """Ask for one item, and wait for its result.

        Who stops waiting stops nothing: the batch is also others' work, and a transaction that is
        cut off in the middle may keep the database locked.
        """
        answer: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        if self._serving is None or self._serving.done():
            self._serving = asyncio.create_task(self._serve_all(), name="together")
        return await answer

    async def _serve_all(self) -> None:
        """Work batch after batch, those who waited longest first, until nobody waits."""
        while self._waiting:
            if self._company is not None:
                await self._company()
            batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            await self._serve(batch)

    async def _serve(self, batch: list[tuple[Item, asyncio.Future[Result]]]) -> None:
        try:
            results = await self._work([item for item, _ in batch])
        except BaseException as error:
            for _, answer in batch:
                if not answer.done():
                    answer.set_exception(error)
                    answer.exception()  # seen: who asked may be gone, and asyncio would warn
            if not isinstance(error, Exception):
                raise
            return
        for (_, answer), result in zip(batch, results, strict=True):
            if not answer.done():
                answer.set_result(result)
