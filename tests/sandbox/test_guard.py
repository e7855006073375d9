"""Nobody's page but its own may talk to the sandbox."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import aiohttp
import pytest
from yarl import URL

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.sandbox.server import Sandbox

ANOTHER_ADDRESS = "127.0.0.2"
"""This machine as well, but only for who listens on all addresses."""


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def _status(session: aiohttp.ClientSession, url: str, **headers: str) -> int:
    async with session.get(URL(url, encoded=True), headers=headers) as response:
        return response.status


async def test_it_listens_on_this_machine_only(sandbox: Sandbox) -> None:
    port = URL(sandbox.origin).port
    assert port is not None
    with socket.socket() as outside, pytest.raises(ConnectionRefusedError):
        outside.connect((ANOTHER_ADDRESS, port))


@pytest.mark.parametrize("where", ["page_url", "api", "state"])
async def test_a_foreign_host_is_refused(
    sandbox: Sandbox, session: aiohttp.ClientSession, where: str
) -> None:
    urls = {
        "page_url": sandbox.page_url,
        "api": f"{sandbox.api_url}/gateway",
        "state": f"{sandbox.page_url}api/state",
    }
    assert await _status(session, urls[where]) == 200
    assert await _status(session, urls[where], Host="evil.example") == 403
    assert await _status(session, urls[where], Host="127.0.0.1:1") == 403


async def test_a_foreign_origin_is_refused(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    url = f"{sandbox.page_url}api/state"
    assert await _status(session, url, Origin="https://evil.example") == 403
    assert await _status(session, url, Origin="null") == 403
    assert await _status(session, url, Origin=sandbox.origin) == 200


async def test_the_gateway_refuses_a_foreign_origin(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        await session.ws_connect(sandbox.gateway_url, origin="https://evil.example")
    assert caught.value.status == 403


@pytest.mark.parametrize("path", ["", "api/state", "api/events", "api/nothing"])
async def test_without_the_token_there_is_nothing(
    sandbox: Sandbox, session: aiohttp.ClientSession, path: str
) -> None:
    assert await _status(session, f"{sandbox.origin}/page/wrong/{path}") == 404


async def test_tokens_differ_from_start_to_start(sandbox: Sandbox) -> None:
    other = type(sandbox)(sandbox.world)
    assert other.page_url.split("/page/")[1] != sandbox.page_url.split("/page/")[1]
    assert other.token != sandbox.token


async def test_the_page_is_served_with_a_strict_policy(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    async with session.get(sandbox.page_url) as response:
        assert response.content_type == "text/html"
        assert "<html" in await response.text()
        policy = response.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'self';")
        assert "unsafe" not in policy
        assert response.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("given", [None, "Bot wrong", "wrong", ""])
async def test_the_api_takes_its_own_token_only(
    sandbox: Sandbox, session: aiohttp.ClientSession, given: str | None
) -> None:
    headers = {} if given is None else {"Authorization": given}
    url = f"{sandbox.api_url}/users/@me"
    assert await _status(session, url, **headers) == 401
    assert await _status(session, url, Authorization=f"Bot {sandbox.token}") == 200


async def test_no_token_stands_in_the_log(sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
    url = f"{sandbox.api_url}/users/@me"
    await _status(session, url, Authorization=f"Bot {sandbox.token}")
    assert sandbox.token not in str(list(sandbox.log.entries))


async def test_a_number_of_thousands_of_digits_is_no_id(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    digits = "9" * 5_000  # more than Python reads
    assert await _status(session, f"{sandbox.origin}/attachments/{digits}/1/x") == 404
    assert await _status(session, f"{sandbox.page_url}api/state?as={digits}") == 404
    assert await _status(session, f"{sandbox.page_url}api/log?after={digits}") == 400
    assert await _status(session, f"{sandbox.page_url}\0.html".replace("\0", "%00")) == 404
