"""/ask, as people see it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.settings import Cooldown
from tests.support.knowledge import BROKEN, fact
from tests.support.serving import serving
from tests.support.waiting import until

if TYPE_CHECKING:
    from bot.client.app import App
    from bot.config import Endpoint
    from bot.sandbox.server import Sandbox
    from bot.sandbox.testing import Person
    from tests.support.knowledge import KnowledgeInMemory


async def test_an_answer_shows_question_fact_quote_source_and_date(fan: Person) -> None:
    reply = await fan.command("ask", question="where was it recorded?")
    assert reply.text.splitlines() == [
        "### where was it recorded?",
        "**As of 1999:** They recorded it in a barn.",
        "> “the barn had better ideas than we did”",
        "> — Robin",
        "> On recording.",
        "-# Ada Example, interview, Paper/Radio, 1999. Paragraph 3.",
        "[Who plays the drums?]",
    ]
    assert not reply.is_ephemeral


async def test_a_quotation_without_a_context_leaves_no_gap(
    fan: Person, knowledge: KnowledgeInMemory
) -> None:
    knowledge.quotes["barn-words"] = replace(knowledge.quotes["barn-words"], context="")
    reply = await fan.command("ask", question="where was it recorded?")
    assert reply.text.splitlines()[2:5] == [
        "> “the barn had better ideas than we did”",
        "> — Robin",
        "-# Ada Example, interview, Paper/Radio, 1999. Paragraph 3.",
    ]


async def test_a_title_alone_is_answered_with_its_release_card(fan: Person) -> None:
    card = await fan.command("release", title="Owl Light")
    asked = await fan.command("ask", question="owl light")

    assert asked.text == card.text
    assert asked.text.startswith("## Owl Light\n")


async def test_a_private_answer_is_for_the_asker_alone(fan: Person, admin: Person) -> None:
    reply = await fan.command("ask", question="Where was it recorded?", private=True)
    assert reply.is_ephemeral
    assert admin.read() == []


async def test_an_unsure_answer_is_for_the_asker_and_the_pressed_one_for_the_channel(
    fan: Person, admin: Person
) -> None:
    reply = await fan.command("ask", question="maybe")
    assert reply.is_ephemeral
    assert admin.read() == []
    assert reply.text.splitlines() == [
        "### maybe",
        "I’m not sure which of these you mean:",
        "[Where was it recorded?]",
        "[Who plays the drums?]",
        "[What the notes cover]",
    ]
    answer = await reply.press("Who plays the drums?")
    assert "Mika plays the drums." in answer.text
    (seen,) = admin.read()
    assert seen.text == answer.text
    assert "maybe" not in str(seen.json)  # not in what it is a reply to, either
    assert reply.text.startswith("### maybe")  # another can still be pressed


async def test_what_is_asked_in_private_stays_there_until_it_is_shown(
    fan: Person, admin: Person
) -> None:
    reply = await fan.command("ask", question="maybe", private=True)
    answer = await reply.press("Who plays the drums?")
    assert answer.is_ephemeral
    assert admin.read() == []
    await answer.press("Show everyone here")
    (seen,) = admin.read()
    assert "Mika plays the drums." in seen.text
    assert seen.buttons == []


async def test_an_unknown_answer_says_so_and_what_is_near(fan: Person) -> None:
    reply = await fan.command("ask", question="shoe size")
    assert reply.is_ephemeral
    assert "The notes don’t say. What they do say about **The Night Owls**:" in reply.text
    assert reply.buttons == ["When do they tour?", "What the notes cover"]


async def test_an_unknown_answer_without_a_subject_leads_to_the_topics(fan: Person) -> None:
    reply = await fan.command("ask", question="quarks")
    assert "The notes don’t say." in reply.text
    await reply.press("What the notes cover")
    assert "## What the notes cover" in reply.text


async def test_a_related_question_is_answered_beside_the_answer_that_all_see(
    fan: Person, admin: Person
) -> None:
    reply = await fan.command("ask", question="where was it recorded?")
    beside = await reply.press("Who plays the drums?")
    assert beside.is_ephemeral
    assert beside.text.startswith("### Who plays the drums?")
    (seen,) = admin.read()
    assert seen.text.startswith("### where was it recorded?")


async def test_a_press_on_somebody_elses_answer_is_answered_to_the_presser(
    fan: Person, admin: Person
) -> None:
    reply = await fan.command("ask", question="where was it recorded?")
    (seen,) = admin.read()
    theirs = await seen.press("Who plays the drums?")
    assert reply.text.startswith("### where was it recorded?")
    assert theirs.is_ephemeral
    assert theirs.text.startswith("### Who plays the drums?")


async def test_what_was_typed_is_shown_as_text_and_nothing_else(
    fan: Person, sandbox: Sandbox
) -> None:
    nasty = "@everyone <@&1> **x** [a](https://x.y) <t:1:R> # `k` <:e:1>"
    reply = await fan.command("ask", question=nasty)
    heading = reply.text.splitlines()[0]
    shown = "### \\@everyone \\<\\@&1\\> \\*\\*x\\*\\* \\[a\\]\\(https\\://x.y\\)"
    assert heading.startswith(shown)
    assert reply.json["mentions"] == []
    assert reply.json["mention_everyone"] is False
    sent = sandbox.log.requests("POST", "/callback")
    assert sent[-1]["request"]["data"]["allowed_mentions"] == {"parse": []}


async def test_a_question_picked_from_those_offered_is_answered_with_its_own_fact(
    fan: Person,
) -> None:
    (choice,) = await fan.autocomplete("ask", "question", "drums")
    assert choice["name"] == "Who plays the drums?"
    reply = await fan.command("ask", question=choice["value"])
    assert reply.text.startswith("### Who plays the drums?\n**As of 1999:** Mika plays the drums.")


async def test_a_question_offered_in_another_language_than_the_fans_bears_its_name(
    fan: Person,
) -> None:
    fan.speak("fr")
    (choice,) = await fan.autocomplete("ask", "question", "drums")
    assert choice["name"] == "Who plays the drums? · anglais"
    reply = await fan.command("ask", question=choice["value"])
    assert reply.text.count("Ceci n’est pas traduit ici") == 1


async def test_a_question_too_long_for_a_choice_is_answered_when_picked(
    fan: Person, knowledge: KnowledgeInMemory
) -> None:
    long = "Why " + "oh why " * 20 + "is it so?"
    knowledge.facts["why"] = fact("why", long, "Because.")
    (choice,) = await fan.autocomplete("ask", "question", "oh why")
    assert len(choice["name"]) <= 100
    assert choice["name"].endswith("…")
    reply = await fan.command("ask", question=choice["value"])
    assert "Because." in reply.text


async def test_a_failing_autocomplete_offers_nothing(
    fan: Person, knowledge: KnowledgeInMemory
) -> None:
    knowledge.fail = BROKEN
    assert await fan.autocomplete("ask", "question", "drums") == []


async def test_it_answers_in_a_direct_message(app: App, sandbox: Sandbox) -> None:
    fan = sandbox.user("fan", dm_with="bot")
    reply = await fan.command("ask", question="where was it recorded?")
    assert "They recorded it in a barn." in reply.text


async def test_it_answers_where_only_the_asker_installed_it(app: App, sandbox: Sandbox) -> None:
    stranger = sandbox.user("stranger", guild="Elsewhere", channel="chat")
    stranger.speak("en-US")
    reply = await stranger.command("ask", question="maybe")
    answer = await reply.press("Where was it recorded?")
    assert "They recorded it in a barn." in answer.text


async def test_it_answers_in_a_direct_message_between_two_people(
    app: App, sandbox: Sandbox
) -> None:
    stranger = sandbox.user("stranger", dm_with="robin")
    stranger.speak("en-US")
    reply = await stranger.command("ask", question="where was it recorded?")
    assert "They recorded it in a barn." in reply.text


async def test_a_slow_answer_is_deferred_and_comes_all_the_same(
    fan: Person, knowledge: KnowledgeInMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.client.responding.PATIENCE", 0.01)
    knowledge.hold = 0.1
    reply = await fan.command("ask", question="maybe", private=True)
    assert reply.is_ephemeral
    assert "I’m not sure" in reply.text
    answer = await reply.press("Where was it recorded?")
    assert "They recorded it in a barn." in answer.text


async def test_a_late_answer_that_is_not_sure_is_for_the_asker_alone_too(
    fan: Person, admin: Person, knowledge: KnowledgeInMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.client.responding.PATIENCE", 0.01)
    knowledge.hold = 0.1
    reply = await fan.command("ask", question="maybe")
    await until(lambda: bool(reply.followups))
    (told,) = reply.followups
    assert told.is_ephemeral
    assert "I’m not sure" in told.text
    assert admin.read() == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("hi", "Hello! The notes tell of **The Night Owls**. You could ask:"),
        ("Thanks!", "You’re welcome! The notes tell of **The Night Owls**; you could ask next:"),
        ("?", "Ask me anything about **The Night Owls**; for example:"),
        ("   ", "Your question was blank. The notes tell of **The Night Owls**; you could ask:"),
    ],
)
async def test_small_talk_is_answered_in_kind_with_questions_to_press(
    typed: str, said: str, fan: Person, admin: Person
) -> None:
    reply = await fan.command("ask", question=typed)
    assert reply.is_ephemeral
    assert reply.text.splitlines()[0] == said
    assert reply.buttons[:3] == [
        *("Where was it recorded?", "Who plays the drums?", "When do they tour?"),
    ]
    await reply.press("When do they tour?")
    (seen,) = admin.read()
    assert "They tour in autumn." in seen.text


async def test_nobody_floods_a_channel_and_whoever_tries_is_told_kindly(
    sandbox: Sandbox, knowledge: KnowledgeInMemory, endpoint: Endpoint
) -> None:
    async with serving(sandbox, knowledge, endpoint, cooldown=Cooldown(3, 3600)):
        fan = sandbox.user("fan", guild="Night Owls", channel="general")
        admin = sandbox.user("admin", guild="Night Owls", channel="general")
        await fan.command("quote")
        await fan.command("release")
        for _ in range(3):  # for the asker alone, so none of them is counted
            unsure = await fan.command("ask", question="maybe")
            assert "That was a lot" not in unsure.content
        await fan.command("quote")
        refused = [
            await fan.command("ask", question="maybe"),
            await fan.command("quote"),
            await unsure.press("Who plays the drums?"),
        ]
        assert all(each.is_ephemeral for each in refused)
        assert all("That was a lot at once!" in each.content for each in refused)
        assert len(admin.read()) == 3
        private = await fan.command("ask", question="where was it recorded?", private=True)
        assert "They recorded it in a barn." in private.text
        assert "Robin" in (await admin.command("quote")).text
