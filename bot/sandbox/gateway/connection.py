"""One gateway connection of the sandbox."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType

from bot.sandbox.gateway.opcodes import Close, Op

if TYPE_CHECKING:
    from aiohttp import web

    from bot.sandbox.gateway.gateway import Gateway
    from bot.sandbox.gateway.sessions import SendQueue, Session
    from bot.sandbox.wire import Json

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
            self._hear(message.data)

    def _hear(self, raw: str | bytes) -> None:
        try:
            frame = json.loads(raw)
        except ValueError:
            frame = None
        if not isinstance(frame, dict) or not isinstance(frame.get("op"), int):
            self._queue.end(Close.DECODE_ERROR)
            return
        self._gateway.heard(self._shard, frame)
        self._answer(frame["op"], frame.get("d"))

    def _answer(self, op: int, data: Any) -> None:
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
