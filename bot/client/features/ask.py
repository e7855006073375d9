"""/ask: a question, typed or picked, its answer, and further questions."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui

from bot.answering.coverage import describe_coverage
from bot.answering.formatting import is_foreign
from bot.answering.results import Found, Unknown
from bot.answering.small_talk import recognize_small_talk
from bot.client.autocomplete import Choice, autocompleting, name_in_language
from bot.client.custom_ids import ENTRY, MESSAGE, PACK, custom_id, fits
from bot.client.knowledge import GONE, explain_absence
from bot.client.markdown import one_line
from bot.client.persistent import PersistentItem
from bot.client.responding import reply
from bot.client.services import phrases_of, services_of
from bot.client.views.answer import AnswerContext, render_answer, render_small_talk
from bot.client.views.layout import PER_MENU, notice
from bot.client.views.release import render_release
from bot.errors import UserFacingError

if TYPE_CHECKING:
    from bot.answering.knowledge_base import KnowledgeBase
    from bot.answering.results import Answer
    from bot.client.services import Services
    from bot.client.views.layout import Item

MAX_QUESTION = 300
_PICKED = re.compile(custom_id("fact", PACK, ENTRY))


class FactButton(
    PersistentItem[ui.Button[Any]],
    template=re.compile(f"{custom_id('fact', PACK, ENTRY)}(?::{MESSAGE})?"),
):
    """A suggested question, answered to the presser alone."""

    async def respond(self, interaction: discord.Interaction[Any]) -> None:
        """Answer with a message for the presser alone."""
        await reply(interaction, render_pressed(self.match, interaction), private=True)


class PublicFactButton(
    PersistentItem[ui.Button[Any]],
    template=re.compile(f"{custom_id('public', PACK, ENTRY)}(?::{MESSAGE})?"),
):
    """A suggested question, answered in the channel."""

    async def respond(self, interaction: discord.Interaction[Any]) -> None:
        """Answer with a message for everybody."""
        await reply(interaction, render_pressed(self.match, interaction, is_public=True))


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
        context = answer_context(interaction, is_public=not private)
        rendering = answer_question(services, question, context)
        await reply(interaction, rendering, private=private)

    @command.autocomplete("question")
    @autocompleting
    async def complete(interaction: discord.Interaction[Any], current: str) -> list[Choice]:
        scope = await services.scopes.scope_for(interaction.guild_id)
        knowledge = services.knowledge.in_locale(interaction.locale.value)
        suggestions, say = knowledge.complete_question(current, scope), phrases_of(interaction)
        # A picked question comes back as the fact it stands for, not as words to match.
        return [
            Choice(
                name=name_in_language(say, one.question, one.language),
                value=custom_id("fact", one.pack, one.fact),
            )
            for one in suggestions
            if fits(one.pack, one.fact)
        ][:PER_MENU]

    return command


def answer_context(
    interaction: discord.Interaction[Any], *, is_public: bool = False, message: int | None = None
) -> AnswerContext:
    """Return the surroundings of an answer to an interaction."""
    guild, channel = interaction.guild_id or "@me", interaction.channel_id
    link = "" if message is None else f"https://discord.com/channels/{guild}/{channel}/{message}"
    return AnswerContext(
        year=services_of(interaction).clock.now().year,
        say=phrases_of(interaction),
        is_public=is_public,
        # In a direct message with the bot nobody else is there.
        is_shareable=interaction.guild_id is not None or not interaction.context.dm_channel,
        message=message,
        message_link=link,
        guild_id=interaction.guild_id,
    )


async def render_pressed(
    match: re.Match[str], interaction: discord.Interaction[Any], *, is_public: bool = False
) -> ui.LayoutView:
    """Render the fact of a pressed button.

    Raises:
        UserFacingError: The fact is gone, or its pack does not answer here.
    """
    services, pack = services_of(interaction), match["pack"]
    await services.scopes.require_pack(interaction.guild_id, pack)
    message = int(match["message"]) if match["message"] else None
    context = answer_context(interaction, is_public=is_public, message=message)
    return await render_fact(services, pack, match["entry"], context)


async def render_fact(
    services: Services, pack: str, fact: str, context: AnswerContext, *, back: Item | None = None
) -> ui.LayoutView:
    """Render a fact under its own question.

    Raises:
        UserFacingError: The fact is gone.
    """
    knowledge = services.knowledge.in_locale(context.say.tag)
    cited = await knowledge.find_fact(pack, fact)
    if cited is None:
        raise UserFacingError(GONE)
    # Nothing was typed, so whoever pressed it reads in the language of their Discord.
    asked_in = context.say.tag if is_foreign(context.say, cited.language) else cited.language
    found = Found(cited, await knowledge.list_related(pack, fact), asked_in=asked_in)
    context = replace(context, keeps_gaps=await services.scopes.keeps_gaps(context.guild_id))
    return render_answer(found, context=context, back=back)


async def answer_question(
    services: Services,
    question: str,
    context: AnswerContext,
    *,
    is_askers_own: bool = True,
) -> ui.LayoutView:
    """Render the answer to a question, typed or picked.

    `is_askers_own` says whether the asker typed it: then the answer begins with it, and it may be
    kept as a gap.
    """
    scope = await services.scopes.scope_for(context.guild_id)
    if (picked := _PICKED.fullmatch(question)) and picked["pack"] in scope:
        return await render_fact(services, picked["pack"], picked["entry"], context)
    knowledge, typed = services.knowledge.in_locale(context.say.tag), one_line(question)
    if absence := explain_absence(knowledge, scope, "fact"):
        return notice(context.say(absence))
    # A title alone asks nothing, and who types it wants to know what it is.
    if (cited := await knowledge.find_bare_title(typed, scope)) is not None:
        services.meter.count_answer(Found.__name__.lower())
        others = [each for each in await knowledge.list_releases(scope) if each is not cited]
        return render_release(context.say, cited, others, year=context.year)
    answer: Answer = await knowledge.answer(typed, scope)
    services.meter.count_answer(type(answer).__name__.lower())
    # Only where nothing at all comes near: a fact may be asked for as politely as one says hello.
    if answer == Unknown() and (said := recognize_small_talk(typed)):
        return render_small_talk(said, describe_coverage(knowledge, scope), context)
    keeps_gaps = await services.scopes.keeps_gaps(context.guild_id)
    is_kept = False
    is_gap = keeps_gaps and is_askers_own and not isinstance(answer, Found)
    if is_gap and context.guild_id is not None:
        known = services.knowledge.names_with_digits(scope)
        is_kept = services.gap_recorder.keep_question(context.guild_id, typed, known)
    return render_answer(
        answer,
        typed if is_askers_own else None,
        context=replace(context, keeps_gaps=keeps_gaps, is_kept=is_kept),
        titles=_suggested_titles(knowledge, answer),
    )


def _suggested_titles(knowledge: KnowledgeBase, answer: Answer) -> dict[str, str] | None:
    """Return the titles of the suggestions' packs, if there are several."""
    if isinstance(answer, Found):
        return None
    packs = {suggestion.pack for suggestion in answer.suggestions}
    return {pack: knowledge.pack_title(pack) for pack in packs} if len(packs) > 1 else None
