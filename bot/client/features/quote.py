"""/quote: somebody's words, on a theme or by chance, and another."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui

from bot.client.custom_ids import ENTRY, PACK, custom_id
from bot.client.errors import autocompleting
from bot.client.features.absence import GONE, explain_absence, require_pack
from bot.client.markdown import one_line
from bot.client.persistent import PersistentItem
from bot.client.responding import UserFacingError, reply
from bot.client.views.layout import OPTION, notice
from bot.client.views.quote import encode_sequence, render_quote

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.answering.knowledge_base import KnowledgeBase
    from bot.answering.results import CitedQuote
    from bot.client.errors import Completion
    from bot.client.services import Services
    from bot.index.scope import Scope

NOTHING = "The notes hold no quote like that. Leave `about` and `by` empty for any quote."
QuoteId = tuple[str, str]


class AnotherButton(
    PersistentItem[ui.Button[Any]],
    template=re.compile(custom_id("more", PACK, ENTRY, r"(?P<theme>\d{0,2})(?P<by>s?)")),
):
    """Shows the quote that follows, round and round: nothing comes twice until all were shown."""

    async def card(self, services: Services, guild_id: int | None) -> ui.LayoutView:
        """Show the quote that follows."""
        pack, entry, by = self.match["pack"], self.match["entry"], bool(self.match["by"])
        await require_pack(services, guild_id, pack)
        knowledge, scope = services.knowledge, await services.scope_for(guild_id)
        shown = await knowledge.quote_by_id(pack, entry)
        if shown is None:
            raise UserFacingError(GONE)
        theme = _theme_at(shown, self.match["theme"])
        speaker = shown.speaker if by else None
        found = await _next(knowledge, scope, (pack, entry), by=speaker, theme=theme)
        return render_quote(found, encode_sequence(_place_of(found, theme), same_speaker=by))


def quote_command(services: Services) -> app_commands.Command[Any, ..., None]:
    """Make /quote."""

    @app_commands.command(name="quote", description="Read somebody’s own words.")
    @app_commands.describe(about="A theme, such as fans or touring.", by="Whose words.")
    async def command(
        interaction: discord.Interaction[Any],
        about: app_commands.Range[str, 1, OPTION] | None = None,
        by: app_commands.Range[str, 1, OPTION] | None = None,
    ) -> None:
        await reply(interaction, _quote(services, about, by, interaction.guild_id))

    command.autocomplete("about")(
        autocompleting(_names(services, lambda knowledge: knowledge.complete_theme))
    )
    command.autocomplete("by")(
        autocompleting(_names(services, lambda knowledge: knowledge.complete_speaker))
    )
    return command


async def _quote(
    services: Services, about: str | None, by: str | None, guild_id: int | None
) -> ui.LayoutView:
    knowledge, scope = services.knowledge, await services.scope_for(guild_id)
    if nothing := explain_absence(knowledge, scope, "quote"):
        return notice(nothing)
    about, by = about and one_line(about), by and one_line(by)
    found = await knowledge.quote(scope, services.chance, about=about or None, by=by or None)
    if found is None:
        return notice(NOTHING)
    ids = await knowledge.quote_ids(scope, by=found.speaker if by else None)
    another = encode_sequence(_place_of(found, found.theme), same_speaker=bool(by))
    return render_quote(found, another if len(ids) > 1 else None)


def _theme_at(quote: CitedQuote, place: str) -> str | None:
    themes = quote.quote.themes
    return themes[int(place)] if place and int(place) < len(themes) else None


def _place_of(quote: CitedQuote, theme: str | None) -> int | None:
    themes = quote.quote.themes
    return themes.index(theme) if theme in themes else None


async def _next(
    knowledge: KnowledgeBase, scope: Scope, shown: QuoteId, *, by: str | None, theme: str | None
) -> CitedQuote:
    """Return the quote after the one shown: on the theme, or any where it is the theme's only."""
    on_theme = await knowledge.quote_ids(scope, by=by, theme=theme)
    ids = (
        on_theme
        if any(other != shown for other in on_theme)
        else await knowledge.quote_ids(scope, by)
    )
    found = await knowledge.quote_by_id(*_after(ids, shown))
    if found is None:
        raise UserFacingError(GONE)
    return found


def _after(ids: Sequence[QuoteId], shown: QuoteId) -> QuoteId:
    """Return the one after the one shown, going on from the first after the last."""
    return ids[(ids.index(shown) + 1) % len(ids)] if shown in ids else (*ids, shown)[0]


def _names(
    services: Services, complete: Callable[[KnowledgeBase], Callable[[str, Scope], tuple[str, ...]]]
) -> Completion:
    async def choices(
        interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        scope = await services.scope_for(interaction.guild_id)
        return name_choices(complete(services.knowledge)(current, scope))

    return choices


def name_choices(names: Sequence[str]) -> list[app_commands.Choice[str]]:
    """Offer names to pick from: at most 25, none longer than Discord allows."""
    fitting = (name for name in names if 0 < len(name) <= OPTION)
    return [app_commands.Choice(name=name, value=name) for name in islice(fitting, 25)]
