"""/ask, as people see it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.support.knowledge import BROKEN, fact

if TYPE_CHECKING:
    import pytest

    from bot.client.app import App
    from bot.sandbox.server import Sandbox
    from bot.sandbox.testing import Person
    from tests.support.knowledge import KnowledgeInMemory


async def test_an_answer_shows_question_fact_quote_source_and_date(fan: Person) -> None:
    reply = await fan.command("ask", question="where was it recorded?")
    assert reply.text.splitlines() == [
        "### where was it recorded?",
        "They recorded it in a barn.",
        "> “the barn had better ideas than we did”",
        "> — Robin",
        "> On recording.",
        "-# As of 1999. Ada Example, interview, Paper/Radio, 1999. Paragraph 3.",
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
        "-# As of 1999. Ada Example, interview, Paper/Radio, 1999. Paragraph 3.",
    ]


async def test_a_private_answer_is_for_the_asker_alone(fan: Person, admin: Person) -> None:
    reply = await fan.command("ask", question="Where was it recorded?", private=True)
    assert reply.is_ephemeral
    assert admin.read() == []


async def test_an_unsure_answer_offers_what_may_be_meant_and_a_press_answers_in_place(
    fan: Person,
) -> None:
    reply = await fan.command("ask", question="maybe")
    assert reply.text.splitlines() == [
        "### maybe",
        "I’m not sure which of these you mean:",
        "[Where was it recorded?]",
        "[Who plays the drums?]",
        "[What the notes cover]",
    ]
    await reply.press("Who plays the drums?")
    assert "Mika plays the drums." in reply.text
    assert len(fan.read()) == 1


async def test_an_unknown_answer_says_so_and_what_is_near(fan: Person) -> None:
    reply = await fan.command("ask", question="shoe size")
    assert "The notes don’t say. What they do say about **The Night Owls**:" in reply.text
    assert reply.buttons == ["When do they tour?", "What the notes cover"]


async def test_an_unknown_answer_without_a_subject_leads_to_the_topics(fan: Person) -> None:
    reply = await fan.command("ask", question="quarks")
    assert "The notes don’t say." in reply.text
    await reply.press("What the notes cover")
    assert "## What the notes cover" in reply.text


async def test_a_related_question_is_answered_in_place(fan: Person) -> None:
    reply = await fan.command("ask", question="where was it recorded?")
    await reply.press("Who plays the drums?")
    assert reply.text.startswith("### Who plays the drums?")


async def test_somebody_elses_answer_is_not_replaced(fan: Person, admin: Person) -> None:
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
    assert reply.text.startswith("### Who plays the drums?\nMika plays the drums.")


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
    reply = await stranger.command("ask", question="maybe")
    await reply.press("Where was it recorded?")
    assert "They recorded it in a barn." in reply.text


async def test_it_answers_in_a_direct_message_between_two_people(
    app: App, sandbox: Sandbox
) -> None:
    stranger = sandbox.user("stranger", dm_with="robin")
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
    await reply.press("Where was it recorded?")
    assert "They recorded it in a barn." in reply.text
