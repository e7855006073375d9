"""/quote: a quotation, by theme or chance, and the next one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui

from bot.client.autocomplete import Choice, autocompleting, name_choices, name_in_language
from bot.client.custom_ids import ENTRY, PACK, custom_id
from bot.client.knowledge import GONE, explain_absence
from bot.client.markdown import escape, one_line
from bot.client.persistent import PersistentItem
from bot.client.responding import reply
from bot.client.services import phrases_of, services_of
from bot.client.views.layout import OPTION, PER_MENU, names_in_a_row, notice
from bot.client.views.quote import encode_sequence, render_quote
from bot.errors import UserFacingError
from bot.localization.messages import sentence

if TYPE_CHECKING:
    from bot.answering.knowledge_base import KnowledgeBase
    from bot.answering.results import CitedQuote
    from bot.client.services import Services
    from bot.index.scope import Scope
    from bot.localization.phrases import Phrases

NOTHING = sentence("The notes hold no quote like that. Leave `about` and `by` empty for any quote.")
NO_SPEAKER = sentence("The notes quote nobody called **{name}**. They quote {names}.")
MAX_OFFERED = 10
QuoteId = tuple[str, str]


class AnotherButton(
    PersistentItem[ui.Button[Any]],
    template=re.compile(custom_id("more", PACK, ENTRY, r"(?P<theme>\d{0,2})(?P<by>s?)")),
):
    """Shows the next quote; none comes twice before all were shown."""

    async def render(self, interaction: discord.Interaction[Any]) -> ui.LayoutView:
        """Render the next quote."""
        services, guild_id = services_of(interaction), interaction.guild_id
        pack, entry, by = self.match["pack"], self.match["entry"], bool(self.match["by"])
        await services.scopes.require_pack(guild_id, pack)
        knowledge = services.knowledge.in_locale(phrases_of(interaction).tag)
        scope = await services.scopes.scope_for(guild_id)
        shown = await knowledge.find_quote(pack, entry)
        if shown is None:
            raise UserFacingError(GONE)
        theme = _theme_at(shown, self.match["theme"])
        speaker = shown.speaker if by else None
        found = await next_quote(knowledge, scope, (pack, entry), by=speaker, theme=theme)
        sequence = encode_sequence(_theme_position(found, theme), same_speaker=by)
        return render_quote(phrases_of(interaction), found, sequence)


def quote_command(services: Services) -> app_commands.Command[Any, ..., None]:
    """Build /quote."""

    @app_commands.command(name="quote", description="Read somebody’s own words.")
    @app_commands.describe(about="A theme, such as fans or touring.", by="Whose words.")
    async def command(
        interaction: discord.Interaction[Any],
        about: app_commands.Range[str, 1, OPTION] | None = None,
        by: app_commands.Range[str, 1, OPTION] | None = None,
    ) -> None:
        await reply(interaction, choose_quote(interaction, about, by))

    @command.autocomplete("about")
    @autocompleting
    async def complete_theme(interaction: discord.Interaction[Any], current: str) -> list[Choice]:
        scope = await services.scopes.scope_for(interaction.guild_id)
        knowledge = services.knowledge.in_locale(interaction.locale.value)
        say = phrases_of(interaction)
        return [
            Choice(name=name_in_language(say, theme, language), value=theme)
            for theme, language in knowledge.complete_theme(current, scope)
            if 0 < len(theme) <= OPTION
        ][:PER_MENU]

    @command.autocomplete("by")
    @autocompleting
    async def complete_speaker(interaction: discord.Interaction[Any], current: str) -> list[Choice]:
        scope = await services.scopes.scope_for(interaction.guild_id)
        return name_choices(services.knowledge.complete_speaker(current, scope))

    return command


async def choose_quote(
    interaction: discord.Interaction[Any], about: str | None, by: str | None
) -> ui.LayoutView:
    """Render the best quote for a theme, or one by chance."""
    services, say = services_of(interaction), phrases_of(interaction)
    knowledge = services.knowledge.in_locale(say.tag)
    scope = await services.scopes.scope_for(interaction.guild_id)
    if absence := explain_absence(knowledge, scope, "quote"):
        return notice(say(absence))
    about, by = about and one_line(about), by and one_line(by)
    found = await knowledge.choose_quote(scope, services.chance, about=about or None, by=by or None)
    if found is None:
        return notice(await _explain_no_quote(say, knowledge, scope, by))
    ids = await knowledge.list_quote_ids(scope, by=found.speaker if by else None)
    # The theme's place, for a custom id has no room for its words.
    another = encode_sequence(_theme_position(found, found.theme), same_speaker=bool(by))
    return render_quote(say, found, another if len(ids) > 1 else None)


async def _explain_no_quote(
    say: Phrases, knowledge: KnowledgeBase, scope: Scope, by: str | None
) -> str:
    """Explain why no quote was found: the speaker, or the theme."""
    if not by or await knowledge.list_quote_ids(scope, by):
        return say(NOTHING)
    # Whom nobody resembles is answered with all who speak: they are few.
    names = knowledge.complete_speaker(by, scope) or knowledge.complete_speaker("", scope)
    listed = names_in_a_row(say, names[:MAX_OFFERED])
    return say(NO_SPEAKER, name=escape(by, 80), names=listed)


def _theme_at(quote: CitedQuote, position: str) -> str | None:
    themes = quote.quote.themes
    return themes[int(position)] if position and int(position) < len(themes) else None


def _theme_position(quote: CitedQuote, theme: str | None) -> int | None:
    themes = quote.quote.themes
    return themes.index(theme) if theme in themes else None


async def next_quote(
    knowledge: KnowledgeBase, scope: Scope, shown: QuoteId, *, by: str | None, theme: str | None
) -> CitedQuote:
    """Return the next quote on the theme, or else any."""
    ids = await knowledge.list_quote_ids(scope, by=by, theme=theme)
    if not any(other != shown for other in ids):
        ids = await knowledge.list_quote_ids(scope, by)
    # The first follows the last, and one that is withdrawn by now.
    at = ids.index(shown) + 1 if shown in ids else 0
    found = await knowledge.find_quote(*(ids[at % len(ids)] if ids else shown))
    if found is None:
        raise UserFacingError(GONE)
    return found
