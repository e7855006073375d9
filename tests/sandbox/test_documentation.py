"""docs/sandbox.md says what there is."""

from __future__ import annotations

import re
from pathlib import Path

from bot.sandbox.world.fixtures import small_world
from bot.sandbox.world.model import ChannelType

ROOT = Path(__file__).parent.parent.parent
DOCUMENT = (ROOT / "docs" / "sandbox.md").read_text(encoding="utf-8")
SANDBOX = ROOT / "bot" / "sandbox"
MODULES = {
    each.relative_to(SANDBOX).as_posix()
    for each in SANDBOX.rglob("*.py")
    if each.name != "__init__.py"
}


def test_every_module_has_its_place() -> None:
    named = {each for each in re.findall(r"`([\w/]+\.py)`", DOCUMENT) if "tests/" not in each}
    endpoints = {each for each in MODULES if each.endswith("_endpoints.py")}
    assert MODULES - endpoints <= named
    assert named <= MODULES


def test_every_server_and_channel_of_the_small_world_is_named() -> None:
    world = small_world()
    for guild_id in world.guild_ids():
        guild = world.guild(guild_id)
        assert guild is not None
        assert f"| {guild.name} |" in DOCUMENT
        for channel in guild.channels.values():
            assert channel.type is ChannelType.CATEGORY or f"`{channel.name}`" in DOCUMENT


def test_every_route_and_event_of_the_page_is_described() -> None:
    sources = [
        (SANDBOX / name).read_text(encoding="utf-8")
        for name in (
            "page_server/api.py",
            "page_server/feed.py",
            "gateway/announcements.py",
            "http/channel_endpoints.py",
        )
    ]
    routes = re.findall(r'\("(?:GET|POST|PUT)", "([\w/]+)", self', sources[0])
    events = {each for text in sources for each in re.findall(r'"type": "(\w+)"', text)}
    assert len(routes) > 10
    assert len(events) > 6
    assert [each for each in routes if f"api/{each}" not in DOCUMENT] == []
    assert [each for each in events if f"| `{each}` |" not in DOCUMENT] == []
