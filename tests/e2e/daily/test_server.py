"""/packs and /privacy: what answers in a server, and what is kept about it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.answering.results import FaultyTranslation
from bot.errors import StateError
from bot.scheduling.storage import guilds
from tests.support.knowledge import PACK

if TYPE_CHECKING:
    from bot.client.app import App
    from bot.sandbox.server import Sandbox
    from bot.sandbox.testing import Person
    from bot.scheduling.storage.database import State
    from tests.support.admins import Days
    from tests.support.knowledge import KnowledgeInMemory

MORNING = {"name": "morning", "channel": "general", "time": "9am", "zone": "UTC"}


async def test_packs_shows_which_answer(admin: Person) -> None:
    reply = await admin.command("packs")
    assert "**The Night Owls, 1999** (`night-owls-1999`) answers" in reply.text
    assert reply.is_ephemeral


async def test_packs_are_shown_and_named_by_their_titles_in_the_admins_language(
    admin: Person, knowledge: KnowledgeInMemory
) -> None:
    knowledge.translated_titles["es-ES"] = "Los búhos, 1999"
    admin.speak("es-ES")
    assert "**Los búhos, 1999** (`night-owls-1999`) responde" in (await admin.command("packs")).text
    silenced = await admin.command("packs", pack="los búhos, 1999", answers=False)
    assert "calla aquí" in silenced.text


async def test_packs_shows_the_faults_of_translations(
    admin: Person, knowledge: KnowledgeInMemory
) -> None:
    knowledge.faulty_translations = (
        FaultyTranslation("es", 12),
        FaultyTranslation("pt-BR", None),
        FaultyTranslation("de", 0),
    )

    reply = await admin.command("packs")

    assert "**The Night Owls, 1999**, Spanish: 12 entries are not translated" in reply.text
    assert "**The Night Owls, 1999**, Portuguese: the translation cannot be used" in reply.text
    assert "**The Night Owls, 1999**, German: every entry is translated" in reply.text
    assert "What they lack is answered in the language of its pack" in reply.text


async def test_a_silenced_pack_answers_nothing_in_that_server_only(
    admin: Person, fan: Person, moderator: Person, knowledge: KnowledgeInMemory
) -> None:
    assert "barn" in (await fan.command("ask", question="where was it recorded?")).text
    reply = await admin.command("packs", pack=PACK, answers=False)
    assert "is silent here" in reply.text
    assert "barn" not in (await fan.command("ask", question="where was it recorded?")).text
    assert "barn" in (await moderator.command("ask", question="where was it recorded?")).text
    await admin.command("packs", pack="the night owls, 1999", answers=True)
    assert "barn" in (await fan.command("ask", question="where was it recorded?")).text


SILENT = (
    "No pack answers in this server. Whoever may manage the server can change that with `/packs`."
)

ONE_SILENT = (
    "The pack that this is from does not answer in this server. Whoever may manage the server can "
    "change that with `/packs`."
)


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("ask", {"question": "where was it recorded?"}),
        ("quote", {}),
        ("quote", {"about": "barn", "by": "Robin"}),
        ("release", {}),
        ("release", {"title": "Owl Light"}),
        ("topics", {}),
    ],
)
async def test_where_every_pack_is_silenced_a_command_says_so_and_how_to_change_it(
    admin: Person, fan: Person, command: str, options: dict[str, str]
) -> None:
    await admin.command("packs", pack=PACK, answers=False)
    assert (await fan.command(command, **options)).text == SILENT


async def test_a_picked_question_of_a_silenced_pack_is_not_answered(
    admin: Person, fan: Person
) -> None:
    (picked,) = await fan.autocomplete("ask", "question", "recorded")
    assert "barn" in (await fan.command("ask", question=picked["value"])).text
    await admin.command("packs", pack=PACK, answers=False)
    assert (await fan.command("ask", question=picked["value"])).text == SILENT


async def test_a_fact_picked_before_its_pack_was_silenced_is_not_shown(
    admin: Person, fan: Person
) -> None:
    (picked,) = await fan.autocomplete("ask", "question", "where was it recorded?")
    assert "barn" in (await fan.command("ask", question=picked["value"])).text
    await admin.command("packs", pack=PACK, answers=False)
    assert (await fan.command("ask", question=picked["value"])).text == SILENT


async def test_about_names_no_source_where_every_pack_is_silenced(
    admin: Person, fan: Person
) -> None:
    await admin.command("packs", pack=PACK, answers=False)
    assert SILENT in (await fan.command("about")).text


async def test_a_press_on_what_a_silenced_pack_said_tells_of_the_silence(
    admin: Person, fan: Person
) -> None:
    answer = await fan.command("ask", question="where was it recorded?")
    quote = await fan.command("quote", about="noise")
    release = await fan.command("release", title="Owl Light")
    topics = await fan.command("topics")
    await admin.command("packs", pack=PACK, answers=False)
    pressed = [
        await answer.press("Who plays the drums?"),
        await quote.press("Another"),
        await release.choose("Early Bird"),
        await topics.choose("The Night Owls"),
    ]
    assert {reply.text for reply in pressed} == {ONE_SILENT}


async def test_without_a_pack_that_answers_there_is_nothing_to_post(
    admin: Person, days: Days
) -> None:
    await admin.command("packs", pack=PACK, answers=False)
    reply = await admin.command("daily set", **MORNING)
    assert "There is no quote in the packs that answer here" in reply.text


async def test_two_admins_who_silence_packs_at_once_silence_both(
    admin: Person, knowledge: KnowledgeInMemory
) -> None:
    knowledge.titles |= {"one": "One", "two": "Two"}
    await asyncio.gather(
        admin.command("packs", pack="one", answers=False),
        admin.command("packs", pack="two", answers=False),
    )
    text = (await admin.command("packs")).text
    assert "(`one`) is silent here" in text
    assert "(`two`) is silent here" in text


async def test_a_pack_that_is_not_there_is_refused(admin: Person) -> None:
    reply = await admin.command("packs", pack="nope", answers=True)
    assert reply.text == "There is no pack called 'nope'; /packs lists them."


async def test_packs_complete_themselves(admin: Person) -> None:
    assert [each["value"] for each in await admin.autocomplete("packs", "pack", "1999")] == [PACK]


async def test_privacy_says_what_is_stored_to_anybody(fan: Person, admin: Person) -> None:
    reply = await fan.command("privacy show")
    assert reply.is_ephemeral
    assert "About this server nothing is stored." in reply.text
    await admin.command("daily set", **MORNING)
    await admin.command("daily skip")
    stored = "About this server it stores 1 schedule{}, 1 line of their history."
    assert stored.format("") in (await fan.command("privacy show")).text
    assert stored.format(" (morning)") in (await admin.command("privacy show")).text


async def test_privacy_answers_in_direct_messages_too(sandbox: Sandbox, app: App) -> None:
    reply = await sandbox.user("fan", dm_with="bot").command("privacy show")
    assert "nothing is stored at all" in reply.text
    refused = await sandbox.user("fan", dm_with="bot").command("privacy erase")
    assert refused.text == "This works only in a server that the bot was added to."


async def test_erasing_takes_two_steps_and_leaves_nothing(admin: Person, days: Days) -> None:
    await admin.command("daily set", **MORNING)
    await admin.command("packs", pack=PACK, answers=False)
    asked = await admin.command("privacy erase")
    assert "1 schedule (morning)" in asked.text
    assert await days.admin.schedules.list(admin.channel.guild_id or 0)
    await asked.press("Erase everything")
    assert asked.text.startswith("Everything about this server is erased.")
    assert asked.buttons == []
    stored = await days.admin.guilds.stored(admin.channel.guild_id or 0)
    assert (stored.schedules, stored.delivery_count, stored.guild.packs) == ((), 0, None)


async def test_once_erased_a_silenced_pack_answers_at_once(admin: Person, fan: Person) -> None:
    await admin.command("packs", pack=PACK, answers=False)
    assert (await fan.command("ask", question="where was it recorded?")).text == SILENT
    await (await admin.command("privacy erase")).press("Erase everything")
    assert "barn" in (await fan.command("ask", question="where was it recorded?")).text


async def test_where_nothing_is_stored_there_is_nothing_to_erase(
    admin: Person, state: State, app: App
) -> None:
    await admin.command("daily set", **MORNING)
    await admin.command("daily alerts", channel="news")
    await admin.command("daily alerts")
    await (await admin.command("daily remove", name="morning")).press("Remove it")
    kept = await admin.command("privacy erase")
    assert "1 schedule (morning)" in kept.text  # for a day, to be brought back
    await kept.press("Erase everything")
    reply = await admin.command("privacy erase")
    assert reply.text == "About this server nothing is stored. There is nothing to erase."
    assert reply.buttons == []
    async with state.read() as transaction:
        assert await guilds.list_guilds(transaction) == ()


async def test_a_fan_erases_nothing(fan: Person) -> None:
    reply = await fan.command("privacy erase")
    assert reply.text == "You need the permission Manage Server for this."
    assert reply.buttons == []


async def test_who_may_no_longer_manage_the_server_cannot_press_either(
    admin: Person, days: Days, sandbox: Sandbox
) -> None:
    await admin.command("daily set", **MORNING)
    asked = await admin.command("privacy erase")
    guild = sandbox.world.guild(admin.channel.guild_id or 0)
    assert guild is not None
    guild.owner_id = sandbox.world.users[guild.owner_id].id + 1
    for member_id, member in list(guild.members.items()):
        guild.members[member_id] = type(member)(member.user, member.joined_at)
    told = await asked.press("Erase everything")
    assert "You need the permission Manage Server" in told.text
    assert await days.admin.schedules.list(admin.channel.guild_id or 0)


async def test_without_its_database_the_bot_answers_as_each_server_chose(
    fan: Person, moderator: Person, days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    await days.admin.guilds.set_packs(fan.channel.guild_id or 0, frozenset())
    await days.bot.services.scopes.load()

    async def broken(*_: object) -> None:
        raise StateError("The state database is locked.")

    monkeypatch.setattr(type(days.admin.guilds), "get", broken)
    question = {"question": "where was it recorded?"}
    assert SILENT in (await fan.command("ask", **question)).text
    for command in ("ask", "quote", "release", "topics", "about"):
        reply = await moderator.command(command, **question if command == "ask" else {})
        told = ("cannot be read", "No pack answers", "Sorry")
        assert not any(words in reply.text for words in told), reply.text


async def test_a_state_that_cannot_be_used_is_told_without_its_whereabouts(
    admin: Person, days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_guild: int) -> None:
        raise StateError("The state database /home/host/state.sqlite3 is locked.")

    monkeypatch.setattr(type(days.admin.schedules), "list", lambda _self, guild: broken(guild))
    reply = await admin.command("daily list")
    assert reply.text.startswith("The settings of this server cannot be read or changed just now")
    assert "/home" not in reply.text
    assert await admin.autocomplete("daily edit", "name") == []
