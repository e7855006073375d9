"""/topics: the knowledge base by subject, and the questions of each subject."""

from __future__ import annotations

import re
from typing import Any

import discord
from discord import app_commands, ui

from bot.client.custom_ids import ENTRY, PACK, PAGE, custom_id, split_ids
from bot.client.features.ask import answer_context, render_fact
from bot.client.knowledge import GONE, explain_absence
from bot.client.persistent import PersistentItem
from bot.client.responding import reply, update
from bot.client.services import phrases_of, services_of
from bot.client.views.layout import notice
from bot.client.views.topics import back_row, render_topic, render_topics
from bot.errors import UserFacingError


class TopicsButton(PersistentItem[ui.Button[Any]], template=re.compile(custom_id("topics", PAGE))):
    """Shows a page of subjects."""

    async def render(self, interaction: discord.Interaction[Any]) -> ui.LayoutView:
        """Render the page."""
        return await list_topics(interaction, int(self.match["page"]))


class TopicMenu(PersistentItem[ui.Select[Any]], template=re.compile(custom_id("topic"))):
    """Shows the questions on the subject chosen."""

    async def render(self, interaction: discord.Interaction[Any]) -> ui.LayoutView:
        """Render the first page of its questions."""
        return await show_topic(interaction, *split_ids(self.chosen), 0)


class TopicButton(
    PersistentItem[ui.Button[Any]], template=re.compile(custom_id("open", PACK, ENTRY, PAGE))
):
    """Shows a page of the questions on a subject."""

    async def render(self, interaction: discord.Interaction[Any]) -> ui.LayoutView:
        """Render the page."""
        pack, subject, page = self.match["pack"], self.match["entry"], int(self.match["page"])
        return await show_topic(interaction, pack, subject, page)


class QuestionMenu(
    PersistentItem[ui.Select[Any]], template=re.compile(custom_id("choose", PACK, ENTRY, PAGE))
):
    """Answers the question chosen."""

    async def respond(self, interaction: discord.Interaction[Any]) -> None:
        """Answer in place."""
        await update(interaction, self._render_chosen(interaction))

    async def _render_chosen(self, interaction: discord.Interaction[Any]) -> ui.LayoutView:
        """Render the fact, with a way back to the questions."""
        services, context = services_of(interaction), answer_context(interaction)
        pack, subject, page = self.match["pack"], self.match["entry"], int(self.match["page"])
        await services.scopes.require_pack(interaction.guild_id, pack)
        back = back_row(context.say, pack, subject, page)
        return await render_fact(services, pack, self.chosen, context, back=back)


def topics_command() -> app_commands.Command[Any, ..., None]:
    """Build /topics."""

    @app_commands.command(name="topics", description="Browse what the notes cover.")
    async def command(interaction: discord.Interaction[Any]) -> None:
        # Turning pages is for the one who turns them; the channel need not watch.
        await reply(interaction, list_topics(interaction, 0), private=True)

    return command


async def list_topics(interaction: discord.Interaction[Any], page: int) -> ui.LayoutView:
    """Render a page of subjects."""
    services, say = services_of(interaction), phrases_of(interaction)
    knowledge = services.knowledge.in_locale(say.tag)
    scope = await services.scopes.scope_for(interaction.guild_id)
    if absence := explain_absence(knowledge, scope, "fact"):
        return notice(say(absence))
    return render_topics(say, knowledge.list_topics(scope), page)


async def show_topic(
    interaction: discord.Interaction[Any], pack: str, subject: str, page: int
) -> ui.LayoutView:
    """Render a page of the questions on a subject."""
    services, guild_id = services_of(interaction), interaction.guild_id
    await services.scopes.require_pack(guild_id, pack)
    scope = await services.scopes.scope_for(guild_id)
    knowledge = services.knowledge.in_locale(phrases_of(interaction).tag)
    for topic in knowledge.list_topics(scope):
        if (topic.pack, topic.subject) == (pack, subject):
            return render_topic(phrases_of(interaction), topic, page)
    raise UserFacingError(GONE)
