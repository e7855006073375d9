"""The file of a draft: a pack with marks at its guesses."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from bot.errors import Fault
from bot.packs.entries import format_paragraphs
from bot.packs.files import read_text
from bot.packs.models import EntityKind
from bot.packs.prose import count_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from bot.packs.draft_names import NamedThing
    from bot.packs.draft_quotes import QuoteStub
    from bot.packs.drafting import Draft, FactStub, ReleaseGuess, SongGuess
    from bot.packs.imprint import SourceGuess

MARK = "# confirm: "
"""Begins the line above whatever is guessed."""
_MARKED = re.compile(r"^\s*# confirm: (?P<what>.+)$")
_QUOTED_NOTHING = "''"
_KINDS = {
    EntityKind.PERSON: "a person",
    EntityKind.BAND: "a band",
    EntityKind.SHOW: "a show",
    EntityKind.OUTLET: "an outlet",
    EntityKind.AWARD: "an award",
    EntityKind.PLACE: "a place",
    EntityKind.THING: "a thing",
    "": "a name, and the text does not tell of what",
}


def find_marks(path: Path) -> tuple[Fault, ...]:
    """Return a fault for each unconfirmed guess in a pack's file."""
    return tuple(
        Fault(
            path,
            number,
            f"still to confirm: {marked['what'].strip()}",
            "correct what is wrong below it, then delete this line",
        )
        for number, line in enumerate(read_text(path).splitlines(), start=1)
        if (marked := _MARKED.match(line))
    )


def render_draft(draft: Draft) -> str:
    """Return a draft as a pack's file."""
    return "\n".join(_lines(draft)) + "\n"


def _lines(draft: Draft) -> Iterator[str]:
    name = draft.main.found.name if draft.main else ""
    year = draft.source.year
    yield "# A draft. What is guessed has a line '# confirm: ...' above it, and what the text does"
    yield "# not tell is empty: 'linernotes facts check' lists both. The guide explains each key."
    yield f"pack: {json.dumps(draft.id)}"
    yield f"title: {_text(f'{name}, {year}' if name and year else name)}".rstrip()
    yield ""
    yield from _source_lines(draft.source, name)
    if draft.main:
        yield ""
        yield f"{MARK}the source is taken to be about {name}"
        yield f"main: {draft.main.id}"
    yield ""
    yield "# Records and songs belong under 'releases'. What nobody would ask about is deleted here"
    yield "# and listed in 'not_names'."
    yield "entities:"
    for thing in draft.entities:
        yield from _entity_lines(thing)
    if draft.not_names:
        yield ""
        yield f"{MARK}these are taken for words that have capitals and name nothing"
        yield f"not_names: {_flow(draft.not_names)}"
    if draft.releases:
        yield ""
        yield "releases:"
    for release in draft.releases:
        songs = [song for song in draft.songs if song.release == release.thing.id]
        yield from _release_lines(release, songs, draft.artist.id if draft.artist else "")
    yield ""
    as_of = f"'as_of: {year}'" if year else "'as_of:' and its year"
    yield f"# A fact that may have changed since (an age, a plan, a line-up) gets {as_of}, and its"
    yield "# answer begins with that year. What is true in any year gets none."
    yield "as_of_every_fact: false"
    yield ""
    yield "# Write each in your own words, and ask for it in as many ways as people would. Delete"
    yield "# those that nobody would ask for, and add what is missing."
    yield "facts:"
    for fact in draft.facts:
        yield from _fact_lines(fact)
    if draft.quotes:
        left = draft.quotable_words - draft.quoted_words
        yield ""
        yield f"# These have {draft.quoted_words} words. All other quotes together may have {left}."
        yield "quotes:"
    for stub in draft.quotes:
        yield from _quote_lines(stub)


def _source_lines(guess: SourceGuess, name: str) -> Iterator[str]:
    holder = guess.author or guess.publisher
    year = f"{guess.year} " if guess.year else ""
    reserved = "all rights reserved; quoted briefly, for reference"
    rights = f"\u00a9 {year}{holder or 'its author'}, {reserved}"
    title = f"an interview with {name}" if guess.kind == "interview" else f"an article about {name}"
    yield "source:"
    yield f"  {MARK}title, author, publishers, year, kind and rights are guessed from the text"
    yield f"  title: {_text(title) if name else ''}".rstrip()
    if not (guess.author and guess.publisher and guess.year):
        yield "  # Of author, publishers and year, what the text does not tell may stay empty."
    yield f"  author: {_text(guess.author)}".rstrip()
    yield f"  publishers: {_flow([guess.publisher] if guess.publisher else [])}"
    yield f"  year: {guess.year or ''}".rstrip()
    yield f"  year_from: {_text(guess.year_from)}".rstrip()
    yield f"  kind: {_text(guess.kind)}"
    yield f"  rights: {_text(rights)}"
    yield f"  paragraphs: {guess.paragraphs}"
    yield "  # url: its page's address, if it has one; write it without the '#'"


def _entity_lines(thing: NamedThing) -> Iterator[str]:
    found = thing.found
    where = format_paragraphs(found.paragraphs)
    taken = f"{found.name} ({where}) is taken for {_KINDS[found.kind]}"
    if found.pronouns:
        taken = f"{taken}, and for '{found.pronouns[0]}'"
    yield f"  {MARK}{taken}"
    yield f"  - id: {thing.id}"
    yield f"    kind: {found.kind}".rstrip()
    yield f"    name: {_text(found.name)}"
    if thing.aliases:
        yield f"    aliases: {_flow(thing.aliases)}"
    if found.pronouns:
        yield f"    pronouns: {_flow(found.pronouns)}"


def _release_lines(release: ReleaseGuess, songs: Sequence[SongGuess], artist: str) -> Iterator[str]:
    thing = release.thing
    where = format_paragraphs(thing.found.paragraphs)
    yield f"  {MARK}{thing.found.name} ({where}) is taken for a record"
    yield f"  - id: {thing.id}"
    yield f"    title: {_text(thing.found.name)}"
    if thing.aliases:
        yield f"    aliases: {_flow(thing.aliases)}"
    yield f"    artist: {artist}".rstrip()
    yield f"    kind: {release.kind}"
    if release.date:
        yield f"    date: {release.date}"
        yield f"    date_note: {_text(release.date_note) or _QUOTED_NOTHING}"
    else:
        yield "    # date: as exactly as the text says, with a date_note; or leave both out"
    yield f"    status: {release.status}"
    yield f"    paragraph: {thing.found.paragraphs[0]}"
    if songs:
        yield f"    {MARK}these are taken for songs on this record"
        yield "    songs:"
    for song in songs:
        yield f"      - id: {song.thing.id}"
        yield f"        title: {_text(song.thing.found.name)}"
        yield f"        performers: {_flow([*song.performers] or [artist])}"


def _fact_lines(fact: FactStub) -> Iterator[str]:
    hints = f": {'; '.join(fact.hints)}" if fact.hints else ""
    yield f"  # paragraph {fact.paragraph}{hints}"
    yield f"  - id: {fact.id}"
    yield f"    subject: {fact.subject}"
    if fact.about:
        yield f"    about: {_flow(fact.about)}"
    yield "    statement:"
    yield "    questions:"
    yield "      -"
    yield f"    paragraph: {fact.paragraph}"


def _quote_lines(stub: QuoteStub) -> Iterator[str]:
    quote = stub.quote
    if not stub.is_speaker_told:
        yield f"  {MARK}the text does not tell plainly who said this"
    yield f"  - id: {quote.id}"
    yield f"    speaker: {quote.speaker}".rstrip()
    words = json.dumps(quote.words, ensure_ascii=False)
    yield f"    words: {words}  # {count_words(quote.words)} words"
    yield "    context:"
    yield "    themes: []"
    yield f"    paragraph: {quote.paragraphs[0]}"


_PLAIN = re.compile(r"[A-Za-z\u00a9][\w '.-]*")
_NO_TEXT = frozenset({"null", "true", "false", "yes", "no", "on", "off"})


def _text(value: str) -> str:
    """Return a text as YAML reads it back."""
    is_plain = bool(_PLAIN.fullmatch(value)) and value.casefold() not in _NO_TEXT
    return value if is_plain or not value else json.dumps(value, ensure_ascii=False)


def _flow(values: Iterable[str]) -> str:
    return f"[{', '.join(map(_text, values))}]"
