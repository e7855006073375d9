"""What the client tells a meter, and what readiness says of its gateway."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.client.telemetry import Telemetry
from bot.errors import DiscordError
from bot.sandbox.http.faults import Fault
from tests.support.knowledge import BROKEN
from tests.support.serving import serving
from tests.support.tally import Tally
from tests.support.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.client.app import App
    from bot.client.serve import Bot
    from bot.config import Endpoint
    from bot.sandbox.server import Sandbox
    from bot.sandbox.testing import Person
    from tests.support.knowledge import KnowledgeInMemory


@pytest.fixture
def tally() -> Tally:
    return Tally()


@pytest.fixture
def telemetry(tally: Tally) -> Telemetry:
    return Telemetry(tally)


@pytest.fixture
async def bot(
    sandbox: Sandbox, knowledge: KnowledgeInMemory, endpoint: Endpoint, telemetry: Telemetry
) -> AsyncIterator[Bot]:
    async with serving(sandbox, knowledge, endpoint, telemetry=telemetry) as bot:
        yield bot


async def test_a_command_a_press_and_typing_are_each_counted_once(
    fan: Person, tally: Tally
) -> None:
    await fan.autocomplete("ask", "question", "where")
    reply = await fan.command("ask", question="maybe")
    await reply.press("Where was it recorded?")
    await until(lambda: len(tally.interactions) == 3)
    assert tally.interactions == [
        ("ask (completing)", "answered"),
        ("ask", "answered"),
        ("public (pressed)", "answered"),
    ]
    assert [command for command, _ in tally.callbacks] == [name for name, _ in tally.interactions]
    assert all(0 < seconds < 30 for _, seconds in tally.callbacks)
    assert tally.answers == ["unsure"]


async def test_a_failure_is_counted_as_one(
    fan: Person, knowledge: KnowledgeInMemory, tally: Tally
) -> None:
    knowledge.fail = BROKEN
    await fan.command("ask", question="maybe")
    await until(lambda: tally.interactions)
    assert tally.interactions == [("ask", "failed")]
    assert tally.answers == []


async def test_a_deferred_answer_counts_when_it_is_there(
    fan: Person, knowledge: KnowledgeInMemory, tally: Tally, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.client.responding.PATIENCE", 0.01)
    knowledge.hold = 0.2
    asking = asyncio.create_task(fan.command("ask", question="maybe"))
    await until(lambda: tally.callbacks)
    assert tally.interactions == []
    await asking
    await until(lambda: tally.interactions)
    assert tally.interactions == [("ask", "answered")]


async def test_a_deferred_answer_that_fails_counts_as_failed(
    fan: Person, knowledge: KnowledgeInMemory, tally: Tally, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.client.responding.PATIENCE", 0.01)
    knowledge.hold, knowledge.fail = 0.2, BROKEN
    await fan.command("ask", question="maybe")
    await until(lambda: tally.interactions)
    assert tally.interactions == [("ask", "failed")]


async def test_what_discord_asks_to_wait_is_counted(
    fan: Person, sandbox: Sandbox, tally: Tally
) -> None:
    sandbox.faults.add(
        Fault("ratelimit", retry_after=0.2, times=1, path="/interactions/*/*/callback")
    )
    await fan.command("ask", question="maybe")
    await until(lambda: tally.interactions)
    ((_, seconds),) = tally.rate_limits
    assert seconds == pytest.approx(0.2, abs=1)  # the header counts in whole seconds
    assert tally.interactions == [("ask", "answered")]


async def test_a_lost_gateway_is_not_ready_until_it_is_back(
    app: App, sandbox: Sandbox, telemetry: Telemetry, tally: Tally
) -> None:
    await until(lambda: (0, "ready") in tally.shards)
    await telemetry.check_gateway()
    sandbox.gateway.drop("reconnect")
    await until(lambda: (0, "lost") in tally.shards)
    with pytest.raises(DiscordError, match=r"1 of 1 shards are not connected to Discord: 0\."):
        await telemetry.check_gateway()
    tally.shards.clear()
    await until(lambda: (0, "ready") in tally.shards)
    await telemetry.check_gateway()


async def test_before_the_gateway_was_reached_it_is_not_ready(telemetry: Telemetry) -> None:
    with pytest.raises(DiscordError, match="not reached yet"):
        await telemetry.check_gateway()
    telemetry.expect_shards(range(12))
    with pytest.raises(DiscordError, match=r"12 of 12 .* 7, 8, 9, …\."):
        await telemetry.check_gateway()
