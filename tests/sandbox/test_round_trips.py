"""A real discord.py bot over the sandbox, from command to card."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
import pytest

from bot.sandbox.errors import InteractionFailed, PageError
from bot.sandbox.http.faults import Fault
from bot.sandbox.world.permissions import Permission
from tests.support.waiting import until

if TYPE_CHECKING:
    from bot.sandbox.clock import ManualClock
    from bot.sandbox.server import Sandbox
    from tests.support.plain_bot import PlainBot


async def test_a_command_is_answered(sandbox: Sandbox, bot: PlainBot) -> None:
    reply = await sandbox.user("fan").command("ping")
    assert reply.text == "pong"
    assert not reply.is_ephemeral
    assert reply.json["interaction_metadata"]["user"]["username"] == "robin"


async def test_an_embed_is_read_from_top_to_bottom(sandbox: Sandbox, bot: PlainBot) -> None:
    reply = await sandbox.user("fan").command("ask", question="Who?", where="general")
    assert reply.text == "Who?\n1 of general\n[Change] [Another] [Later]\n[Which record?]"


async def test_a_button_changes_its_message(sandbox: Sandbox, bot: PlainBot) -> None:
    reply = await sandbox.user("fan").command("ask", question="Who?")
    changed = await reply.press("Change")
    assert changed.message_id == reply.message_id
    assert reply.content == "changed"
    assert reply.json["edited_timestamp"] is not None


async def test_a_button_sends_another_message(sandbox: Sandbox, bot: PlainBot) -> None:
    fan, admin = sandbox.user("fan"), sandbox.user("admin")
    reply = await fan.command("ask", question="Who?")
    another = await reply.press("another")
    assert another.text == "another"
    assert another.is_ephemeral
    assert [each.content for each in fan.read()] == ["", "another"]
    assert [each.content for each in admin.read()] == [""]
    another.dismiss()
    assert another.is_gone


async def test_a_deferred_update_is_waited_for(sandbox: Sandbox, bot: PlainBot) -> None:
    reply = await sandbox.user("fan").command("ask", question="Who?")
    assert (await reply.press("Later")).content == "later"


async def test_a_choice_reaches_the_bot(sandbox: Sandbox, bot: PlainBot) -> None:
    reply = await sandbox.user("fan").command("ask", question="Who?")
    assert (await reply.choose("First")).text == "chose 1"


async def test_a_deferred_answer_keeps_its_privacy(sandbox: Sandbox, bot: PlainBot) -> None:
    reply = await sandbox.user("fan").command("slowly")
    await until(lambda: reply.followups)
    assert reply.text == "at last"
    assert reply.is_ephemeral
    assert [each.text for each in reply.followups] == ["and more"]


async def test_autocomplete_offers_what_the_bot_says(sandbox: Sandbox, bot: PlainBot) -> None:
    choices = await sandbox.user("fan").autocomplete("ask", "question", "heff", count=2)
    assert choices == [{"name": "heff!", "value": "heff"}]


async def test_a_form_is_opened_filled_in_and_sent(sandbox: Sandbox, bot: PlainBot) -> None:
    form = (await sandbox.user("fan").command("suggest")).form
    assert form is not None
    assert form.title == "Suggest a question"
    assert form.fields == ["words", "kind"]
    assert (await form.submit({"words": "Why?"})).text == "thank you for Why?"


async def test_a_select_in_a_form_is_filled_in_too(sandbox: Sandbox, bot: PlainBot) -> None:
    form = (await sandbox.user("fan").command("suggest")).form
    assert form is not None
    reply = await form.submit({"words": "Why?", "kind": ["Song"]})
    assert reply.text == "thank you for Why? Song"
    with pytest.raises(PageError, match="not among the options"):
        await form.submit({"words": "Why?", "kind": ["Cover"]})


async def test_radio_buttons_and_boxes_of_a_form_reach_the_bot(
    sandbox: Sandbox, bot: PlainBot
) -> None:
    form = (await sandbox.user("fan").command("survey")).form
    assert form is not None
    filled = {"singer": "James", "songs": ["Simple", "Parallel"], "live": False}
    assert (await form.submit(filled)).text == "James: ['Simple', 'Parallel'], not live"


async def test_what_a_form_offers_as_chosen_is_chosen_unless_changed(
    sandbox: Sandbox, bot: PlainBot
) -> None:
    form = (await sandbox.user("fan").command("survey")).form
    assert form is not None
    assert (await form.submit({"singer": "James"})).text == "James: [], live"


@pytest.mark.parametrize(
    ("filled", "fault"),
    [
        ({}, ("singer", "This field is required.")),
        ({"singer": "Robin"}, ("singer", "This is not among the options.")),
        ({"singer": ["James", "Kendall"]}, ("singer", "Choose one.")),
        (
            {"singer": "James", "songs": ["Simple", "Parallel", "Love Letter"]},
            ("songs", "Choose 0 to 2."),
        ),
        ({"singer": "James", "songs": ["Other"]}, ("songs", "This is not among the options.")),
        ({"singer": "James", "live": "yes"}, ("live", "A box is ticked (true) or not (false).")),
    ],
)
async def test_choices_that_are_not_offered_are_not_sent(
    sandbox: Sandbox, bot: PlainBot, filled: dict[str, Any], fault: tuple[str, str]
) -> None:
    form = (await sandbox.user("fan").command("survey")).form
    assert form is not None
    with pytest.raises(PageError) as caught:
        await form.submit(filled)
    assert caught.value.faults == (fault,)


async def test_a_form_that_is_filled_in_wrongly_is_not_sent(
    sandbox: Sandbox, bot: PlainBot
) -> None:
    form = (await sandbox.user("fan").command("suggest")).form
    assert form is not None
    with pytest.raises(PageError) as caught:
        await form.submit({"words": "x" * 41})
    assert caught.value.faults == (("words", "Must be 40 or fewer characters long."),)


async def test_a_layout_is_shown(sandbox: Sandbox, bot: PlainBot) -> None:
    reply = await sandbox.user("fan").command("card")
    assert reply.text == "## Heading\nBody\n[Go]"
    assert reply.flags & 32768
    assert reply.components[0]["accent_color"] == 0x123456


async def test_a_file_is_sent_and_can_be_fetched(sandbox: Sandbox, bot: PlainBot) -> None:
    reply = await sandbox.user("fan").command("picture")
    url = reply.embeds[0]["image"]["url"]
    assert url.startswith(sandbox.origin)
    assert await bot.http.get_from_cdn(url) == b"not really a picture"


async def test_a_subcommand_takes_a_channel_by_name(sandbox: Sandbox, bot: PlainBot) -> None:
    reply = await sandbox.user("admin").command("daily set", channel="#general")
    assert reply.text == "in general"


async def test_a_wrong_kind_of_channel_is_refused_before_it_is_sent(
    sandbox: Sandbox, bot: PlainBot
) -> None:
    with pytest.raises(PageError) as caught:
        await sandbox.user("admin").command("daily set", channel="questions")
    assert caught.value.faults == (("channel", "Choose another kind of channel."),)
    assert not bot.seen


async def test_only_who_may_manage_is_offered_the_admin_command(
    sandbox: Sandbox, bot: PlainBot
) -> None:
    assert "manage" in sandbox.user("admin", guild="Quiet Room").offered
    assert "manage" not in sandbox.user("fan").offered
    assert "manage" not in sandbox.user("admin", dm_with="bot").offered


async def test_a_bot_that_says_nothing_fails_after_three_seconds(
    still: Sandbox, still_bot: PlainBot, clock: ManualClock
) -> None:
    still_bot.hold.clear()
    asking = asyncio.create_task(still.user("fan").command("ping"))
    await until(lambda: still_bot.seen)
    clock.advance(2.9)
    assert not asking.done()
    clock.advance(0.2)
    with pytest.raises(InteractionFailed, match="The application did not respond"):
        await asking
    still_bot.hold.set()
    await until(lambda: still_bot.failures)
    cause = still_bot.failures[0].__cause__
    assert isinstance(cause, discord.NotFound)
    assert cause.code == 10062


async def test_a_second_answer_is_refused(sandbox: Sandbox, bot: PlainBot) -> None:
    reply = await sandbox.user("fan").command("twice")
    await until(lambda: bot.failures)
    assert reply.text == "first"
    cause = bot.failures[0].__cause__
    assert isinstance(cause, discord.HTTPException)
    assert cause.code == 40060


@pytest.mark.long
async def test_a_thousand_commands_in_a_row_lose_none(still: Sandbox, still_bot: PlainBot) -> None:
    fan = still.user("fan")
    asked = [fan.begin("ping") for _ in range(1000)]
    await until(lambda: all(each.state != "sent" for each in asked))
    assert {each.state for each in asked} == {"answered"}
    assert len(still_bot.seen) == 1000


async def test_a_user_install_reaches_where_the_bot_never_was(
    sandbox: Sandbox, bot: PlainBot
) -> None:
    stranger = sandbox.user("stranger", guild="Elsewhere")
    assert (await stranger.command("ping")).text == "pong"
    seen = bot.seen[-1]
    assert seen.context.guild
    assert seen.is_user_integration()
    assert not seen.is_guild_integration()
    assert sandbox.user("fan", guild="Elsewhere").offered == []


async def test_a_user_install_reaches_direct_messages_between_people(
    sandbox: Sandbox, bot: PlainBot
) -> None:
    stranger = sandbox.user("stranger", dm_with="fan")
    reply = await stranger.command("ping")
    assert bot.seen[-1].context.private_channel
    assert [each.text for each in sandbox.user("fan", dm_with="stranger").read()] == [reply.text]


async def test_an_interaction_carries_what_a_real_one_does(sandbox: Sandbox, bot: PlainBot) -> None:
    await sandbox.user("admin", guild="Vinyl Corner").command("ask", question="Who?", where="plain")
    seen = bot.seen[-1]
    assert seen.user.name == "ada"
    assert seen.locale is discord.Locale.british_english
    assert seen.guild_locale is discord.Locale.german
    assert seen.permissions.manage_guild
    assert seen.app_permissions.send_messages
    assert not seen.app_permissions.manage_guild
    assert seen.is_guild_integration()
    data = sandbox.log.frames("INTERACTION_CREATE")[-1]["data"]
    (resolved,) = data["data"]["resolved"]["channels"].values()
    assert resolved["name"] == "plain"


async def test_without_the_right_to_use_external_apps_an_answer_is_private(
    sandbox: Sandbox, bot: PlainBot
) -> None:
    stranger = sandbox.user("stranger", guild="Elsewhere")
    guild = stranger.actor_context.guild
    assert guild is not None
    guild.owner_id = 1
    usual = guild.everyone.permissions & ~Permission.USE_EXTERNAL_APPS
    guild.roles[guild.id] = replace(guild.everyone, permissions=usual)
    assert (await stranger.command("ping")).is_ephemeral


async def test_a_user_a_role_and_a_channel_are_chosen_by_id(
    sandbox: Sandbox, bot: PlainBot
) -> None:
    fan = sandbox.user("fan")
    ada = sandbox.user("admin").user
    reply = await fan.command("pick")
    assert (await reply.choose(str(ada.id), select="user")).text == "picked ada"
    assert (await reply.choose(str(fan.channel.id), select="channel")).text == "picked general"
    news = sandbox.user("fan", channel="news").channel
    with pytest.raises(PageError, match="another kind of channel"):
        await reply.choose(str(news.id), select="channel")
    with pytest.raises(PageError, match="no such user"):
        await reply.choose("1", select="user")
    with pytest.raises(PageError, match="Choose 1 to 1"):
        await reply.choose(select="user")
    with pytest.raises(PageError, match="no such select"):
        await reply.choose("x", select="none")


async def test_a_button_that_is_not_there_is_named_with_those_that_are(
    sandbox: Sandbox, bot: PlainBot
) -> None:
    reply = await sandbox.user("fan").command("ask", question="Who?")
    with pytest.raises(PageError, match=r"'Nope'; there are .*'Another'"):
        await reply.press("Nope")


async def test_a_menu_answers_about_its_target(sandbox: Sandbox, bot: PlainBot) -> None:
    fan = sandbox.user("fan")
    said = fan.say("words")
    assert (await fan.menu("Repeat", said.id)).text == "words"


async def test_a_message_with_nothing_behind_it_cannot_be_read(
    sandbox: Sandbox, bot: PlainBot
) -> None:
    reply = await sandbox.user("fan").command("suggest")
    assert reply.is_gone
    with pytest.raises(PageError):
        _ = reply.text


async def test_only_ones_own_private_message_is_dismissed(sandbox: Sandbox, bot: PlainBot) -> None:
    reply = await sandbox.user("fan").command("ping")
    with pytest.raises(PageError):
        reply.dismiss()


async def test_an_answer_whose_reply_is_lost_is_seen_all_the_same(
    sandbox: Sandbox, bot: PlainBot
) -> None:
    sandbox.faults.add(Fault("lost_reply", times=1, path="/interactions/*"))
    reply = await sandbox.user("fan").command("ping")
    await until(lambda: bot.failures)
    assert reply.text == "pong"
    assert isinstance(bot.failures[0].__cause__, aiohttp.ClientError)


async def test_the_history_that_discord_py_reads_is_the_channels(
    sandbox: Sandbox, bot: PlainBot
) -> None:
    fan = sandbox.user("fan", channel="archive")
    fan.say("words")
    hidden = bot.get_partial_messageable(fan.channel.id)
    assert [each.content async for each in hidden.history()] == []
    lounge = sandbox.user("fan", guild="Vinyl Corner", channel="lounge")
    lounge.say("words")
    seen = bot.get_partial_messageable(lounge.channel.id)
    assert [each.content async for each in seen.history()] == ["words"]


async def test_a_message_that_discord_py_sends_again_with_its_nonce_is_there_once(
    sandbox: Sandbox, bot: PlainBot
) -> None:
    fan = sandbox.user("fan")
    channel = bot.get_partial_messageable(fan.channel.id)
    body = {"content": "quote of the day", "nonce": "daily-1", "enforce_nonce": True}
    route = discord.http.Route("POST", "/channels/{channel_id}/messages", channel_id=channel.id)
    first, second = [await bot.http.request(route, json=body) for _ in range(2)]
    assert first["id"] == second["id"]
    assert [each.content for each in fan.read()] == ["quote of the day"]
