"""/ask: a question, typed or picked, and its answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui

from bot.answering.results import Found
from bot.client.custom_ids import ENTRY, PACK, custom_id, fits
from bot.client.errors import autocompleting
from bot.client.features.absence import GONE, explain_absence, require_pack
from bot.client.markdown import one_line, shorten
from bot.client.persistent import PersistentItem
from bot.client.responding import UserFacingError, reply
from bot.client.views.answer import render_answer
from bot.client.views.layout import OPTION, PER_MENU, notice

if TYPE_CHECKING:
    from bot.answering.knowledge_base import KnowledgeBase
    from bot.answering.results import Answer, Suggestion
    from bot.client.services import Services
    from bot.client.views.layout import Item

LONGEST = 300
_FACT = re.compile(custom_id("fact", PACK, ENTRY))


class FactButton(PersistentItem[ui.Button[Any]], template=_FACT):
    """A question that the notes answer: shows its fact."""

    async def card(self, services: Services, guild_id: int | None) -> ui.LayoutView:
        """Show the fact."""
        await require_pack(services, guild_id, self.match["pack"])
        return await render_fact(services, self.match["pack"], self.match["entry"])


def ask_command(services: Services) -> app_commands.Command[Any, ..., None]:
    """Make /ask."""

    @app_commands.command(name="ask", description="Ask a question; the answer names its source.")
    @app_commands.describe(
        question="What would you like to know?", private="Show the answer only to you."
    )
    async def command(
        interaction: discord.Interaction[Any],
        question: app_commands.Range[str, 1, LONGEST],
        private: bool = False,  # noqa: FBT001, FBT002  # an option of the command, given by name
    ) -> None:
        await reply(interaction, _answer(services, question, interaction.guild_id), private=private)

    @autocompleting
    async def complete(
        interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        scope = await services.scope_for(interaction.guild_id)
        found = services.knowledge.complete_question(current, scope)
        return [_choice(each) for each in found if fits(each.pack, each.fact)][:PER_MENU]

    command.autocomplete("question")(complete)
    return command


async def render_fact(
    services: Services, pack: str, fact: str, *, back: Item | None = None
) -> ui.LayoutView:
    """Show a fact by its id, under its own question; raise GoneError if it is no longer kept."""
    knowledge = services.knowledge
    cited = await knowledge.fact(pack, fact)
    if cited is None:
        raise UserFacingError(GONE)
    return render_answer(Found(cited, await knowledge.related(pack, fact)), back=back)


async def _answer(services: Services, question: str, guild_id: int | None) -> ui.LayoutView:
    scope = await services.scope_for(guild_id)
    if (picked := _FACT.fullmatch(question)) and picked["pack"] in scope:
        return await render_fact(services, picked["pack"], picked["entry"])
    knowledge, typed = services.knowledge, one_line(question)
    if nothing := explain_absence(knowledge, scope, "fact"):
        return notice(nothing)
    answer: Answer = await knowledge.answer(typed, scope)
    services.meter.answer(type(answer).__name__.lower())
    return render_answer(answer, typed, titles=_titles(knowledge, answer))


def _titles(knowledge: KnowledgeBase, answer: Answer) -> dict[str, str] | None:
    """Name the packs that suggestions come from, if there are several."""
    if isinstance(answer, Found):
        return None
    packs = {suggestion.pack for suggestion in answer.suggestions}
    return {pack: knowledge.pack_title(pack) for pack in packs} if len(packs) > 1 else None


def _choice(suggestion: Suggestion) -> app_commands.Choice[str]:
    """Offer a question; picked, it comes back as the fact it stands for, not as words to match."""
    value = custom_id("fact", suggestion.pack, suggestion.fact)
    return app_commands.Choice(name=shorten(suggestion.question, OPTION), value=value)
