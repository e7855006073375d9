"""The page's files, and the files of messages."""

from __future__ import annotations

import hmac
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from aiohttp import web

from bot.sandbox.wire import is_id

if TYPE_CHECKING:
    from bot.sandbox.container import Container

FOLDER = Path(__file__).parent.parent / "page"
_KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
}
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' https: data:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Referrer-Policy": "no-referrer",  # the address holds the token
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class PageFiles:
    """Serve the page, and the attachments of messages."""

    def __init__(self, container: Container, folder: Path = FOLDER) -> None:
        self._container = container
        self._folder = folder.resolve()

    def add_to(self, router: web.UrlDispatcher, base: str, token: str) -> None:
        """Register the routes below a base address that holds `{token}`."""

        async def serve(request: web.Request) -> web.StreamResponse:
            if not hmac.compare_digest(request.match_info["token"].encode(), token.encode()):
                raise web.HTTPNotFound
            return self._file(request.match_info.get("path") or "index.html")

        router.add_route("GET", f"{base}/", serve)
        router.add_route("GET", f"{base}/{{path:.+}}", serve)
        router.add_route("GET", "/attachments/{channel}/{attachment}/{name}", self._attachment)

    def _file(self, path: str) -> web.StreamResponse:
        try:
            file = (self._folder / path).resolve()
            kind = _KINDS.get(file.suffix)
            is_there = file.is_relative_to(self._folder) and file.is_file()
        except (OSError, ValueError):  # no file can be called that: a NUL, or too long
            raise web.HTTPNotFound from None
        if kind is None or not is_there:
            raise web.HTTPNotFound
        return web.Response(body=file.read_bytes(), headers=_HEADERS | {"Content-Type": kind})

    async def _attachment(self, request: web.Request) -> web.StreamResponse:
        channel, attachment = request.match_info["channel"], request.match_info["attachment"]
        found = None
        if is_id(channel) and is_id(attachment):
            found = self._container.messages.attachment(int(channel), int(attachment))
        if found is None:
            raise web.HTTPNotFound
        headers = {
            "Content-Type": found.content_type,
            "Content-Disposition": f"inline; filename*=UTF-8''{quote(found.filename)}",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
        }
        return web.Response(body=found.data, headers=headers)
