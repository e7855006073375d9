"""A wire to a server on this machine that can fall silent without being cut."""

from __future__ import annotations

import asyncio
from typing import Self


class Relay:
    """Carries bytes both ways between a free port and another one, while it is not silent."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._carrying: set[asyncio.Task[None]] = set()
        self._speaks = asyncio.Event()
        self._speaks.set()
        self.port = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._carrying:
            task.cancel()
        await asyncio.gather(*self._carrying, return_exceptions=True)

    def fall_silent(self) -> None:
        """Let nothing through from now on, and keep every connection open."""
        self._speaks.clear()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._target)
        for source, target in ((reader, back), (there, writer)):
            self._carrying.add(asyncio.create_task(self._carry(source, target)))

    async def _carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        try:
            while some := await source.read(65536):
                await self._speaks.wait()
                target.write(some)
        except ConnectionError:
            return
        finally:
            target.close()
