"""The outcomes of a question, and the loader of their entries."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.answering.lexicon import ENGLISH
from bot.index.cache import BatchCache

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.index.reader import IndexReader
    from bot.index.scope import EntryKind
    from bot.packs.models import Fact, Quote, Release, Source

MAX_CACHED_FACTS = 512
"""How many facts are kept in memory, and as many with everything that is shown beside them."""

EntryKey = tuple[str, str]
"""A pack's id and the id of one of its entries."""


@dataclass(frozen=True, slots=True)
class CitedFact:
    """A fact with everything that is shown beside it."""

    pack: str
    fact: Fact
    source: Source
    subject: str
    """The subject's name, as shown to people."""
    quote: CitedQuote | None = None
    """The quotation that goes with it."""
    language: str = ENGLISH
    """The language of its texts."""


@dataclass(frozen=True, slots=True)
class CitedQuote:
    """A quotation with its speaker's name and its source."""

    pack: str
    quote: Quote
    speaker: str
    source: Source
    theme: str | None = None
    """The pack's own theme by which it was found, if any."""
    language: str = ENGLISH
    """The language of its context; the words are in the speaker's, with ours below them."""


@dataclass(frozen=True, slots=True)
class CitedRelease:
    """A release with its names and its source."""

    pack: str
    release: Release
    artist: str
    performers: dict[str, str]
    """The names of its songs' performers, by id."""
    source: Source
    language: str = ENGLISH
    """The language of its notes."""


@dataclass(frozen=True, slots=True)
class DatedEntry:
    """A fact or a release with its day."""

    kind: EntryKind
    pack: str
    id: str
    day: date


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question that can be answered, offered instead of an answer."""

    pack: str
    fact: str
    question: str
    statement: str
    language: str = ENGLISH
    """The language of its texts."""


@dataclass(frozen=True, slots=True)
class NearestFact:
    """The fact that comes nearest to a question."""

    fact: Suggestion
    is_answer: bool
    """Whether it answers the question."""


@dataclass(frozen=True, slots=True)
class FaultyTranslation:
    """A translation with parts that are not used."""

    language: str
    lacks: int | None
    """How many entries are in the pack's own language instead; None where all of it is."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject of a pack, with its answerable questions."""

    pack: str
    subject: str
    """The subject's id."""
    name: str
    questions: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The question has an answer."""

    answer: CitedFact
    related: tuple[Suggestion, ...] = ()
    asked_in: str = ENGLISH
    """The language of the question or, where that cannot be told, of who asks.

    Where the pack lacks it, `answer.language` is another.
    """


@dataclass(frozen=True, slots=True)
class Unsure:
    """The question may have an answer: at most three guesses at it."""

    suggestions: tuple[Suggestion, ...]
    asked_in: str = field(default=ENGLISH, compare=False)
    """The language of the question or of who asks, as in `Found`."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The question has no answer here."""

    near: str | None = None
    """The name of the subject that was asked about, if any."""
    suggestions: tuple[Suggestion, ...] = ()
    """At most three questions that are answered about that subject."""
    asked_in: str = field(default=ENGLISH, compare=False)
    """The language of the question or of who asks, as in `Found`."""
    ask_in: tuple[str, ...] = field(default=(), compare=False)
    """If questions in its language are not understood, the languages to ask it in."""


Answer = Found | Unsure | Unknown


class ResultLoader:
    """Loads entries by their ids, with names and sources for display."""

    def __init__(self, index: IndexReader, language: str = ENGLISH) -> None:
        self._index = index
        self._language = language
        self._facts = BatchCache(MAX_CACHED_FACTS, index.load_facts)
        self._found = BatchCache(MAX_CACHED_FACTS, self._load_found)

    def find_fact(self, pack: str, fact: str) -> Found | None:
        """Return a fact with its related facts, unless it is gone."""
        return self._found.get_many([(pack, fact)]).get((pack, fact))

    def suggest_facts(self, keys: Sequence[EntryKey]) -> tuple[Suggestion, ...]:
        """Return those of some facts that exist, as suggestions."""
        return tuple(
            self.make_suggestion(pack, fact) for pack, fact in self._facts.get_many(keys).values()
        )

    def make_suggestion(self, pack: str, fact: Fact) -> Suggestion:
        """Return a fact's first question as a suggestion."""
        language = self._language_of(pack, "fact", fact.id)
        return Suggestion(pack, fact.id, fact.questions[0], fact.statement, language)

    def find_quote(self, pack: str, quote: str) -> CitedQuote | None:
        """Return a quote by its id, unless it is gone or withdrawn."""
        found = self._index.load_quote(pack, quote)
        if found is None:
            return None
        header = self._index.packs[pack]
        speaker = header.names.get(found.speaker, found.speaker)
        language = self._language_of(pack, "quote", quote)
        return CitedQuote(pack, found, speaker, header.source, language=language)

    def cite_release(self, pack: str, release: Release) -> CitedRelease:
        """Return a release with its names and its source."""
        header = self._index.packs[pack]
        performers = {key for song in release.songs for key in song.performers}
        return CitedRelease(
            pack=pack,
            release=release,
            artist=header.names.get(release.artist, release.artist),
            performers={key: header.names.get(key, key) for key in sorted(performers)},
            source=header.source,
            language=self._language_of(pack, "release", release.id),
        )

    def _load_found(self, keys: Sequence[EntryKey]) -> dict[EntryKey, Found]:
        return {
            key: Found(
                CitedFact(
                    pack=pack,
                    fact=fact,
                    source=self._index.packs[pack].source,
                    subject=self._index.packs[pack].names.get(fact.subject, fact.subject),
                    quote=self.find_quote(pack, fact.quotes[0]) if fact.quotes else None,
                    language=self._language_of(pack, "fact", fact.id),
                ),
                self.suggest_facts([(pack, other) for other in fact.related]),
                asked_in=self._language,
            )
            for key, (pack, fact) in self._facts.get_many(keys).items()
        }

    def _language_of(self, pack: str, kind: EntryKind, key: str) -> str:
        """Return the language of an entry's texts."""
        untranslated = self._index.packs[pack].untranslated
        return ENGLISH if (kind, key) in untranslated else self._language
