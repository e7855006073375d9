"""/ask: a question, typed or picked, and its answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui

from bot.answering.results import Found
from bot.client.autocomplete import Choice, autocompleting
from bot.client.custom_ids import ENTRY, PACK, custom_id, fits
from bot.client.knowledge import GONE, explain_absence
from bot.client.markdown import one_line, shorten
from bot.client.persistent import PersistentItem
from bot.client.responding import reply
from bot.client.views.answer import render_answer
from bot.client.views.layout import OPTION, PER_MENU, notice
from bot.errors import UserFacingError

if TYPE_CHECKING:
    from bot.answering.knowledge_base import KnowledgeBase
    from bot.answering.results import Answer
    from bot.client.services import Services
    from bot.client.views.layout import Item

MAX_QUESTION = 300
_FACT = re.compile(custom_id("fact", PACK, ENTRY))


class FactButton(PersistentItem[ui.Button[Any]], template=_FACT):
    """A suggested question; pressed, it shows its fact."""

    async def render(self, services: Services, guild_id: int | None) -> ui.LayoutView:
        """Render the fact."""
        await services.scopes.require_pack(guild_id, self.match["pack"])
        return await render_fact(services, self.match["pack"], self.match["entry"])


def ask_command(services: Services) -> app_commands.Command[Any, ..., None]:
    """Build /ask."""

    @app_commands.command(name="ask", description="Ask a question; the answer names its source.")
    @app_commands.describe(
        question="What would you like to know?", private="Show the answer only to you."
    )
    async def command(
        interaction: discord.Interaction[Any],
        question: app_commands.Range[str, 1, MAX_QUESTION],
        private: bool = False,  # noqa: FBT001, FBT002  # an option of the command, given by name
    ) -> None:
        rendering = answer_question(services, question, interaction.guild_id)
        await reply(interaction, rendering, private=private)

    @command.autocomplete("question")
    @autocompleting
    async def complete(interaction: discord.Interaction[Any], current: str) -> list[Choice]:
        scope = await services.scopes.scope_for(interaction.guild_id)
        suggestions = services.knowledge.complete_question(current, scope)
        # A picked question comes back as the fact it stands for, not as words to match.
        return [
            Choice(name=shorten(one.question, OPTION), value=custom_id("fact", one.pack, one.fact))
            for one in suggestions
            if fits(one.pack, one.fact)
        ][:PER_MENU]

    return command


async def render_fact(
    services: Services, pack: str, fact: str, *, back: Item | None = None
) -> ui.LayoutView:
    """Render a fact under its own question.

    Raises:
        UserFacingError: The fact is gone.
    """
    knowledge = services.knowledge
    cited = await knowledge.find_fact(pack, fact)
    if cited is None:
        raise UserFacingError(GONE)
    return render_answer(Found(cited, await knowledge.list_related(pack, fact)), back=back)


async def answer_question(services: Services, question: str, guild_id: int | None) -> ui.LayoutView:
    """Render the answer to a question, typed or picked."""
    scope = await services.scopes.scope_for(guild_id)
    if (picked := _FACT.fullmatch(question)) and picked["pack"] in scope:
        return await render_fact(services, picked["pack"], picked["entry"])
    knowledge, typed = services.knowledge, one_line(question)
    if absence := explain_absence(knowledge, scope, "fact"):
        return notice(absence)
    answer: Answer = await knowledge.answer(typed, scope)
    services.meter.count_answer(type(answer).__name__.lower())
    return render_answer(answer, typed, titles=_suggested_titles(knowledge, answer))


def _suggested_titles(knowledge: KnowledgeBase, answer: Answer) -> dict[str, str] | None:
    """Return the titles of the suggestions' packs, if there are several."""
    if isinstance(answer, Found):
        return None
    packs = {suggestion.pack for suggestion in answer.suggestions}
    return {pack: knowledge.pack_title(pack) for pack in packs} if len(packs) > 1 else None
