"""The gateway as a client sees it: by hand for the rules, with discord.py for the reconnects."""

from __future__ import annotations

import json
import zlib
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from bot.sandbox.gateway.gateway import shard_of
from bot.sandbox.http.faults import Fault
from bot.sandbox.server import Sandbox
from bot.sandbox.world.fixtures import crowded_world
from tests.support.plain_bot import PlainBot, pointed_at
from tests.support.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

HELLO, IDENTIFY, RESUME, INVALID, HEARTBEAT, ACK = 10, 2, 6, 9, 1, 11


class Line:
    """A gateway connection by hand."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def send(self, op: int, data: Any) -> None:
        await self.socket.send_str(json.dumps({"op": op, "d": data}))

    async def frame(self) -> dict[str, Any]:
        return dict(json.loads((await self.socket.receive(5)).data))

    async def identify(self, token: str, **more: Any) -> dict[str, Any]:
        await self.frame()
        await self.send(IDENTIFY, {"token": token, "intents": 0, "properties": {}} | more)
        return await self.frame()

    async def close_code(self) -> int | None:
        message = await self.socket.receive(5)
        assert message.type is aiohttp.WSMsgType.CLOSE
        return self.socket.close_code


@asynccontextmanager
async def connected(sandbox: Sandbox, query: str = "?v=10&encoding=json") -> AsyncIterator[Line]:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(sandbox.gateway_url + query) as socket,
    ):
        yield Line(socket)


async def test_a_client_is_greeted_with_its_heartbeat(sandbox: Sandbox) -> None:
    async with connected(sandbox) as line:
        hello = await line.frame()
    assert (hello["op"], hello["d"]["heartbeat_interval"]) == (HELLO, 41250)


async def test_a_heartbeat_is_acknowledged(sandbox: Sandbox) -> None:
    async with connected(sandbox) as line:
        await line.identify(sandbox.token)
        await line.send(HEARTBEAT, 1)
        assert (await line.frame())["op"] == ACK


async def test_ready_names_the_guilds_but_tells_nothing_of_them_without_the_intent(
    sandbox: Sandbox,
) -> None:
    async with connected(sandbox) as line:
        ready = await line.identify(sandbox.token)
        await line.send(HEARTBEAT, 1)
        assert (await line.frame())["op"] == ACK
    assert ready["t"] == "READY"
    assert len(ready["d"]["guilds"]) == 3
    assert all(each["unavailable"] for each in ready["d"]["guilds"])
    assert ready["d"]["resume_gateway_url"] == sandbox.gateway_url


async def test_guilds_are_told_to_who_has_the_intent(sandbox: Sandbox) -> None:
    async with connected(sandbox) as line:
        await line.identify(sandbox.token, intents=1)
        created = [await line.frame() for _ in range(3)]
    assert [each["t"] for each in created] == ["GUILD_CREATE"] * 3
    assert created[0]["d"]["name"] == "Night Owls"
    assert "general" in [each["name"] for each in created[0]["d"]["channels"]]
    assert "B-sides" in [each["name"] for each in created[0]["d"]["threads"]]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"token": "wrong"}, 4004),
        ({"intents": 1 << 40}, 4013),
        ({"shard": [2, 2]}, 4010),
    ],
)
async def test_a_wrong_identify_closes_the_line(
    sandbox: Sandbox, more: dict[str, Any], code: int
) -> None:
    async with connected(sandbox) as line:
        await line.frame()
        await line.send(IDENTIFY, {"token": sandbox.token, "intents": 0} | more)
        assert await line.close_code() == code


@pytest.mark.parametrize(
    ("text", "code"),
    [("no json", 4002), ('{"op": 77}', 4001), ('{"op": 3, "d": {}}', 4003)],
)
async def test_nonsense_closes_the_line(sandbox: Sandbox, text: str, code: int) -> None:
    async with connected(sandbox) as line:
        await line.frame()
        await line.socket.send_str(text)
        assert await line.close_code() == code


async def test_identifying_twice_closes_the_line(sandbox: Sandbox) -> None:
    async with connected(sandbox) as line:
        await line.identify(sandbox.token)
        await line.send(IDENTIFY, {"token": sandbox.token, "intents": 0})
        assert await line.close_code() == 4005


async def test_another_version_is_refused(sandbox: Sandbox) -> None:
    async with connected(sandbox, "?v=9") as line:
        assert await line.close_code() == 4012


async def test_a_session_that_is_not_known_cannot_be_resumed(sandbox: Sandbox) -> None:
    async with connected(sandbox) as line:
        await line.frame()
        await line.send(RESUME, {"token": sandbox.token, "session_id": "gone", "seq": 1})
        frame = await line.frame()
    assert (frame["op"], frame["d"]) == (INVALID, False)


async def test_what_was_never_sent_cannot_be_resumed_from(sandbox: Sandbox) -> None:
    async with connected(sandbox) as line:
        ready = await line.identify(sandbox.token)
    async with connected(sandbox) as line:
        await line.frame()
        session = {"session_id": ready["d"]["session_id"], "seq": 99}
        await line.send(RESUME, {"token": sandbox.token} | session)
        assert await line.close_code() == 4007


async def test_identifying_too_often_is_refused_where_limits_hold(sandbox: Sandbox) -> None:
    sandbox.container.ratelimits.switch(enabled=True)
    async with connected(sandbox) as first, connected(sandbox) as second:
        assert (await first.identify(sandbox.token))["t"] == "READY"
        frame = await second.identify(sandbox.token)
    assert (frame["op"], frame["d"]) == (INVALID, False)


async def test_resuming_replays_what_was_missed_and_no_more(sandbox: Sandbox) -> None:
    async with connected(sandbox) as line:
        ready = await line.identify(sandbox.token)
    await until(lambda: not sandbox.gateway.is_online)
    for number in range(3):
        sandbox.gateway.dispatch("TEST", {"number": number})
    async with connected(sandbox) as line:
        await line.frame()
        session = {"session_id": ready["d"]["session_id"], "seq": 2}
        await line.send(RESUME, {"token": sandbox.token} | session)
        frames = [await line.frame() for _ in range(3)]
    assert [(each["t"], each["s"]) for each in frames] == [
        ("TEST", 3),
        ("TEST", 4),
        ("RESUMED", 5),
    ]


async def test_frames_are_compressed_as_one_stream(sandbox: Sandbox) -> None:
    stream = zlib.decompressobj()
    async with connected(sandbox, "?v=10&encoding=json&compress=zlib-stream") as line:
        first = (await line.socket.receive(5)).data
        await line.send(HEARTBEAT, None)
        second = (await line.socket.receive(5)).data
    assert isinstance(first, bytes)
    assert first.endswith(b"\x00\x00\xff\xff")
    assert json.loads(stream.decompress(first))["op"] == HELLO
    assert json.loads(stream.decompress(second))["op"] == ACK


async def test_what_cannot_be_compressed_so_is_sent_plainly(sandbox: Sandbox) -> None:
    async with connected(sandbox, "?v=10&encoding=json&compress=unheard-of") as line:
        assert (await line.frame())["op"] == HELLO


async def test_zstd_is_one_stream_as_well(sandbox: Sandbox) -> None:
    zstd = pytest.importorskip("zstandard", reason="zstd needs Python 3.14 or zstandard")
    stream = zstd.ZstdDecompressor().decompressobj()
    async with connected(sandbox, "?v=10&encoding=json&compress=zstd-stream") as line:
        first = (await line.socket.receive(5)).data
        await line.send(HEARTBEAT, None)
        second = (await line.socket.receive(5)).data
    assert json.loads(stream.decompress(first))["op"] == HELLO
    assert json.loads(stream.decompress(second))["op"] == ACK


GUILD_MESSAGES, DIRECT_MESSAGES, CONTENT = 1 << 9, 1 << 12, 1 << 15


@pytest.mark.parametrize(
    ("intents", "said", "told"),
    [
        (GUILD_MESSAGES, "words", ""),
        (GUILD_MESSAGES | CONTENT, "words", "words"),
        (GUILD_MESSAGES, "<@{bot}> words", "<@{bot}> words"),
    ],
)
async def test_contents_are_for_who_asked_or_is_addressed(
    sandbox: Sandbox, intents: int, said: str, told: str
) -> None:
    bot_id = sandbox.world.application.bot.id
    async with connected(sandbox) as line:
        await line.identify(sandbox.token, intents=intents)
        sandbox.user("fan").say(said.format(bot=bot_id))
        event = await line.frame()
    assert event["t"] == "MESSAGE_CREATE"
    assert event["d"]["content"] == told.format(bot=bot_id)
    assert event["d"]["member"]["user"]["username"] == "robin"


async def test_direct_messages_are_told_in_full(sandbox: Sandbox) -> None:
    async with connected(sandbox) as line:
        await line.identify(sandbox.token, intents=DIRECT_MESSAGES)
        sandbox.user("fan").say("not for a bot without the intent")
        sandbox.user("fan", dm_with="stranger").say("not for the bot")
        sandbox.user("fan", dm_with="bot").say("words")
        event = await line.frame()
    assert (event["t"], event["d"]["content"]) == ("MESSAGE_CREATE", "words")


async def test_each_shard_is_told_of_its_own_guilds_and_the_first_of_direct_messages() -> None:
    world = crowded_world(10)
    sandbox = Sandbox(world)
    await sandbox.start()
    ids = list(world.bot_guild_ids())
    async with connected(sandbox) as one, connected(sandbox) as two:
        ready_one = await one.identify(sandbox.token, shard=[0, 2])
        ready_two = await two.identify(sandbox.token, shard=[1, 2])
        odd = next(each for each in ids if shard_of(each, 2) == 1)
        sandbox.gateway.dispatch("TEST", {}, guild_id=odd)
        sandbox.gateway.dispatch("DIRECT", {})
        assert (await two.frame())["t"] == "TEST"
        assert (await one.frame())["t"] == "DIRECT"
    await sandbox.close()
    told = [[int(each["id"]) for each in ready["d"]["guilds"]] for ready in (ready_one, ready_two)]
    assert [len(each) for each in told] == [5, 5]
    assert sorted(told[0] + told[1]) == ids


@pytest.mark.parametrize("how", ["close", "reconnect"])
async def test_a_dropped_bot_resumes_and_misses_nothing(
    sandbox: Sandbox, bot: PlainBot, how: str
) -> None:
    fan = sandbox.user("fan")
    assert sandbox.gateway.drop(how) == 1
    asked = [fan.begin("ping") for _ in range(5)]
    await until(lambda: all(each.state == "answered" for each in asked))
    assert len(sandbox.log.frames("RESUMED")) == 1
    assert len(sandbox.log.frames("IDENTIFY")) == 1
    assert [each.id for each in bot.seen] == [each.id for each in asked]


async def test_a_bot_with_an_invalid_session_identifies_anew(
    sandbox: Sandbox, bot: PlainBot
) -> None:
    sandbox.gateway.drop("invalid_session")
    await until(lambda: len(sandbox.log.frames("READY")) == 2)
    assert (await sandbox.user("fan").command("ping")).text == "pong"
    assert not sandbox.log.frames("RESUMED")


async def test_an_outage_ends_and_the_bot_comes_back(sandbox: Sandbox, bot: PlainBot) -> None:
    sandbox.faults.add(Fault("outage", seconds=0.2))
    await until(lambda: not sandbox.gateway.is_online)
    await until(lambda: sandbox.gateway.is_online)
    assert (await sandbox.user("fan").command("ping")).text == "pong"


async def test_a_bot_of_several_shards_answers_in_every_guild() -> None:
    world = crowded_world(4)
    sandbox = Sandbox(world)
    await sandbox.start()
    with pointed_at(sandbox):
        async with PlainBot(shards=2).running(sandbox.token):
            await until(lambda: sum(each.is_online for each in sandbox.gateway.sessions()) == 2)
            for guild_id in world.bot_guild_ids():
                reply = await sandbox.user("fan", guild=guild_id).command("ping")
                assert reply.text == "pong"
    await sandbox.close()
