"""/ask: a question, typed or picked, and its answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui

from bot.answering.results import Found
from bot.client.custom_ids import ENTRY, PACK, fits, key
from bot.client.errors import completing
from bot.client.features.absence import GONE, must_answer_here, nothing_here
from bot.client.markdown import one_line, shorten
from bot.client.persistent import Pressed
from bot.client.responding import GoneError, reply
from bot.client.views.answer import answer_card
from bot.client.views.layout import OPTION, PER_MENU, notice

if TYPE_CHECKING:
    from bot.answering.knowledge_base import KnowledgeBase
    from bot.answering.results import Answer, Suggestion
    from bot.client.services import Desk
    from bot.client.views.layout import Item

LONGEST = 300
_FACT = re.compile(key("fact", PACK, ENTRY))


class FactButton(Pressed[ui.Button[Any]], template=_FACT):
    """A question that the notes answer: shows its fact."""

    async def card(self, desk: Desk, guild_id: int | None) -> ui.LayoutView:
        """Show the fact."""
        await must_answer_here(desk, guild_id, self.match["pack"])
        return await fact_card(desk, self.match["pack"], self.match["entry"])


def ask_command(desk: Desk) -> app_commands.Command[Any, ..., None]:
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
        await reply(interaction, _answer(desk, question, interaction.guild_id), private=private)

    @completing
    async def complete(
        interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        scope = await desk.scope_for(interaction.guild_id)
        found = desk.knowledge.complete_question(current, scope)
        return [_choice(each) for each in found if fits(each.pack, each.fact)][:PER_MENU]

    command.autocomplete("question")(complete)
    return command


async def fact_card(desk: Desk, pack: str, fact: str, *, back: Item | None = None) -> ui.LayoutView:
    """Show a fact by its id, under its own question; raise GoneError if it is no longer kept."""
    knowledge = desk.knowledge
    cited = await knowledge.fact(pack, fact)
    if cited is None:
        raise GoneError(GONE)
    return answer_card(Found(cited, await knowledge.related(pack, fact)), back=back)


async def _answer(desk: Desk, question: str, guild_id: int | None) -> ui.LayoutView:
    scope = await desk.scope_for(guild_id)
    if (picked := _FACT.fullmatch(question)) and picked["pack"] in scope:
        return await fact_card(desk, picked["pack"], picked["entry"])
    knowledge, typed = desk.knowledge, one_line(question)
    if nothing := nothing_here(knowledge, scope, "fact"):
        return notice(nothing)
    answer: Answer = await knowledge.answer(typed, scope)
    desk.meter.answer(type(answer).__name__.lower())
    return answer_card(answer, typed, titles=_titles(knowledge, answer))


def _titles(knowledge: KnowledgeBase, answer: Answer) -> dict[str, str] | None:
    """Name the packs that suggestions come from, if there are several."""
    if isinstance(answer, Found):
        return None
    packs = {suggestion.pack for suggestion in answer.suggestions}
    return {pack: knowledge.pack_title(pack) for pack in packs} if len(packs) > 1 else None


def _choice(suggestion: Suggestion) -> app_commands.Choice[str]:
    """Offer a question; picked, it comes back as the fact it stands for, not as words to match."""
    value = key("fact", suggestion.pack, suggestion.fact)
    return app_commands.Choice(name=shorten(suggestion.question, OPTION), value=value)
