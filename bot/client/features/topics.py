"""/topics: what the notes cover, subject by subject, question by question."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui

from bot.client.custom_ids import ENTRY, PACK, PAGE, custom_id, split_ids
from bot.client.features.absence import GONE, explain_absence, require_pack
from bot.client.features.ask import render_fact
from bot.client.persistent import PersistentItem
from bot.client.responding import UserFacingError, reply
from bot.client.views.layout import notice
from bot.client.views.topics import back_row, render_topic, render_topics

if TYPE_CHECKING:
    from bot.client.services import Services


class TopicsButton(PersistentItem[ui.Button[Any]], template=re.compile(custom_id("topics", PAGE))):
    """Shows a page of the subjects."""

    async def card(self, services: Services, guild_id: int | None) -> ui.LayoutView:
        """Show the page."""
        return await _topics(services, guild_id, int(self.match["page"]))


class TopicMenu(PersistentItem[ui.Select[Any]], template=re.compile(custom_id("topic"))):
    """Shows the questions on the subject chosen."""

    async def card(self, services: Services, guild_id: int | None) -> ui.LayoutView:
        """Show the first page of its questions."""
        return await _topic(services, guild_id, *split_ids(self.chosen), 0)


class TopicButton(
    PersistentItem[ui.Button[Any]], template=re.compile(custom_id("open", PACK, ENTRY, PAGE))
):
    """Shows a page of the questions on a subject."""

    async def card(self, services: Services, guild_id: int | None) -> ui.LayoutView:
        """Show the page."""
        match = self.match
        return await _topic(services, guild_id, match["pack"], match["entry"], int(match["page"]))


class QuestionMenu(
    PersistentItem[ui.Select[Any]], template=re.compile(custom_id("choose", PACK, ENTRY, PAGE))
):
    """Answers the question chosen."""

    async def card(self, services: Services, guild_id: int | None) -> ui.LayoutView:
        """Show the fact, and the way back to the questions."""
        pack, entry, page = self.match["pack"], self.match["entry"], int(self.match["page"])
        await require_pack(services, guild_id, pack)
        return await render_fact(services, pack, self.chosen, back=back_row(pack, entry, page))


def topics_command(services: Services) -> app_commands.Command[Any, ..., None]:
    """Make /topics."""

    @app_commands.command(name="topics", description="Browse what the notes cover.")
    async def command(interaction: discord.Interaction[Any]) -> None:
        # Turning pages is for the one who turns them; the channel need not watch.
        await reply(interaction, _topics(services, interaction.guild_id, 0), private=True)

    return command


async def _topics(services: Services, guild_id: int | None, page: int) -> ui.LayoutView:
    knowledge, scope = services.knowledge, await services.scope_for(guild_id)
    if nothing := explain_absence(knowledge, scope, "fact"):
        return notice(nothing)
    return render_topics(knowledge.topics(scope), page)


async def _topic(
    services: Services, guild_id: int | None, pack: str, subject: str, page: int
) -> ui.LayoutView:
    await require_pack(services, guild_id, pack)
    for topic in services.knowledge.topics(await services.scope_for(guild_id)):
        if (topic.pack, topic.subject) == (pack, subject):
            return render_topic(topic, page)
    raise UserFacingError(GONE)
