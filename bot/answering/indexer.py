"""Packs in, documents out: what the store keeps so that the matcher can answer."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain
from typing import TYPE_CHECKING

from bot.answering.features import (
    compute_log_odds,
    content_features,
    query_features,
    sample_feature,
)
from bot.answering.lexicon import Phrase, Phrasebook, build_phrasebook
from bot.answering.query import Query, parse_clauses
from bot.answering.ranking import Document, PhrasingMatrix
from bot.answering.text import Spelling, split_clauses, split_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bot.answering.lexicon import Lexicon
    from bot.packs.models import Entity, Pack

MOST_PHRASINGS = 255
"""A document keeps no more phrasings than this, so that a number fits a byte; an author is told
long before."""
POSSESSIVES = frozenset({"his", "her", "their"})
FEWEST = 10
"""A pack of fewer facts is weighed as if so many stood there, the others asked for otherwise:
with nothing beside a fact, no word would be typical of it."""
SPOKEN_OF = 2
SPOKEN_SHARE = 0.025
"""An attribute counts as answered when so many of the sample questions ask for it, and this share,
or when the fact says so itself: one among many may be an author's example of what is not known."""


def names_of(pack: Pack, lexicon: Lexicon) -> Iterator[tuple[Phrase, str]]:
    """Yield (words, id) for every name of everything in a pack."""
    speakers = {quote.speaker for quote in pack.quotes}
    people = [entity for entity in pack.entities if entity.id in speakers]
    for entity in pack.entities:
        for name in (entity.name, *entity.aliases):
            yield split_words(name, lexicon), entity.id
        for phrase in entity.described_as:
            for words in _described(split_words(phrase, lexicon), people, lexicon):
                yield words, entity.id
    for release in pack.releases:
        for name in (release.title, *release.aliases, *release.described_as):
            yield split_words(name, lexicon), release.id
        for song in release.songs:
            for name in (song.title, *song.aliases):
                yield split_words(name, lexicon), song.id


class Indexer:
    """Turns a pack's facts and quotations into documents."""

    def __init__(self, pack: Pack, lexicon: Lexicon, commonness: Mapping[str, float]) -> None:
        """Take a pack, the lexicon, and how common English words are (Zipf scale)."""
        self.pack = pack
        self.names = [
            (written, key)
            for words, key in names_of(pack, lexicon)
            if words
            for written in (words, *_run_together(words))
        ]
        self._lexicon = lexicon
        # Each text is read several times over: as a phrasing, a sample, and for its vocabulary.
        self._clauses = cache(partial(split_clauses, lexicon=lexicon))
        self._commonness = commonness
        self._book: Phrasebook = build_phrasebook(
            (words, f"{pack.id}/{key}") for words, key in self.names
        )
        self._release_of = {
            song.id: release.id for release in pack.releases for song in release.songs
        }

    def facts(self) -> list[Document]:
        """Return a document for every fact that may be served."""
        served = [fact for fact in self.pack.facts if fact.withdrawn is None]
        related: defaultdict[str, set[str]] = defaultdict(set)
        for fact in served:
            for other in fact.related:
                related[fact.id].add(other)
                related[other].add(fact.id)
        return self._documents(
            [
                _Sheet(
                    id=fact.id,
                    subject=fact.subject,
                    about=fact.about,
                    covers=fact.covers,
                    related=frozenset(related[fact.id]),
                    phrasings=[self._read(text) for text in (*fact.questions, fact.statement)],
                )
                for fact in served
            ],
            query_features,
        )

    def quotes(self) -> list[Document]:
        """Return a document for every quotation that may be served."""
        return self._documents(
            [
                _Sheet(
                    id=quote.id,
                    subject=quote.speaker,
                    about=quote.about,
                    phrasings=[
                        self._read(text) for text in (*quote.themes, quote.words, quote.context)
                    ],
                )
                for quote in self.pack.quotes
                if quote.withdrawn is None
            ],
            content_features,
        )

    def samples(self) -> dict[str, list[str]]:
        """Return the features of each fact's sample questions, by the fact's id."""
        return {
            fact.id: [sample_feature(self._words(question)) for question in fact.questions]
            for fact in self.pack.facts
        }

    def vocabulary(self) -> dict[str, int]:
        """Return every word of the pack, and in how many phrasings and names it is used."""
        texts = chain(
            chain.from_iterable((fact.statement, *fact.questions) for fact in self.pack.facts),
            chain.from_iterable(
                (quote.words, quote.context, *quote.themes) for quote in self.pack.quotes
            ),
        )
        uses = Counter(chain.from_iterable(set(self._words(text)) for text in texts))
        uses.update(word for words, _ in self.names for word in words)
        return dict(uses)

    def _words(self, text: str) -> Phrase:
        return tuple(word for clause in self._clauses(text) for word in clause.words)

    def _read(self, text: str) -> Query:
        heard = self._clauses(text)
        known = {
            word: common
            for clause in heard
            for word in clause.words
            if (common := self._commonness.get(word)) is not None
        }
        return parse_clauses(heard, self._lexicon, Spelling({}, known), self._book)

    def _documents(
        self, sheets: list[_Sheet], says: Callable[[Query], dict[str, float]]
    ) -> list[Document]:
        told = [[says(phrasing) for phrasing in sheet.phrasings] for sheet in sheets]
        return [
            self._document(sheet, phrasings, log_odds)
            for sheet, phrasings, log_odds in zip(
                sheets, told, compute_log_odds(told, FEWEST), strict=True
            )
        ]

    def _document(
        self, sheet: _Sheet, told: list[dict[str, float]], log_odds: dict[str, int]
    ) -> Document:
        spoken_of = {sheet.subject, *sheet.about}
        spoken_of |= {self._release_of[name] for name in spoken_of if name in self._release_of}
        phrasings = sheet.phrasings[-MOST_PHRASINGS:]
        return Document(
            pack=self.pack.id,
            id=sheet.id,
            subject=frozenset({f"n:{self.pack.id}/{sheet.subject}"}),
            names=frozenset(f"n:{self.pack.id}/{name}" for name in spoken_of) | _named(sheet),
            answered_attributes=_attributes(phrasings) | {*sheet.covers, *phrasings[-1].attributes},
            related=sheet.related,
            log_odds=log_odds,
            phrasings=PhrasingMatrix.build(told[-MOST_PHRASINGS:], log_odds),
        )


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What a document is made from."""

    id: str
    subject: str
    about: tuple[str, ...]
    phrasings: list[Query]
    """The last of them is the fact's own statement: what it speaks of, it answers."""
    covers: tuple[str, ...] = ()
    related: frozenset[str] = frozenset()


def _named(sheet: _Sheet) -> frozenset[str]:
    """Return what the statement names, whether or not its author listed it under `about`."""
    mentions = sheet.phrasings[-1].mentions
    return frozenset(f"n:{name}" for mention in mentions for name in mention.names)


def _run_together(words: Phrase) -> Iterator[Phrase]:
    """Yield a name as it is written in haste, two of its words, or all, as one: "bigtime rush"."""
    for at in range(len(words) - 1):
        yield (*words[:at], words[at] + words[at + 1], *words[at + 2 :])
    if len(words) > 2:  # noqa: PLR2004  of two words, the pair above is all
        yield ("".join(words),)


def _described(words: Phrase, people: list[Entity], lexicon: Lexicon) -> Iterator[Phrase]:
    """Yield a description and, for "his band", the same with each speaker's name for "his"."""
    longer = len(words) > 2  # noqa: PLR2004  "the show" alone would be "show"
    yield words[1:] if longer and words[0] == "the" else words
    if words[0] in POSSESSIVES:
        for person in people:
            for name in (person.name, *person.aliases):
                yield (*split_words(name, lexicon), *words[1:])


def _attributes(phrasings: list[Query]) -> frozenset[str]:
    """Return the attributes that enough phrasings ask for."""
    asked = Counter(name for phrasing in phrasings for name in phrasing.attributes)
    enough = max(SPOKEN_OF, SPOKEN_SHARE * len(phrasings))
    return frozenset(name for name, count in asked.items() if count >= enough)
