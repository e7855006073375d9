"""The knowledge base in force, and the packs that answer where."""

from __future__ import annotations

import asyncio
import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog
from cachetools import TTLCache

from bot.answering.formatting import NONE_HELD
from bot.errors import StateError, UserFacingError
from bot.localization.messages import sentence
from bot.scheduling.models import Guild

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.answering.knowledge_base import KnowledgeBase
    from bot.index.scope import EntryKind, Scope
    from bot.scheduling.guilds import GuildService

log = structlog.stdlib.get_logger("bot.client")

GONE = sentence(
    "That note is no longer kept here. Ask again with `/ask`, or look through `/topics`."
)
NO_PACKS = sentence("This bot has no packs yet; whoever runs it can add some.")
ALL_SILENT = sentence(
    "No pack answers in this server. Whoever may manage the server can change that with `/packs`."
)
SILENT = sentence(
    "The pack that this is from does not answer in this server. Whoever may manage the server can "
    "change that with `/packs`."
)

FRESH_SECONDS = 30.0
READ_SECONDS = 1.0
"""Seconds that a database may take; an answer has three in all."""
MAX_SERVERS = 10_000
"""Servers remembered at the same time; some two hundred bytes each."""


class InFlight:
    """The answers being given now, for a stop or reload to await."""

    def __init__(self) -> None:
        self._answers: set[asyncio.Future[None]] = set()

    @property
    def count(self) -> int:
        """The number of answers being given."""
        return len(self._answers)

    @contextmanager
    def track(self) -> Iterator[None]:
        """Count an answer for as long as the block lasts."""
        ended = asyncio.get_running_loop().create_future()
        self._answers.add(ended)
        try:
            yield
        finally:
            self._answers.discard(ended)
            ended.set_result(None)

    async def wait_for_current(self) -> None:
        """Wait for the answers being given, not for later ones."""
        if self._answers:
            await asyncio.wait(set(self._answers))

    async def wait_until_idle(self) -> None:
        """Wait until no answer is being given."""
        while self._answers:
            await self.wait_for_current()


class KnowledgeHolder:
    """Holds the knowledge base in force; a reload replaces it whole."""

    def __init__(self, knowledge: KnowledgeBase, in_flight: InFlight) -> None:
        self._current = knowledge
        self._in_flight = in_flight

    @property
    def current(self) -> KnowledgeBase:
        """The knowledge base in force; take it once for related look-ups."""
        return self._current

    async def replace(self, newer: KnowledgeBase) -> None:
        """Answer from another knowledge base, and close the old one once unused."""
        old, self._current = self._current, newer
        try:
            await self._in_flight.wait_for_current()
        finally:
            # Also where a stop cut the wait short: nothing else knows the old one any more.
            await old.close()


class ScopeCache:
    """The packs that answer in each server, and whether gaps are kept there.

    Autocomplete asks at every key and may not wait for a database. Two processes may serve one
    server, so a choice is read again after `FRESH_SECONDS`; while the database cannot be read, the
    last known one holds.
    """

    def __init__(
        self,
        holder: KnowledgeHolder,
        guilds: GuildService | None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Read the choices from `guilds`; with None, every pack answers everywhere."""
        self._holder = holder
        self._guilds = guilds
        self._fresh: TTLCache[int, Guild] = TTLCache(MAX_SERVERS, FRESH_SECONDS, timer=monotonic)
        self._last_known: dict[int, Scope] = {}
        """The choices of those servers that made one: few, and all that a lost database needs."""
        self._knows_all = guilds is None

    async def scope_for(self, guild_id: int | None) -> Scope:
        """Return the packs that answer in a server, or in direct messages."""
        if guild_id is None or self._guilds is None:
            return self._holder.current.packs
        chosen = (await self.settings_for(guild_id)).packs
        available = self._holder.current.packs
        return available if chosen is None else chosen & available

    async def keeps_gaps(self, guild_id: int | None) -> bool:
        """Return whether questions asked in vain are kept in a server."""
        return guild_id is not None and (await self.settings_for(guild_id)).keeps_gaps

    async def settings_for(self, guild_id: int) -> Guild:
        """Return a server's settings, of late; the usual ones where there is no database."""
        if self._guilds is None:
            return Guild(guild_id)
        try:
            return self._fresh[guild_id]
        except KeyError:
            # Also what is known of a lost database: else each key typed would wait for it again.
            settings = self._fresh[guild_id] = await self._read(self._guilds, guild_id)
            return settings

    async def load(self) -> None:
        """Read every server's choice, so that it is known when the database is lost.

        Raises:
            StateError: The database is lost already.
        """
        if self._guilds is not None:
            self._last_known = await self._guilds.list_choices()
            self._knows_all = True

    def remember(self, guild_id: int, chosen: Scope | None) -> None:
        """Take over a server's choice; None stands for every pack."""
        if (settings := self._fresh.get(guild_id)) is not None:
            self._fresh[guild_id] = replace(settings, packs=chosen)
        if chosen is None:
            self._last_known.pop(guild_id, None)
        else:
            self._last_known[guild_id] = chosen

    def forget(self, guild_id: int) -> None:
        """Read a server's settings anew when they are next asked for."""
        self._fresh.pop(guild_id, None)

    async def _read(self, guilds: GuildService, guild_id: int) -> Guild:
        """Read a server's settings, or return the last known packs alone."""
        try:
            async with asyncio.timeout(READ_SECONDS):
                settings = await guilds.get(guild_id)
                if not self._knows_all:
                    await self.load()  # the bot started while the database was lost
        except (StateError, TimeoutError) as error:
            if not self._knows_all and guild_id not in self._last_known:
                raise  # a guess might let packs answer that the server has silenced
            reason = str(error) or f"not read within {READ_SECONDS:g} s"
            log.warning("packs of a server not read, the last known answer", reason=reason)
            return Guild(guild_id, self._last_known.get(guild_id))
        self.remember(guild_id, settings.packs)
        return settings

    async def require_pack(self, guild_id: int | None, pack: str) -> None:
        """Raise UserFacingError unless the pack may answer in this place."""
        if pack not in await self.scope_for(guild_id):
            raise UserFacingError(SILENT if pack in self._holder.current.packs else GONE)


def explain_absence(knowledge: KnowledgeBase, scope: Scope, kind: EntryKind) -> str | None:
    """Return the sentence why a scope has nothing of a kind, or None."""
    if not knowledge.packs:
        return NO_PACKS
    if not scope:
        return ALL_SILENT
    return None if knowledge.has_entries(kind, scope) else NONE_HELD[kind]
