"""Reload packs while they are served, whole or not at all."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from bot.answering.child_process import stop_children
from bot.answering.knowledge_base import KnowledgeBase
from bot.answering.pack_set import LEFT_OUT
from bot.errors import LinerNotesError, PackError, StoreError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from bot.answering.pack_set import PackSet
    from bot.index.cache import KeyedHash

log = logging.getLogger(__name__)

INTERVAL_S = 0.5
"""How long to wait between two looks at the files."""


class PackReloader:
    """A watcher that reopens the knowledge base whenever packs change.

    It watches while it is entered as a context. A change counts once two looks in a row find the
    same files, for editors write a file in several steps.

    Args:
        pack_set: The packs to watch, from the moment the reloader is made.
        use: Puts a new knowledge base in force, then closes the one before when nobody reads it any
            more. It must put the new one in force before it first waits.
        report: Takes what is wrong with the packs after each attempt, or None if nothing is.
        hide: Makes the keys by which typed text is cached.
        interval: Seconds between two looks.
    """

    def __init__(
        self,
        pack_set: PackSet,
        use: Callable[[KnowledgeBase], Awaitable[None]],
        report: Callable[[LinerNotesError | None], None] = lambda _: None,
        *,
        hide: KeyedHash,
        interval: float = INTERVAL_S,
    ) -> None:
        self._pack_set = pack_set
        self._use = use
        self._report = report
        self._hide = hide
        self._interval = interval
        self._fingerprint = pack_set.take_fingerprint()
        self._requested = asyncio.Event()
        self._opened: KnowledgeBase | None = None
        self._index: Path | None = None
        self._retiring: set[asyncio.Future[None]] = set()

    async def __aenter__(self) -> Self:
        """Begin to watch."""
        self._watching = asyncio.create_task(self._watch(), name="pack reloader")
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop watching, and close the knowledge base that was opened here."""
        self._watching.cancel()
        stop_children()  # or its thread would hold up the end of the process
        await asyncio.wait({self._watching})
        for retiring in self._retiring:
            retiring.cancel()
        await asyncio.gather(*self._retiring, return_exceptions=True)
        if self._opened is not None:
            await self._opened.close()

    def request_reload(self) -> None:
        """Reload now, even if nothing changed."""
        self._requested.set()

    async def _watch(self) -> None:
        while True:
            await self._wait_for_change()
            try:
                await self._reload()
            except Exception as error:
                # The next edit may well succeed; without this, nobody would be watching for it.
                log.exception("Reloading failed unexpectedly; the notes in force stay.")
                self._report(StoreError(f"Reloading failed unexpectedly ({error!r}); see the log."))

    async def _wait_for_change(self) -> None:
        """Wait for changed files to rest, or for a request."""
        before = self._fingerprint
        while not self._requested.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._requested.wait(), self._interval)
            now = await asyncio.to_thread(self._pack_set.take_fingerprint)
            if now == before != self._fingerprint:
                break
            before = now
        self._requested.clear()
        self._fingerprint = await asyncio.to_thread(self._pack_set.take_fingerprint)

    async def _reload(self) -> None:
        """Open the packs as they are now, unless they have faults."""
        try:
            index = await asyncio.to_thread(self._pack_set.ensure_index)
            if index != self._index:
                knowledge = await KnowledgeBase.open(index, self._hide)
                self._put_in_force(knowledge, index)
                faults = knowledge.translation_faults(knowledge.packs)
                if left_out := self._pack_set.describe_left_out(faults):
                    log.warning("%s\n%s", LEFT_OUT, left_out)
                # Let `use` take its first step, so that the report comes after it.
                await asyncio.sleep(0)
        except (PackError, StoreError) as error:
            log.error("The notes in force stay, the packs have faults:\n%s", error)  # noqa: TRY400  # said in full
            self._report(error)
        else:
            log.info("The packs were read anew.")
            self._report(None)

    def _put_in_force(self, knowledge: KnowledgeBase, index: Path) -> None:
        self._opened, self._index = knowledge, index
        # Not awaited: it ends only when the last answer from the old packs is given.
        retiring = asyncio.ensure_future(self._use(knowledge))
        self._retiring.add(retiring)
        retiring.add_done_callback(self._retiring.discard)
