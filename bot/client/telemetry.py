"""Telemetry of the client: interactions, shards and rate limits.

`on_event` sees every event at the moment it comes from the gateway, before any task is begun for
it; the HTTP trace sees every request that leaves. Between the two, an interaction is known by its
token.
"""

from __future__ import annotations

import re
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord

from bot.client.responding import DEFERRED, OUTCOME, TRIED_AGAIN
from bot.errors import DiscordError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import aiohttp

    from bot.observability.meter import Meter, ShardState

CALLBACK_SECONDS = 3.0
"""Seconds that Discord waits for a callback."""
TOKEN_SECONDS = 15 * 60.0
"""Seconds in which a deferred answer may still be put in place."""
TOO_MANY_REQUESTS = 429
NOT_FOUND = 404
REFUSED = 400
SERVER_ERROR = 500

_CALLBACK = re.compile(r"/interactions/\d+/([^/]+)/callback$")
_FOLLOW_UP = re.compile(r"/webhooks/\d+/([^/]+)(?:/messages/@original)?$")
_OWN_CUSTOM_ID = re.compile(r"ln\d+:([a-z]+)")
_STATES: dict[str, ShardState] = {
    "shard_connect": "connecting",
    "shard_ready": "ready",
    "shard_resumed": "ready",
    "shard_disconnect": "lost",
}


@dataclass(frozen=True, slots=True)
class PendingInteraction:
    """An interaction without its final answer."""

    command: str
    at: float
    extras: dict[Any, Any]
    """The interaction's own, where `responding` and `errors` leave their marks."""


class Telemetry:
    """Measures one client, and tells whether its shards are connected."""

    def __init__(self, meter: Meter, now: Callable[[], float] = time.monotonic) -> None:
        self.meter = meter
        self._now = now
        self._unanswered: dict[str, PendingInteraction] = {}
        self._deferred: dict[str, PendingInteraction] = {}
        self._shards: dict[int, ShardState] = {}

    def expect_shards(self, shards: Iterable[int]) -> None:
        """Set the shards that a ready client must have connected."""
        for shard in shards:
            if shard not in self._shards:
                self._shards[shard] = "connecting"
                # Or a shard that never connects would not show at all.
                self.meter.set_shard_state(shard, "connecting")

    def on_event(self, event: str, arguments: tuple[Any, ...], *, waited: float = 0.0) -> None:
        """Measure an event from the gateway, which may have waited in line."""
        if event == "interaction":
            self._on_interaction(arguments[0], waited)
        elif event in _STATES:
            shard, state = arguments[0], _STATES[event]
            self._shards[shard] = state
            self.meter.set_shard_state(shard, state)

    def trace_requests(self, trace: aiohttp.TraceConfig) -> None:
        """Measure every request of the client that is given this trace."""
        trace.on_request_end.append(self._on_request_end)

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

    def _on_interaction(self, interaction: discord.Interaction[Any], waited: float) -> None:
        now = self._now()
        expired = [
            *_pop_expired(self._unanswered, now - CALLBACK_SECONDS),
            *_pop_expired(self._deferred, now - TOKEN_SECONDS),
        ]
        for pending in expired:
            self.meter.count_interaction(pending.command, "unanswered")
        self._unanswered[interaction.token] = PendingInteraction(
            metric_name(interaction), now - waited, interaction.extras
        )

    async def _on_request_end(self, _session: object, _context: object, end: Any) -> None:
        status, path = end.response.status, end.url.path
        if status == TOO_MANY_REQUESTS:
            headers, seconds = end.response.headers, 0.0
            with suppress(ValueError):  # not Discord's own, but of a proxy before it
                seconds = max(0.0, float(headers.get("Retry-After", "")))
            self.meter.count_rate_limit(headers.get("X-RateLimit-Scope", "global"), seconds)
        elif status >= SERVER_ERROR:
            return  # discord.py tries again
        elif found := _CALLBACK.search(path):
            self._on_callback(found[1], status)
        elif (found := _FOLLOW_UP.search(path)) and (pending := self._deferred.pop(found[1], None)):
            self._count_outcome(pending)

    def _on_callback(self, token: str, status: int) -> None:
        pending = self._unanswered.pop(token, None)
        if pending is None:  # counted as unanswered long ago
            return
        self.meter.observe_callback(pending.command, self._now() - pending.at)
        if status == NOT_FOUND:
            self.meter.count_interaction(pending.command, "too late")
        elif status >= REFUSED and TRIED_AGAIN not in pending.extras:
            self.meter.count_interaction(pending.command, "not accepted")
        elif pending.extras.get(DEFERRED):
            self._deferred[token] = pending
        else:
            self._count_outcome(pending)

    def _count_outcome(self, pending: PendingInteraction) -> None:
        outcome = pending.extras.get(OUTCOME, "answered")
        self.meter.count_interaction(pending.command, outcome)


def metric_name(interaction: discord.Interaction[Any]) -> str:
    """Return a name from a small set, without anything typed."""
    if interaction.type in (
        discord.InteractionType.application_command,
        discord.InteractionType.autocomplete,
    ):
        command = interaction.command
        name = command.qualified_name if command else "unknown"
        is_typing = interaction.type is discord.InteractionType.autocomplete
        return f"{name} (completing)" if is_typing else name
    data: Any = interaction.data if isinstance(interaction.data, dict) else {}
    ours = _OWN_CUSTOM_ID.match(str(data.get("custom_id", "")))
    return f"{ours[1]} (pressed)" if ours else "unknown"


def _pop_expired(pending: dict[str, PendingInteraction], before: float) -> list[PendingInteraction]:
    """Remove and return the interactions that came before a moment."""
    tokens = []
    for token, one in pending.items():  # in the order in which they came
        if one.at >= before:
            break
        tokens.append(token)
    return [pending.pop(token) for token in tokens]
