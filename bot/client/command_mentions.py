"""Mentions of our commands, by the ids that Discord gave them."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
import structlog

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

log = structlog.stdlib.get_logger("bot.client")

FRESH_SECONDS = 3600.0
"""How long the ids are taken as known: they change only when a command is removed and added."""
FETCH_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class CommandMentions:
    """Commands as a message shows them, to be pressed."""

    ids: Mapping[str, int] = field(default_factory=dict)

    def mention(self, command: str) -> str:
        """Return the mention of a command, or its plain name."""
        found = self.ids.get(command.partition(" ")[0])
        return f"`/{command}`" if found is None else f"</{command}:{found}>"


class CommandDirectory:
    """Fetches the ids of our commands, and keeps them for an hour."""

    def __init__(
        self,
        fetch: Callable[[], Awaitable[Iterable[Mapping[str, Any]]]],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetch = fetch
        self._monotonic = monotonic
        self._known = CommandMentions()
        self._known_at: float | None = None

    async def load(self) -> CommandMentions:
        """Return the mentions, with ids known before where Discord fails."""
        now = self._monotonic()
        if self._known_at is not None and now - self._known_at < FRESH_SECONDS:
            return self._known
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                commands = await self._fetch()
            ids = {str(command["name"]): int(command["id"]) for command in commands}
        except (TimeoutError, discord.DiscordException, aiohttp.ClientError, OSError) as error:
            log.warning("ids of the commands not fetched", reason=str(error) or "no answer in time")
        except (KeyError, TypeError, ValueError) as error:
            log.warning("ids of the commands not readable", reason=type(error).__name__)
        else:
            self._known, self._known_at = CommandMentions(ids), now
        return self._known
