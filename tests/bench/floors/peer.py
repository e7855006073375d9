"""Discord's side, as little of it as there can be: what is measured is the bot, not the peer.

Bots are told apart by their tokens. Each has one line, over which members' questions go out and
answers come back; the time between the two is what a question took.
"""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from bot.sandbox.gateway.gateway import compressor
from tests.bench.floors import payloads

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    from bot.sandbox.gateway.sessions import Compressor
    from bot.sandbox.wire import Json

GUILDS_INTENT = 1
GUILDS_PER_SHARD = 2_500
"""As many as Discord allows."""
LARGEST = 1 << 24


@dataclass(frozen=True, slots=True)
class Sent:
    """An interaction that was sent: its token, and when."""

    token: str
    at: float


class Line:
    """One bot's connections to Discord.

    Attributes:
        guilds: In how many servers the bot is.
        commands: Those that it has published.
        is_online: Set once every shard has been told of all its servers.
        requests: How many answers have come.
        answers: How long their bodies were, added up.
    """

    def __init__(self, token: str, guilds: int, commands: list[Json]) -> None:
        self.token = token
        self.guilds = guilds
        self.is_online = asyncio.Event()
        self.requests = 0
        self.answers = 0
        self.commands = commands
        self.callbacks: dict[str, tuple[int, float]] = {}
        """Each callback's type and moment, by the interaction's id."""
        self.edits: dict[str, float] = {}
        """When the answer of a deferred interaction was put in place, by its token."""
        self._shards: dict[int, _Shard] = {}
        self._waiting: dict[str, asyncio.Future[float]] = {}
        self._number = 0

    @property
    def shard_count(self) -> int:
        """Return how many shards Discord would ask for at the least."""
        return max(1, -(-self.guilds // GUILDS_PER_SHARD))

    def ask(self, question: str) -> asyncio.Future[float]:
        """Ask in the first server; the future holds when the answer came."""
        self._number += 1
        payload = payloads.asked(self.token, self._number, question)
        answered = self._waiting[str(payload["id"])] = asyncio.get_running_loop().create_future()
        shard = self._shards[(payloads.guild_id(0) >> 22) % self.shard_count]
        shard.send_soon("INTERACTION_CREATE", payload)
        return answered

    async def burst(self, asked: Sequence[str]) -> dict[str, Sent]:
        """Ask as fast as can be written; return each by its interaction's id."""
        shard = self._shards[(payloads.guild_id(0) >> 22) % self.shard_count]
        self._number += len(asked)
        first = self._number - len(asked) + 1
        written = [payloads.asked(self.token, first + at, text) for at, text in enumerate(asked)]
        sent = {}
        for payload in written:
            sent[payload["id"]] = Sent(payload["token"], time.perf_counter())
            await shard.send("INTERACTION_CREATE", payload)
        return sent

    async def took(self, question: str) -> float:
        """Ask, and return the seconds until the callback had come whole."""
        began = time.perf_counter()
        return await self.ask(question) - began

    def called_back(self, interaction: str, body: bytes) -> Json:
        """Take an answer."""
        waiting, now = self._waiting.pop(interaction, None), time.perf_counter()
        if waiting is not None and not waiting.done():
            waiting.set_result(now)
        self.requests += 1
        self.answers += len(body)
        number, answer = int(interaction) - payloads.FIRST_INTERACTION, json.loads(body)
        self.callbacks[interaction] = (answer["type"], now)
        return payloads.called_back(number, answer)

    async def welcome(self, shard: _Shard, identify: Json) -> None:
        """Tell a shard of its servers; in full only where it asked for the intent."""
        number, count = identify.get("shard", [0, 1])
        its_own = [
            guild
            for guild in range(self.guilds)
            if (payloads.guild_id(guild) >> 22) % count == number
        ]
        shown = [{"id": str(payloads.guild_id(at)), "unavailable": True} for at in its_own]
        ready = {
            "v": 10,
            "user": payloads.OWN_USER,
            "guilds": shown,
            "session_id": f"session{number}",
            "resume_gateway_url": shard.address,
            "shard": [number, count],
            "application": {"id": payloads.APPLICATION_ID, "flags": 0},
        }
        await shard.send("READY", ready)
        if identify["intents"] & GUILDS_INTENT:
            for guild in its_own:
                await shard.send("GUILD_CREATE", payloads.guild(guild))
        self._shards[number] = shard
        if len(self._shards) == count:
            self.is_online.set()


class _Shard:
    """One open gateway connection."""

    def __init__(self, socket: web.WebSocketResponse, compress: Compressor | None, at: str) -> None:
        self.address = at
        self._socket = socket
        self._compress = compress
        self._sequence = 0
        self._sending: set[asyncio.Task[None]] = set()

    def send_soon(self, event: str, payload: Json) -> None:
        task = asyncio.get_running_loop().create_task(self.send(event, payload))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def send(self, event: str, payload: Json) -> None:
        self._sequence += 1
        await self.write({"op": 0, "t": event, "s": self._sequence, "d": payload})

    async def write(self, frame: Json) -> None:
        text = json.dumps(frame)
        if self._compress is None:
            await self._socket.send_str(text)
        else:
            await self._socket.send_bytes(self._compress(text))


class Peer:
    """The HTTP API and the gateway of all the lines."""

    def __init__(self) -> None:
        self.lines: dict[str, Line] = {}
        self._address = ""
        self._answers: dict[tuple[str, str], Callable[[Line], Any]] = {
            ("GET", "/users/@me"): lambda _: payloads.OWN_USER,
            ("GET", "/oauth2/applications/@me"): lambda _: payloads.APPLICATION,
            ("GET", "/users/@me/guilds"): lambda _: [],
            ("GET", "/gateway/bot"): self._gateway,
            ("GET", f"/applications/{payloads.APPLICATION_ID}/commands"): _commands,
        }

    @property
    def api(self) -> str:
        """The address of the HTTP API."""
        return f"http://{self._address}/api/v10"

    @property
    def gateway(self) -> str:
        """The address of the gateway."""
        return f"ws://{self._address}/gateway"

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Peer]:
        """Listen on a free port of this machine."""
        runner = web.ServerRunner(web.Server(self._handle, access_log=None))
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, shutdown_timeout=0.1)
        await site.start()
        host, port = runner.addresses[0][:2]
        self._address = f"{host}:{port}"
        try:
            yield self
        finally:
            await runner.cleanup()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path.startswith("/gateway"):
            return await self._converse(request)
        path = request.path.removeprefix("/api/v10")
        if path.startswith("/interactions/"):
            return await self._take(path, request)
        if path.startswith("/webhooks/"):  # what was deferred is put in place
            if request.method == "DELETE":  # or taken away first, for an answer to the asker alone
                return web.Response(status=204)
            token = path.split("/")[3]
            self.lines[token.partition(".")[0]].edits[token] = time.perf_counter()
            return _said(payloads.message(0, await request.json()))
        line = self.lines[request.headers["Authorization"].removeprefix("Bot ")]
        if request.method == "PUT":
            line.commands = _with_ids(await request.json())
            return _said(line.commands)
        return _said(self._answers[request.method, path](line))

    async def _take(self, path: str, request: web.BaseRequest) -> web.Response:
        _, _, interaction, token, _ = path.split("/")
        body = await request.read()
        reply = self.lines[token.partition(".")[0]].called_back(interaction, body)
        return _said(reply) if "with_response" in request.query else web.Response(status=204)

    def _gateway(self, line: Line) -> Json:
        limit = {"total": 1000, "remaining": 1000, "reset_after": 1, "max_concurrency": 16}
        return {"url": self.gateway, "shards": line.shard_count, "session_start_limit": limit}

    async def _converse(self, request: web.BaseRequest) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=LARGEST, compress=False)
        await socket.prepare(request)
        shard = _Shard(socket, compressor(request.query.get("compress")), self.gateway)
        await shard.write({"op": 10, "d": {"heartbeat_interval": 41_250}})
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                break
            await self._heard(shard, message.json())
        return socket

    async def _heard(self, shard: _Shard, frame: Json) -> None:
        operations: dict[int, Callable[[], Awaitable[None]]] = {
            1: lambda: shard.write({"op": 11}),
            2: lambda: self.lines[frame["d"]["token"]].welcome(shard, frame["d"]),
        }
        if frame["op"] in operations:
            await operations[frame["op"]]()


def _said(value: Any) -> web.Response:
    # Without a charset: discord.py takes only this very word for JSON.
    return web.Response(body=json.dumps(value).encode(), content_type="application/json")


def _commands(line: Line) -> list[Json]:
    return line.commands


def _with_ids(commands: list[Json]) -> list[Json]:
    own = {"application_id": payloads.APPLICATION_ID, "version": "1"}
    return [
        {"id": str(payloads.COMMAND + at), "type": 1} | command | own
        for at, command in enumerate(commands)
    ]
