"""/gaps, "Not right?" and /suggest: what members find missing is kept where an admin wants it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import StateError
from bot.scheduling.models import GapKind
from tests.support.waiting import until

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox
    from bot.sandbox.testing import Person
    from tests.support.admins import Days

KEPT_LINE = "The question is kept here"
IN_VAIN = "who painted the van?"


async def kept(days: Days, guild_id: int | None, count: int) -> set[tuple[GapKind, str, int]]:
    """Wait until so many gaps of a server are written down, and return them."""
    assert guild_id is not None
    await until(lambda: not days.bot.services.in_flight.count)
    found = await days.admin.gaps.list(guild_id)
    assert len(found) == count
    return {(gap.kind, gap.words, gap.times) for gap in found}


async def test_a_server_keeps_nothing_before_an_admin_wants_it(
    admin: Person, fan: Person, days: Days
) -> None:
    reply = await fan.command("ask", question=IN_VAIN)
    assert KEPT_LINE not in reply.text
    assert "Not right?" not in (await fan.command("ask", question="barn")).buttons
    for command in ("about", "privacy show"):
        assert "exception" not in (await fan.command(command)).text
    assert "`/gaps on` keeps it" in (await admin.command("gaps list")).text
    refused = await fan.command("suggest", what="Who painted the van?")
    assert refused.is_ephemeral
    assert refused.text.startswith("This server takes no suggestions.")
    assert "`/gaps on suggest: True`" in refused.text  # `/gaps on` alone does not open it
    assert await kept(days, fan.channel.guild_id, 0) == set()


async def test_what_gets_no_answer_is_counted_and_listed_with_the_nearest_fact(
    admin: Person, fan: Person, days: Days
) -> None:
    on = await admin.command("gaps on")
    assert on.is_ephemeral
    assert "Members may not use `/suggest`" in on.text
    for question in (IN_VAIN, "Who painted the VAN", "maybe", "shoe size"):
        assert KEPT_LINE in (await fan.command("ask", question=question)).text
    for answered in ("where was it recorded?", "hello"):
        assert KEPT_LINE not in (await fan.command("ask", question=answered)).text
    assert await kept(days, fan.channel.guild_id, 3) == {
        (GapKind.UNANSWERED, IN_VAIN, 2),
        (GapKind.UNANSWERED, "maybe", 1),
        (GapKind.UNANSWERED, "shoe size", 1),
    }
    listed = (await admin.command("gaps list")).text
    assert "who painted the van? (**2 times**, last on <t:" in listed
    assert "no fact comes near" in listed
    assert "nearest: Where was it recorded? `night-owls-1999/barn`" in listed
    for hidden in (fan.user.name, str(fan.user.id), fan.channel.name):
        assert hidden not in listed


async def test_only_the_askers_own_words_are_kept_and_only_in_that_server(
    admin: Person, fan: Person, days: Days, sandbox: Sandbox, moderator: Person
) -> None:
    await admin.command("gaps on")
    message = admin.say(IN_VAIN)
    reply = await fan.menu("Answer from the notes", message.id)
    assert KEPT_LINE not in reply.text
    assert KEPT_LINE not in (await moderator.command("ask", question=IN_VAIN)).text
    assert await kept(days, fan.channel.guild_id, 0) == set()
    assert await kept(days, moderator.channel.guild_id, 0) == set()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("ring 0151 234567 or ann@x.org, who painted it?", "ring … or … who painted it?"),
        ("<@77> **who** painted it https://x.example", "… **who** painted it …"),
        (f"z{chr(0x300) * 40}algo\x07 who", f"z{chr(0x300) * 2}algo who"),
    ],
)
async def test_what_tells_of_somebody_is_neither_kept_nor_shown(
    admin: Person, fan: Person, days: Days, typed: str, words: str
) -> None:
    await admin.command("gaps on")
    await fan.command("ask", question=typed)
    assert await kept(days, fan.channel.guild_id, 1) == {(GapKind.UNANSWERED, words, 1)}
    listed = (await admin.command("gaps list")).json
    assert "**who**" not in str(listed)  # shown as it was typed, and not in bold


async def test_nothing_fit_to_be_kept_is_not_said_to_be_kept(
    admin: Person, fan: Person, days: Days
) -> None:
    await admin.command("gaps on")
    assert KEPT_LINE not in (await fan.command("ask", question="@ann 123")).text
    assert await kept(days, fan.channel.guild_id, 0) == set()


async def test_not_right_opens_a_form_whose_words_are_kept_with_the_fact(
    admin: Person, fan: Person, days: Days
) -> None:
    await admin.command("gaps on")
    answer = await fan.command("ask", question="where was it recorded?")
    form = (await answer.press("Not right?")).form
    assert form is not None
    thanks = await form.submit({"words": "It was a mill, says ann@x.org"})
    assert thanks.is_ephemeral
    assert "It was a mill, says …" in thanks.text
    form = (await answer.press("Not right?")).form
    assert form is not None
    assert "somebody finds this answer not right" in (await form.submit({"words": ""})).text
    assert await kept(days, fan.channel.guild_id, 2) == {
        (GapKind.NOT_RIGHT, "It was a mill, says …", 1),
        (GapKind.NOT_RIGHT, "", 1),
    }
    listed = await (await admin.command("gaps list")).press("Not right? (2)")
    assert "It was a mill, says … (once, last on" in listed.text
    assert "no reason given" in listed.text
    assert "about: They recorded it in a barn. `night-owls-1999/barn`" in listed.text


async def test_a_form_that_comes_after_it_was_switched_off_keeps_nothing(
    admin: Person, fan: Person, days: Days
) -> None:
    await admin.command("gaps on")
    answer = await fan.command("ask", question="where was it recorded?")
    form = (await answer.press("Not right?")).form
    await admin.command("gaps off")
    assert form is not None
    refused = "This server does not keep such remarks any more, so nothing was kept."
    assert (await form.submit({"words": "no"})).text == refused
    assert (await answer.press("Not right?")).text == refused
    assert await kept(days, fan.channel.guild_id, 0) == set()


async def test_members_may_suggest_three_times_a_day_where_it_is_allowed(
    admin: Person, fan: Person, days: Days
) -> None:
    on = await admin.command("gaps on", suggest=True)
    assert "Members may use `/suggest`" in on.text
    assert "</suggest:" in (await fan.command("help")).text
    first = await fan.command("suggest", what="Who painted the *van*? Ask @ann")
    assert r"Who painted the \*van\*? Ask …" in first.text
    assert "2 more suggestions" in first.text
    assert "nothing is left" in (await fan.command("suggest", what="@ann 12")).text
    assert "one more suggestion" in (await fan.command("suggest", what="Who drove?")).text
    assert "last suggestion" in (await fan.command("suggest", what="Who cooked?")).text
    fourth = await fan.command("suggest", what="Who slept?")
    assert fourth.text.startswith("You have made your suggestions for today.")
    assert "2 more" in (await admin.command("suggest", what="Who slept?")).text
    assert len(await kept(days, fan.channel.guild_id, 4)) == 4
    listed = await admin.command("gaps list", kind="suggested")
    assert r"Who painted the \*van\*? Ask …" in listed.text
    assert fan.user.name not in listed.text
    days.forward(days=1)
    assert "2 more" in (await fan.command("suggest", what="Who slept?")).text


async def test_members_are_told_in_about_and_privacy_and_an_admin_can_erase_all(
    admin: Person, fan: Person, days: Days
) -> None:
    await admin.command("gaps on", suggest=True)
    await fan.command("ask", question=IN_VAIN)
    await fan.command("suggest", what="Who drove?")
    await kept(days, fan.channel.guild_id, 2)
    for command in ("about", "privacy show"):
        told = (await fan.command(command)).text
        assert "In this server there is an exception." in told
        assert "What you write with `/suggest` is kept likewise." in told
    stored = "About this server it stores 2 questions and remarks without who wrote them."
    assert stored in (await fan.command("privacy show")).text
    confirmation = await admin.command("privacy erase")
    assert stored in confirmation.text
    ends = "What is asked in vain is kept no more either, until somebody uses `/gaps on`."
    assert confirmation.text.count(ends) == 1
    assert ends in (await confirmation.press("Erase everything")).text
    assert await kept(days, fan.channel.guild_id, 0) == set()
    assert "nothing is stored" in (await fan.command("privacy show")).text
    assert KEPT_LINE not in (await fan.command("ask", question=IN_VAIN)).text


async def test_clear_asks_first_and_off_does_not(admin: Person, fan: Person, days: Days) -> None:
    await admin.command("gaps on")
    assert "Nothing is kept here" in (await admin.command("gaps clear")).text
    await fan.command("ask", question=IN_VAIN)
    await kept(days, fan.channel.guild_id, 1)
    asked = await admin.command("gaps clear")
    assert "Erase the one that is kept?" in asked.text
    await kept(days, fan.channel.guild_id, 1)
    assert (await asked.press("Erase them")).text == "The one that was kept is erased."
    for kind in ("unanswered", "not right", "suggested"):  # there was one, and it is erased
        shown = (await admin.command("gaps list", kind=kind)).text
        assert " is kept at the moment." in shown
    await fan.command("ask", question=IN_VAIN)
    await kept(days, fan.channel.guild_id, 1)
    off = await admin.command("gaps off")
    assert off.text.endswith("The one that was kept is erased.")
    assert await kept(days, fan.channel.guild_id, 0) == set()


async def test_a_long_list_has_pages(admin: Person, days: Days) -> None:
    await admin.command("gaps on")
    guild_id = admin.channel.guild_id
    assert guild_id is not None
    for name in ("ann", "ben", "cal", "dan", "eve", "fay", "gus", "hal"):
        for _ in range(ord(name[0]) - ord("a") + 1):
            await days.admin.gaps.keep_question(guild_id, f"who is {name}?")
    first = await admin.command("gaps list")
    assert first.text.index("who is hal?") < first.text.index("who is gus?")
    assert "who is ann?" not in first.text
    second = await first.press("More")
    assert "who is ann?" in second.text
    assert "who is ben?" in (await second.press("Back")).text


async def test_where_the_state_is_lost_questions_are_answered_all_the_same(
    admin: Person, fan: Person, days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    await admin.command("gaps on")
    await fan.command("ask", question="where was it recorded?")  # the settings are known by now

    async def lost(*_: object) -> None:
        raise StateError("The disk is full.")

    monkeypatch.setattr(days.admin.gaps, "keep_question", lost)
    reply = await fan.command("ask", question=IN_VAIN)
    assert "The notes don’t say." in reply.text
