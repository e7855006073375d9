"""Quotations: alone, and in full detail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.answering.formatting import own_translation
from bot.client.custom_ids import custom_id, fits
from bot.client.markdown import escape, typeset
from bot.client.views.layout import (
    button,
    button_row,
    language_note,
    layout,
    separator,
    source_line,
    text,
    year_origin,
)

if TYPE_CHECKING:
    from discord import ui

    from bot.answering.results import CitedQuote
    from bot.client.views.layout import Item
    from bot.localization.phrases import Phrases


def render_quote(say: Phrases, cited: CitedQuote, sequence: str | None) -> ui.LayoutView:
    """Render a quote, with a button for the next one."""
    another = None
    if sequence is not None and fits(cited.pack, cited.quote.id):
        next_id = custom_id("more", cited.pack, cited.quote.id, sequence)
        another = button_row(button(say("Another"), next_id))
    return layout(*quote_parts(say, cited), another)


def encode_sequence(theme: int | None, *, same_speaker: bool) -> str:
    """Encode the choice of the next quote, by theme and speaker."""
    return f"{'' if theme is None else theme}{'s' if same_speaker else ''}"


def quote_parts(say: Phrases, cited: CitedQuote) -> list[Item]:
    """Return the parts common to every quote: words, speaker, context, source."""
    quote, translated = cited.quote, translation_line(say, cited)
    foreign = language_note(say, cited.language)
    return [
        text(f"## {quotation(cited)}"),
        *([text(translated)] if translated else []),
        text(f"— **{escape(cited.speaker, 160)}**\n{typeset(quote.context, 640)}".rstrip()),
        *([foreign] if foreign else []),
        source_line(say, cited.source, as_of=cited.source.year, paragraphs=quote.paragraphs),
    ]


def quotation(cited: CitedQuote) -> str:
    """Return the spoken words in typographic quotation marks."""
    return f"“{typeset(cited.quote.words, 640)}”"


def translation_line(say: Phrases, cited: CitedQuote) -> str:
    """Return the line with our translation of the spoken words, if there is one."""
    translated = own_translation(say, typeset(cited.quote.translation, 640))
    return f"-# {translated}" if translated else ""


def render_quote_details(say: Phrases, cited: CitedQuote) -> ui.LayoutView:
    """Render a quote with the rights of its source."""
    source = cited.source
    year = year_origin(say, source, cited.language)
    rights = f"{year} {escape(source.rights, 320)}".lstrip()
    return layout(*quote_parts(say, cited), separator(), text(f"-# {rights}"))
