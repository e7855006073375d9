"""What admins' commands and the poster send is what Discord's description allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.sandbox.http.faults import Fault
from tests.support.knowledge import PACK
from tests.support.openapi import Description
from tests.support.shared import DESCRIPTION, is_described

if TYPE_CHECKING:
    from bot.client.app import App
    from bot.sandbox.server import Sandbox
    from bot.sandbox.testing import Person
    from tests.support.admins import Days

POSTS = "/channels/*/messages"


@pytest.fixture
async def used(admin: Person, fan: Person, days: Days, sandbox: Sandbox) -> None:
    """Use everything there is for admins, and let posts be sent, lost, looked for and refused."""
    await admin.command("daily list")
    wanted = {"name": "soon", "channel": "general", "zone": "UTC", "role": "Fans"}
    await admin.command("daily set", **wanted, time=days.at(hours=1))
    await admin.command("daily set", **wanted | {"name": "x", "channel": "backstage"}, time="9am")
    await admin.autocomplete("daily edit", "name", "s")
    await admin.autocomplete("daily set", "zone", "berlin")
    await admin.command("daily edit", window=3)
    await admin.command("daily preview")
    sandbox.faults.add(Fault("lost_reply", times=1, method="POST", path=POSTS))
    days.forward(hours=1)
    await days.ended(admin)
    seen = next(each for each in fan.read() if not each.is_ephemeral)
    await seen.press("About this quote")
    await admin.command("daily now")
    for name in ("skip", "pause", "resume", "list", "history", "doctor"):
        await admin.command(f"daily {name}")
    await admin.command("daily alerts", channel="news")
    await admin.command("packs", pack=PACK, answers=True)
    await admin.command("gaps on", suggest=True)
    await fan.command("ask", question="who painted the van?")
    answer = await fan.command("ask", question="where was it recorded?")
    form = (await answer.press("Not right?")).form
    assert form is not None
    await form.submit({"words": "It was a mill."})
    await fan.command("suggest", what="Who painted the van?")
    await (await admin.command("gaps list")).press("Not right? (1)")
    await (await admin.command("gaps clear")).press("Erase them")
    await fan.command("privacy show")
    await (await admin.command("daily remove", name="soon")).press("Remove it")
    await (await admin.command("privacy erase")).press("Erase everything")


@pytest.mark.shared
@is_described
async def test_every_request_is_as_discord_describes_it(used: None, sandbox: Sandbox) -> None:
    description = Description.load(DESCRIPTION)
    requests = sandbox.log.requests()
    for sent in requests:
        description.check_request(sent["method"], sent["path"], sent["request"])
        is_hidden = sent["method"] == "GET" and sent["status"] == 403  # backstage
        assert sent["status"] is None or sent["status"] < 400 or is_hidden, sent
    assert len(requests) > 40


async def test_only_a_post_may_mention_anyone(used: None, sandbox: Sandbox) -> None:
    answers = [sent["request"]["data"] for sent in sandbox.log.requests("POST", "/callback")]
    messages = [data for data in answers if "title" not in data]  # a form mentions nobody
    shown = [data for data in messages if data.get("components") or data.get("content")]
    assert len(shown) > 15
    assert all(data["allowed_mentions"] == {"parse": []} for data in shown)
    posts = [sent["request"] for sent in sandbox.log.requests("POST", "/messages")]
    assert {len(post["allowed_mentions"]["roles"]) for post in posts} == {1}
    assert all(post["allowed_mentions"]["parse"] == [] for post in posts)


async def test_nothing_is_kept_of_what_was_sent_or_fetched(used: None, app: App) -> None:
    assert not app.persistent_views
    assert not list(app.cached_messages)
    # discord.py keeps the bot's own member of a server where one of its buttons was pressed.
    kept = [who for guild in app.guilds for who in (*guild.channels, *guild.members, *guild.roles)]
    assert not [who for who in kept if who != app.user]
    assert not app.private_channels
    assert not app.services.in_flight.count
