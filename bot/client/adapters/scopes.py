"""Which packs answer in which server: the admins' choice, remembered for half a minute.

Autocomplete asks at every key, and may not wait for a database; two processes may serve one
server, so nothing is remembered for long.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.client.services import Services
    from bot.index.scope import Scope
    from bot.scheduling.guilds import GuildService

FRESH = 30.0
MOST = 10_000
"""Servers remembered at once; some two hundred bytes each."""


class ScopeCache:
    """The packs that answer, by server."""

    def __init__(
        self,
        services: Services,
        guilds: GuildService,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._desk = services
        self._guilds = guilds
        self._monotonic = monotonic
        self._known: OrderedDict[int, tuple[float, Scope | None]] = OrderedDict()

    async def scope_for(self, guild_id: int | None) -> Scope:
        """Give the packs that answer in a server; in a direct message, all of them."""
        if guild_id is None:
            return self._desk.knowledge.packs
        now = self._monotonic()
        known = self._known.get(guild_id)
        if known is None or now - known[0] > FRESH:
            known = now, (await self._guilds.get(guild_id)).packs
            self._remember(guild_id, known)
        chosen, there = known[1], self._desk.knowledge.packs
        return there if chosen is None else chosen & there

    def forget(self, guild_id: int) -> None:
        """Ask anew next time: the choice has changed."""
        self._known.pop(guild_id, None)

    def _remember(self, guild_id: int, known: tuple[float, Scope | None]) -> None:
        self._known[guild_id] = known
        self._known.move_to_end(guild_id)
        while len(self._known) > MOST:
            self._known.popitem(last=False)
