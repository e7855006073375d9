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

    Who comes when nothing is being done is served alone and at once, unless it is said how long
    to wait for company. A failure is everybody's whose item was in that batch; if who does the work
    is cancelled, another does it, so it must bear being done again.
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
        self._working = asyncio.Lock()

    async def ask(self, item: Item) -> Result:
        """Ask for one item, and wait for its result."""
        answer: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        async with self._working:
            while not answer.done():  # who stopped waiting may still stand before this one
                if self._company is not None:
                    await self._company()
                await self._serve()
        return await answer

    async def _serve(self) -> None:
        """Work for those who waited longest; one of them holds the lock and does it."""
        batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
        try:
            results = await self._work([item for item, _ in batch])
        except asyncio.CancelledError:  # of who did the work alone; the next one does it again
            self._waiting = [one for one in batch if not one[1].done()] + self._waiting
            raise
        except BaseException as error:
            for _, answer in batch:
                if not answer.done():
                    answer.set_exception(error)
                    answer.exception()  # seen: who asked may be gone, and asyncio would warn
            raise
        for (_, answer), result in zip(batch, results, strict=True):
            if not answer.done():
                answer.set_result(result)
