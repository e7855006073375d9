"""Packs that change while they are served: compiled anew and put in force whole, or not at all."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from bot.answering.knowledge_base import KnowledgeBase
from bot.errors import LinerNotesError, PackError, StoreError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from bot.answering.pack_set import PackSet
    from bot.index.keyed_hash import KeyedHash

log = logging.getLogger(__name__)

INTERVAL = 0.5
"""Seconds between two looks at the files."""


class PackReloader:
    """Watches the packs of a set while it is entered, and opens new notes whenever they changed.

    A change counts once two looks in a row find the same: editors write a file in several steps.

    Args:
        pack_set: The packs to watch. Changes from here on are noticed.
        use: Puts new notes in force at once, then closes those before them once nobody reads
            them any more.
        told: Hears after each attempt what is wrong with the packs, or None if all is well.
        hide: Makes the keys by which it remembers what it was asked.
        interval: Seconds between two looks.
    """

    def __init__(
        self,
        pack_set: PackSet,
        use: Callable[[KnowledgeBase], Awaitable[None]],
        told: Callable[[LinerNotesError | None], None] = lambda _: None,
        *,
        hide: KeyedHash,
        interval: float = INTERVAL,
    ) -> None:
        self._pack_set = pack_set
        self._use = use
        self._told = told
        self._hide = hide
        self._interval = interval
        self._seen = pack_set.take_fingerprint()
        self._asked = asyncio.Event()
        self._opened: KnowledgeBase | None = None
        self._store: Path | None = None
        self._retiring: set[asyncio.Future[None]] = set()

    async def __aenter__(self) -> Self:
        """Begin to watch."""
        self._watching = asyncio.create_task(self._watch(), name="reloading")
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop watching, and close the notes that were opened here."""
        self._watching.cancel()
        await asyncio.wait({self._watching})
        for retiring in self._retiring:
            retiring.cancel()
        await asyncio.gather(*self._retiring, return_exceptions=True)
        if self._opened is not None:
            await self._opened.close()

    def ask(self) -> None:
        """Reload now, whether or not a change was seen."""
        self._asked.set()

    async def _watch(self) -> None:
        while True:
            await self._changed()
            try:
                await self._reload()
            except Exception:
                log.exception("Reloading failed unexpectedly; the notes in force stay.")

    async def _changed(self) -> None:
        """Wait until files changed and came to rest, or until asked."""
        before = self._seen
        while not self._asked.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._asked.wait(), self._interval)
            now = await asyncio.to_thread(self._pack_set.take_fingerprint)
            if now == before != self._seen:
                break
            before = now
        self._asked.clear()
        self._seen = await asyncio.to_thread(self._pack_set.take_fingerprint)

    async def _reload(self) -> None:
        """Open what the packs say now; what is wrong with them leaves the notes as they are."""
        try:
            store = await asyncio.to_thread(self._pack_set.ensure_index)
            if store != self._store:
                self._put_in_force(await KnowledgeBase.open(store, self._hide), store)
                await asyncio.sleep(0)  # its first step puts them in force: then it may be told
        except (PackError, StoreError) as error:
            log.error("The notes in force stay, the packs have faults:\n%s", error)  # noqa: TRY400  # said in full
            self._told(error)
        else:
            log.info("The packs were read anew.")
            self._told(None)

    def _put_in_force(self, knowledge: KnowledgeBase, store: Path) -> None:
        self._opened, self._store = knowledge, store
        retiring = asyncio.ensure_future(self._use(knowledge))
        self._retiring.add(retiring)
        retiring.add_done_callback(self._retiring.discard)
