"""The gateway, version 10: HELLO, IDENTIFY, READY, heartbeats, RESUME, and events by shard.

https://discord.com/developers/docs/events/gateway
"""

from __future__ import annotations

import asyncio
import json
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from bot.sandbox.compression import compressor
from bot.sandbox.payloads import gateway_guild_json, own_user_json
from bot.sandbox.sessions import DISPATCH, Line, Session
from bot.sandbox.snowflakes import TIME_SHIFT
from bot.sandbox.wire import Json, dumps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.sandbox.journal import Journal
    from bot.sandbox.world import World

HEARTBEAT_SECONDS = 41.25
GUILDS_INTENT = 1 << 0
_ALL_INTENTS = (1 << 26) - 1


class Op(IntEnum):
    """Opcodes, by Discord's numbers."""

    DISPATCH = DISPATCH
    HEARTBEAT = 1
    IDENTIFY = 2
    PRESENCE_UPDATE = 3
    VOICE_STATE_UPDATE = 4
    RESUME = 6
    RECONNECT = 7
    REQUEST_GUILD_MEMBERS = 8
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


class Close(IntEnum):
    """Close codes, by Discord's numbers."""

    UNKNOWN_OPCODE = 4001
    DECODE_ERROR = 4002
    NOT_AUTHENTICATED = 4003
    AUTHENTICATION_FAILED = 4004
    ALREADY_AUTHENTICATED = 4005
    INVALID_SEQ = 4007
    SESSION_TIMED_OUT = 4009
    INVALID_SHARD = 4010
    INVALID_VERSION = 4012
    INVALID_INTENTS = 4013


class Gateway:
    """All sessions of the bot, and the socket they connect to.

    Attributes:
        url: The address bots are told to connect to; known once the server listens.
        is_out: Says whether connections are refused at the moment.
    """

    def __init__(self, world: World, journal: Journal, token: str) -> None:
        self._world = world
        self._journal = journal
        self._token = token
        self._sessions: dict[str, Session] = {}
        self._sockets: set[web.WebSocketResponse] = set()
        self._requests: dict[Line, web.Request] = {}
        self.url = ""
        self.is_out: Callable[[], bool] = lambda: False
        self.watchers: list[Callable[[], None]] = []

    def sessions(self) -> list[Session]:
        """Return the sessions of all shards, those that are away too."""
        return list(self._sessions.values())

    @property
    def is_online(self) -> bool:
        """Say whether any shard is connected."""
        return any(each.is_online for each in self._sessions.values())

    def dispatch(
        self, name: str, data: Json, *, guild_id: int | None = None, intent: int = 0
    ) -> None:
        """Send an event to the shard of that guild (of direct messages: shard 0).

        Args:
            name: The event's name.
            data: Its JSON.
            guild_id: The guild it happens in.
            intent: The intent it takes to be told; 0 for events that everyone is told.
        """
        for session in self._sessions.values():
            owns = shard_of(guild_id, session.count) == session.shard
            if owns and session.intents & intent == intent:
                session.dispatch(name, data)

    def drop(self, how: str) -> int:
        """Cut all lines: `close` abruptly, `reconnect` with op 7, `invalid_session` with op 9."""
        online = [each for each in self._sessions.values() if each.line is not None]
        for session in online:
            if session.line is not None:
                self._drop(session, session.line, how)
        return len(online)

    def _drop(self, session: Session, line: Line, how: str) -> None:
        if how == "reconnect":
            self._send(line, session.shard, Op.RECONNECT, None)
        elif how == "invalid_session":
            self._send(line, session.shard, Op.INVALID_SESSION, data=False)
            del self._sessions[session.id]
        else:
            session.line = None
            transport = self._requests[line].transport
            if transport is not None:
                transport.abort()

    async def close(self) -> None:
        """End all connections."""
        for socket in list(self._sockets):
            await socket.close(code=1001)

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one connection until it ends."""
        if self.is_out():
            raise web.HTTPServiceUnavailable
        socket = web.WebSocketResponse(max_msg_size=16 * 1024, compress=False)
        await socket.prepare(request)
        line = Line(socket, compressor(request.query.get("compress")))
        self._sockets.add(socket)
        self._requests[line] = request
        sending = asyncio.ensure_future(line.run())
        try:
            await _Conversation(self, line, request).run(socket)
        finally:
            self._leave(line)
            self._sockets.discard(socket)
            del self._requests[line]
            if line.close_code is None:
                sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
        return socket

    def _leave(self, line: Line) -> None:
        for session in self._sessions.values():
            if session.line is line:
                session.line = None
        self._tell()

    def identify(self, line: Line, asked: Json) -> Session | Close:
        """Start a session, or say why not."""
        if asked.get("token") != self._token:
            return Close.AUTHENTICATION_FAILED
        intents = asked.get("intents", 0)
        if not isinstance(intents, int) or not 0 <= intents <= _ALL_INTENTS:
            return Close.INVALID_INTENTS
        shard, count = asked.get("shard") or (0, 1)
        if not 0 <= shard < count:
            return Close.INVALID_SHARD
        session = Session(shard, count, intents, self._journal)
        self._forget_earlier(session)
        self._sessions[session.id] = session
        session.line = line
        self._greet(session)
        self._tell()
        return session

    def resume(self, line: Line, asked: Json) -> Session | Close | None:
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
            return None
        session.replay(sequence, line)
        session.dispatch("RESUMED", {"_trace": ["sandbox"]})
        self._tell()
        return session

    def _forget_earlier(self, session: Session) -> None:
        """Forget this shard's sessions that are away, and all of another shard count."""
        for other in list(self._sessions.values()):
            is_same = (other.shard, other.count) == (session.shard, session.count)
            if not other.is_online and (is_same or other.count != session.count):
                del self._sessions[other.id]

    def _greet(self, session: Session) -> None:
        guild_ids = list(self._guild_ids(session))
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

    def _guild_ids(self, session: Session) -> Iterator[int]:
        for guild_id in self._world.bot_guild_ids():
            if shard_of(guild_id, session.count) == session.shard:
                yield guild_id

    def send(self, line: Line, shard: int, op: Op, data: Any = None) -> None:
        """Send a frame that is no event."""
        self._send(line, shard, op, data)

    def heard(self, shard: int, frame: Json) -> None:
        """Note a frame of the bot's."""
        op = frame.get("op")
        known = isinstance(op, int) and op in list(Op)
        name = Op(op).name if known else str(op)
        self._journal.frame("from_bot", shard, {"op": op, "d": frame.get("d")}, name)

    def _send(self, line: Line, shard: int, op: Op, data: Any) -> None:
        frame = {"t": None, "s": None, "op": int(op), "d": data}
        self._journal.frame("to_bot", shard, frame, op.name)
        line.put(dumps(frame))

    def _tell(self) -> None:
        for watcher in self.watchers:
            watcher()


class _Conversation:
    """What the bot says on one connection, and how it is answered."""

    def __init__(self, gateway: Gateway, line: Line, request: web.Request) -> None:
        self._gateway = gateway
        self._line = line
        self._query = request.query
        self._session: Session | None = None

    @property
    def _shard(self) -> int:
        return self._session.shard if self._session else 0

    async def run(self, socket: web.WebSocketResponse) -> None:
        if self._query.get("v", "10") != "10" or self._query.get("encoding", "json") != "json":
            self._line.end(Close.INVALID_VERSION)
            return
        interval = int(HEARTBEAT_SECONDS * 1000)
        hello = {"heartbeat_interval": interval, "_trace": ["sandbox"]}
        self._gateway.send(self._line, 0, Op.HELLO, hello)
        while self._line.close_code is None:
            try:
                message = await socket.receive(timeout=2 * HEARTBEAT_SECONDS)
            except TimeoutError:
                self._line.end(Close.SESSION_TIMED_OUT)
                return
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                return
            self._hear(message.data)

    def _hear(self, raw: str | bytes) -> None:
        try:
            frame = json.loads(raw)
        except ValueError:
            frame = None
        if not isinstance(frame, dict) or not isinstance(frame.get("op"), int):
            self._line.end(Close.DECODE_ERROR)
            return
        self._gateway.heard(self._shard, frame)
        self._answer(frame["op"], frame.get("d"))

    def _answer(self, op: int, data: Any) -> None:
        if op == Op.HEARTBEAT:
            self._gateway.send(self._line, self._shard, Op.HEARTBEAT_ACK)
        elif op in (Op.IDENTIFY, Op.RESUME):
            self._authenticate(op, data if isinstance(data, dict) else {})
        elif op not in (Op.PRESENCE_UPDATE, Op.VOICE_STATE_UPDATE, Op.REQUEST_GUILD_MEMBERS):
            self._line.end(Close.UNKNOWN_OPCODE)
        elif self._session is None:
            self._line.end(Close.NOT_AUTHENTICATED)

    def _authenticate(self, op: int, data: Json) -> None:
        if self._session is not None:
            self._line.end(Close.ALREADY_AUTHENTICATED)
            return
        ask = self._gateway.identify if op == Op.IDENTIFY else self._gateway.resume
        found = ask(self._line, data)
        if isinstance(found, Close):
            self._line.end(found)
        elif found is None:
            self._gateway.send(self._line, 0, Op.INVALID_SESSION, data=False)
        else:
            self._session = found


def shard_of(guild_id: int | None, count: int) -> int:
    """Return the shard that a guild belongs to; direct messages belong to the first."""
    return 0 if guild_id is None else (guild_id >> TIME_SHIFT) % count
