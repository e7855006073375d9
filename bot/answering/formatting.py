"""Phrases and plain texts that the terminal and Discord share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.answering.small_talk import SmallTalk

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.answering.results import CitedFact, CitedQuote, CitedRelease, Suggestion
    from bot.index.scope import EntryKind
    from bot.packs.models import Edition, ReleaseDate, Song, Source

LONGEST_ANSWER = 600
"""Characters of a whole answer, with its quotation and citation."""
LONGEST_SUGGESTION = 300
LONGEST_CITATION = 240
"""Of an answer's characters: a statement has 350 at most, so it is never cut for its source."""
OLD_YEARS = 2
"""From this many years on, an answer may long be untrue."""
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip

SMALL_TALK = {
    SmallTalk.BLANK: "Your question was blank. The notes tell of {names}; you could ask:",
    SmallTalk.MARKS: "Ask me anything about {names}; for example:",
    SmallTalk.GREETING: "Hello! The notes tell of {names}. You could ask:",
    SmallTalk.THANKS: "You’re welcome! The notes tell of {names}; you could ask next:",
    SmallTalk.FAREWELL: "Goodbye! Next time the notes still tell of {names}; you could ask:",
    SmallTalk.HELP: (
        "You ask, I look it up in the notes and name the source. They tell of {names}; "
        "you could ask:"
    ),
    SmallTalk.CLOCK: (
        "The notes have no clock and no calendar. They tell of {names}; you could ask:"
    ),
}
"""The replies to small talk; `names` are the first subjects of the notes."""


def date_in_words(date: ReleaseDate) -> str:
    """Write a date as exactly as it is known: "June 2013"."""
    match date.text.split("-"):
        case [""]:
            return "the source gives no date"
        case [year, month, day]:
            return f"{MONTHS[int(month) - 1]} {int(day)}, {year}"
        case [year, month]:
            return f"{MONTHS[int(month) - 1]} {year}"
        case _:
            return date.text


def citation(source: Source, as_of: int | None = None) -> str:
    """Cite a source: "As of 2013. Brittany Frederick, interview, BFTV, 2013."."""
    since = f"As of {as_of}. " if as_of is not None else ""
    return f"{since}{source.author}, {source.kind}, {'/'.join(source.publishers)}, {source.year}."


def in_a_row(words: Sequence[str]) -> str:
    """List words for the middle of a sentence: "A, B and C"."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)


def is_old_news(as_of: int, year: int) -> bool:
    """Return whether a year must be said first."""
    return year - as_of >= OLD_YEARS


def none_held(kind: EntryKind) -> str:
    """Return the sentence that no pack has a kind of entry."""
    return f"The packs here have no {kind}s."


def quoted(cited: CitedQuote) -> list[str]:
    """Return a quotation and its context, a line each."""
    words = f"“{cited.quote.words}” — {cited.speaker}"
    return [words, cited.quote.context] if cited.quote.context else [words]


def answer_text(cited: CitedFact) -> str:
    """Return an answer as one paragraph: fact, quotation and source.

    A quotation never stands without its context: where there is no room for both, both are left
    out.
    """
    cite = shortened(citation(cited.source, cited.fact.as_of), LONGEST_CITATION)
    if cited.quote is not None:
        quotation = " ".join(map(_ended, quoted(cited.quote)))
        whole = f"{cited.fact.statement} {quotation} {cite}"
        if len(whole) <= LONGEST_ANSWER:
            return whole
    return f"{shortened(cited.fact.statement, LONGEST_ANSWER - len(cite) - 1)} {cite}"


def suggestion_text(suggestion: Suggestion) -> str:
    """Return a suggestion's statement, shortened to be offered."""
    return shortened(suggestion.statement, LONGEST_SUGGESTION)


def release_lines(cited: CitedRelease) -> list[str]:
    """Return the lines of a release."""
    release = cited.release
    note = f" ({release.date.note})" if release.date.note else ""
    lines = [
        f"{release.title}: {release.kind} by {cited.artist}, {release.status}",
        f"  Out: {date_in_words(release.date)}{note}",
    ]
    lines += [f"  Edition: {_edition(edition)}" for edition in release.editions]
    lines += [f"  Song: {_song(song, cited.performers)}" for song in release.songs]
    lines += [f"  Where to get it: {place}" for place in release.available]
    return [*lines, f"  {citation(cited.source, release.as_of)}"]


def shortened(text: str, limit: int) -> str:
    """Cut a text between words to a length, with an ellipsis."""
    if len(text) <= limit:
        return text
    return f"{text[:limit].rpartition(' ')[0] or text[: limit - 1]}…"


def _edition(edition: Edition) -> str:
    tracks = "" if edition.tracks is None else f", {edition.tracks} tracks"
    return f"{edition.name}{tracks}{_noted(edition.note)}"


def _song(song: Song, names: Mapping[str, str]) -> str:
    performers = ", ".join(names.get(performer, performer) for performer in song.performers)
    return f"{song.title}{f', by {performers}' if performers else ''}{_noted(song.note)}"


def _ended(line: str) -> str:
    return line if line.endswith((".", "!", "?", "…")) else f"{line}."


def _noted(note: str) -> str:
    return f": {note}" if note else ""
