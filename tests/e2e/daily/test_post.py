"""The post itself: at its time, once, with its button; and what is said when it cannot be."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from bot.sandbox.http.faults import Fault
from bot.sandbox.world.model import Overwrite
from bot.sandbox.world.permissions import Permission
from bot.scheduling.models import AlertStatus, Outcome
from bot.scheduling.storage.database import State
from tests.support.admins import QUICK
from tests.support.serving import serving

if TYPE_CHECKING:
    from bot.config import Endpoint
    from bot.sandbox.server import Sandbox
    from bot.sandbox.testing import Person
    from bot.scheduling.clock import SystemClock
    from tests.support.admins import Days
    from tests.support.knowledge import KnowledgeInMemory

PUBLISHED = 1 << 0
POSTS = "/channels/*/messages"


@pytest.fixture
async def soon(admin: Person, days: Days) -> None:
    """Set a daily quote that is due in an hour."""
    await _set(admin, days)


async def _set(admin: Person, days: Days, **others: Any) -> None:
    wanted = {"name": "soon", "channel": "general", "zone": "UTC"} | others
    reply = await admin.command("daily set", **wanted, time=days.at(hours=1))
    assert reply.text.startswith(f"### {wanted['name']} is set"), reply.text


async def test_it_appears_at_its_time_and_stands_in_the_history(
    soon: None, admin: Person, fan: Person, days: Days
) -> None:
    days.forward(minutes=50)
    assert not fan.read()
    days.forward(minutes=11)
    (delivery,) = await days.ended(admin)
    (seen,) = fan.read()
    assert delivery.outcome is Outcome.SENT
    assert delivery.message_id == seen.message.id
    lines = seen.text.splitlines()
    assert lines[0] == "### Quote of the day"
    assert re.fullmatch(r"## “.+”", lines[1])
    assert re.fullmatch(r"— \*\*\w+\*\*", lines[2])
    assert re.fullmatch(r"On .+\.", lines[3])
    assert lines[4].startswith("-# As of 1999. Ada Example, interview")
    assert lines[5] == "[About this quote]"
    history = await admin.command("daily history", name="soon")
    link = f"channels/{admin.channel.guild_id}/{admin.channel.id}/{seen.message.id}"
    assert f": [sent](https://discord.com/{link}), " in history.text


async def test_a_quote_without_a_context_leaves_no_gap(
    admin: Person, days: Days, knowledge: KnowledgeInMemory
) -> None:
    knowledge.quotes = {
        name: replace(quote, context="") for name, quote in knowledge.quotes.items()
    }
    await _set(admin, days)
    lines = (await admin.command("daily preview", name="soon")).text.splitlines()
    assert re.fullmatch(r"— \*\*\w+\*\*", lines[2])
    assert lines[3].startswith("-# As of 1999.")


async def test_a_quote_that_may_not_stand_alone_is_never_drawn(
    admin: Person, fan: Person, days: Days, knowledge: KnowledgeInMemory
) -> None:
    await _set(admin, days)
    await admin.command("daily now", name="soon")
    (first,) = fan.read()
    withheld = next(name for name, quote in knowledge.quotes.items() if quote.words in first.text)
    words = knowledge.quotes[withheld].words
    knowledge.quotes[withheld] = replace(knowledge.quotes[withheld], daily=False)
    for _ in range(4):
        assert words not in (await admin.command("daily preview", name="soon")).text
        await admin.command("daily now", name="soon")
    posts = [each.text for each in fan.read()]
    assert len(posts) == 5
    assert sum(words in post for post in posts) == 1
    assert all(any(quote.words in post for post in posts) for quote in knowledge.quotes.values())
    asked = await fan.command("quote")
    shown = [asked.text]
    for _ in range(2):
        await asked.press("Another")
        shown.append(asked.text)
    assert any(words in text for text in shown)


async def test_where_no_quote_may_stand_alone_the_admin_is_told_so(
    admin: Person, days: Days, knowledge: KnowledgeInMemory
) -> None:
    await _set(admin, days)
    knowledge.quotes = {
        name: replace(quote, daily=False) for name, quote in knowledge.quotes.items()
    }
    wanted = {"channel": "general", "zone": "UTC", "time": "09:00"}
    said = [
        await admin.command("daily set", **wanted, name="other"),
        await admin.command("daily set", **wanted, name="by", by="Mika"),
        await admin.command("daily preview", name="soon"),
        await admin.command("daily now", name="soon"),
        await admin.command("daily doctor", name="soon"),
    ]
    texts = [reply.text.replace("\\", "") for reply in said]
    assert all("marked 'daily: false'" in text for text in texts)
    assert "The only quote by Mika in the packs that answer here is marked" in texts[1]
    days.forward(hours=1)
    (delivery,) = await days.ended(admin)
    assert delivery.outcome is Outcome.FAILED
    assert delivery.reason is not None
    assert "The 3 quotes in the packs that answer here are all marked" in str(delivery.reason)


async def test_the_button_tells_about_the_quote_to_the_presser_alone(
    soon: None, admin: Person, fan: Person, days: Days
) -> None:
    days.forward(hours=1)
    await days.ended(admin)
    (seen,) = fan.read()
    told = await seen.press("About this quote")
    assert told.is_ephemeral
    assert "\nOn " in told.text
    assert "Themes" not in told.text
    assert "© 1999 Ada Example" in told.text
    assert [each.message.id for each in admin.read() if not each.is_ephemeral] == [seen.message.id]


async def test_the_button_works_in_a_later_process_and_after_the_schedule_is_gone(
    soon: None,
    admin: Person,
    fan: Person,
    days: Days,
) -> None:
    days.forward(hours=1)
    await days.ended(admin)
    await (await admin.command("daily remove", name="soon")).press("Remove it")
    (seen,) = [each for each in fan.read() if not each.is_ephemeral]
    assert "The year is from" in (await seen.press("About this quote")).text


async def test_a_quote_with_a_long_id_is_found_by_its_claim(
    admin: Person, fan: Person, days: Days, knowledge: KnowledgeInMemory
) -> None:
    quote, long = knowledge.quotes.popitem()[1], "long-" * 7 + "id"
    knowledge.quotes = {long * 2: replace(quote, id=long * 2)}
    await _set(admin, days)
    days.forward(hours=1)
    await days.ended(admin)
    (seen,) = fan.read()
    assert long not in str(seen.components)
    assert "The year is from" in (await seen.press("About this quote")).text


async def test_a_fact_is_posted_with_a_button_that_tells_more(
    admin: Person, fan: Person, days: Days, knowledge: KnowledgeInMemory
) -> None:
    knowledge.facts = {"barn": knowledge.facts["barn"], "drummer": knowledge.facts["drummer"]}
    await _set(admin, days, kind="facts", colour="red")
    days.forward(hours=1)
    await days.ended(admin)
    days.forward(hours=24)
    await days.ended(admin, 2)
    (barn,) = [each for each in fan.read() if "barn" in each.text]
    lines = barn.text.splitlines()
    assert lines[:3] == ["### Fact of the day", "**The Night Owls**", "They recorded it in a barn."]
    assert lines[-2].startswith("-# As of 1999. Ada Example, interview")
    told = await barn.press("About this fact")
    assert told.is_ephemeral
    assert told.text.startswith("### Where was it recorded?")
    assert "[Who plays the drums?]" in told.text


async def test_a_release_is_posted_on_its_day(
    admin: Person, fan: Person, days: Days, knowledge: KnowledgeInMemory
) -> None:
    day = days.moment(hours=1).date().replace(year=1999)
    known = knowledge.known["owl-light"]
    dated = replace(known.date, text=day.isoformat())
    knowledge.known = {"owl-light": replace(known, date=dated)}
    await _set(admin, days, kind="both")
    days.forward(hours=1)
    await days.ended(admin)
    (seen,) = fan.read()
    assert seen.text.startswith("### On this day\n## ")
    assert "years ago today Owl Light was announced to come out" in seen.text
    assert "**Out** " in (await seen.press("About this release")).text


async def test_a_post_is_published_and_has_its_thread(
    admin: Person, days: Days, sandbox: Sandbox
) -> None:
    news = sandbox.user("admin", guild="Night Owls", channel="news")
    await _set(admin, days, channel="news", thread=True, publish=True)
    days.forward(hours=1)
    (delivery,) = await days.ended(admin)
    (seen,) = news.read()
    world = sandbox.world
    await days.until(lambda: world.channel(seen.message.id))
    await days.until(lambda: news.read()[0].json["flags"] & PUBLISHED)
    thread = world.channel(seen.message.id)
    assert thread is not None
    assert re.fullmatch(r"Quote of the day, \d+ \w+ \d{4}", thread.name)
    assert (thread.parent_id, delivery.message_id) == (news.channel.id, seen.message.id)


async def test_what_a_thread_or_publishing_lacks_is_told_when_it_is_set(
    admin: Person, days: Days, sandbox: Sandbox
) -> None:
    wanted = {"name": "soon", "channel": "general", "zone": "UTC", "time": "09:00"}
    refused = await admin.command("daily set", **wanted, publish=True)
    assert "is no announcement channel, and only posts of such a one" in refused.text
    general = admin.channel
    denied = Overwrite(
        sandbox.world.application.bot.id, is_member=True, deny=int(Permission.CREATE_PUBLIC_THREADS)
    )
    sandbox.world.add_channel(replace(general, overwrites=(*general.overwrites, denied)))
    refused = await admin.command("daily set", **wanted, thread=True)
    assert "allow it **Create Public Threads** there" in refused.text
    assert not await days.admin.schedules.list(general.guild_id or 0)


async def test_only_the_chosen_role_is_pinged(
    admin: Person, fan: Person, days: Days, sandbox: Sandbox
) -> None:
    await _set(admin, days, role="Fans")
    days.forward(hours=1)
    await days.ended(admin)
    (sent,) = _posts(sandbox)
    (role,) = sent["allowed_mentions"]["roles"]
    assert sent["allowed_mentions"] == {"parse": [], "roles": [role]}
    (seen,) = fan.read()
    assert seen.text.startswith(f"-# <@&{role}>\n")
    assert seen.json["mention_roles"] == [str(role)]


async def test_a_post_goes_into_a_thread(admin: Person, days: Days, sandbox: Sandbox) -> None:
    await _set(admin, days, channel="B-sides")
    days.forward(hours=1)
    (delivery,) = await days.ended(admin)
    thread = sandbox.user("fan", guild="Night Owls", channel="B-sides")
    assert [each.message.id for each in thread.read()] == [delivery.message_id]


async def test_a_lost_reply_is_made_good_by_the_nonce(
    soon: None, admin: Person, fan: Person, days: Days, sandbox: Sandbox
) -> None:
    sandbox.faults.add(Fault("lost_reply", times=1, method="POST", path=POSTS))
    days.forward(hours=1)
    (delivery,) = await days.ended(admin)
    (seen,) = fan.read()
    first, second = _posts(sandbox)
    assert first == second
    assert first["enforce_nonce"] is True
    assert len(first["nonce"]) <= 25
    assert (delivery.outcome, delivery.message_id) == (Outcome.SENT, seen.message.id)


async def test_a_lost_reply_found_late_is_found_in_the_channels_history(
    soon: None, admin: Person, fan: Person, days: Days, sandbox: Sandbox
) -> None:
    sandbox.faults.add(Fault("lost_reply", times=1, method="POST", path=POSTS))
    days.forward(hours=1)
    await days.until(lambda: _posts(sandbox))
    sandbox.faults.add(Fault("error", status=503, method="POST", path=POSTS))
    days.forward(minutes=3)
    (delivery,) = await days.ended(admin)
    (seen,) = fan.read()
    assert (delivery.outcome, delivery.message_id) == (Outcome.SENT, seen.message.id)
    assert sandbox.log.requests("GET", "/messages")


async def test_after_an_outage_it_is_posted_late_rather_than_lost(
    soon: None, admin: Person, fan: Person, days: Days, sandbox: Sandbox
) -> None:
    fault = sandbox.faults.add(Fault("error", status=503, method="POST", path=POSTS))
    days.forward(hours=1)
    await days.until(lambda: len(sandbox.log.requests("POST", "/messages")) >= 2)
    sandbox.faults.remove(fault.id)
    (delivery,) = await days.ended(admin)
    assert delivery.outcome is Outcome.SENT
    assert len(fan.read()) == 1


async def test_a_forbidden_post_is_told_to_who_set_it_up(
    soon: None, admin: Person, days: Days, sandbox: Sandbox
) -> None:
    _forbid(sandbox, "general", Permission.SEND_MESSAGES)
    days.forward(hours=1)
    (delivery,) = await days.ended(admin)
    assert delivery.outcome is Outcome.FAILED
    inbox = sandbox.user("admin", dm_with="bot")
    await days.until(inbox.read)
    (told,) = inbox.read()
    assert "was not posted: The bot may not write there; allow it Send Messages" in told.text
    doctor = await sandbox.user("admin", guild="Night Owls", channel="news").command("daily doctor")
    assert "**To put right**" in doctor.text
    assert "the bot lacks **Send Messages**" in doctor.text
    assert "not sent. The bot may not write there" in doctor.text


async def test_a_bot_in_a_time_out_is_told_as_that_and_not_as_a_lack_of_permissions(
    soon: None, admin: Person, days: Days, sandbox: Sandbox
) -> None:
    guild = sandbox.world.guild(admin.channel.guild_id or 0)
    assert guild is not None
    bot_id = sandbox.world.application.bot.id
    until = days.moment(days=3).timestamp()
    guild.members[bot_id] = replace(guild.members[bot_id], timed_out_until=until)
    days.forward(hours=1)
    (delivery,) = await days.ended(admin)
    assert "The bot is in a time-out until 2" in str(delivery.reason)
    doctor = await admin.command("daily doctor")
    assert "**To put right**\n- The bot is in a time-out until 2" in doctor.text
    assert "lacks" not in doctor.text


async def test_a_role_that_was_deleted_is_told_after_the_post(
    admin: Person, days: Days, sandbox: Sandbox
) -> None:
    await _set(admin, days, role="Fans")
    guild = sandbox.world.guild(admin.channel.guild_id or 0)
    assert guild is not None
    (fans,) = (role.id for role in guild.roles.values() if role.name == "Fans")
    del guild.roles[fans]
    days.forward(hours=1)
    (delivery,) = await days.ended(admin)
    assert delivery.outcome is Outcome.SENT
    inbox = sandbox.user("admin", dm_with="bot")
    await days.until(inbox.read)
    assert "pings is gone, so it was posted without a ping" in inbox.read()[0].text


async def test_a_schedule_whose_zone_is_gone_is_listed_with_a_word(
    soon: None, admin: Person, days: Days, state: State
) -> None:
    await _set(admin, days, name="other")
    async with state.write() as transaction:
        await transaction.exec_driver_sql(
            "UPDATE schedules SET zone = 'Mars/Olympus' WHERE name = 'soon'"
        )
    listed = (await admin.command("daily list")).text
    assert "**other**" in listed
    assert (
        "`Mars/Olympus` is not a time zone any more. Choose another with `/daily edit`." in listed
    )
    async with state.write() as transaction:
        await transaction.exec_driver_sql(
            "UPDATE schedules SET seed = cast(x'ff' as text) WHERE name = 'other'"
        )
    listed = (await admin.command("daily list")).text
    assert "**soon**" in listed
    assert "**other**\n  It is damaged in the bot's database" in listed
    diagnosed = (await admin.command("daily doctor")).text
    assert "**other**\n  It is damaged in the bot's database" in diagnosed
    assert "`Mars/Olympus` is not a time zone any more." in diagnosed
    named = (await admin.command("daily doctor", name="other")).text
    assert "'other' is damaged in the bot's database, and is not posted. Remove it with" in named
    assert (await admin.command("daily remove", name="other")).text.startswith("**other** is remov")


async def test_with_an_alerts_channel_the_admins_are_told_there(
    soon: None, admin: Person, days: Days, sandbox: Sandbox
) -> None:
    reply = await admin.command("daily alerts", channel="news")
    assert "when a post fails" in reply.text
    _forbid(sandbox, "general", Permission.VIEW_CHANNEL)
    days.forward(hours=1)
    await days.ended(admin)
    news = sandbox.user("admin", guild="Night Owls", channel="news")
    await days.until(news.read)
    assert "The bot cannot see the channel" in news.read()[0].text
    assert not sandbox.user("admin", dm_with="bot").read()


async def test_alerts_go_only_where_the_bot_may_write(admin: Person, days: Days) -> None:
    reply = await admin.command("daily alerts", channel="backstage")
    assert "The bot cannot see" in reply.text
    reply = await admin.command("daily alerts")
    assert "is told by direct message" in reply.text


async def test_a_refused_direct_message_stands_in_the_history_and_the_doctors_report(
    soon: None, admin: Person, days: Days, sandbox: Sandbox
) -> None:
    refused = Fault("error", status=403, method="POST", path="/users/@me/channels")
    sandbox.faults.add(refused)
    _forbid(sandbox, "general", Permission.SEND_MESSAGES)
    days.forward(hours=1)
    await days.ended(admin)
    (schedule,) = await days.admin.schedules.list(admin.channel.guild_id or 0)

    async def told() -> AlertStatus:
        found = await days.admin.records.check_schedule(schedule.guild_id, schedule.name)
        return found.alerts[0].status if found.alerts else AlertStatus.PENDING

    while await told() is AlertStatus.PENDING:
        days.worker.wake()
    assert await told() is AlertStatus.REFUSED
    other = sandbox.user("admin", guild="Night Owls", channel="news")
    assert "did not arrive" in (await other.command("daily doctor")).text
    assert "Nobody could be told: " in (await other.command("daily history")).text


async def test_where_history_cannot_be_read_it_is_unknown_and_never_sent_again(
    soon: None, admin: Person, days: Days, sandbox: Sandbox
) -> None:
    sandbox.faults.add(Fault("lost_reply", times=1, method="POST", path=POSTS))
    days.forward(hours=1)
    await days.until(lambda: _posts(sandbox))
    fault = sandbox.faults.add(Fault("error", status=503, method="POST", path=POSTS))
    _forbid(sandbox, "general", Permission.READ_MESSAGE_HISTORY)
    days.forward(minutes=3)
    (delivery,) = await days.ended(admin)
    sandbox.faults.remove(fault.id)
    assert delivery.outcome is Outcome.UNKNOWN
    doctor = await admin.command("daily doctor")
    assert "unknown: it may or may not be there. The bot may not read" in doctor.text


async def test_a_refused_token_stops_posting_and_keeps_what_is_due(
    soon: None, admin: Person, days: Days, sandbox: Sandbox
) -> None:
    sandbox.faults.add(Fault("error", status=401, method="POST", path=POSTS))
    days.forward(hours=1)
    await days.until(lambda: days.worker.is_halted)
    (delivery,) = await days.ledger(admin)
    assert delivery.outcome is None


async def test_two_processes_on_one_state_post_once(  # noqa: PLR0913, PLR0917 - fixtures
    soon: None,
    admin: Person,
    fan: Person,
    days: Days,
    sandbox: Sandbox,
    knowledge: KnowledgeInMemory,
    endpoint: Endpoint,
    state_url: str,
    clock: SystemClock,
) -> None:
    async with (
        await State.open(state_url) as second,
        serving(sandbox, knowledge, endpoint, state=second, clock=clock, limits=QUICK) as other,
    ):
        assert other.worker is not None
        for day in range(5):
            days.forward(hours=24 if day else 1)
            other.worker.wake()
            await days.ended(admin, day + 1)
        assert {one.outcome for one in await days.ledger(admin)} == {Outcome.SENT}
        assert len(fan.read()) == len({post["nonce"] for post in _posts(sandbox)}) == 5


async def test_the_doctor_finds_nothing_wrong_where_nothing_is(
    soon: None, admin: Person, days: Days
) -> None:
    reply = await admin.command("daily doctor")
    assert "Every permission it needs is there." in reply.text
    assert "**Quotes** 3, of which 3 not yet seen in this round." in reply.text
    assert "Nothing has gone wrong." in reply.text
    assert reply.text.count(" UTC (<t:") == 3
    await _set(admin, days, name="later", channel="news")
    reply = await admin.command("daily doctor")
    assert reply.text.startswith("### How the daily quotes here are doing")
    assert reply.text.count("Nothing is wrong. **Next** ") == 2


def _posts(sandbox: Sandbox) -> list[dict[str, Any]]:
    return [
        sent["request"]
        for sent in sandbox.log.requests("POST", "/messages")
        if "components" in (sent["request"] or {})
    ]


def _forbid(sandbox: Sandbox, channel: str, permission: Permission) -> None:
    place = sandbox.user("admin", guild="Night Owls", channel=channel).channel
    own = sandbox.world.application.bot.id
    denied = Overwrite(own, is_member=True, deny=int(permission))
    sandbox.world.add_channel(replace(place, overwrites=(*place.overwrites, denied)))
