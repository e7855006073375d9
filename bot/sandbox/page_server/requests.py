"""Requests of the page: their token, query and body."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.sandbox.errors import PageError
from bot.sandbox.wire import Json, reply

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aiohttp import web

MOST_NONCE = 64
NOT_FOUND = 404


@dataclass(frozen=True, slots=True)
class PageRequest:
    """One request of the page: its query and its body."""

    query: dict[str, str]
    body: Json

    def text(self, name: str) -> str | None:
        """Return a string of the body or the query."""
        value = self.body.get(name, self.query.get(name))
        return None if value is None else str(value)

    def number(self, name: str, default: int = 0) -> int:
        """Return a whole number, an id for instance.

        Raises:
            PageError: It is none.
        """
        value = self.text(name)
        if value is None:
            return default
        if not value.isdecimal():
            raise PageError(f"{name!r} is not a number.")
        return int(value)

    def nonce(self) -> str | None:
        """Return the page's own id for its action."""
        nonce = self.text("nonce")
        return nonce[:MOST_NONCE] if nonce else None


def guarded(
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]], token: str
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Wrap a handler so that it answers 404 without the token."""

    async def checked(request: web.Request) -> web.StreamResponse:
        if not hmac.compare_digest(request.match_info["token"].encode(), token.encode()):
            return reply({"message": "There is nothing here.", "faults": []}, NOT_FOUND)
        return await handler(request)

    return checked


def json_answer(
    handler: Callable[[PageRequest], Awaitable[Json]], token: str
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Return a handler that reads and answers JSON."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return reply(await handler(await _page_request(request)))
        except PageError as error:
            return reply(error.body(), error.status)

    return guarded(answer, token)


async def _page_request(request: web.Request) -> PageRequest:
    query = dict(request.query) | {
        key: value for key, value in request.match_info.items() if key != "token"
    }
    if not request.can_read_body:
        return PageRequest(query, {})
    if request.content_type != "application/json":
        raise PageError("The body is not application/json.")
    try:
        body: Any = json.loads(await request.read())
    except ValueError as error:
        raise PageError("The body is not JSON.") from error
    if not isinstance(body, dict):
        raise PageError("The body is not a JSON object.")
    return PageRequest(query, body)
