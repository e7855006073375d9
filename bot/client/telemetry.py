"""What the client tells of itself: interactions, shards, waits; heard at its two public edges.

`saw` hears every event at the moment it comes from the gateway, before any task is begun for it;
`listen` hears every request that leaves. Between the two an interaction is known by its token.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord

from bot.client.responding import DEFERRED, OUTCOME
from bot.errors import DiscordError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import aiohttp

    from bot.observability.meter import Meter, ShardState

ANSWER_WITHIN = 3.0
"""Seconds that Discord waits for a callback."""
TOKEN_LASTS = 15 * 60.0
"""Seconds in which a deferred answer may still be put in place."""
TOO_MANY_REQUESTS = 429
NOT_FOUND = 404
REFUSED = 400
SERVERS_FAULT = 500

_CALLBACK = re.compile(r"/interactions/\d+/([^/]+)/callback$")
_FOLLOW_UP = re.compile(r"/webhooks/\d+/([^/]+)(?:/messages/@original)?$")
_OURS = re.compile(r"ln\d+:([a-z]+)")
_STATES: dict[str, ShardState] = {
    "shard_connect": "connecting",
    "shard_ready": "ready",
    "shard_resumed": "ready",
    "shard_disconnect": "lost",
}


@dataclass(frozen=True, slots=True)
class PendingInteraction:
    """An interaction that has not come to its end."""

    command: str
    at: float
    extras: dict[Any, Any]
    """The interaction's own, where whoever answers it notes how it went."""


class Telemetry:
    """Tells a meter of one client, and says whether its shards are connected."""

    def __init__(self, meter: Meter, now: Callable[[], float] = time.monotonic) -> None:
        self.meter = meter
        self._now = now
        self._unanswered: dict[str, PendingInteraction] = {}
        self._deferred: dict[str, PendingInteraction] = {}
        self._shards: dict[int, ShardState] = {}

    def expect(self, shards: Iterable[int]) -> None:
        """Name the shards that must be connected for the client to be ready."""
        for shard in shards:
            if shard not in self._shards:
                self._shards[shard] = "connecting"
                self.meter.shard(shard, "connecting")  # or one that never connects never shows

    def saw(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Hear of an event from the gateway."""
        if event == "interaction":
            self._received(arguments[0])
        elif event in _STATES:
            shard, state = arguments[0], _STATES[event]
            self._shards[shard] = state
            self.meter.shard(shard, state)

    def listen(self, trace: aiohttp.TraceConfig) -> aiohttp.TraceConfig:
        """Hear of every request that a client makes through this trace; give the trace back."""
        trace.on_request_end.append(self._requested)
        return trace

    async def check_gateway(self) -> None:
        """Raise DiscordError while a shard is not connected."""
        away = sorted(shard for shard, state in self._shards.items() if state != "ready")
        if away:
            named = ", ".join(map(str, away[:10])) + (", …" if away[10:] else "")
            raise DiscordError(
                f"{len(away)} of {len(self._shards)} shards are not connected to Discord: {named}."
            )
        if not self._shards:
            raise DiscordError("The gateway was not reached yet.")

    def _received(self, interaction: discord.Interaction[Any]) -> None:
        now = self._now()
        for waiting in _expired(self._unanswered, now - ANSWER_WITHIN):
            self.meter.interaction(waiting.command, "unanswered")
        for waiting in _expired(self._deferred, now - TOKEN_LASTS):
            self.meter.interaction(waiting.command, "unanswered")
        self._unanswered[interaction.token] = PendingInteraction(
            name_of(interaction), now, interaction.extras
        )

    async def _requested(self, _session: object, _context: object, end: Any) -> None:
        status, path = end.response.status, end.url.path
        if status == TOO_MANY_REQUESTS:
            headers = end.response.headers
            scope = headers.get("X-RateLimit-Scope", "global")
            self.meter.rate_limit(scope, _seconds(headers.get("Retry-After", "")))
        elif status >= SERVERS_FAULT:
            return  # discord.py tries again
        elif found := _CALLBACK.search(path):
            self._called_back(found[1], status)
        elif found := _FOLLOW_UP.search(path):
            self._followed_up(found[1])

    def _called_back(self, token: str, status: int) -> None:
        waiting = self._unanswered.pop(token, None)
        if waiting is None:
            return
        self.meter.callback(waiting.command, self._now() - waiting.at)
        if status == NOT_FOUND:
            self.meter.interaction(waiting.command, "too late")
        elif status >= REFUSED:
            self.meter.interaction(waiting.command, "not accepted")
        elif waiting.extras.get(DEFERRED):
            self._deferred[token] = waiting
        else:
            self._ended(waiting)

    def _followed_up(self, token: str) -> None:
        waiting = self._deferred.pop(token, None)
        if waiting is not None:
            self._ended(waiting)

    def _ended(self, waiting: PendingInteraction) -> None:
        self.meter.interaction(waiting.command, waiting.extras.get(OUTCOME, "answered"))


def name_of(interaction: discord.Interaction[Any]) -> str:
    """Name what was used, from a set that is small and never holds what was typed."""
    if interaction.type in (
        discord.InteractionType.application_command,
        discord.InteractionType.autocomplete,
    ):
        command = interaction.command
        name = command.qualified_name if command else "unknown"
        is_typing = interaction.type is discord.InteractionType.autocomplete
        return f"{name} (completing)" if is_typing else name
    data: Any = interaction.data if isinstance(interaction.data, dict) else {}
    ours = _OURS.match(str(data.get("custom_id", "")))
    return f"{ours[1]} (pressed)" if ours else "unknown"


def _expired(waiting: dict[str, PendingInteraction], before: float) -> list[PendingInteraction]:
    """Take out those that came before a moment; they lie in the order in which they came."""
    tokens = []
    for token, one in waiting.items():
        if one.at >= before:
            break
        tokens.append(token)
    return [waiting.pop(token) for token in tokens]


def _seconds(text: str) -> float:
    try:
        return max(0.0, float(text))
    except ValueError:
        return 0.0
