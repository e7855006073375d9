"""Shards that connect again after outages, with waits that a test records instead of waiting."""

from __future__ import annotations

import asyncio
import contextlib
from functools import partial
from typing import TYPE_CHECKING

import discord
import pytest

from bot.client.backoff import MAX_WAIT, Backoff
from bot.client.discord_internals import TolerantClient
from bot.client.endpoint import use_endpoint
from bot.sandbox.http.faults import Fault
from tests.support.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.config import Endpoint
    from bot.sandbox.server import Sandbox

OUTAGE = Fault("outage", seconds=3600)


class Recorder(TolerantClient):
    """A client that takes note of its waits, and lets an outage end after some."""

    def __init__(self, sandbox: Sandbox, outage_waits: int, shard_count: int) -> None:
        super().__init__(
            intents=discord.Intents.none(),
            guild_ready_timeout=0.0,
            new_backoff=partial(Backoff, lambda: 0.5),
            pause=self._note,
            shard_count=shard_count,
        )
        self.waits: list[float] = []
        self.events: list[str] = []
        self.unreadable: list[str] = []
        self._sandbox = sandbox
        self._outage_waits = outage_waits

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Identify without discord.py's wait of five seconds."""

    def dispatch(self, event: str, /, *args: object, **kwargs: object) -> None:
        self.events.append(event)
        super().dispatch(event, *args, **kwargs)

    def on_unreadable_event(self, event: str, error: Exception) -> None:
        self.unreadable.append(event)

    def on_shard_lost(self, shard_id: int, reason: str, again_in: float) -> None:
        self.waits.append(again_in)

    async def _note(self, delay: float) -> None:
        if len(self.waits) == self._outage_waits:
            self._sandbox.faults.clear()
        await asyncio.sleep(0)


@contextlib.asynccontextmanager
async def connected(
    sandbox: Sandbox, endpoint: Endpoint, *, outage_waits: int = 0, shard_count: int = 1
) -> AsyncIterator[Recorder]:
    with use_endpoint(endpoint):
        async with Recorder(sandbox, outage_waits, shard_count) as client:
            await client.login(sandbox.token)
            running = asyncio.create_task(client.connect())
            await until(lambda: client.is_ready() or running.done())
            yield client
        await running


async def test_after_a_long_outage_the_wait_is_still_under_a_minute(
    sandbox: Sandbox, endpoint: Endpoint
) -> None:
    async with connected(sandbox, endpoint, outage_waits=40) as client:
        sandbox.faults.add(OUTAGE)  # which cuts the connection, too
        await until(lambda: client.events.count("shard_ready") == 2)
    assert len(client.waits) == 40
    assert client.waits[0] < 1 < client.waits[-1]
    assert max(client.waits) <= MAX_WAIT


async def test_a_connection_that_is_cut_is_gone_on_with(
    sandbox: Sandbox, endpoint: Endpoint
) -> None:
    async with connected(sandbox, endpoint) as client:
        sandbox.gateway.drop("close")
        await until(lambda: "shard_resumed" in client.events)
    assert len(sandbox.log.frames("IDENTIFY")) == 1


async def test_a_session_that_discord_ends_is_begun_anew(
    sandbox: Sandbox, endpoint: Endpoint
) -> None:
    async with connected(sandbox, endpoint) as client:
        sandbox.gateway.drop("invalid_session")
        await until(lambda: client.events.count("shard_ready") == 2)
    assert len(sandbox.log.frames("IDENTIFY")) == 2


async def test_every_shard_comes_back_by_itself(sandbox: Sandbox, endpoint: Endpoint) -> None:
    async with connected(sandbox, endpoint, shard_count=3) as client:
        assert client.events.count("shard_ready") == 3
        sandbox.gateway.drop("close")
        await until(lambda: client.events.count("shard_resumed") == 3)
    assert client.events.count("shard_disconnect") == 3


async def test_a_ready_without_its_session_is_counted_and_a_new_one_is_asked_for(
    sandbox: Sandbox, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    received = discord.gateway.DiscordWebSocket.received_message
    broken = [KeyError("session_id")]

    async def fail_once(socket: discord.gateway.DiscordWebSocket, message: object) -> None:
        await received(socket, message)
        if socket.session_id and broken:
            raise broken.pop()

    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "received_message", fail_once)
    async with connected(sandbox, endpoint) as client:
        await until(lambda: len(sandbox.log.frames("IDENTIFY")) == 2)
    assert client.unreadable == ["gateway"]


async def change_the_token(sandbox: Sandbox, endpoint: Endpoint) -> None:
    async with connected(sandbox, endpoint) as client:
        client.http.token = "another"
        sandbox.gateway.drop("invalid_session")
        await until(lambda: len(client.waits) > 1 or client._shard_tasks[0].done())


async def test_a_token_that_discord_refuses_ends_the_client(
    sandbox: Sandbox, endpoint: Endpoint
) -> None:
    with pytest.raises(discord.ConnectionClosed, match="4004"):
        await change_the_token(sandbox, endpoint)
