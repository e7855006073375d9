"""Gateway sessions, with the events kept for a resume."""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from typing import TYPE_CHECKING

from bot.sandbox.gateway.opcodes import Op
from bot.sandbox.wire import Json, dumps

if TYPE_CHECKING:
    from aiohttp import web

    from bot.sandbox.gateway.compression import Compressor
    from bot.sandbox.http.journal import Journal

MOST_REPLAYED = 10_000
"""Events kept for a session that is away."""


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
