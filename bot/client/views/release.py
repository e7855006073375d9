"""A release: its date, its editions and its songs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.answering.formatting import date_in_words, is_old_news, none_held
from bot.client.custom_ids import custom_id, join_ids
from bot.client.markdown import escape, typeset
from bot.client.views.layout import bulleted, layout, select_menu, source_line, text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from discord import ui

    from bot.answering.results import CitedRelease
    from bot.client.views.layout import Item
    from bot.packs.models import Edition, Song


def render_release(
    cited: CitedRelease, others: Sequence[CitedRelease] = (), *, year: int
) -> ui.LayoutView:
    """Render a release, with a menu of the others below."""
    release = cited.release
    is_old = is_old_news(release.as_of, year)
    kind, status = escape(release.kind, 80), escape(release.status, 80)
    by = f"{kind[:1].upper()}{kind[1:]} by {escape(cited.artist, 160)} · {status}"
    by = f"**As of {release.as_of}:** {by}" if is_old else by
    note = f" ({typeset(release.date.note, 320)})" if release.date.note else ""
    return layout(
        text(f"## {escape(release.title, 320)}\n{by}"),
        text(f"**Out** {date_in_words(release.date)}{note}"),
        _section("Editions", [_edition_text(edition) for edition in release.editions], 700),
        _section("Songs", [_song_text(song, cited.performers) for song in release.songs], 900),
        _section("Where to get it", [escape(place, 160) for place in release.available], 500),
        source_line(
            cited.source,
            as_of=None if is_old else release.as_of,
            paragraphs=release.paragraphs,
        ),
        releases_menu(others),
    )


def render_no_release(releases: Sequence[CitedRelease]) -> ui.LayoutView:
    """Render an unknown release, with a menu of known ones."""
    said = "The notes know no release or song by that title."
    return layout(
        text(said if releases else none_held("release")),
        releases_menu(releases, is_public=True),
        private=True,
    )


def releases_menu(releases: Sequence[CitedRelease], *, is_public: bool = False) -> Item | None:
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
    placeholder = "Releases in the notes" if is_public else "Other releases"
    return select_menu(placeholder, menu_id, options) if options else None


def _edition_text(edition: Edition) -> str:
    tracks = "" if edition.tracks is None else f", {edition.tracks} tracks"
    note = f": {typeset(edition.note, 240)}" if edition.note else ""
    return f"**{escape(edition.name, 120)}**{tracks}{note}"


def _song_text(song: Song, names: Mapping[str, str]) -> str:
    performers = ", ".join(names.get(performer, performer) for performer in song.performers)
    by = f", {escape(performers, 240)}" if performers else ""
    note = f": {typeset(song.note, 240)}" if song.note else ""
    return f"“{escape(song.title, 160)}”{by}{note}"


def _section(title: str, lines: Sequence[str], budget: int) -> Item | None:
    return text(f"**{title}**\n{bulleted(lines, budget)}") if lines else None
