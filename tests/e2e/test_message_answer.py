"""The command of a message's menu, as people see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.client.features.message_answer import find_question

if TYPE_CHECKING:
    from bot.client.app import App
    from bot.sandbox.server import Sandbox
    from bot.sandbox.testing import Person

ANSWER = "Answer from the notes"


async def test_a_message_is_answered_to_the_asker_and_posted_as_a_reply_when_pressed(
    fan: Person, admin: Person
) -> None:
    message = admin.say("Hello all! Who plays the drums?")
    reply = await fan.menu(ANSWER, message.id)
    assert reply.is_ephemeral
    link = f"https://discord.com/channels/{fan.channel.guild_id}/{fan.channel.id}/{message.id}"
    assert reply.text.splitlines() == [
        f"-# In answer to [this message](<{link}>)",
        "### Who plays the drums?",
        "**As of 1999:** Mika plays the drums.",
        "-# Ada Example, interview, Paper/Radio, 1999. Paragraph 3.",
        "[Post as a reply]",
    ]
    assert len(admin.read()) == 1  # the message alone

    await reply.press("Post as a reply")
    _, seen = admin.read()
    assert seen.text.splitlines() == reply.text.splitlines()[:-1]


async def test_nothing_of_the_message_is_repeated(fan: Person, admin: Person) -> None:
    message = admin.say("maybe")
    reply = await fan.menu(ANSWER, message.id)
    assert reply.text.splitlines()[0] == "I’m not sure which of these you mean:"
    answer = await reply.press("Who plays the drums?")
    assert answer.is_ephemeral
    assert "maybe" not in str(answer.json["components"])
    await answer.press("Post as a reply")
    _, seen = admin.read()
    assert f"/{message.id}>) " not in seen.text
    assert seen.text.startswith("-# In answer to [this message]")


async def test_a_message_without_words_is_told_so(app: App, sandbox: Sandbox, fan: Person) -> None:
    quote = await fan.command("quote")  # all layout, as a bot's posts are
    reply = await fan.menu(ANSWER, quote.message.id)
    assert reply.is_ephemeral
    assert "no words of its own" in reply.text


async def test_it_answers_where_only_the_asker_installed_it(app: App, sandbox: Sandbox) -> None:
    stranger = sandbox.user("stranger", guild="Elsewhere", channel="chat")
    stranger.speak("en-US")
    message = stranger.say("Where was it recorded?")
    reply = await stranger.menu(ANSWER, message.id)
    assert "They recorded it in a barn." in reply.text


@pytest.mark.parametrize(
    ("content", "question"),
    [
        ("Hi <@12>! I love them. When do they tour? thx", "When do they tour?"),
        ("when do they tour", "when do they tour"),
        ("**Who** plays ~~bass~~ the `drums`?? :)", "Who plays bass the drums??"),
        ("Look https://x.example/a?b=c <:owl:34> <#5> </ask:6> <t:7:R>", "Look"),
        ("```py\nwhy?\n```", ""),
        ("<@12> <a:owl:34>", ""),
        ("Who?\nAnd where, then?", "Who? And where, then?"),
        ("?!", "?!"),
        ("word " * 200, "word " * 58 + "word…"),
    ],
)
def test_the_question_in_a_message_is_found(content: str, question: str) -> None:
    assert find_question(content) == question
