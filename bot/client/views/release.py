"""A release: its date, its editions and its songs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.answering.formatting import NONE_HELD, count_tracks, date_in_words, is_old_news
from bot.client.custom_ids import custom_id, join_ids
from bot.client.markdown import escape, typeset
from bot.client.views.layout import bulleted, language_note, layout, select_menu, source_line, text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from discord import ui

    from bot.answering.results import CitedRelease
    from bot.client.views.layout import Item
    from bot.localization.phrases import Phrases
    from bot.packs.models import Edition, Song


def render_release(
    say: Phrases, cited: CitedRelease, others: Sequence[CitedRelease] = (), *, year: int
) -> ui.LayoutView:
    """Render a release, with a menu of the others below."""
    release = cited.release
    is_old = is_old_news(release.as_of, year)
    kind, status = escape(release.kind, 80), escape(release.status, 80)
    by = say(
        "{kind} by {artist} · {status}",
        kind=f"{kind[:1].upper()}{kind[1:]}",
        artist=escape(cited.artist, 160),
        status=status,
    )
    by = say("**As of {year}:** {statement}", year=release.as_of, statement=by) if is_old else by
    note = f" ({typeset(release.date.note, 320)})" if release.date.note else ""
    # Discord takes 4,000 characters in all, so each list has a budget of its own.
    sections = (
        (say("Editions"), [_edition_text(say, each) for each in release.editions], 700),
        (say("Songs"), [_song_text(say, each, cited.performers) for each in release.songs], 900),
        (say("Where to get it"), [escape(place, 160) for place in release.available], 500),
    )
    return layout(
        text(f"## {escape(release.title, 320)}\n{by}"),
        text(f"{say('**Out** {date}', date=date_in_words(say, release.date))}{note}"),
        *(
            text(f"**{title}**\n{bulleted(say, lines, budget)}")
            for title, lines, budget in sections
            if lines
        ),
        language_note(say, cited.language),
        source_line(
            say,
            cited.source,
            as_of=None if is_old else release.as_of,
            paragraphs=release.paragraphs,
        ),
        releases_menu(say, others),
    )


def render_no_release(say: Phrases, releases: Sequence[CitedRelease]) -> ui.LayoutView:
    """Render an unknown release, with a menu of known ones."""
    said = say("The notes know no release or song by that title.")
    return layout(
        text(said if releases else say(NONE_HELD["release"])),
        releases_menu(say, releases, is_public=True),
        private=True,
    )


def releases_menu(
    say: Phrases, releases: Sequence[CitedRelease], *, is_public: bool = False
) -> Item | None:
    """Build a menu of releases, or None; a public one answers to the channel."""
    menu_id = custom_id("release", "public") if is_public else custom_id("release")
    options = [
        (
            cited.release.title,
            join_ids(cited.pack, cited.release.id),
            f"{cited.release.kind}, {cited.artist}",
        )
        for cited in releases
    ]
    placeholder = say("Releases in the notes") if is_public else say("Other releases")
    return select_menu(placeholder, menu_id, options) if options else None


def _edition_text(say: Phrases, edition: Edition) -> str:
    tracks = "" if edition.tracks is None else f", {count_tracks(say, edition.tracks)}"
    note = f": {typeset(edition.note, 240)}" if edition.note else ""
    return f"**{escape(edition.name, 120)}**{tracks}{note}"


def _song_text(say: Phrases, song: Song, names: Mapping[str, str]) -> str:
    performers = ", ".join(names.get(performer, performer) for performer in song.performers)
    by = f", {escape(performers, 240)}" if performers else ""
    note = f": {typeset(song.note, 240)}" if song.note else ""
    return f"{say('“{title}”', title=escape(song.title, 160))}{by}{note}"
