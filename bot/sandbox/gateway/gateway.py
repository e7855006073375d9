"""The gateway, version 10: HELLO, IDENTIFY, READY, heartbeats, RESUME, and events by shard.

https://discord.com/developers/docs/events/gateway
"""

from __future__ import annotations

import asyncio
import importlib
import json
import zlib
from typing import TYPE_CHECKING, Any, Protocol, cast

from aiohttp import WSMsgType, web

from bot.sandbox.gateway.sessions import Close, Compressor, Op, SendQueue, Session
from bot.sandbox.watchers import Watchers
from bot.sandbox.wire import Json, dumps
from bot.sandbox.world.payloads import gateway_guild_json, own_user_json
from bot.sandbox.world.snowflakes import TIME_SHIFT

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.http.journal import Journal
    from bot.sandbox.wire import Json
    from bot.sandbox.world.model import World

GUILDS_INTENT = 1 << 0
_ALL_INTENTS = (1 << 26) - 1


class Gateway:
    """All sessions of the bot, and the socket they connect to.

    Attributes:
        url: The address bots are told to connect to; known once the server listens.
        is_out: Says whether connections are refused at the moment.
        may_identify: Says whether a shard may identify at the moment, and counts that it does.
    """

    def __init__(self, world: World, journal: Journal, token: str) -> None:
        self._world = world
        self._journal = journal
        self._token = token
        self._sessions: dict[str, Session] = {}
        self._sockets: set[web.WebSocketResponse] = set()
        self.url = ""
        self.is_out: Callable[[], bool] = lambda: False
        self.may_identify: Callable[[int], bool] = lambda _shard: True
        self.watchers = Watchers[[]]()

    def sessions(self) -> list[Session]:
        """Return the sessions of all shards, those that are away too."""
        return list(self._sessions.values())

    @property
    def is_online(self) -> bool:
        """Say whether any shard is connected."""
        return any(each.is_online for each in self._sessions.values())

    def dispatch(
        self,
        name: str,
        data: Json,
        *,
        guild_id: int | None = None,
        intent: int = 0,
        lacking: int = 0,
    ) -> None:
        """Send an event to the shard of that guild (of direct messages: shard 0).

        Args:
            name: The event's name.
            data: Its JSON.
            guild_id: The guild it happens in.
            intent: The intents it takes to be told; 0 for events that everyone is told.
            lacking: An intent that those told do not have.
        """
        for session in self._sessions.values():
            owns = shard_of(guild_id, session.count) == session.shard
            has_intents = session.intents & intent == intent and not session.intents & lacking
            if owns and has_intents:
                session.dispatch(name, data)

    def drop(self, how: str, shard: int | None = None) -> int:
        """Cut all lines, or one shard's; return how many.

        Args:
            how: `close` abruptly, `reconnect` with op 7, `invalid_session` with op 9.
            shard: The only one to lose its line; all if left out.
        """
        online = [
            (each, each.queue)
            for each in self._sessions.values()
            if each.queue is not None and shard in {None, each.shard}
        ]
        for session, queue in online:
            if how == "reconnect":
                self.send(queue, session.shard, Op.RECONNECT)
            elif how == "invalid_session":
                self.send(queue, session.shard, Op.INVALID_SESSION, data=False)
                # Discord would take no RESUME after this either: the bot must identify anew.
                del self._sessions[session.id]
            else:
                session.queue = None
                queue.cut()
        return len(online)

    async def close(self) -> None:
        """End all connections."""
        for socket in list(self._sockets):
            await socket.close(code=1001)

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one connection until it ends."""
        if self.is_out():
            raise web.HTTPServiceUnavailable
        # Discord takes frames of 4 KiB, and compresses the stream itself, not each message.
        socket = web.WebSocketResponse(max_msg_size=16 * 1024, compress=False)
        await socket.prepare(request)
        queue = SendQueue(request, socket, compressor(request.query.get("compress")))
        self._sockets.add(socket)
        sending = asyncio.ensure_future(queue.run())
        try:
            await Connection(self, queue, request).run(socket)
        finally:
            for session in self._sessions.values():
                if session.queue is queue:
                    session.queue = None  # away, but kept: it may resume on another connection
            self.watchers.notify()
            self._sockets.discard(socket)
            # A close code means that the queue ends by itself, once the frames before are sent.
            if queue.close_code is None:
                sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
        return socket

    def identify(self, queue: SendQueue, asked: Json) -> Session | Close | None:
        """Start a session, or say why not; None when it came too soon after another."""
        if asked.get("token") != self._token:
            return Close.AUTHENTICATION_FAILED
        intents = asked.get("intents", 0)
        if not isinstance(intents, int) or not 0 <= intents <= _ALL_INTENTS:
            return Close.INVALID_INTENTS
        shard, count = asked.get("shard") or (0, 1)
        if not 0 <= shard < count:
            return Close.INVALID_SHARD
        if not self.may_identify(shard):
            return None
        for other in list(self._sessions.values()):
            # A bot that restarted identifies anew, and shards of another count own other guilds:
            # their old sessions would collect events for nobody.
            is_same_shard = (other.shard, other.count) == (shard, count)
            if not other.is_online and (is_same_shard or other.count != count):
                del self._sessions[other.id]
        session = Session(shard, count, intents, self._journal)
        self._sessions[session.id] = session
        session.queue = queue
        self._greet(session)
        self.watchers.notify()
        return session

    def resume(self, queue: SendQueue, asked: Json) -> Session | Close | None:
        """Go on with a session; None when it is not known any more."""
        if asked.get("token") != self._token:
            return Close.AUTHENTICATION_FAILED
        session = self._sessions.get(str(asked.get("session_id")))
        sequence = asked.get("seq")
        if session is None or not isinstance(sequence, int):
            return None
        if sequence > session.sequence:
            return Close.INVALID_SEQ
        if not session.can_resume(sequence):
            return None  # too much was sent meanwhile: as with Discord, it must identify anew
        session.replay(sequence, queue)
        session.dispatch("RESUMED", {"_trace": ["sandbox"]})
        self.watchers.notify()
        return session

    def _greet(self, session: Session) -> None:
        guild_ids = [
            guild_id
            for guild_id in self._world.bot_guild_ids()
            if shard_of(guild_id, session.count) == session.shard
        ]
        application = self._world.application
        session.dispatch(
            "READY",
            {
                "v": 10,
                "user": own_user_json(application.bot),
                "user_settings": {},
                "session_type": "normal",
                "session_id": session.id,
                "resume_gateway_url": self.url,
                "relationships": [],
                "private_channels": [],
                "presences": [],
                "guilds": [{"id": str(each), "unavailable": True} for each in guild_ids],
                "guild_join_requests": [],
                "geo_ordered_rtc_regions": [],
                "game_relationships": [],
                "auth": {},
                "application": {"id": str(application.id), "flags": 0},
                "shard": [session.shard, session.count],
                "_trace": ["sandbox"],
            },
        )
        if session.intents & GUILDS_INTENT:
            for guild_id in guild_ids:
                guild = self._world.guild(guild_id)
                if guild is not None:
                    session.dispatch("GUILD_CREATE", gateway_guild_json(guild, self._world))

    def heard(self, shard: int, frame: Json) -> None:
        """Note a frame of the bot's."""
        op = frame.get("op")
        name = Op(op).name if isinstance(op, int) and op in list(Op) else str(op)
        self._journal.frame("from_bot", shard, {"op": op, "d": frame.get("d")}, name)

    def send(self, queue: SendQueue, shard: int, op: Op, data: Any = None) -> None:
        """Send a frame that is no event."""
        frame = {"t": None, "s": None, "op": int(op), "d": data}
        self._journal.frame("to_bot", shard, frame, op.name)
        queue.put(dumps(frame))


def shard_of(guild_id: int | None, count: int) -> int:
    """Return the shard that a guild belongs to; direct messages belong to the first."""
    return 0 if guild_id is None else (guild_id >> TIME_SHIFT) % count


HEARTBEAT_SECONDS = 41.25
ACKNOWLEDGED_AFTER_S = 0.05
"""As long as the way to Discord and back: a client that notes the time only after it has sent would
take an answer at once for one to the heartbeat before, and warn that it is 41 seconds behind."""


class Connection:
    """Handle the frames of one gateway connection."""

    def __init__(self, gateway: Gateway, queue: SendQueue, request: web.Request) -> None:
        self._gateway = gateway
        self._queue = queue
        self._query = request.query
        self._session: Session | None = None

    @property
    def _shard(self) -> int:
        return self._session.shard if self._session else 0

    async def run(self, socket: web.WebSocketResponse) -> None:
        """Greet, then listen until either side ends it."""
        if self._query.get("v", "10") != "10" or self._query.get("encoding", "json") != "json":
            self._queue.end(Close.INVALID_VERSION)
            return
        interval = int(HEARTBEAT_SECONDS * 1000)
        hello = {"heartbeat_interval": interval, "_trace": ["sandbox"]}
        self._gateway.send(self._queue, 0, Op.HELLO, hello)
        while self._queue.close_code is None:
            try:
                message = await socket.receive(timeout=2 * HEARTBEAT_SECONDS)
            except TimeoutError:
                self._queue.end(Close.SESSION_TIMED_OUT)
                return
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                return
            self._handle_frame(message.data)

    def _handle_frame(self, raw: str | bytes) -> None:
        try:
            frame = json.loads(raw)
        except ValueError:
            frame = None
        if not isinstance(frame, dict) or not isinstance(op := frame.get("op"), int):
            self._queue.end(Close.DECODE_ERROR)
            return
        self._gateway.heard(self._shard, frame)
        data = frame.get("d")
        if op == Op.HEARTBEAT:
            asyncio.get_running_loop().call_later(ACKNOWLEDGED_AFTER_S, self._acknowledge)
        elif op in (Op.IDENTIFY, Op.RESUME):
            self._authenticate(op, data if isinstance(data, dict) else {})
        elif op not in (Op.PRESENCE_UPDATE, Op.VOICE_STATE_UPDATE, Op.REQUEST_GUILD_MEMBERS):
            self._queue.end(Close.UNKNOWN_OPCODE)
        elif self._session is None:
            self._queue.end(Close.NOT_AUTHENTICATED)

    def _acknowledge(self) -> None:
        if self._queue.close_code is None:
            self._gateway.send(self._queue, self._shard, Op.HEARTBEAT_ACK)

    def _authenticate(self, op: int, data: Json) -> None:
        if self._session is not None:
            self._queue.end(Close.ALREADY_AUTHENTICATED)
            return
        ask = self._gateway.identify if op == Op.IDENTIFY else self._gateway.resume
        found = ask(self._queue, data)
        if isinstance(found, Close):
            self._queue.end(found)
        elif found is None:
            self._gateway.send(self._queue, 0, Op.INVALID_SESSION, data=False)
        else:
            self._session = found


def compressor(name: str | None) -> Compressor | None:
    """Return a compressor for the requested encoding, or None for plain text.

    zstd is there when Python (3.14) or the `zstandard` package brings it; without, the frames
    are sent as text, which clients take as well.
    """
    if name == "zlib-stream":
        return _zlib_stream()
    if name == "zstd-stream":
        return _zstd_stream()
    return None


def _zlib_stream() -> Compressor:
    stream = zlib.compressobj()

    def compress(text: str) -> bytes:
        return stream.compress(text.encode()) + stream.flush(zlib.Z_SYNC_FLUSH)

    return compress


class _ZstdObject(Protocol):
    def compress(self, data: bytes) -> bytes: ...
    def flush(self, mode: int) -> bytes: ...


def _zstd_stream() -> Compressor | None:
    try:
        module = importlib.import_module("compression.zstd")
        stream = cast("_ZstdObject", module.ZstdCompressor())
        flush_block = int(module.ZstdCompressor.FLUSH_BLOCK)
    except ImportError:
        try:
            module = importlib.import_module("zstandard")
        except ImportError:
            return None
        stream = cast("_ZstdObject", module.ZstdCompressor().compressobj())
        flush_block = int(module.COMPRESSOBJ_FLUSH_BLOCK)

    def compress(text: str) -> bytes:
        return stream.compress(text.encode()) + stream.flush(flush_block)

    return compress
