"""The page's files are served, and no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from yarl import URL

from bot.sandbox.clock import ManualClock
from bot.sandbox.container import build_container
from bot.sandbox.page_server.files import PageFiles
from bot.sandbox.world.fixtures import small_world

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[str]:
    """The address of a page of two files, beside a file that is none of it."""
    folder = tmp_path / "page"
    (folder / "parts").mkdir(parents=True)
    (folder / "index.html").write_text("<p>hello</p>")
    (folder / "parts" / "app.js").write_text("export {}")
    (folder / "notes.txt").write_text("not for serving")
    (tmp_path / "secret.html").write_text("secret")
    application = web.Application()
    parts = build_container(small_world(), ManualClock(), "token")
    PageFiles(parts, folder).add_to(application.router, "/page/{token}", "key")
    async with TestServer(application) as server:
        yield str(server.make_url("/page/key/"))


async def _get(url: str) -> tuple[int, str, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(URL(url, encoded=True)) as response,
    ):
        return response.status, response.content_type, await response.text()


async def test_the_index_stands_for_the_folder(page: str) -> None:
    assert await _get(page) == (200, "text/html", "<p>hello</p>")


async def test_modules_are_served_as_javascript(page: str) -> None:
    assert await _get(f"{page}parts/app.js") == (200, "text/javascript", "export {}")


@pytest.mark.parametrize(
    "path",
    [
        "%2e%2e/secret.html",
        "..%2fsecret.html",
        "parts/..%2f..%2fsecret.html",
        "notes.txt",
        "parts",
        "app%00.js",
        "x" * 500 + ".js",
    ],
)
async def test_nothing_else_is_served(page: str, path: str) -> None:
    status, _, _ = await _get(f"{page}{path}")
    assert status == 404
