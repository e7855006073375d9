"""A quotation, its speaker, and a button for another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.client.custom_ids import fits, key
from bot.client.markdown import plain
from bot.client.views.layout import button, card, row, source_line, text

if TYPE_CHECKING:
    from discord import ui

    from bot.answering.results import CitedQuote
    from bot.client.views.layout import Item


def quote_card(cited: CitedQuote, another: str | None) -> ui.LayoutView:
    """Show a quote; `another` says how the next one is chosen (`follow`), None offers none."""
    return card(*quote_parts(cited), _another(cited, another))


def quote_parts(cited: CitedQuote) -> list[Item]:
    """Return what every showing of a quote has: the words, who spoke, of what, and the source."""
    quote = cited.quote
    return [
        text(f"## {quotation(cited)}"),
        text(f"— **{plain(cited.speaker, 160)}**\n{plain(quote.context, 640)}".rstrip()),
        source_line(cited.source, as_of=cited.source.year, paragraphs=quote.paragraphs),
    ]


def quotation(cited: CitedQuote) -> str:
    """Set the spoken words in typographic quotation marks."""
    return f"“{plain(cited.quote.words, 640)}”"


def follow(theme: int | None, *, same_speaker: bool) -> str:
    """Write how the next quote is chosen: by the theme's place among the quote's, by speaker."""
    return f"{'' if theme is None else theme}{'s' if same_speaker else ''}"


def _another(cited: CitedQuote, another: str | None) -> Item | None:
    if another is None or not fits(cited.pack, cited.quote.id):
        return None
    return row(button("Another", key("more", cited.pack, cited.quote.id, another)))
