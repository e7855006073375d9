"""The daily posts: a quote, a fact, or an entry of today."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from bot.answering.formatting import date_in_words
from bot.client.custom_ids import MAX_LENGTH, custom_id
from bot.client.markdown import escape, typeset
from bot.client.views.answer import quote_lines
from bot.client.views.layout import button, button_row, language_note, layout, source_line, text
from bot.client.views.quote import quote_parts
from bot.packs.models import DatePrecision, ReleaseDate
from bot.scheduling.models import DAY_HEADING, FACT_HEADING, QUOTE_HEADING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from discord import ui

    from bot.answering.results import CitedFact, CitedQuote, CitedRelease
    from bot.client.views.layout import Item
    from bot.localization.phrases import Phrases
    from bot.scheduling.models import Delivery, PostStyle

POSTED = "daily"
"""The kind of a post's custom id, by which a post is found again."""

ANNOUNCED, OUT = frozenset({"announced"}), frozenset({"released", "out"})
"""A release's status, in so far as its day can be worded by it."""


def render_quote_post(
    say: Phrases, cited: CitedQuote, delivery: Delivery, style: PostStyle
) -> ui.LayoutView:
    """Render a quote as a daily post."""
    about = _button(say("About this quote"), delivery, None, cited.pack, cited.quote.id)
    return _post(say(QUOTE_HEADING), quote_parts(say, cited), about, delivery, style)


def render_fact_post(
    say: Phrases, cited: CitedFact, delivery: Delivery, style: PostStyle, today: date | None
) -> ui.LayoutView:
    """Render a fact as a daily post, or as today's entry."""
    fact = cited.fact
    lead = f"**{escape(cited.subject, 160)}**"
    if today is not None:
        ago = _years_ago(say, fact.date, today)
        day = date_in_words(say, ReleaseDate(fact.date, DatePrecision.DAY, ""))
        lead = say("**{date}, {ago}**", date=day, ago=ago)
    parts = [
        text(f"{lead}\n{typeset(fact.statement, 800)}"),
        text(quote_lines(say, cited.quote)) if cited.quote else None,
        language_note(say, cited.language),
        source_line(say, cited.source, as_of=fact.as_of, paragraphs=fact.paragraphs),
    ]
    heading = FACT_HEADING if today is None else DAY_HEADING
    about = _button(say("About this fact"), delivery, "fact", cited.pack, fact.id)
    return _post(say(heading), parts, about, delivery, style)


def render_release_post(
    say: Phrases, cited: CitedRelease, delivery: Delivery, style: PostStyle, today: date
) -> ui.LayoutView:
    """Render a release as the entry of its day."""
    release = cited.release
    kind = escape(release.kind, 80)
    note = f"\n-# {typeset(release.date.note, 320)}" if release.date.note else ""
    by = say(
        "{kind} by **{artist}**",
        kind=f"{kind[:1].upper()}{kind[1:]}",
        artist=escape(cited.artist, 160),
    )
    parts = [
        text(f"## {release_day_sentence(say, cited, today)}"),
        text(f"{by}{note}"),
        language_note(say, cited.language),
        source_line(say, cited.source, as_of=release.as_of, paragraphs=release.paragraphs),
    ]
    about = _button(say("About this release"), delivery, "release", cited.pack, release.id)
    return _post(say(DAY_HEADING), parts, about, delivery, style)


def release_day_sentence(say: Phrases, cited: CitedRelease, today: date) -> str:
    """Tell what a release's day is, no more than its source does."""
    release, title = cited.release, escape(cited.release.title, 320)
    ago = _years_ago(say, release.date.text, today)
    when = f"{ago[:1].upper()}{ago[1:]}"
    if release.status.casefold() in ANNOUNCED:
        return say("{when} {title} was announced to come out", when=when, title=title)
    if release.status.casefold() in OUT:
        return say("{when} {title} came out", when=when, title=title)
    status = escape(release.status, 80)
    return say("{when} was the date of {title} ({status})", when=when, title=title, status=status)


def _post(
    heading: str, parts: Sequence[Item | None], about: Item, delivery: Delivery, style: PostStyle
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


def _years_ago(say: Phrases, day: str, today: date) -> str:
    years = today.year - date.fromisoformat(day).year
    if not years:
        return say("today")
    return say.plural("a year ago today", "{number} years ago today", years)
