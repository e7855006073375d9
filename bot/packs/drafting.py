"""Draft a pack from its source's text.

A draft finds what an author would hunt for by hand: names and where they stand, sentences that can
be quoted and by whom they were spoken, dates, numbers and titles to write facts about. What it
guesses bears a mark, which `facts check` tells until its author has removed it; what it cannot know
it leaves empty.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.packs.audit import MAX_QUOTED_SHARE
from bot.packs.draft_names import (
    add_speakers,
    correct_kind,
    explain_leftovers,
    find_interviewers,
    find_mentioned,
    find_opening_bands,
    give_ids,
    guess_main,
    new_id,
    sentence_spans,
)
from bot.packs.draft_quotes import draft_quotes
from bot.packs.imprint import guess_source, is_imprint
from bot.packs.models import EntityKind
from bot.packs.name_finding import RELEASE, SONG, find_names
from bot.packs.prose import count_words
from bot.packs.source_text import SourceText, has_unmarked_questions
from bot.packs.written_figures import DATE, FULL_DATE, read_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.packs.draft_names import NamedThing
    from bot.packs.draft_quotes import QuoteStub
    from bot.packs.imprint import SourceGuess

MAX_FACTS = 60

# "Vid recorded ...", "the song that Ona sings": not whoever else the sentence names.
_PERFORMS = re.compile(
    r"\b(?:sings?|sang|sung|plays?|played|performs?|performed|did|does|do|cut)\b|"
    r"^\S+(?: \S+)?'s "
)
_OUT = re.compile(
    r"\b(?:came out|was released|were released|has been out|(?<!be )(?<!is )released (?:in|on)|"
    r"(?:has )?sold)\b"
)
_COMING = re.compile(
    r"\b(?:due|arrives|arriving|will|comes? out|out on|hits|pre-order\w*|upcoming)\b"
)
_KINDS = re.compile(
    r"\b(?:ep|single|mixtape|compilation|soundtrack|album|cassette)\b", re.IGNORECASE
)
_NUMBER_WORDS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|"
    "seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|"
    "thousand|million|dozen|half|twice"
)
_ORDINALS = "second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
# The thing that was counted: "nine songs", not "nine of".
_COUNTED = (
    r"[ -](?!(?:is|was|are|were|has|had|on|of|and|or|but|the|to|in|at|for|from|with|by|that|"
    r"who|which|as|than|there|because|more|after|before|every|each|a|an|it|we|i|when|while|if|so|up|out|they|you|he|she)\b)[a-z]+"
)
_FIGURE = re.compile(
    rf"{DATE}(?:,? (?:19|20)\d\d)?|"
    rf"[$\u00a3\u20ac]?\b\d(?:[\d,.:/]*\d)?(?:%|st|nd|rd|th)?(?:{_COUNTED})?|"
    rf"\b(?i:{_NUMBER_WORDS})\b(?:[ -](?:and )?(?i:{_NUMBER_WORDS})\b)*(?:{_COUNTED})?|"
    rf"\b(?:{_ORDINALS}){_COUNTED}"
)


# Of a place or a thing little is told but that somebody was there, or had it.
_ACTING = frozenset({EntityKind.PERSON, EntityKind.BAND, EntityKind.SHOW, RELEASE, SONG})


@dataclass(frozen=True, slots=True)
class FactStub:
    """A fact that is still to be written."""

    id: str
    subject: str
    about: tuple[str, ...]
    paragraph: int
    hints: tuple[str, ...]
    """What the paragraph holds: "October 4", "nine songs"."""


@dataclass(frozen=True, slots=True)
class ReleaseGuess:
    """A record that the text seems to speak of."""

    thing: NamedThing
    kind: str
    date: str
    date_note: str
    status: str


@dataclass(frozen=True, slots=True)
class SongGuess:
    """A song that the text seems to speak of, with its record."""

    thing: NamedThing
    release: str
    performers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A pack that is begun."""

    id: str
    source_words: int
    quotable_words: int
    """The number of words that all its quotes may have."""
    source: SourceGuess
    main: NamedThing | None
    artist: NamedThing | None
    """The band that the text begins with, or else whomever it is about."""
    entities: tuple[NamedThing, ...]
    releases: tuple[ReleaseGuess, ...]
    songs: tuple[SongGuess, ...]
    not_names: tuple[str, ...]
    has_unmarked_questions: bool
    """Whether the text looks like a transcript that has lost its bold type and labels."""
    quotes: tuple[QuoteStub, ...]
    facts: tuple[FactStub, ...]

    @property
    def quoted_words(self) -> int:
        """The number of words in its quotes."""
        return sum(count_words(stub.quote.words) for stub in self.quotes)


def draft_pack(pack_id: str, source_text: str, zipf_frequencies: Mapping[str, float]) -> Draft:
    """Draft a pack from a source's text and English word frequencies."""
    source = SourceText.read(source_text)
    names = add_speakers(source, find_names(source, zipf_frequencies))
    guess = guess_source(source_text, source, names)
    things = give_ids(correct_kind(name, guess) for name in names)
    not_names, things = explain_leftovers(source, things)
    entities = [thing for thing in things if thing.found.kind not in {RELEASE, SONG}]
    main = guess_main(entities, source)
    records = [thing for thing in things if thing.found.kind == RELEASE]
    songs = [thing for thing in things if thing.found.kind == SONG]
    if not records:  # a song belongs to a record, so each is taken for one of its own
        records, songs = songs, []
    source_words = sum(map(count_words, source.paragraphs))
    quotable_words = int(source_words * MAX_QUOTED_SHARE)
    return Draft(
        id=pack_id,
        source_words=source_words,
        quotable_words=quotable_words,
        source=guess,
        main=main,
        artist=next(iter(find_opening_bands(entities, source)), main),
        entities=tuple(sorted(entities, key=lambda thing: thing != main)),
        releases=tuple(_guess_release(thing, source, guess) for thing in records),
        songs=tuple(_guess_song(thing, source, things) for thing in songs),
        not_names=not_names,
        has_unmarked_questions=has_unmarked_questions(source),
        quotes=draft_quotes(source_text, entities, main, quotable_words),
        facts=tuple(_draft_facts(source, things, main)),
    )


def _guess_release(thing: NamedThing, source: SourceText, guess: SourceGuess) -> ReleaseGuess:
    sentences = [
        source.paragraphs[mention.paragraph - 1][start:end]
        for mention in thing.found.mentions
        for start, end in sentence_spans(source.paragraphs[mention.paragraph - 1])
        if start <= mention.start < end
    ]
    told = " ".join(sentences)
    kind = _KINDS.search(told)
    other_kind = "single" if thing.found.kind == SONG else "album"
    found = FULL_DATE.search(told)
    date, is_year_told = read_date(found, guess.year) if found else ("", True)
    note = "" if is_year_told or not date else f"the year is from {guess.year_from}"
    is_coming = bool(_COMING.search(told)) and not _OUT.search(told)
    if date and guess.year and int(date[:4]) < guess.year:
        is_coming = False
    status = "announced" if is_coming else "released"
    return ReleaseGuess(thing, kind[0].lower() if kind else other_kind, date, note, status)


def _guess_song(thing: NamedThing, source: SourceText, things: Sequence[NamedThing]) -> SongGuess:
    place = thing.found.mentions[0]
    before = [
        (mention.paragraph, mention.start, other)
        for other in things
        for mention in other.found.mentions
        if (mention.paragraph, mention.start) < (place.paragraph, place.start)
    ]
    records = [each for each in before if each[2].found.kind == RELEASE]
    every = [thing.id for thing in things if thing.found.kind == RELEASE]
    release = max(records, key=lambda each: each[:2])[2].id if records else next(iter(every), "")
    spans = sentence_spans(source.paragraphs[place.paragraph - 1])
    start = next(start for start, end in spans if start <= place.start < end)
    text = source.paragraphs[place.paragraph - 1]
    performers = (
        other.id
        for paragraph, at, other in before
        if paragraph == place.paragraph
        and at >= start
        and other.found.kind == EntityKind.PERSON
        and _PERFORMS.search(text[at : place.start])
    )
    return SongGuess(thing, release, tuple(dict.fromkeys(performers)))


def _find_opening(text: str, start: int, here: Sequence[NamedThing]) -> NamedThing | None:
    """Return the thing whose name opens a sentence."""
    words = text[start:].lstrip("\"'([ ").removeprefix("The ")
    return next(
        (
            thing
            for thing in here
            for name in (thing.found.name, *thing.aliases)
            if re.match(rf"{re.escape(name.removeprefix('The '))}\b", words)
        ),
        None,
    )


def _draft_facts(
    source: SourceText, things: Sequence[NamedThing], main: NamedThing | None
) -> Iterator[FactStub]:
    """Yield a fact to write for each telling sentence or paragraph."""
    asking = find_interviewers(source)
    taken: set[str] = set()
    introduced: set[str] = set()
    count = 0
    for number, paragraph in enumerate(source.paragraphs, start=1):
        if source.speakers[number - 1] in asking or is_imprint(paragraph):
            continue
        stubs: list[FactStub] = []
        before: NamedThing | None = None
        for start, end in sentence_spans(paragraph):
            here = find_mentioned(things, number, start, end)
            new = [thing for thing in here if thing.id not in introduced]
            introduced |= {thing.id for thing in here}
            in_names = [
                (mention.start, mention.end)
                for thing in here
                for mention in thing.found.mentions
                if mention.paragraph == number
            ]
            hints = [
                found[0].rstrip(".")
                for found in _FIGURE.finditer(paragraph, start, end)
                if not any(first <= found.start() < last for first, last in in_names)
            ]
            hints += [
                thing.found.name for thing in new if not any(thing.found.name in h for h in hints)
            ]
            opening = _find_opening(paragraph, start, here)
            acting = [thing for thing in here if thing.found.kind in _ACTING]
            subject = opening or next(iter(acting), before or main or next(iter(here), None))
            before = subject
            if hints and subject:
                about = tuple(thing.id for thing in here if thing.id != subject.id)[:3]
                name = f"{subject.id}-{hints[0]}" if hints[0] != subject.found.name else subject.id
                stubs.append(FactStub(new_id(name, taken), subject.id, about, number, tuple(hints)))
        if not stubs and main:
            stubs.append(FactStub(new_id(f"paragraph-{number}", taken), main.id, (), number, ()))
        for stub in stubs:
            count += 1
            if count <= MAX_FACTS:
                yield stub
