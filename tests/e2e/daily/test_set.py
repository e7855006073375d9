"""/daily set: checked with Discord, saved whole or not at all, and shown as it will be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from bot.sandbox.errors import PageError
from bot.sandbox.http.faults import Fault

if TYPE_CHECKING:
    from bot.client.app import App
    from bot.sandbox.server import Sandbox
    from bot.sandbox.testing import Person
    from tests.support.admins import Days

MORNING = {"name": "morning", "channel": "general", "time": "9am", "zone": "UTC"}


async def test_it_shows_what_is_set_and_the_next_post_once(admin: Person, days: Days) -> None:
    reply = await admin.command("daily set", **MORNING)
    lines = reply.text.splitlines()
    assert reply.is_ephemeral
    assert lines[0] == "### morning is set"
    assert lines[1] == f"**morning** in <#{admin.channel.id}>, every day at 09:00, UTC"
    assert re.fullmatch(
        r"\*\*Next\*\* \w{3} \d+ \w{3}( \d{4})?, 09:00 UTC \(<t:(\d+):t> for you, <t:\2:R>\)",
        lines[2],
    )
    assert len(lines) == 3
    (kept,) = await days.admin.schedules.list(admin.channel.guild_id or 0)
    assert (kept.name, kept.created_by) == ("morning", admin.user.id)


async def test_what_is_left_out_is_asked_for_in_a_form(admin: Person, days: Days) -> None:
    opened = await admin.command("daily set", time="9am", days="weekdays", kind="both")
    assert opened.form is not None
    assert opened.form.title == "Set a daily quote"
    assert opened.form.fields == ["name", "channel", "time", "zone", "days"]
    shown = {each["component"]["custom_id"]: each for each in opened.form.json["components"]}
    assert shown["time"]["component"]["value"] == "9am"
    assert shown["name"]["component"]["value"] == "daily"
    chosen = [each["default"] for each in shown["days"]["component"]["options"]]
    assert chosen == [True] * 5 + [False] * 2
    reply = await opened.form.submit(
        {
            "name": " morning ",
            "channel": [str(admin.channel.id)],
            "time": "9:30",
            "zone": "Berlin",
            "days": ["Monday", "Friday"],
        }
    )
    assert reply.is_ephemeral
    assert reply.text.splitlines()[:3] == [
        "### morning is set",
        f"**morning** in <#{admin.channel.id}>, Monday and Friday at 09:30, Europe/Berlin",
        "Quotes and facts in turn.",
    ]
    (kept,) = await days.admin.schedules.list(admin.channel.guild_id or 0)
    assert kept.created_by == admin.user.id


async def test_a_form_with_a_fault_opens_again_as_it_was_filled_in(
    admin: Person, days: Days
) -> None:
    opened = await admin.command("daily set", name="morning", title="Good morning")
    assert opened.form is not None
    filled = {
        "name": "evening", "channel": [str(admin.channel.id)], "time": "25 o'clock",
        "zone": "Europe/Berlin", "days": ["Saturday", "Sunday"],
    }  # fmt: skip
    refused = await opened.form.submit(filled)
    assert refused.is_ephemeral
    assert "25 o'clock" in refused.text
    again = (await refused.press("Try again")).form
    assert again is not None
    shown = {each["component"]["custom_id"]: each["component"] for each in again.json["components"]}
    assert [shown[each]["value"] for each in ("name", "time", "zone")] == [
        "evening", "25 o'clock", "Europe/Berlin",
    ]  # fmt: skip
    chosen = [each["label"] for each in shown["days"]["options"] if each.get("default")]
    assert chosen == ["Saturday", "Sunday"]
    assert shown["channel"]["default_values"][0]["id"] == str(admin.channel.id)

    done = await again.submit(filled | {"time": "20:00"})
    assert "evening is set" in done.text
    assert "Under the heading **Good morning**." in done.text


async def test_a_form_is_forgotten_after_a_while(
    admin: Person, days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.client.form_drafts.KEPT_SECONDS", 0.0)
    opened = await admin.command("daily set")
    assert opened.form is not None
    refused = await opened.form.submit(
        {
            "name": "evening", "channel": [str(admin.channel.id)], "time": "late",
            "zone": "UTC", "days": ["Sunday"],
        }
    )  # fmt: skip
    pressed = await refused.press("Try again")
    assert pressed.form is None
    assert "kept for ten minutes only" in pressed.text


async def test_what_a_form_has_wrong_is_told_with_the_remedy(admin: Person, days: Days) -> None:
    opened = await admin.command("daily set")
    assert opened.form is not None
    reply = await opened.form.submit(
        {"channel": [str(admin.channel.id)], "time": "25:00", "zone": "UTC"}
    )
    assert "has hour 25, a day ends at 23:59" in reply.text.replace("\\", "")
    assert not await days.admin.schedules.list(admin.channel.guild_id or 0)
    refused = await admin.command("daily set", days="someday")
    assert "is not a day" in refused.text.replace("\\", "")


async def test_a_change_of_clock_between_two_posts_is_marked(admin: Person, days: Days) -> None:
    days.forward(days=(_next_march(days) - 1))
    await admin.command("daily set", **MORNING | {"zone": "Berlin"})
    reply = await admin.command("daily doctor")
    assert reply.text.count("09:00 Berlin (<t:") == 3
    assert reply.text.count(" — before it the clocks go forward 1 hour") == 1


async def test_a_fan_is_not_offered_it(fan: Person) -> None:
    assert not {"daily", "packs"} & set(fan.offered)


async def test_a_fan_to_whom_the_server_shows_it_is_refused(
    fan: Person, sandbox: Sandbox, days: Days
) -> None:
    _show_to_all(sandbox)
    reply = await fan.command("daily set", **MORNING)
    assert reply.text == "You need the permission Manage Server for this."
    assert (await fan.command("packs")).text == "You need the permission Manage Server for this."
    assert await fan.autocomplete("daily edit", "name") == []
    assert not await days.admin.schedules.list(fan.channel.guild_id or 0)


async def test_it_is_offered_in_servers_only(sandbox: Sandbox, app: App) -> None:
    assert "daily" not in sandbox.user("admin", dm_with="bot").offered


@pytest.mark.parametrize(
    ("channel", "told"),
    [
        ("backstage", "The bot cannot see <#{}>. Allow it **View Channel** there."),
        ("archive", "In <#{}> the bot lacks **Read Message History**. Allow it there"),
    ],
)
async def test_what_is_missing_is_named_and_nothing_saved(
    admin: Person, days: Days, sandbox: Sandbox, channel: str, told: str
) -> None:
    place = sandbox.user("admin", guild="Night Owls", channel=channel).channel.id
    reply = await admin.command("daily set", **MORNING | {"channel": channel})
    assert told.format(place) in reply.text
    assert "Nothing was changed." in reply.text
    assert not await days.admin.schedules.list(admin.channel.guild_id or 0)


async def test_a_channel_that_may_only_be_read_is_refused(moderator: Person) -> None:
    reply = await moderator.command("daily set", **MORNING | {"channel": "read-only"})
    assert "the bot lacks **Send Messages**" in reply.text


async def test_layouts_need_no_permission_to_embed(moderator: Person, days: Days) -> None:
    reply = await moderator.command("daily set", **MORNING | {"channel": "plain"})
    assert reply.text.startswith("### morning is set")


@pytest.mark.parametrize("channel", ["questions", "listening", "Front of house"])
async def test_forums_voice_channels_and_categories_are_not_offered(
    admin: Person, channel: str
) -> None:
    with pytest.raises(PageError):
        await admin.command("daily set", **MORNING | {"channel": channel})


@pytest.mark.parametrize("channel", ["B-sides", "Which pressing is this?", "news"])
async def test_threads_and_announcement_channels_will_do(admin: Person, channel: str) -> None:
    reply = await admin.command("daily set", **MORNING | {"channel": channel})
    assert reply.text.startswith("### morning is set")


async def test_a_role_that_anybody_may_mention_is_pinged(admin: Person) -> None:
    reply = await admin.command("daily set", **MORNING, role="Fans")
    assert re.search(r"Pings <@&\d+>, and nobody else\.", reply.text)


async def test_a_role_that_the_bot_may_not_mention_is_refused(admin: Person) -> None:
    reply = await admin.command("daily set", **MORNING, role="Moderators")
    assert "The bot cannot ping the role **Moderators**" in reply.text
    assert "**Mention Everyone**" in reply.text


async def test_everyone_is_never_pinged(admin: Person) -> None:
    reply = await admin.command("daily set", **MORNING, role=str(admin.channel.guild_id))
    assert "`@everyone` is never pinged" in reply.text


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"time": "25:00"}, "has hour 25, a day ends at 23:59"),
        ({"time": "soon"}, "is not a time of day; write it like 09:00, 21:30"),
        ({"time": "7"}, "could be morning or evening"),
        ({"zone": "Berln"}, "the nearest are Europe/Berlin, "),
        ({"days": "someday"}, "is not a day"),
        ({"colour": "mauvish"}, "'mauvish' is not a colour; write it like red, teal, or #c8553d."),
        ({"kind": "facts", "by": "Mika"}, "Facts have no speaker: leave 'by' out"),
        ({"pack": "other"}, "No pack called 'other' answers in this server; /packs lists them."),
        ({"by": "Nobody"}, "There is no quote by Nobody"),
    ],
)
async def test_bad_input_is_refused_with_the_remedy(
    admin: Person, days: Days, wrong: dict[str, str], told: str
) -> None:
    reply = await admin.command("daily set", **MORNING | wrong)
    assert reply.is_ephemeral
    assert told in reply.text.replace("\\", "")
    assert not await days.admin.schedules.list(admin.channel.guild_id or 0)


@pytest.mark.parametrize(
    ("typed", "shown"), [("0900", "09:00"), ("noon", "12:00"), ("9:30 pm", "21:30")]
)
async def test_times_are_read_as_people_write_them(admin: Person, typed: str, shown: str) -> None:
    reply = await admin.command("daily set", **MORNING | {"time": typed})
    assert f"every day at {shown}" in reply.text


async def test_a_name_is_given_once(admin: Person) -> None:
    await admin.command("daily set", **MORNING)
    reply = await admin.command("daily set", **MORNING | {"name": "Morning"})
    assert "There is a schedule called 'Morning' already" in reply.text


async def test_ten_are_enough(admin: Person) -> None:
    for number in range(10):
        await admin.command("daily set", **MORNING | {"name": f"number {number}"})
    reply = await admin.command("daily set", **MORNING)
    assert "This server has 10 schedules already" in reply.text


async def test_what_was_typed_is_text_and_nothing_else(admin: Person) -> None:
    nasty = "**x** @everyone `y` <t:1:R>"
    reply = await admin.command("daily set", **MORNING | {"name": nasty})
    assert "\\*\\*x\\*\\* \\@everyone \\`y\\` \\<t\\:1\\:R\\>" in reply.text


async def test_kind_title_and_colour_are_set_shown_and_changed(admin: Person, days: Days) -> None:
    reply = await admin.command(
        "daily set", **MORNING, kind="both", title="Owl post", colour="#00FF7F", by="Mika"
    )
    assert reply.text.splitlines()[2:5] == [
        "Quotes and facts in turn by Mika.",
        "Under the heading **Owl post**.",
        "In the colour `#00ff7f`.",
    ]
    reply = await admin.command("daily edit", kind="facts", by="any", colour="teal", title="usual")
    assert reply.text.splitlines()[1:5] == [
        "- **Speaker** Mika → anybody",
        "- **Posts** quotes and facts in turn → facts",
        "- **Heading** Owl post → the usual",
        "- **Colour** `#00ff7f` → `#1abc9c`",
    ]
    reply = await admin.command("daily doctor")
    assert "**Facts** 3, of which 3 not yet seen in this round." in reply.text


async def test_zones_complete_themselves_with_the_offset_of_now(admin: Person) -> None:
    (first, *_) = await admin.autocomplete("daily set", "zone", "tokyo")
    assert first == {"name": "Asia/Tokyo (UTC+09:00 now)", "value": "Asia/Tokyo"}


async def test_packs_and_speakers_complete_themselves(admin: Person) -> None:
    (pack,) = await admin.autocomplete("daily set", "pack", "owls")
    assert pack == {"name": "The Night Owls, 1999", "value": "night-owls-1999"}
    speakers = await admin.autocomplete("daily set", "by", "")
    assert [each["name"] for each in speakers] == ["Mika", "Robin"]


async def test_discord_that_does_not_answer_leaves_nothing_half_saved(
    admin: Person, days: Days, sandbox: Sandbox
) -> None:
    _fail(sandbox, "/guilds/*/members/*")
    reply = await admin.command("daily set", **MORNING)
    assert "Discord could not be asked" in reply.text
    assert not await days.admin.schedules.list(admin.channel.guild_id or 0)


def _next_march(days: Days) -> int:
    """Count the days until Berlin's clocks go forward: the last Sunday of March."""
    day = days.clock.now().date()
    count = 0
    while not (day.month == 3 and day.weekday() == 6 and day.day > 24):
        day = day.fromordinal(day.toordinal() + 1)
        count += 1
    return count


def _show_to_all(sandbox: Sandbox) -> None:
    """Do what a server's integration settings can: show the commands to everybody."""
    for command in sandbox.container.commands.registered(None):
        command["default_member_permissions"] = None


def _fail(sandbox: Sandbox, path: str) -> None:
    sandbox.faults.add(Fault("error", status=503, path=path))
