"""A quotation, its speaker, and a button for another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.client.custom_ids import custom_id, fits
from bot.client.markdown import escape
from bot.client.views.layout import button, button_row, layout, source_line, text

if TYPE_CHECKING:
    from discord import ui

    from bot.answering.results import CitedQuote
    from bot.client.views.layout import Item


def render_quote(cited: CitedQuote, another: str | None) -> ui.LayoutView:
    """Show a quote; `another` says how the next one is chosen (`follow`), None offers none."""
    return layout(*quote_parts(cited), _another(cited, another))


def quote_parts(cited: CitedQuote) -> list[Item]:
    """Return what every showing of a quote has: the words, who spoke, of what, and the source."""
    quote = cited.quote
    return [
        text(f"## {quotation(cited)}"),
        text(f"— **{escape(cited.speaker, 160)}**\n{escape(quote.context, 640)}".rstrip()),
        source_line(cited.source, as_of=cited.source.year, paragraphs=quote.paragraphs),
    ]


def quotation(cited: CitedQuote) -> str:
    """Set the spoken words in typographic quotation marks."""
    return f"“{escape(cited.quote.words, 640)}”"


def encode_sequence(theme: int | None, *, same_speaker: bool) -> str:
    """Write how the next quote is chosen: by the theme's place among the quote's, by speaker."""
    return f"{'' if theme is None else theme}{'s' if same_speaker else ''}"


def _another(cited: CitedQuote, another: str | None) -> Item | None:
    if another is None or not fits(cited.pack, cited.quote.id):
        return None
    return button_row(button("Another", custom_id("more", cited.pack, cited.quote.id, another)))
