"""Looking for a post over the sandbox: whether it is there, and what the looking costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.client.adapters.messenger import DiscordMessenger
from bot.client.adapters.request_tracer import RequestTracer

if TYPE_CHECKING:
    from bot.client.app import App
    from bot.sandbox.server import Sandbox
    from bot.sandbox.testing import Person
    from tests.support.admins import Days

AT_ONCE = {"time": "9am", "zone": "UTC"}


@pytest.mark.parametrize("channel", ["general", "B-sides"])
async def test_every_request_of_a_search_waits_for_its_turn(
    admin: Person, days: Days, sandbox: Sandbox, app: App, channel: str
) -> None:
    await admin.command("daily set", name="morning", channel=channel, **AT_ONCE)
    await admin.command("daily now")
    (posted,) = await days.ended(admin)
    before, turns = len(sandbox.log.requests()), 0

    async def turn() -> None:
        nonlocal turns
        turns += 1
        assert len(sandbox.log.requests()) - before < turns

    channels = DiscordMessenger(app, RequestTracer())
    since = posted.scheduled_for - timedelta(minutes=1)
    found = await channels.find(posted.channel_id, posted.id, since, turn)
    assert found == posted.message_id
    assert len(sandbox.log.requests()) - before <= turns <= 6
    assert await channels.find(posted.channel_id, "another0claim", since, turn) is None


async def test_another_bots_message_with_the_same_custom_id_is_not_the_post(
    admin: Person, fan: Person, days: Days, sandbox: Sandbox, app: App
) -> None:
    await admin.command("daily set", name="morning", channel="general", **AT_ONCE)
    await admin.command("daily now")
    (posted,) = await days.ended(admin)
    (message,) = [each.message for each in fan.read() if not each.is_ephemeral]
    other = next(user for user in sandbox.world.users.values() if user.id != message.author.id)
    sandbox.container.messages.put(replace(message, author=other))

    async def turn() -> None:
        """Wait for nothing."""

    since = posted.scheduled_for - timedelta(minutes=1)
    messenger = DiscordMessenger(app, RequestTracer())
    assert await messenger.find(posted.channel_id, posted.id, since, turn) is None
