"""/topics: what the notes cover, subject by subject, question by question."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui

from bot.client.custom_ids import ENTRY, PACK, PAGE, key, unpair
from bot.client.features.absence import GONE, must_answer_here, nothing_here
from bot.client.features.ask import fact_card
from bot.client.persistent import Pressed
from bot.client.responding import GoneError, reply
from bot.client.views.layout import notice
from bot.client.views.topics import back_to, topic_card, topics_card

if TYPE_CHECKING:
    from bot.client.services import Desk


class TopicsButton(Pressed[ui.Button[Any]], template=re.compile(key("topics", PAGE))):
    """Shows a page of the subjects."""

    async def card(self, desk: Desk, guild_id: int | None) -> ui.LayoutView:
        """Show the page."""
        return await _topics(desk, guild_id, int(self.match["page"]))


class TopicMenu(Pressed[ui.Select[Any]], template=re.compile(key("topic"))):
    """Shows the questions on the subject chosen."""

    async def card(self, desk: Desk, guild_id: int | None) -> ui.LayoutView:
        """Show the first page of its questions."""
        return await _topic(desk, guild_id, *unpair(self.chosen), 0)


class TopicButton(Pressed[ui.Button[Any]], template=re.compile(key("open", PACK, ENTRY, PAGE))):
    """Shows a page of the questions on a subject."""

    async def card(self, desk: Desk, guild_id: int | None) -> ui.LayoutView:
        """Show the page."""
        match = self.match
        return await _topic(desk, guild_id, match["pack"], match["entry"], int(match["page"]))


class QuestionMenu(Pressed[ui.Select[Any]], template=re.compile(key("choose", PACK, ENTRY, PAGE))):
    """Answers the question chosen."""

    async def card(self, desk: Desk, guild_id: int | None) -> ui.LayoutView:
        """Show the fact, and the way back to the questions."""
        pack, entry, page = self.match["pack"], self.match["entry"], int(self.match["page"])
        await must_answer_here(desk, guild_id, pack)
        return await fact_card(desk, pack, self.chosen, back=back_to(pack, entry, page))


def topics_command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """Make /topics."""

    @app_commands.command(name="topics", description="Browse what the notes cover.")
    async def command(interaction: discord.Interaction[Any]) -> None:
        # Turning pages is for the one who turns them; the channel need not watch.
        await reply(interaction, _topics(desk, interaction.guild_id, 0), private=True)

    return command


async def _topics(desk: Desk, guild_id: int | None, page: int) -> ui.LayoutView:
    knowledge, scope = desk.knowledge, await desk.scope_for(guild_id)
    if nothing := nothing_here(knowledge, scope, "fact"):
        return notice(nothing)
    return topics_card(knowledge.topics(scope), page)


async def _topic(
    desk: Desk, guild_id: int | None, pack: str, subject: str, page: int
) -> ui.LayoutView:
    await must_answer_here(desk, guild_id, pack)
    for topic in desk.knowledge.topics(await desk.scope_for(guild_id)):
        if (topic.pack, topic.subject) == (pack, subject):
            return topic_card(topic, page)
    raise GoneError(GONE)
