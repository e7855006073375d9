"""Derive the documents, names and vocabulary of packs.

A document is learned from all ways of asking for an entry: a fact's sample questions and statement,
or a quote's themes, words and context.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import chain
from typing import TYPE_CHECKING

from bot.answering.autocomplete import weigh_words
from bot.answering.features import (
    CONTENT_PREFIXES,
    NAME_PREFIX,
    compute_log_odds,
    content_features,
    query_features,
    sample_feature,
)
from bot.answering.grammar import TOLD_APART
from bot.answering.lexicon import Phrase, Phrasebook, build_phrasebook
from bot.answering.query import Query, parse_clauses
from bot.answering.ranking import Document, PhrasingMatrix, encode_document
from bot.answering.text import Spelling, find_odd_spellings, split_clauses, split_words
from bot.answering.thesaurus import expand_phrasings, load_thesaurus, lower_related
from bot.index.writer import IndexedEntry, IndexedPack
from bot.packs.models import EntityKind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from bot.answering.grammar import Grammar
    from bot.answering.lexicon import Lexicon
    from bot.answering.thesaurus import Related
    from bot.index.scope import EntryKind
    from bot.packs.models import Fact, Pack, Quote, Release, Song

MAX_PHRASINGS = 255
"""A document keeps no more phrasings, so that a number fits a byte; authors are told long
before."""
MIN_CLASSES = 10
"""A pack of fewer facts is weighed as if that many were there: with nothing beside a fact, no word
would be typical of it."""
FEW_PHRASINGS = 30
"""Up to this many phrasings, one that asks for an attribute is no accident."""
MIN_ATTRIBUTE_COUNT = 2
MIN_ATTRIBUTE_SHARE = 0.025
"""Of more, an attribute counts as answered if this many, and this share of them, ask for it: one
among many may be an author's example of something that is not known."""
NAME_IMPACT = 350
"""How strongly a name points to an entry that speaks of it but is never asked for by it."""
SAMPLE_IMPACT = 1


@dataclass(frozen=True, slots=True)
class _Draft:
    """A parsed entry, before its features are weighed against the others'."""

    id: str
    subject: str
    about: tuple[str, ...]
    phrasings: list[Query]
    """The last one is the entry's own text: it answers the attributes that it speaks of."""
    unanswered: tuple[Query, ...] = ()
    covers: tuple[str, ...] = ()
    related: frozenset[str] = frozenset()


class Indexer:
    """Derives the documents, names and vocabulary of one pack."""

    def __init__(self, pack: Pack, lexicon: Lexicon, zipf_frequencies: Mapping[str, float]) -> None:
        """Take a pack, the lexicon, and the Zipf frequencies of its language."""
        self.pack = pack
        # What is in another language is read, but no question finds it here: unless it was in this
        # one before it changed, and so has its ways of asking.
        self._facts = [f for f in pack.facts if ("fact", f.id) not in pack.untranslated]
        self._facts += pack.outdated_facts
        self._quotes = [q for q in pack.quotes if ("quote", q.id) not in pack.untranslated]
        self._quotes += pack.outdated_quotes
        self.odd_spellings = find_odd_spellings_of_names(pack)
        self.names = [
            (variant, key)
            for words, key in find_names(pack, lexicon, self.odd_spellings)
            if words
            for variant in (words, *_join_words(words))
        ]
        self._lexicon = lexicon
        # Each text is read several times: as a phrasing, as a sample, and for its vocabulary.
        self._split_clauses = cache(
            partial(split_clauses, lexicon=lexicon, kept=self.odd_spellings)
        )
        self._parse = cache(self._parse_text)
        self._zipf_frequencies = zipf_frequencies
        self._names: Phrasebook = build_phrasebook(
            (words, f"{pack.id}/{key}") for words, key in self.names
        )
        self._person = find_main(pack, EntityKind.PERSON)
        self._releases_by_song = {
            song.id: release.id for release in pack.releases for song in release.songs
        }

    def index_pack(self) -> IndexedPack:
        """Return the pack with everything that is derived from it."""
        samples, templates, words = self.samples(), self.templates(), self._completion_words()
        entries: dict[tuple[EntryKind, str], IndexedEntry] = {}
        for fact in self.facts():
            entries["fact", fact.id] = replace(
                _index_document(fact, samples[fact.id], templates[fact.id]),
                completion_words=words[fact.id],
            )
        for quote in self.quotes():
            entries["quote", quote.id] = _index_document(quote, (), ())
        return IndexedPack(self.pack, entries, tuple(self.names), self.vocabulary())

    def facts(self, facts: Iterable[Fact] | None = None) -> list[Document]:
        """Return the documents of all facts that may be served.

        Others can be given instead of the pack's own, such as the same with fewer questions.
        """
        told = self._facts if facts is None else facts
        served = [fact for fact in told if fact.withdrawn is None]
        # An author names a related fact once; it relates both.
        related: defaultdict[str, set[str]] = defaultdict(set)
        for fact in served:
            for other in fact.related:
                related[fact.id].add(other)
                related[other].add(fact.id)
        drafts = [
            _Draft(
                id=fact.id,
                subject=fact.subject,
                about=fact.about,
                covers=fact.covers,
                related=frozenset(related[fact.id]),
                phrasings=[self._parse(text) for text in (*fact.questions, fact.statement)],
                unanswered=tuple(map(self._parse, fact.unanswered)),
            )
            for fact in served
        ]
        return self._build_documents(drafts, query_features, load_thesaurus(self._lexicon.language))

    def quotes(self) -> list[Document]:
        """Return the documents of all quotations that may be served."""
        drafts = [
            _Draft(
                id=quote.id,
                subject=quote.speaker,
                about=quote.about,
                phrasings=[
                    self._parse(text) for text in (*quote.themes, _readable(quote), quote.context)
                ],
            )
            for quote in self._quotes
            if quote.withdrawn is None
        ]
        # A theme is a word or two: related words find more wrong quotes than right ones.
        return self._build_documents(drafts, content_features, {})

    def samples(self) -> dict[str, list[str]]:
        """Return the features of each fact's sample questions."""
        return {
            fact.id: [sample_feature(self._split_words(question)) for question in fact.questions]
            for fact in self._facts
        }

    def templates(self) -> dict[str, list[str]]:
        """Return the templates of each fact's sample questions, as text."""
        return {
            fact.id: [" ".join(self._parse(question).template) for question in fact.questions]
            for fact in self._facts
        }

    def _completion_words(self) -> dict[str, dict[str, int]]:
        """Return the words that find each fact while somebody types."""
        names: defaultdict[str, list[str]] = defaultdict(list)
        for words, key in self.names:
            names[key].append(" ".join(words))
        return {fact.id: weigh_words(fact.questions, names[fact.subject]) for fact in self._facts}

    def vocabulary(self) -> dict[str, int]:
        """Count the phrasings and names that use each word."""
        texts = chain(
            chain.from_iterable(
                (fact.statement, *fact.questions, *fact.unanswered) for fact in self._facts
            ),
            chain.from_iterable(
                (_readable(quote), quote.context, *quote.themes) for quote in self._quotes
            ),
        )
        uses = Counter(chain.from_iterable(set(self._split_words(text)) for text in texts))
        uses.update(word for words, _ in self.names for word in words)
        uses.update(self.odd_spellings)
        return dict(uses)

    def _split_words(self, text: str) -> Phrase:
        return tuple(word for clause in self._split_clauses(text) for word in clause.words)

    def _parse_text(self, text: str) -> Query:
        clauses = self._split_clauses(text)
        # The frequencies of just these words, as a question is read: a name that was only assumed
        # behind a plural weighs as an unknown word in both. Nothing is corrected here.
        frequencies = {
            word: self._zipf_frequencies[word]
            for clause in clauses
            for word in clause.words
            if word in self._zipf_frequencies
        }
        spelling = Spelling({}, frequencies)
        return parse_clauses(clauses, self._lexicon, spelling, self._names)

    def _build_documents(
        self,
        drafts: list[_Draft],
        extract: Callable[[Query], dict[str, float]],
        thesaurus: Mapping[str, Related],
    ) -> list[Document]:
        features = [[extract(phrasing) for phrasing in draft.phrasings] for draft in drafts]
        expanded = [expand_phrasings(phrasings, thesaurus) for phrasings in features]
        log_odds = compute_log_odds(expanded, MIN_CLASSES)
        return [
            replace(
                self._build_document(*parts),
                unanswered=_build_unanswered(map(extract, parts[0].unanswered), thesaurus),
            )
            for parts in zip(drafts, features, expanded, log_odds, strict=True)
        ]

    def _build_document(
        self,
        draft: _Draft,
        features: list[dict[str, float]],
        expanded: list[Mapping[str, float]],
        log_odds: dict[str, int],
    ) -> Document:
        subjects = {draft.subject, *draft.about}
        # Who speaks of a song speaks of its record.
        subjects |= {
            self._releases_by_song[key] for key in subjects & self._releases_by_song.keys()
        }
        # The last phrasings, not the first: the entry's own text must be among them.
        phrasings = draft.phrasings[-MAX_PHRASINGS:]
        named = {name for mention in phrasings[-1].mentions for name in mention.names}
        named |= {f"{self.pack.id}/{key}" for key in subjects}
        return Document(
            pack=self.pack.id,
            id=draft.id,
            subject=frozenset({f"{NAME_PREFIX}{self.pack.id}/{draft.subject}"}),
            names=frozenset(f"{NAME_PREFIX}{name}" for name in named),
            pronouns=self._find_pronouns(named),
            answered_attributes=(
                _count_attributes(phrasings) | phrasings[-1].attributes | {*draft.covers}
            ),
            related=draft.related,
            log_odds=lower_related(log_odds, features),
            phrasings=PhrasingMatrix.build(
                expanded[-MAX_PHRASINGS:], log_odds, features[-MAX_PHRASINGS:]
            ),
        )

    def _find_pronouns(self, named: set[str]) -> frozenset[str]:
        """Return the pronouns that may mean somebody among an entry's names.

        Of whom the pack says no pronoun, any may be said. An entry that names no person is spoken
        of as the main person is: "her band".
        """
        people = [
            entity
            for entity in self.pack.entities
            if f"{self.pack.id}/{entity.id}" in named and entity.kind is EntityKind.PERSON
        ]
        people = people or [entity for entity in self.pack.entities if entity.id == self._person]
        if not people or any(not entity.pronouns for entity in people):
            return TOLD_APART
        return frozenset(str(pronoun) for entity in people for pronoun in entity.pronouns)


def find_main(pack: Pack, kind: EntityKind) -> str:
    """Return the id of a pack's main person or band, if any.

    It is `pack.main` if that is of the kind, or else whom most facts and quotes name.
    """
    uses: Counter[str] = Counter()
    for fact in pack.facts:
        uses.update((fact.subject, *fact.about))
    uses.update(quote.speaker for quote in pack.quotes)
    own = [entity.id for entity in pack.entities if entity.kind is kind]
    if pack.main in own:
        return pack.main
    return max(own, key=uses.__getitem__, default="")


def _build_unanswered(
    questions: Iterable[Mapping[str, float]], thesaurus: Mapping[str, Related]
) -> PhrasingMatrix | None:
    """Return the matrix of the questions near a fact that nothing answers, if there are any."""
    written = [*questions][-MAX_PHRASINGS:]
    if not written:
        return None
    expanded = expand_phrasings(written, thesaurus)
    kept = {feature for features in expanded for feature in features}
    return PhrasingMatrix.build(expanded, sorted(kept), written)


def _index_document(
    document: Document, samples: Iterable[str], templates: Iterable[str]
) -> IndexedEntry:
    impacts = {
        **dict.fromkeys(document.names, NAME_IMPACT),
        **{
            feature: log_odds
            for feature, log_odds in document.log_odds.items()
            if feature.startswith(CONTENT_PREFIXES)
        },
        **dict.fromkeys(samples, SAMPLE_IMPACT),
    }
    return IndexedEntry(*encode_document(document), impacts, tuple(templates))


def _count_attributes(phrasings: list[Query]) -> frozenset[str]:
    """Return the attributes that enough phrasings ask for."""
    counts = Counter(name for phrasing in phrasings for name in phrasing.attributes)
    is_large = len(phrasings) > FEW_PHRASINGS
    enough = max(MIN_ATTRIBUTE_COUNT, MIN_ATTRIBUTE_SHARE * len(phrasings)) if is_large else 1
    return frozenset(name for name, count in counts.items() if count >= enough)


def _readable(quote: Quote) -> str:
    """Return a quote's words in the pack's language."""
    # Its own words in another language would make that language's words look like this one's.
    return quote.translation or quote.words


def find_odd_spellings_of_names(pack: Pack) -> frozenset[str]:
    """Return the spellings in a pack's names that are not to be changed: "wham!", "wooo", "÷"."""
    songs = (song for release in pack.releases for song in release.songs)
    titled: list[Release | Song] = [*pack.releases, *songs]
    names = [
        *(name for entity in pack.entities for name in (entity.name, *entity.aliases)),
        *(name for each in titled for name in (each.title, *each.aliases)),
    ]
    return frozenset(chain.from_iterable(map(find_odd_spellings, names)))


def find_names(
    pack: Pack, lexicon: Lexicon, kept: Collection[str] = frozenset()
) -> Iterator[tuple[Phrase, str]]:
    """Yield (words, id) for every name of everything in a pack."""
    split = partial(split_words, lexicon=lexicon, kept=kept)
    speakers = {quote.speaker for quote in pack.quotes}
    people = [
        split(name)
        for entity in pack.entities
        if entity.id in speakers
        for name in (entity.name, *entity.aliases)
    ]
    for entity in pack.entities:
        for name in (entity.name, *entity.aliases):
            yield split(name), entity.id
        for phrase in entity.described_as:
            for words in _vary_description(split(phrase), people, lexicon.grammar):
                yield words, entity.id
    for release in pack.releases:
        for name in (release.title, *release.aliases, *release.described_as):
            yield split(name), release.id
        for song in release.songs:
            for name in (song.title, *song.aliases):
                yield split(name), song.id


def _vary_description(words: Phrase, people: list[Phrase], grammar: Grammar) -> Iterator[Phrase]:
    """Yield a description, and "his band" with each speaker's name for "his"."""
    has_article = len(words) > 2 and words[0] in grammar.definite_articles  # noqa: PLR2004  "the show" must not be "show"
    yield words[1:] if has_article else words
    if words and words[0] in grammar.possessives:
        for name in people:
            yield (*name, *words[1:])


def _join_words(words: Phrase) -> Iterator[Phrase]:
    """Yield a name with words written as one, in haste: "bigtime rush"."""
    for at in range(len(words) - 1):
        yield (*words[:at], words[at] + words[at + 1], *words[at + 2 :])
    if len(words) > 2:  # noqa: PLR2004  of two words, the pair above is all
        yield ("".join(words),)
