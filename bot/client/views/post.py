"""The daily posts: a quote, a fact, or an entry of today."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from bot.answering.formatting import date_in_words
from bot.client.custom_ids import MAX_LENGTH, custom_id
from bot.client.markdown import escape, typeset
from bot.client.views.answer import quote_lines
from bot.client.views.layout import button, button_row, layout, source_line, text
from bot.client.views.quote import quote_parts
from bot.packs.models import DatePrecision, ReleaseDate
from bot.scheduling.models import DAY_HEADING, FACT_HEADING, QUOTE_HEADING

if TYPE_CHECKING:
    from discord import ui

    from bot.answering.results import CitedFact, CitedQuote, CitedRelease
    from bot.client.views.layout import Item
    from bot.scheduling.models import Delivery, PostStyle

POSTED = "daily"
"""The kind of a post's custom id, by which a post is found again."""

ANNOUNCED, OUT = frozenset({"announced"}), frozenset({"released", "out"})
"""A release's status, in so far as its day can be worded by it."""


def render_quote_post(cited: CitedQuote, delivery: Delivery, style: PostStyle) -> ui.LayoutView:
    """Render a quote as a daily post."""
    about = _button("About this quote", delivery, None, cited.pack, cited.quote.id)
    return _post(QUOTE_HEADING, quote_parts(cited), about, delivery, style)


def render_fact_post(
    cited: CitedFact, delivery: Delivery, style: PostStyle, today: date | None
) -> ui.LayoutView:
    """Render a fact as a daily post, or as today's entry."""
    fact = cited.fact
    lead = f"**{escape(cited.subject, 160)}**"
    if today is not None:
        lead = f"**{_day_in_words(fact.date)}, {_years_ago(fact.date, today)}**"
    parts = [
        text(f"{lead}\n{typeset(fact.statement, 800)}"),
        *([text(quote_lines(cited.quote))] if cited.quote else []),
        source_line(cited.source, as_of=fact.as_of, paragraphs=fact.paragraphs),
    ]
    heading = FACT_HEADING if today is None else DAY_HEADING
    about = _button("About this fact", delivery, "fact", cited.pack, fact.id)
    return _post(heading, parts, about, delivery, style)


def render_release_post(
    cited: CitedRelease, delivery: Delivery, style: PostStyle, today: date
) -> ui.LayoutView:
    """Render a release as the entry of its day."""
    release = cited.release
    kind = escape(release.kind, 80)
    note = f"\n-# {typeset(release.date.note, 320)}" if release.date.note else ""
    parts = [
        text(f"## {release_day_sentence(cited, today)}"),
        text(f"{kind[:1].upper()}{kind[1:]} by **{escape(cited.artist, 160)}**{note}"),
        source_line(cited.source, as_of=release.as_of, paragraphs=release.paragraphs),
    ]
    about = _button("About this release", delivery, "release", cited.pack, release.id)
    return _post(DAY_HEADING, parts, about, delivery, style)


def release_day_sentence(cited: CitedRelease, today: date) -> str:
    """Tell what a release's day is, no more than its source does."""
    release, title = cited.release, escape(cited.release.title, 320)
    when = _years_ago(release.date.text, today).capitalize()
    if release.status.casefold() in ANNOUNCED:
        return f"{when} {title} was announced to come out"
    if release.status.casefold() in OUT:
        return f"{when} {title} came out"
    return f"{when} was the date of {title} ({escape(release.status, 80)})"


def _post(
    heading: str, parts: list[Item], about: Item, delivery: Delivery, style: PostStyle
) -> ui.LayoutView:
    return layout(
        text(f"-# <@&{delivery.role_id}>") if delivery.role_id else None,
        text(f"### {escape(style.title or heading, 160)}"),
        *parts,
        about,
        colour=style.colour,
    )


def _button(label: str, delivery: Delivery, kind: str | None, pack: str, entry: str) -> Item:
    """Build the button of a post.

    With the entry in its custom id, it works for as long as the pack is kept, even when the
    schedule is gone; without, the ledger tells the entry.
    """
    named = [kind] if kind else []
    whole = custom_id(POSTED, delivery.id, *named, pack, entry)
    return button_row(
        button(label, whole if len(whole) <= MAX_LENGTH else custom_id(POSTED, delivery.id))
    )


def _day_in_words(day: str) -> str:
    return date_in_words(ReleaseDate(day, DatePrecision.DAY, ""))


def _years_ago(day: str, today: date) -> str:
    match today.year - date.fromisoformat(day).year:
        case 0:
            return "today"
        case 1:
            return "a year ago today"
        case years:
            return f"{years} years ago today"
