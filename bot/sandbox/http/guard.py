"""Refuse requests from other hosts and other origins.

A page of another site can make a browser send requests here. It can neither choose the `Origin`
that the browser adds, nor (by pointing its own name at 127.0.0.1) the `Host`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from bot.sandbox.wire import reply

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_LOCAL_NAMES = ("127.0.0.1", "localhost")


@web.middleware
async def guard(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Refuse a foreign Host or Origin."""
    sockname = request.get_extra_info("sockname") or ("", 0)
    hosts = {f"{name}:{sockname[1]}" for name in _LOCAL_NAMES}
    origin = request.headers.get("Origin")
    if request.headers.get("Host") not in hosts:
        return reply({"message": "This server answers to its own address only."}, 403)
    if origin is not None and origin not in {f"http://{host}" for host in hosts}:
        return reply({"message": "This server answers to its own page only."}, 403)
    return await handler(request)
