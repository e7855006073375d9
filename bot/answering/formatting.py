"""Phrases and plain texts that the terminal and Discord share."""

from __future__ import annotations

from datetime import date as day_of
from typing import TYPE_CHECKING

from bot.answering.small_talk import SmallTalk
from bot.localization.messages import sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.answering.results import CitedFact, CitedQuote, CitedRelease, Suggestion, Unknown
    from bot.index.scope import EntryKind
    from bot.localization.phrases import Phrases
    from bot.packs.models import Edition, ReleaseDate, Song, Source

LONGEST_ANSWER = 600
"""Characters of a whole answer, with its quotation and citation."""
LONGEST_SUGGESTION = 300
LONGEST_CITATION = 240
"""Of an answer's characters: a statement has 350 at most, so it is never cut for its source."""
OLD_YEARS = 2
"""From this many years on, an answer may long be untrue."""

SMALL_TALK = {
    SmallTalk.BLANK: sentence("Your question was blank. The notes tell of {names}; you could ask:"),
    SmallTalk.MARKS: sentence("Ask me anything about {names}; for example:"),
    SmallTalk.GREETING: sentence("Hello! The notes tell of {names}. You could ask:"),
    SmallTalk.THANKS: sentence("You’re welcome! The notes tell of {names}; you could ask next:"),
    SmallTalk.FAREWELL: sentence(
        "Goodbye! Next time the notes still tell of {names}; you could ask:"
    ),
    SmallTalk.HELP: sentence(
        "You ask, I look it up in the notes and name the source. They tell of {names}; "
        "you could ask:"
    ),
    SmallTalk.CLOCK: sentence(
        "The notes have no clock and no calendar. They tell of {names}; you could ask:"
    ),
}
"""The replies to small talk; `names` are the first subjects of the notes."""

NOT_TRANSLATED = sentence("This is not translated here, so it follows in its own language.")
NOTES_NOT_TRANSLATED = sentence(
    "These notes are not translated here, so they follow in their own language."
)
"""The same of several: questions to ask, subjects, remarks on sources."""

NOT_UNDERSTOOD = sentence(
    "I don’t understand questions in this language yet. In {languages}, this one may have an "
    "answer."
)

NONE_HELD: dict[EntryKind, str] = {
    "fact": sentence("The packs here have no facts."),
    "quote": sentence("The packs here have no quotes."),
    "release": sentence("The packs here have no releases."),
}
"""The sentences that no pack has a kind of entry."""


def not_understood(say: Phrases, unknown: Unknown) -> str:
    """Say that a language is not understood, and name those that are."""
    return say(NOT_UNDERSTOOD, languages=say.either([*map(say.language, unknown.ask_in)]))


def is_foreign(say: Phrases, *languages: str) -> bool:
    """Return whether texts in some languages are not all in the reader's."""
    readers = say.tag.partition("-")[0]
    return any(language.partition("-")[0] != readers for language in languages)


def date_in_words(say: Phrases, date: ReleaseDate) -> str:
    """Write a date as exactly as it is known: "June 2013"."""
    match date.text.split("-"):
        case [""]:
            return say("the source gives no date")
        case [year, month, day]:
            return say.day(day_of(int(year), int(month), int(day)))
        case [year, month]:
            return say.month(day_of(int(year), int(month), 1))
        case _:
            return date.text


def citation(say: Phrases, source: Source, as_of: int | None = None) -> str:
    """Cite a source: "As of 2013. Brittany Frederick, interview, BFTV, 2013."."""
    since = f"{say('As of {year}.', year=as_of)} " if as_of is not None else ""
    told = [source.author or f"{source.title[:1].upper()}{source.title[1:]}"]
    # Most titles begin with it: "an interview with …" needs no "interview" behind it.
    if source.author or source.kind.casefold() not in source.title.casefold():
        told.append(source.kind)
    told += ["/".join(source.publishers)] if source.publishers else []
    told += [str(source.year)] if source.year else []
    return f"{since}{', '.join(told)}."


def is_old_news(as_of: int | None, year: int) -> bool:
    """Return whether a year must be said first."""
    return as_of is not None and year - as_of >= OLD_YEARS


def count_tracks(say: Phrases, number: int) -> str:
    """Count the tracks of an edition."""
    return say.plural("{number} track", "{number} tracks", number)


def own_translation(say: Phrases, words: str) -> str:
    """Return the line with our translation of spoken words, if any."""
    return say("In our translation: “{words}”", words=words) if words else ""


def quoted(cited: CitedQuote) -> list[str]:
    """Return a quotation and its context, a line each."""
    words = f"“{cited.quote.words}” — {cited.speaker}"
    return [words, cited.quote.context] if cited.quote.context else [words]


def answer_text(say: Phrases, cited: CitedFact) -> str:
    """Return an answer as one paragraph: fact, quotation and source.

    A quotation never stands without its context: where there is no room for both, both are left
    out.
    """
    cite = shortened(citation(say, cited.source, cited.fact.as_of), LONGEST_CITATION)
    if cited.quote is not None:
        quotation = " ".join(map(_ended, quoted(cited.quote)))
        whole = f"{cited.fact.statement} {quotation} {cite}"
        if len(whole) <= LONGEST_ANSWER:
            return whole
    return f"{shortened(cited.fact.statement, LONGEST_ANSWER - len(cite) - 1)} {cite}"


def suggestion_text(suggestion: Suggestion) -> str:
    """Return a suggestion's statement, shortened to be offered."""
    return shortened(suggestion.statement, LONGEST_SUGGESTION)


def release_lines(say: Phrases, cited: CitedRelease) -> list[str]:
    """Return the lines of a release."""
    release = cited.release
    note = f" ({release.date.note})" if release.date.note else ""
    lines = [
        say(
            "{title}: {kind} by {artist}, {status}",
            title=release.title,
            kind=release.kind,
            artist=cited.artist,
            status=release.status,
        ),
        f"  {say('Out: {date}', date=date_in_words(say, release.date))}{note}",
    ]
    lines += [
        f"  {say('Edition: {edition}', edition=_edition(say, edition))}"
        for edition in release.editions
    ]
    lines += [
        f"  {say('Song: {song}', song=_song(say, song, cited.performers))}"
        for song in release.songs
    ]
    lines += [f"  {say('Where to get it: {place}', place=place)}" for place in release.available]
    return [*lines, f"  {citation(say, cited.source, release.as_of)}"]


def shortened(text: str, limit: int) -> str:
    """Cut a text between words to a length, with an ellipsis."""
    if len(text) <= limit:
        return text
    return f"{text[:limit].rpartition(' ')[0] or text[: limit - 1]}…"


def _edition(say: Phrases, edition: Edition) -> str:
    tracks = "" if edition.tracks is None else f", {count_tracks(say, edition.tracks)}"
    return f"{edition.name}{tracks}{_noted(edition.note)}"


def _song(say: Phrases, song: Song, names: Mapping[str, str]) -> str:
    performers = ", ".join(names.get(performer, performer) for performer in song.performers)
    by = say("{song}, by {performers}", song=song.title, performers=performers)
    return f"{by if performers else song.title}{_noted(song.note)}"


def _ended(line: str) -> str:
    return line if line.endswith((".", "!", "?", "…")) else f"{line}."


def _noted(note: str) -> str:
    return f": {note}" if note else ""
