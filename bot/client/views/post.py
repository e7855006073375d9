"""The daily post, and what its button tells about the quote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.client.custom_ids import MAX_LENGTH, custom_id
from bot.client.markdown import escape
from bot.client.views.layout import button, button_row, layout, separator, text
from bot.client.views.quote import quote_parts

if TYPE_CHECKING:
    from discord import ui

    from bot.answering.results import CitedQuote

ABOUT = "About this quote"
POSTED = "daily"


def render_post(cited: CitedQuote, delivery_id: str, role_id: int | None) -> ui.LayoutView:
    """Show a quote to a whole channel; the role is pinged if the message allows it."""
    return layout(
        text(f"-# <@&{role_id}>") if role_id else None,
        *quote_parts(cited),
        button_row(button(ABOUT, post_custom_id(delivery_id, cited))),
    )


def post_custom_id(delivery_id: str, cited: CitedQuote) -> str:
    """Write the button's custom id: the claim, and the quote where there is room for it.

    With the quote in it the button works for as long as the pack is kept, whatever becomes of the
    schedule; without, the ledger says which quote it was.
    """
    whole = custom_id(POSTED, delivery_id, cited.pack, cited.quote.id)
    return whole if len(whole) <= MAX_LENGTH else custom_id(POSTED, delivery_id)


def render_quote_details(cited: CitedQuote) -> ui.LayoutView:
    """Tell what was being talked about, on what themes, and where it stands."""
    quote, source = cited.quote, cited.source
    themes = ", ".join(escape(theme, 80) for theme in quote.themes[:12])
    return layout(
        *quote_parts(cited),
        separator(),
        text(f"**Themes** {themes}. `/quote about:` finds more.") if themes else None,
        text(f"-# The year is from {escape(source.year_from, 160)}. {escape(source.rights, 320)}"),
    )
