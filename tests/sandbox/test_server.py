"""The sandbox as a whole: started, found, closed."""

from __future__ import annotations

import aiohttp
import pytest
from yarl import URL

from bot.sandbox.errors import PageError, SandboxError
from bot.sandbox.server import Sandbox
from bot.sandbox.world.fixtures import small_world


async def test_a_port_that_is_taken_is_a_sentence(sandbox: Sandbox) -> None:
    port = URL(sandbox.origin).port
    assert port is not None
    with pytest.raises(SandboxError, match="Give another port, or 0 for any free one"):
        await Sandbox(small_world(), port=port).start()


async def test_it_listens_while_the_block_lasts() -> None:
    async with (
        Sandbox(small_world()) as sandbox,
        aiohttp.ClientSession() as session,
        session.get(f"{sandbox.api_url}/gateway") as response,
    ):
        assert (await response.json())["url"] == sandbox.gateway_url
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.get(f"{sandbox.api_url}/gateway")


async def test_it_closes_while_a_page_listens() -> None:
    async with Sandbox(small_world()) as sandbox, aiohttp.ClientSession() as session:
        stream = await session.get(f"{sandbox.page_url}api/events")
        assert stream.status == 200
        await sandbox.close()
        assert await stream.content.read() == b": connected\n\n"


@pytest.mark.parametrize(
    ("who", "guild", "channel", "where"),
    [
        ("fan", None, None, "general"),
        ("admin", "Vinyl Corner", None, "lounge"),
        ("mika", "Quiet Room", "whispers", "whispers"),
        ("stranger", None, None, "chat"),
    ],
)
def test_people_are_found_where_they_are(
    who: str, guild: str | None, channel: str | None, where: str
) -> None:
    assert Sandbox(small_world()).user(who, guild=guild, channel=channel).channel.name == where


@pytest.mark.parametrize(
    "wanted",
    [
        {"who": "nobody"},
        {"who": "stranger", "guild": "Night Owls"},
        {"who": "fan", "channel": "nowhere"},
        {"who": "mika", "dm_with": "bot"},
    ],
)
def test_people_are_not_found_where_they_are_not(wanted: dict[str, str]) -> None:
    with pytest.raises(PageError):
        Sandbox(small_world()).user(**wanted)
