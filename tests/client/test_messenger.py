"""What a request came to: told from all of its tries, not from the last alone."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
import pytest
from aiohttp import web

from bot.client.adapters.messenger import DiscordMessenger
from bot.client.adapters.request_tracer import RequestTracer
from bot.client.discord_internals import release_requests
from bot.client.endpoint import use_endpoint
from bot.config import Endpoint
from bot.scheduling.ports import AmbiguousOutcome, Refused, Temporary, Unauthorised
from tests.support.waiting import patience

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

PAYLOAD = {"components": [{"type": 10, "content": "x"}], "flags": 1 << 15}
MESSAGE = {
    "id": "77",
    "channel_id": "1",
    "type": 0,
    "author": {"id": "1", "username": "bot", "discriminator": "0", "avatar": None},
    "timestamp": "2026-06-01T08:00:00+00:00",
    "edited_timestamp": None,
    "content": "",
    "tts": False,
    "pinned": False,
    "mention_everyone": False,
    "attachments": [],
    "embeds": [],
    "mentions": [],
    "mention_roles": [],
    "components": [],
}
CUT = 0
"""Stands for an answer that never comes: the line is cut."""


def answer(value: Any, status: int = 200) -> web.Response:
    """Answer as Discord does: without a charset, which discord.py does not take for JSON."""
    body = json.dumps(value).encode()
    return web.Response(
        body=body, status=status, content_type="application/json", headers={"Via": "1.1"}
    )


class Scripted:
    """A server that answers posts as scripted: (status, code), the last one for ever."""

    def __init__(self) -> None:
        self.script: deque[tuple[int, int]] = deque()
        self.bodies: list[Any] = []

    async def whoami(self, _request: web.Request) -> web.StreamResponse:
        return answer({"id": "1", "username": "bot", "discriminator": "0"})

    async def post(self, request: web.Request) -> web.StreamResponse:
        self.bodies.append(json.loads(await request.text() or "null"))
        status, code = self.script.popleft() if len(self.script) > 1 else self.script[0]
        if status == CUT:
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        if status == 429:
            return answer({"retry_after": 0.01, "global": bool(code)}, status=429)
        return answer(MESSAGE | {"code": code, "message": ""}, status=status)


@pytest.fixture
def scripted() -> Scripted:
    return Scripted()


class Hurried:
    """The module `asyncio` for discord.py, with a sleep of the test's choice."""

    def __init__(self, sleep: Callable[[float], Awaitable[object]]) -> None:
        self.sleep = sleep

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)


async def at_once(_seconds: float) -> None:
    """Wait for nothing: discord.py tries again after one second, three, five."""


@pytest.fixture
async def channels(
    scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[DiscordMessenger]:
    app = web.Application()
    app.router.add_post("/channels/1/messages", scripted.post)
    app.router.add_post("/channels/1/messages/77/threads", scripted.post)
    app.router.add_post("/channels/1/messages/77/crosspost", scripted.post)
    app.router.add_get("/users/@me", scripted.whoami)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
    tracer = RequestTracer()
    monkeypatch.setattr("discord.http.asyncio", Hurried(at_once))
    with use_endpoint(Endpoint(origin, origin.replace("http", "ws"))):
        client = discord.Client(intents=discord.Intents.none(), http_trace=tracer.trace_config())
        async with client:
            await client.http.static_login("token")
            yield DiscordMessenger(client, tracer)
    await runner.cleanup()


async def sent(channels: DiscordMessenger) -> int:
    return await channels.send(1, PAYLOAD, "nonce", None)


@pytest.mark.parametrize(
    ("script", "outcome"),
    [
        ([(401, 0)], Unauthorised),
        ([(403, 50013)], Refused),
        ([(404, 10003)], Refused),
        ([(400, 50035)], Refused),
        ([(429, 0)], Temporary),
        ([(503, 0)], AmbiguousOutcome),
        ([(500, 0)], AmbiguousOutcome),
        ([(CUT, 0)], AmbiguousOutcome),
        # What came after a try that may have been carried out proves nothing about that try.
        ([(500, 0), (403, 50013)], AmbiguousOutcome),
        ([(502, 0), (429, 0)], AmbiguousOutcome),
        ([(500, 0), (401, 0)], AmbiguousOutcome),
        ([(500, 0), (CUT, 0)], AmbiguousOutcome),
    ],
)
async def test_each_answer_has_its_outcome(
    channels: DiscordMessenger,
    scripted: Scripted,
    script: list[tuple[int, int]],
    outcome: type[Exception],
) -> None:
    scripted.script.extend(script)
    with pytest.raises(outcome):
        await sent(channels)


@pytest.mark.parametrize("script", [[(200, 0)], [(400, 160004)], [(500, 0), (400, 160004)]])
async def test_a_thread_that_is_there_already_is_a_thread(
    channels: DiscordMessenger, scripted: Scripted, script: list[tuple[int, int]]
) -> None:
    scripted.script.extend(script)
    await channels.open_thread(1, 77, "Quote of the day")
    assert scripted.bodies[-1]["name"] == "Quote of the day"


@pytest.mark.parametrize("script", [[(200, 0)], [(400, 40033)], [(502, 0), (400, 40033)]])
async def test_a_post_that_was_published_already_is_published(
    channels: DiscordMessenger, scripted: Scripted, script: list[tuple[int, int]]
) -> None:
    scripted.script.extend(script)
    await channels.publish(1, 77)


async def test_any_other_refusal_of_a_follow_up_is_one(
    channels: DiscordMessenger, scripted: Scripted
) -> None:
    scripted.script.append((403, 50013))
    with pytest.raises(Refused):
        await channels.open_thread(1, 77, "x")
    scripted.script[0] = (400, 160004)
    with pytest.raises(Refused):
        await channels.publish(1, 77)


@pytest.mark.parametrize("before", [(500, 0), (429, 0)])
async def test_a_later_try_that_succeeds_is_a_success(
    channels: DiscordMessenger, scripted: Scripted, before: tuple[int, int]
) -> None:
    scripted.script.extend([before, (200, 0)])
    assert await sent(channels) == 77
    assert scripted.bodies[0] == scripted.bodies[1]


async def test_an_answer_that_makes_no_sense_leaves_it_open(
    channels: DiscordMessenger, scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted.script.append((200, 0))
    monkeypatch.setattr(
        f"{__name__}.answer", lambda *_, **__: web.Response(text="<html>a proxy</html>")
    )
    with pytest.raises(AmbiguousOutcome):
        await sent(channels)


async def test_a_doubt_does_not_outlive_its_request(
    channels: DiscordMessenger, scripted: Scripted
) -> None:
    scripted.script.extend([(503, 0), (403, 50013)])
    with pytest.raises(AmbiguousOutcome):
        await sent(channels)
    with pytest.raises(Refused, match="allow it Send Messages"):
        await sent(channels)


async def test_a_refused_post_says_why(channels: DiscordMessenger, scripted: Scripted) -> None:
    scripted.script.append((403, 31337))
    with pytest.raises(Refused, match="status 403, code 31337") as refused:
        await sent(channels)
    assert refused.value.status == 403


async def test_nobody_is_mentioned_and_the_nonce_is_enforced(
    channels: DiscordMessenger, scripted: Scripted
) -> None:
    scripted.script.append((200, 0))
    await sent(channels)
    await channels.send(1, PAYLOAD, "nonce", 5)
    sent_as = PAYLOAD | {"content": None, "nonce": "nonce", "enforce_nonce": True, "tts": False}
    assert scripted.bodies == [
        sent_as | {"allowed_mentions": {"parse": []}},
        sent_as | {"allowed_mentions": {"parse": [], "roles": [5]}},
    ]


async def test_a_send_cancelled_in_a_global_limit_lets_the_others_go_on(
    channels: DiscordMessenger, scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_limited = asyncio.Event()

    async def sleep(seconds: float) -> None:
        """Stay in the sleep that the limit asks for; the bucket's own has no length."""
        if seconds:
            is_limited.set()
            await asyncio.Event().wait()

    monkeypatch.setattr("discord.http.asyncio", Hurried(sleep))
    scripted.script.extend([(429, 1), (200, 0)])
    sending = asyncio.create_task(sent(channels))
    async with patience():
        await is_limited.wait()
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    async with patience():
        assert await sent(channels) == 77


async def test_where_nobody_listens_it_is_certain_that_nothing_was_posted() -> None:
    tracer = RequestTracer()
    async with aiohttp.ClientSession(trace_configs=[tracer.trace_config()]) as session:
        with pytest.raises(Temporary), tracer.outcome():
            await session.post("http://127.0.0.1:9/channels/1/messages")


async def test_a_request_cancelled_as_it_gives_its_place_back_holds_up_no_later_one() -> None:
    client = discord.Client(intents=discord.Intents.none())
    client.http._global_over = asyncio.Event()  # as logging in does
    limit = client.http.get_ratelimit("GET /channels/1")

    async def request() -> None:
        async with limit:
            pass

    cancelled = asyncio.create_task(request())
    await asyncio.sleep(0)  # it gives its place back now
    cancelled.cancel()
    await asyncio.wait({cancelled})
    assert (cancelled.cancelled(), limit.remaining) == (True, 0)
    release_requests(client)
    assert limit.remaining == 1
    await request()
