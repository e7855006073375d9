"""Events of the gateway that discord.py cannot read: left out, counted, and survived."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import discord
import pytest
import structlog

from bot.client.telemetry import Telemetry
from bot.sandbox.world.payloads import own_user_json
from tests.support.serving import serving
from tests.support.tally import Tally
from tests.support.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from bot.client.serve import Bot
    from bot.config import Endpoint
    from bot.sandbox.server import Sandbox
    from bot.sandbox.testing import Person
    from tests.support.knowledge import KnowledgeInMemory

WITHOUT_TYPE = {"application_id": "1", "token": "a-token", "data": {}}
QUESTION = "where was it recorded?"


@pytest.fixture
def tally() -> Tally:
    return Tally()


@pytest.fixture
def logged() -> Iterator[list[Any]]:
    """Return what is logged; some hundred tracebacks in colour would take seconds."""
    with structlog.testing.capture_logs() as logged:
        yield logged


@pytest.fixture
async def bot(
    sandbox: Sandbox,
    knowledge: KnowledgeInMemory,
    endpoint: Endpoint,
    tally: Tally,
    logged: list[Any],
) -> AsyncIterator[Bot]:
    async with serving(sandbox, knowledge, endpoint, telemetry=Telemetry(tally)) as bot:
        yield bot


async def real_interactions(fan: Person, sandbox: Sandbox) -> list[dict[str, Any]]:
    """Return a command, a keystroke and a press, as the gateway sent them."""
    await fan.autocomplete("ask", "question", "where")
    await (await fan.command("ask", question="maybe")).press("Where was it recorded?")
    frames = sandbox.log.frames("INTERACTION_CREATE", "to_bot")
    return [{**frame["data"], "token": "a-token"} for frame in frames]


async def identify_immediately(*_: object, **__: object) -> None:
    """Stand for discord.py's wait of five seconds before a second IDENTIFY."""


def broken_versions(interaction: dict[str, Any]) -> list[dict[str, Any]]:
    """Return an interaction without each of its fields, and with each of them wrong."""
    wrong: tuple[Any, ...] = (None, "?", [])
    versions = [deepcopy(interaction) | {name: part} for name in interaction for part in wrong]
    versions += [
        {name: part for name, part in interaction.items() if name != missing}
        for missing in interaction
    ]
    return versions


async def test_no_shape_of_an_interaction_ends_the_bot(
    fan: Person, bot: Bot, sandbox: Sandbox, tally: Tally
) -> None:
    broken = [
        version
        for interaction in await real_interactions(fan, sandbox)
        for version in broken_versions(interaction)
    ]
    for version in broken:
        sandbox.gateway.dispatch("INTERACTION_CREATE", version)
    assert "barn" in (await fan.command("ask", question=QUESTION)).text
    assert len(tally.unreadable_events) > 28
    assert set(tally.unreadable_events) == {"INTERACTION_CREATE"}


async def test_events_of_every_other_kind_are_survived(
    fan: Person, bot: Bot, sandbox: Sandbox, tally: Tally
) -> None:
    guild = str(fan.channel.guild_id)
    sandbox.gateway.dispatch("GUILD_CREATE", {"id": guild, "name": "Night Owls"})
    sandbox.gateway.dispatch("CHANNEL_CREATE", {"id": "1", "type": 0, "guild_id": guild})
    sandbox.gateway.dispatch("MESSAGE_CREATE", {"id": "1"})
    sandbox.gateway.dispatch("ENTITLEMENT_CREATE", {})
    assert "barn" in (await fan.command("ask", question=QUESTION)).text
    assert {"CHANNEL_CREATE", "MESSAGE_CREATE"} <= set(tally.unreadable_events)


async def test_each_kind_is_logged_once_and_without_what_was_typed(
    bot: Bot, sandbox: Sandbox, tally: Tally, logged: list[Any]
) -> None:
    for typed in ("first secret", "second secret"):
        sandbox.gateway.dispatch("INTERACTION_CREATE", WITHOUT_TYPE | {"id": typed, "type": 2})
    sandbox.gateway.dispatch("INTERACTION_CREATE", {"id": "1", "type": 2, "data": {}})
    await until(lambda: len(tally.unreadable_events) == 3)
    kinds = [
        (one["event"], one["type"], one["error"]) for one in logged if one["log_level"] == "error"
    ]
    assert kinds == [
        ("event not readable", "INTERACTION_CREATE", "ValueError"),
        ("event not readable", "INTERACTION_CREATE", "KeyError"),
    ]
    assert "secret" not in str(logged)


async def test_a_shard_whose_ready_cannot_be_read_connects_again(
    sandbox: Sandbox,
    knowledge: KnowledgeInMemory,
    endpoint: Endpoint,
    tally: Tally,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    users = iter([{"id": "of nobody"}])
    monkeypatch.setattr(
        "bot.sandbox.gateway.gateway.own_user_json",
        lambda user: next(users, None) or own_user_json(user),
    )
    fan = sandbox.user("fan", guild="Night Owls", channel="general")
    monkeypatch.setattr(discord.Client, "before_identify_hook", identify_immediately)
    async with serving(sandbox, knowledge, endpoint, telemetry=Telemetry(tally)):
        assert tally.unreadable_events == ["READY"]
        assert "barn" in (await fan.command("ask", question=QUESTION)).text
