"""/quote: somebody's words, on a theme or by chance, and another."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui

from bot.client.custom_ids import ENTRY, PACK, key
from bot.client.errors import completing
from bot.client.features.absence import GONE, must_answer_here, nothing_here
from bot.client.markdown import one_line
from bot.client.persistent import Pressed
from bot.client.responding import GoneError, reply
from bot.client.views.layout import OPTION, notice
from bot.client.views.quote import follow, quote_card

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.answering.knowledge_base import KnowledgeBase
    from bot.answering.results import CitedQuote
    from bot.client.errors import Completion
    from bot.client.services import Desk
    from bot.index.scope import Scope

NOTHING = "The notes hold no quote like that. Leave `about` and `by` empty for any quote."
QuoteId = tuple[str, str]


class AnotherButton(
    Pressed[ui.Button[Any]],
    template=re.compile(key("more", PACK, ENTRY, r"(?P<theme>\d{0,2})(?P<by>s?)")),
):
    """Shows the quote that follows, round and round: nothing comes twice until all were shown."""

    async def card(self, desk: Desk, guild_id: int | None) -> ui.LayoutView:
        """Show the quote that follows."""
        pack, entry, by = self.match["pack"], self.match["entry"], bool(self.match["by"])
        await must_answer_here(desk, guild_id, pack)
        knowledge, scope = desk.knowledge, await desk.scope_for(guild_id)
        shown = await knowledge.quote_by_id(pack, entry)
        if shown is None:
            raise GoneError(GONE)
        theme = _theme_at(shown, self.match["theme"])
        speaker = shown.speaker if by else None
        found = await _next(knowledge, scope, (pack, entry), by=speaker, theme=theme)
        return quote_card(found, follow(_place_of(found, theme), same_speaker=by))


def quote_command(desk: Desk) -> app_commands.Command[Any, ..., None]:
    """Make /quote."""

    @app_commands.command(name="quote", description="Read somebody’s own words.")
    @app_commands.describe(about="A theme, such as fans or touring.", by="Whose words.")
    async def command(
        interaction: discord.Interaction[Any],
        about: app_commands.Range[str, 1, OPTION] | None = None,
        by: app_commands.Range[str, 1, OPTION] | None = None,
    ) -> None:
        await reply(interaction, _quote(desk, about, by, interaction.guild_id))

    command.autocomplete("about")(
        completing(_names(desk, lambda knowledge: knowledge.complete_theme))
    )
    command.autocomplete("by")(
        completing(_names(desk, lambda knowledge: knowledge.complete_speaker))
    )
    return command


async def _quote(
    desk: Desk, about: str | None, by: str | None, guild_id: int | None
) -> ui.LayoutView:
    knowledge, scope = desk.knowledge, await desk.scope_for(guild_id)
    if nothing := nothing_here(knowledge, scope, "quote"):
        return notice(nothing)
    about, by = about and one_line(about), by and one_line(by)
    found = await knowledge.quote(scope, desk.chance, about=about or None, by=by or None)
    if found is None:
        return notice(NOTHING)
    ids = await knowledge.quote_ids(scope, by=found.speaker if by else None)
    another = follow(_place_of(found, found.theme), same_speaker=bool(by))
    return quote_card(found, another if len(ids) > 1 else None)


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
        raise GoneError(GONE)
    return found


def _after(ids: Sequence[QuoteId], shown: QuoteId) -> QuoteId:
    """Return the one after the one shown, going on from the first after the last."""
    return ids[(ids.index(shown) + 1) % len(ids)] if shown in ids else (*ids, shown)[0]


def _names(
    desk: Desk, complete: Callable[[KnowledgeBase], Callable[[str, Scope], tuple[str, ...]]]
) -> Completion:
    async def choices(
        interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        scope = await desk.scope_for(interaction.guild_id)
        return choices_of(complete(desk.knowledge)(current, scope))

    return choices


def choices_of(names: Sequence[str]) -> list[app_commands.Choice[str]]:
    """Offer names to pick from: at most 25, none longer than Discord allows."""
    fitting = (name for name in names if 0 < len(name) <= OPTION)
    return [app_commands.Choice(name=name, value=name) for name in islice(fitting, 25)]
