"""list, edit, pause, resume, skip, now, preview, remove: as an admin sees them."""

from __future__ import annotations

import asyncio
import re
from datetime import time, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.client.adapters.channel_access import fetch_problems
from bot.scheduling.models import Outcome
from tests.support.waiting import patience

if TYPE_CHECKING:
    from bot.localization.messages import Message
    from bot.sandbox.server import Sandbox
    from bot.sandbox.testing import Person
    from tests.support.admins import Days

MORNING = {"name": "morning", "channel": "general", "time": "9am", "zone": "UTC"}


@pytest.fixture
async def morning(admin: Person) -> None:
    await admin.command("daily set", **MORNING)


async def test_an_empty_list_says_how_to_begin(admin: Person) -> None:
    reply = await admin.command("daily list")
    assert reply.text == "This server has no schedule yet. Set one up with `/daily set`."
    assert "set one up with /daily set" in (await admin.command("daily skip")).text


async def test_the_list_shows_each_with_its_next_post(morning: None, admin: Person) -> None:
    await admin.command("daily set", **MORNING | {"name": "evening", "time": "21:00"})
    reply = await admin.command("daily list")
    assert re.search(
        r"\*\*evening\*\* in <#\d+>, every day at 21:00, UTC\s+\*\*Next\*\* ", reply.text
    )
    assert "**morning**" in reply.text


async def test_an_edit_changes_what_is_given_and_keeps_the_rest(
    morning: None, admin: Person, days: Days
) -> None:
    first = await admin.command(
        "daily edit", name="morning", by="Robin", role="Fans", days="weekdays"
    )
    (fans,) = re.findall(r"- \*\*Ping\*\* nobody → <@&(\d+)>", first.text)
    reply = await admin.command("daily edit", time="10:15", rename="later", no_ping=True)
    assert reply.text.splitlines()[:6] == [
        "### later is changed",
        "- **Name** morning → later",
        "- **Time** 09:00 → 10:15",
        f"- **Ping** <@&{fans}> → nobody",
        f"**later** in <#{admin.channel.id}>, weekdays at 10:15, UTC",
        "Quotes by Robin.",
    ]
    reply = await admin.command("daily edit", by="any")
    assert "- **Speaker** Robin → anybody" in reply.text
    assert "Quotes by" not in reply.text
    reply = await admin.command("daily edit", time="10:15")
    assert "Nothing is different: it was set so already." in reply.text


async def test_of_two_edits_at_once_the_later_one_is_refused_and_the_other_stays(
    morning: None, admin: Person, days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, answer = asyncio.Event(), asyncio.Event()

    async def held(*place: Any) -> list[Message]:
        """Let the first edit wait for Discord's word on the channel."""
        monkeypatch.undo()
        asked.set()
        await answer.wait()
        return await fetch_problems(*place)

    monkeypatch.setattr("bot.client.features.daily.fetch_problems", held)
    other = asyncio.create_task(admin.command("daily edit", name="morning", time="10:00"))
    async with patience():
        await asked.wait()
    assert "is changed" in (await admin.command("daily edit", name="morning", zone="Berlin")).text
    answer.set()
    assert "'morning' was changed this moment by another; try again." in (await other).text
    (kept,) = await days.admin.schedules.list(admin.channel.guild_id or 0)
    assert (kept.settings.timetable.time, kept.settings.timetable.zone) == (
        time(9),
        "Europe/Berlin",
    )


async def test_an_edit_of_nothing_asks_what_to_change(admin: Person, morning: None) -> None:
    reply = await admin.command("daily edit")
    assert reply.text.startswith("Nothing to change was given;")


async def test_an_edit_to_a_place_that_will_not_do_changes_nothing(
    morning: None, admin: Person, days: Days
) -> None:
    reply = await admin.command("daily edit", channel="backstage", time="10:00")
    assert "The bot cannot see" in reply.text
    (kept,) = await days.admin.schedules.list(admin.channel.guild_id or 0)
    assert kept.settings.timetable.time.hour == 9


async def test_where_there_are_several_the_name_is_asked_for(morning: None, admin: Person) -> None:
    await admin.command("daily set", **MORNING | {"name": "evening"})
    reply = await admin.command("daily pause")
    assert reply.text == "Which one? Give its name\\: 'evening', 'morning'."


async def test_names_complete_themselves(morning: None, admin: Person) -> None:
    await admin.command("daily set", **MORNING | {"name": "evening"})
    offered = await admin.autocomplete("daily edit", "name", "ev")
    assert [each["value"] for each in offered] == ["evening"]


async def test_a_name_that_nothing_has_is_answered_with_the_nearest(
    morning: None, admin: Person
) -> None:
    reply = await admin.command("daily remove", name="mornig")
    assert reply.text == "No schedule is called 'mornig'; did you mean 'morning'?"


async def test_paused_it_posts_nothing_until_it_is_resumed(
    morning: None, admin: Person, days: Days
) -> None:
    reply = await admin.command("daily pause")
    assert "It is paused until somebody uses `/daily resume`." in reply.text
    days.forward(days=2)
    reply = await admin.command("daily resume")
    assert reply.text.startswith("### morning goes on\n")
    assert reply.text.count("09:00 UTC (<t:") == 1
    assert not await days.ledger(admin)


async def test_paused_until_a_day_it_goes_on_by_itself(
    morning: None, admin: Person, days: Days
) -> None:
    until = days.moment(days=10).date()
    reply = await admin.command("daily pause", until=str(until))
    assert re.search(rf"{until:%a} {until.day} {until:%b}( \d{{4}})?, 09:00 UTC \(<t:", reply.text)
    assert "Paused until <t:" in reply.text
    refused = await admin.command("daily pause", until="yesterday")
    assert "is no moment to pause until; write it like 2027-01-07" in refused.text.replace("\\", "")


async def test_a_skipped_post_stands_in_the_history(
    morning: None, admin: Person, days: Days
) -> None:
    reply = await admin.command("daily skip")
    assert re.match(r"### Skipped: \w{3} \d+ \w{3}( \d{4})?, 09:00 UTC \(<t:", reply.text)
    (delivery,) = await days.ledger(admin)
    assert delivery.outcome is Outcome.SKIPPED
    history = await admin.command("daily history")
    assert re.search(r"\*\*morning\*\* due <t:\d+:f>: skipped\. An admin skipped it", history.text)


async def test_now_posts_on_the_spot_and_links_to_it(
    morning: None, admin: Person, fan: Person, days: Days
) -> None:
    reply = await admin.command("daily now")
    (seen,) = fan.read()
    where = f"{admin.channel.guild_id}/{admin.channel.id}/{seen.message.id}"
    assert reply.text.endswith(f"https://discord.com/channels/{where}")
    assert reply.is_ephemeral
    second = await admin.command("daily now")
    assert second.text.startswith("Posted in")
    assert len({each.text for each in fan.read()}) == 2


async def test_now_says_why_it_could_not_be_posted(
    morning: None, admin: Person, sandbox: Sandbox
) -> None:
    sandbox.world.remove_channel(sandbox.user("admin", channel="general").channel)
    other = sandbox.user("admin", guild="Night Owls", channel="news")
    reply = await other.command("daily now")
    assert reply.text.startswith("Not posted. The channel is gone;")


async def test_a_preview_is_for_the_admin_alone_and_counts_for_nothing(
    morning: None, admin: Person, fan: Person, days: Days
) -> None:
    reply = await admin.command("daily preview")
    assert reply.is_ephemeral
    assert reply.buttons == ["About this quote"]
    assert not fan.read()
    await admin.command("daily now")
    (posted,) = fan.read()
    assert posted.text == reply.text
    told = await reply.press("About this quote")
    assert "The year is from" in told.text


async def test_removed_it_is_gone_with_its_history(
    morning: None, admin: Person, days: Days
) -> None:
    await admin.command("daily now")
    asked = await admin.command("daily remove", name="Morning")
    assert asked.text.startswith("### Remove morning?\n**morning** in <#")
    assert "**morning**" in (await admin.command("daily list")).text
    removed = await asked.press("Remove it")
    assert removed.text.startswith("**morning** is removed, and erased with its history in a day.")
    assert not await days.ledger(admin)
    assert "no schedule yet" in (await admin.command("daily list")).text
    back = await removed.press("Bring it back")
    assert back.text.startswith("### morning is back\n**morning** in <#")
    assert len(await days.ledger(admin)) == 1
    asked = await admin.command("daily remove", name="morning")
    removed = await asked.press("Remove it")
    days.forward(days=2)
    assert "It is erased by now" in (await removed.press("Bring it back")).text


async def test_a_name_to_remove_must_be_given(morning: None, admin: Person) -> None:
    commands = {each["name"]: each for each in (await _definitions(admin))["daily"]["options"]}
    assert commands["remove"]["options"][0]["required"]
    assert not commands["edit"]["options"][0].get("required")


async def test_a_short_window_is_kept(admin: Person, days: Days) -> None:
    reply = await admin.command("daily set", **MORNING, window=2)
    assert "If Discord is out, it is tried for 2 hours." in reply.text
    (kept,) = await days.admin.schedules.list(admin.channel.guild_id or 0)
    assert kept.settings.window == timedelta(hours=2)


async def _definitions(admin: Person) -> dict[str, Any]:
    return {each["name"]: each for each in admin._container.commands.registered(None)}
