"""A validated pack: frozen data without YAML, SQL or Discord."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.errors import Fault


class EntityKind(StrEnum):
    """The kind of thing that a name stands for."""

    PERSON = "person"
    BAND = "band"
    SHOW = "show"
    OUTLET = "outlet"  # a channel, shop, site, paper or label
    AWARD = "award"
    PLACE = "place"
    THING = "thing"  # anything else: an instrument, an animal, a game, a character


class DatePrecision(StrEnum):
    """The precision of a date in its source."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "unknown"  # the source gives none


class Pronoun(StrEnum):
    """A third-person pronoun, which stands for its forms too: "she" for "her"."""

    HE = "he"
    SHE = "she"
    THEY = "they"


@dataclass(frozen=True, slots=True)
class Source:
    """The source of a pack's facts; nothing where it does not say by whom, where or when."""

    title: str
    author: str
    publishers: tuple[str, ...]
    year: int | None
    year_from: str
    """How the year is known, as a phrase: "its copyright line"."""
    kind: str
    """The kind of source, as a noun: "interview"."""
    rights: str
    paragraphs: int
    url: str = ""
    """Where it can be read: an http or https address in printable ASCII, or nothing."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, band, show or other thing with a name."""

    id: str
    kind: EntityKind
    name: str
    aliases: tuple[str, ...] = ()
    """Other proper names, short forms and usual misspellings: "BTR"."""
    described_as: tuple[str, ...] = ()
    """Phrases that point at it without naming it: "his side band"."""
    pronouns: tuple[Pronoun, ...] = ()
    """The pronouns that may mean it, or none where the pack does not say."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing the source states, in our own words."""

    id: str
    subject: str
    """The id of the entity, release or song that it is about."""
    about: tuple[str, ...]
    """Ids of whatever else it speaks of."""
    statement: str
    questions: tuple[str, ...]
    """Ways in which people ask for it; the first is the one shown to them."""
    paragraphs: tuple[int, ...]
    """The paragraphs of the source that bear it, counted from 1, in order."""
    as_of: int | None
    """The year in which it was true, or None where it holds in any, or the source has none."""
    note: str = ""
    """How the source bears it, for a close reader: where a year is from, what it leaves open."""
    covers: tuple[str, ...] = ()
    """Attributes of the shared lexicon that it answers though few facts do: "age"."""
    quotes: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    withdrawn: str | None = None
    """Why it is no longer served, or None."""
    date: str = ""
    """The day on which it happened, "2013-06-11", or nothing."""
    daily: bool = True
    """Whether the daily post may draw it; answers show it either way."""
    unanswered: tuple[str, ...] = ()
    """Questions near it that nothing in the pack answers."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Spoken words, verbatim."""

    id: str
    speaker: str
    """The id of the person who spoke."""
    words: str
    context: str
    """One line in our own words: what was being talked about."""
    themes: tuple[str, ...]
    paragraphs: tuple[int, ...]
    about: tuple[str, ...] = ()
    daily: bool = True
    """Whether the daily post may draw it; `/quote` and answers show it either way."""
    withdrawn: str | None = None
    translation: str = ""
    """Its words in the pack's language, by us; nothing in the language they were spoken in."""


@dataclass(frozen=True, slots=True)
class ReleaseDate:
    """A release date, no more exact than its source."""

    text: str
    """ISO 8601 at its precision: "2013-06-11", "2013-06" or "2013"; empty if unknown."""
    precision: DatePrecision
    note: str
    """What the source does not say itself: "the year from the article's date"; may be empty."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One form of a release that is sold."""

    name: str
    tracks: int | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Song:
    """A song on a release."""

    id: str
    title: str
    performers: tuple[str, ...]
    """Ids of the people or bands who perform it."""
    aliases: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Release:
    """A record with its date, editions and songs."""

    id: str
    title: str
    artist: str
    """The id of the band or person whose it is."""
    kind: str
    """A noun of the trade: "album", "single", "EP"."""
    date: ReleaseDate
    status: str
    """Where it stood as of the source: "announced"."""
    as_of: int | None
    paragraphs: tuple[int, ...]
    aliases: tuple[str, ...] = ()
    described_as: tuple[str, ...] = ()
    editions: tuple[Edition, ...] = ()
    songs: tuple[Song, ...] = ()
    available: tuple[str, ...] = ()
    """Where to get it, each as a phrase: "Amazon (pre-order)"."""
    withdrawn: str | None = None


@dataclass(frozen=True, slots=True)
class PackTest:
    """An author's question with the fact that must answer it, or none."""

    question: str
    fact: str | None


@dataclass(frozen=True, slots=True)
class Pack:
    """All facts, quotes and releases from one source."""

    id: str
    title: str
    source: Source
    entities: tuple[Entity, ...]
    facts: tuple[Fact, ...]
    quotes: tuple[Quote, ...]
    releases: tuple[Release, ...]
    not_names: tuple[str, ...] = ()
    """Capitalised words of the source that name nothing."""
    tests: tuple[PackTest, ...] = ()
    main: str = ""
    """The id of the person or band that the source is about, or nothing to infer it."""
    language: str = "en"
    """The language of its texts."""
    translations: tuple[Pack, ...] = ()
    """The same pack in other languages."""
    translation_faults: tuple[Fault, ...] = ()
    """The faults for which parts of its translations were left out."""
    untranslated: frozenset[tuple[str, str]] = frozenset()
    """Of a translation, the kind and id of each entry that is in the original's language."""
    outdated_facts: tuple[Fact, ...] = ()
    """Of the untranslated, those translated before they changed: they are asked for as then."""
    outdated_quotes: tuple[Quote, ...] = ()
    """Quotes of the same kind."""
