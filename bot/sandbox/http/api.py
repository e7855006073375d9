"""Discord's HTTP API, version 10: each request through log, faults, token, limits, endpoint."""

from __future__ import annotations

import asyncio
import hmac
import re
from functools import partial
from typing import TYPE_CHECKING

from aiohttp import web

from bot.loopback import find_foreign_sender
from bot.sandbox import errors
from bot.sandbox.errors import DiscordError
from bot.sandbox.http import (
    channel_endpoints,
    command_endpoints,
    guild_endpoints,
    interaction_endpoints,
    message_endpoints,
    own_endpoints,
)
from bot.sandbox.http.attachments import Body, read_body
from bot.sandbox.http.journal import LINE_CUT
from bot.sandbox.http.rate_limits import limited_body, limited_headers
from bot.sandbox.http.request import NO_CONTENT, Request, Response, Route
from bot.sandbox.wire import reply

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.sandbox.container import Container
    from bot.sandbox.http.faults import Fault

PREFIX = "/api/v10"
ROUTES: tuple[Route, ...] = (
    *own_endpoints.ROUTES,
    *command_endpoints.ROUTES,
    *interaction_endpoints.ROUTES,
    *guild_endpoints.ROUTES,
    *channel_endpoints.ROUTES,
    *message_endpoints.ROUTES,
)
_MAJOR = ("channel_id", "guild_id", "webhook_id", "webhook_token", "interaction_token")
_TOKENS = ("webhook_token", "interaction_token")
_LIMITED = 429
FORBIDDEN = 403


class Api:
    """Serves every route of the API."""

    def __init__(self, container: Container) -> None:
        self._container = container

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Register the routes; all that is none of them is Discord's own 404."""
        for route in ROUTES:
            router.add_route(route.method, PREFIX + route.path, partial(self._serve, route))
        router.add_route("*", "/api/{rest:.*}", partial(self._serve, None))

    async def _serve(self, route: Route | None, request: web.Request) -> web.StreamResponse:
        return await _Exchange(self._container, route, request).run()


class _Exchange:
    """One request and its answer."""

    def __init__(self, container: Container, route: Route | None, request: web.Request) -> None:
        self._container = container
        self._route = route
        self._request = request
        self._path = request.path.removeprefix(PREFIX)
        self._body = Body()
        self._fault: Fault | None = None
        self._headers: dict[str, str] = {}

    async def run(self) -> web.StreamResponse:
        started = asyncio.get_running_loop().time()
        self._fault = self._container.faults.take_matching(self._request.method, self._path)
        try:
            answer = await self.answer()
        except DiscordError as error:
            answer = Response(error.body(), error.status)
        except ConnectionResetError:
            answer = Response(status=LINE_CUT)  # who asked is gone, and nobody reads an answer
        is_cut = self._fault is not None and self._fault.kind in ("outage", "lost_reply")
        took = asyncio.get_running_loop().time() - started
        self.note(Response(None, LINE_CUT) if is_cut else answer, took)
        if is_cut:
            if self._request.transport is not None:
                self._request.transport.abort()
            return web.Response()
        if answer.status == NO_CONTENT:
            return web.Response(status=NO_CONTENT, headers=self._headers)
        response = reply(answer.value, answer.status)
        response.headers.update(self._headers)
        return response

    async def answer(self) -> Response:
        if self._fault is not None:
            struck = await self.suffer(self._fault)
            if struck is not None:
                return struck
        route, path = self._route, self._request.match_info
        if route is None:
            is_known = any(pattern.fullmatch(self._path) for pattern in _KNOWN)
            raise errors.method_not_allowed() if is_known else errors.not_found()
        given = self._request.headers.get("Authorization", "").encode()
        wanted = f"Bot {self._container.token}".encode()
        if not route.is_open and not hmac.compare_digest(given, wanted):
            raise errors.unauthorized()
        major = "+".join(path[name] for name in _MAJOR if name in path)
        limits = self._container.ratelimits.check(route.method, route.path, major)
        self._headers = limits.headers
        if limits.retry_after is not None:
            return Response(limits.body(), _LIMITED)
        if self._request.can_read_body:
            self._body = await read_body(self._request)
        call = Request(self._container, path, self._request.query, self._body)
        return await route.handler(call)

    async def suffer(self, fault: Fault) -> Response | None:
        """Let the fault have its way; None when the request goes on."""
        if fault.kind == "slow":
            await self._container.clock.sleep(fault.seconds)
        elif fault.kind == "error":
            raise errors.server_error(fault.status)
        elif fault.kind == "ratelimit":
            self._headers = limited_headers(fault.retry_after, "user")
            return Response(limited_body(fault.retry_after, is_global=False), _LIMITED)
        elif fault.kind == "outage":
            return Response(status=LINE_CUT)
        return None

    def note(self, answer: Response, took: float) -> None:
        path = self._path
        for name in _TOKENS:  # with one, anybody could answer for the bot
            if name in self._request.match_info:
                path = path.replace(self._request.match_info[name], "…")
        self._container.journal.request(
            self._request.method,
            path,
            {
                "status": answer.status,
                "ms": round(took * 1000, 2),
                "fault": self._fault.kind if self._fault else None,
                "query": dict(self._request.query),
                "request": self._body.value,
                "response": answer.value,
            },
        )


_KNOWN = [re.compile(re.sub(r"{\w+}", "[^/]+", route.path)) for route in ROUTES]


@web.middleware
async def guard(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Refuse a foreign Host or Origin."""
    sockname = request.get_extra_info("sockname") or ("", 0)
    refusal = find_foreign_sender(request.headers, port=int(sockname[1]))
    if refusal is not None:
        return reply({"message": refusal}, FORBIDDEN)
    return await handler(request)
