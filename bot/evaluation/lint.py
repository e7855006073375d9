"""Advice on a pack: what will make its questions hard to answer, before anybody asks them."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

from bot.answering.features import CONTENT_PREFIXES, query_features
from bot.answering.indexer import Indexer
from bot.answering.lexicon import build_phrasebook
from bot.answering.query import Query, read
from bot.answering.ranking import FACTS, rank
from bot.answering.text import Spelling, clauses
from bot.evaluation.checks import Remark, unknown_attributes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.answering.lexicon import Lexicon
    from bot.answering.ranking import Document
    from bot.packs.models import Fact, Pack

FEWEST_PHRASINGS = 8
"""With fewer, most ways of asking are strange to the matcher; thirty are a good number."""
ALIKE = 0.75
"""From this cosine of their features on, two facts are asked for in much the same words."""
OFTEN = 0.02
"""An attribute that a smaller share of the sample questions happens to speak of is let be."""
PARTS = 8
"""Sample questions are held out in so many parts, each tried on what the others teach."""
ASTRAY = 2
"""So many of a fact's sample questions must reach another before it is told, ..."""
ASTRAY_SHARE = 0.05
"""... and this share of them: one in many is no pattern."""
MOST_SHOWN = 3


class Linter:
    """Looks one pack over."""

    def __init__(self, pack: Pack, lexicon: Lexicon, commonness: Mapping[str, float]) -> None:
        """Take a pack, the lexicon, and how common English words are (Zipf scale)."""
        self._pack = pack
        self._lexicon = lexicon
        self._commonness = commonness
        indexer = Indexer(pack, lexicon, commonness)
        self._book = build_phrasebook((words, f"{pack.id}/{key}") for words, key in indexer.names)
        self._documents = {document.id: document for document in indexer.facts()}
        self._facts = [
            (place, fact) for place, fact in enumerate(pack.facts) if fact.withdrawn is None
        ]

    def remarks(self) -> Iterator[Remark]:
        """Yield all advice there is, kind by kind."""
        yield from unknown_attributes([self._pack], self._lexicon)
        yield from self._nameless()
        yield from self._short_of_phrasings()
        yield from self._asking_for_more()
        yield from self._alike()
        yield from self._astray()

    def _nameless(self) -> Iterator[Remark]:
        for place, entity in enumerate(self._pack.entities):
            if " " in entity.name and not (entity.aliases or entity.described_as):
                what = f"entity '{entity.id}' goes by its full name only"
                remedy = "add aliases, or what it is called without its name (described_as)"
                yield self._remark(("entities", place), what, remedy)

    def _short_of_phrasings(self) -> Iterator[Remark]:
        for place, fact in self._facts:
            count = len(fact.questions)
            if count < FEWEST_PHRASINGS:
                what = f"fact '{fact.id}' has {count} sample question{'s' * (count > 1)}"
                remedy = f"write at least {FEWEST_PHRASINGS}, better thirty, in several voices"
                yield self._remark(("facts", place, "questions"), what, remedy)

    def _asking_for_more(self) -> Iterator[Remark]:
        for place, fact in self._facts:
            covered = self._documents[fact.id].attributes
            asking: defaultdict[str, list[int]] = defaultdict(list)
            for at, text in enumerate(fact.questions):
                for name in self._read(text).attributes - covered:
                    asking[name].append(at)
            for name, places in sorted(asking.items()):
                if len(places) < OFTEN * len(fact.questions):
                    continue
                shown = _shown([fact.questions[at] for at in places])
                what = f"fact '{fact.id}' does not cover '{name}', which it is asked for: {shown}"
                remedy = f"add 'covers: [{name}]' if it does, or reword"
                yield self._remark(("facts", place, "questions", places[0]), what, remedy)

    def _alike(self) -> Iterator[Remark]:
        places = {fact.id: place for place, fact in self._facts}
        vectors = {key: _vector(document) for key, document in self._documents.items()}
        for one, other in combinations(self._documents.values(), 2):
            if one.subject != other.subject or other.id in one.related:
                continue
            max_similarity = _cosine(vectors[one.id], vectors[other.id])
            if max_similarity >= ALIKE:
                what = f"facts '{one.id}' and '{other.id}' are asked for in the same words"
                remedy = "tell them apart in their sample questions, join or relate them"
                yield self._remark(("facts", places[one.id]), what, remedy)

    def _astray(self) -> Iterator[Remark]:
        """Yield a remark where sample questions, held out, would reach another fact."""
        reached: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
        for part in range(PARTS):
            pack = replace(self._pack, facts=tuple(_without(f, part) for f in self._pack.facts))
            documents = Indexer(pack, self._lexicon, self._commonness).facts()
            for place, fact in self._facts:
                for text in fact.questions[part::PARTS] if len(fact.questions) > 1 else ():
                    asked = self._read(text)
                    best = rank(asked, query_features(asked), documents, FACTS)[0].document
                    if best.id != fact.id and fact.id not in best.related:
                        reached[place, best.id].append(text)
        for (place, other), texts in sorted(reached.items(), key=lambda item: -len(item[1])):
            fact = self._pack.facts[place]
            if len(texts) < max(ASTRAY, ASTRAY_SHARE * len(fact.questions)):
                continue
            many = f"{len(texts)} of {len(fact.questions)} sample questions"
            shown = _shown(texts)
            what = f"fact '{fact.id}': unlisted, {many} would reach '{other}': {shown}"
            at = fact.questions.index(texts[0])
            remedy = "write more like them, or move them there"
            yield self._remark(("facts", place, "questions", at), what, remedy)

    def _read(self, text: str) -> Query:
        heard = clauses(text, self._lexicon)
        return read(heard, self._lexicon, Spelling({}, self._commonness), self._book)

    def _remark(self, steps: tuple[str | int, ...], what: str, remedy: str) -> Remark:
        return Remark(self._pack.id, steps, what, remedy)


def _shown(texts: Sequence[str]) -> str:
    return ", ".join(f"'{text}'" for text in texts[:MOST_SHOWN]) + " …" * (len(texts) > MOST_SHOWN)


def _without(fact: Fact, part: int) -> Fact:
    """Return a fact without one part of its sample questions; a lone one stays."""
    kept = tuple(text for at, text in enumerate(fact.questions) if at % PARTS != part)
    return replace(fact, questions=kept) if kept else fact


def _vector(document: Document) -> dict[str, float]:
    """Return the share of a document's phrasings that has each of its words, ideas and names."""
    postings = document.postings
    return {
        feature: size / len(postings.weights)
        for feature, size in zip(postings.features, postings.sizes, strict=True)
        if feature.startswith(CONTENT_PREFIXES)
    }


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    shared = sum(share * other[feature] for feature, share in one.items() if feature in other)
    return shared / (math.hypot(*one.values()) * math.hypot(*other.values()) or 1.0)
