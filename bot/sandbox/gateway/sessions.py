"""Gateway sessions, with the events kept for a resume."""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from enum import IntEnum
from typing import TYPE_CHECKING, Protocol

from bot.sandbox.wire import Json, dumps

if TYPE_CHECKING:
    from aiohttp import web

    from bot.sandbox.http.journal import Journal

MOST_REPLAYED = 10_000
"""Events kept for a session that is away."""


class Op(IntEnum):
    """Opcodes, by Discord's numbers."""

    DISPATCH = 0
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


class Compressor(Protocol):
    """Turns one frame of text into bytes of the stream."""

    def __call__(self, text: str) -> bytes:
        """Compress and flush, so that the frame can be read at once."""


class SendQueue:
    """One WebSocket connection: frames are put on it and leave in order."""

    def __init__(
        self, request: web.Request, socket: web.WebSocketResponse, compress: Compressor | None
    ) -> None:
        self._request = request
        self._socket = socket
        self._compress = compress
        self._waiting: asyncio.Queue[str | None] = asyncio.Queue()
        self.close_code: int | None = None

    def put(self, text: str) -> None:
        """Send a frame after those before it."""
        self._waiting.put_nowait(text)

    def end(self, code: int) -> None:
        """Close with this code once everything before is sent."""
        self.close_code = code
        self._waiting.put_nowait(None)

    def cut(self) -> None:
        """Tear the connection down without a word."""
        if self._request.transport is not None:
            self._request.transport.abort()

    async def run(self) -> None:
        """Send frames until the queue ends."""
        while (text := await self._waiting.get()) is not None:
            try:
                if self._compress is None:
                    await self._socket.send_str(text)
                else:
                    await self._socket.send_bytes(self._compress(text))
            except ConnectionError:
                return
        await self._socket.close(code=self.close_code or 1000)


class Session:
    """One shard's session, across its connections."""

    def __init__(self, shard: int, count: int, intents: int, journal: Journal) -> None:
        self.id = secrets.token_hex(16)
        self.shard = shard
        self.count = count
        self.intents = intents
        self.sequence = 0
        self.queue: SendQueue | None = None
        self._journal = journal
        self._sent: deque[tuple[int, str]] = deque(maxlen=MOST_REPLAYED)

    @property
    def is_online(self) -> bool:
        """Say whether the shard is connected."""
        return self.queue is not None

    def dispatch(self, name: str, data: Json) -> None:
        """Send an event, or keep it for when the shard resumes."""
        self.sequence += 1
        frame = {"t": name, "s": self.sequence, "op": int(Op.DISPATCH), "d": data}
        text = dumps(frame)
        self._sent.append((self.sequence, text))
        self._journal.frame("to_bot", self.shard, frame, name)
        if self.queue is not None:
            self.queue.put(text)

    def can_resume(self, sequence: int) -> bool:
        """Say whether everything after that event is still known."""
        oldest = self._sent[0][0] if self._sent else 1
        return oldest - 1 <= sequence <= self.sequence

    def replay(self, sequence: int, queue: SendQueue) -> None:
        """Attach a new connection and send the events it missed."""
        self.queue = queue
        for number, text in self._sent:
            if number > sequence:
                queue.put(text)
