"""The command of a message's menu: answers the message from the notes.

Discord hands the message over with the interaction, so no intent is needed. The answer repeats
nothing of it and only links to it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui

from bot.client.features.ask import MAX_QUESTION, answer_context, answer_question
from bot.client.markdown import one_line, shorten
from bot.client.responding import reply
from bot.client.services import phrases_of
from bot.client.views.help import ANSWER_MENU
from bot.client.views.layout import notice
from bot.localization.messages import sentence

if TYPE_CHECKING:
    from bot.client.services import Services

NO_WORDS = sentence(
    "That message has no words of its own to answer; it may be a picture, or a post of an app."
)
# Mentions, emoji, times, addresses and code are no words of a question.
_NO_WORDS = re.compile(
    r"```.*?```|<(?:@[!&]?|#|a?:\w+:|/[^:<>]+:|t:-?)\d+(?::\w)?>|<?https?://\S+", re.DOTALL
)
_MARKUP = re.compile(r"[*_~`|>]{1,3}")
_QUESTION = re.compile(r"[^.!?\n]*\?+")


def message_answer_command(services: Services) -> app_commands.ContextMenu:
    """Build the command of a message's menu."""

    async def command(interaction: discord.Interaction[Any], message: discord.Message) -> None:
        rendering = answer_message(services, interaction, message.id, message.content)
        await reply(interaction, rendering, private=True)

    return app_commands.ContextMenu(name=ANSWER_MENU, callback=command)


async def answer_message(
    services: Services, interaction: discord.Interaction[Any], message: int, content: str
) -> ui.LayoutView:
    """Render the answer to the question in a message."""
    question = find_question(content)
    if not question:
        return notice(phrases_of(interaction)(NO_WORDS))
    context = answer_context(interaction, message=message)
    return await answer_question(services, question, context, is_askers_own=False)


def find_question(content: str) -> str:
    """Return the questions in a message, or else its beginning."""
    words = _MARKUP.sub("", _NO_WORDS.sub(" ", content))
    if not any(letter.isalnum() for letter in words):
        return one_line(words)
    asked = " ".join(one_line(question) for question in _QUESTION.findall(words))
    return shorten(asked if any(map(str.isalnum, asked)) else words, MAX_QUESTION)
