"""What a question asks, as structure: its kind, the names in it, its ideas and attributes."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.answering.lexicon import longest_match
from bot.answering.question_types import asking, kinds
from bot.answering.text import Clause

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.answering.lexicon import Lexicon, Phrasebook
    from bot.answering.text import Spelling

ASIDE = 0.35
"""The weight of a word outside the clauses that ask, when some clause does ask."""
TURN = 0.3
"""The weight of a small word, or of two words side by side."""
THIRD_PERSONS = frozenset(
    {"he", "him", "his", "himself", "she", "her", "hers", "they", "them", "their", "theirs"}
)
SECOND_PERSONS = frozenset({"you", "your", "yours", "yourself"})
ASKERS = frozenset({"my", "our"})


@dataclass(frozen=True, slots=True)
class Term:
    """One informative word or phrase."""

    forms: frozenset[str]
    """The stems it may be recognised by: of the phrase and of each word in it."""
    concepts: frozenset[str]
    """Ideas of the lexicon that it may stand for."""
    weight: float
    """How much it tells, from 0 to 1, by how rare it is in English and where it stands."""
    text: str
    """As it was read, for explanations."""
    is_context: bool = False
    """Whether it stands outside the clauses that ask."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in the question, and what it may be the name of."""

    names: frozenset[str]
    """Keys, "pack/id", of the entities, releases or songs that go by this name."""
    weight: float
    text: str
    is_context: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A question, read."""

    terms: tuple[Term, ...]
    mentions: tuple[Mention, ...]
    kinds: frozenset[str]
    attributes: frozenset[str]
    has_third_person: bool = False
    """Whether it speaks of a third person or party: "he", "their"."""
    has_second_person: bool = False
    """Whether it speaks to somebody: "you", "your"."""
    ngrams: Mapping[str, float] = field(default_factory=dict)
    """Its turns of phrase, each with its weight: the small words ("u:he") and every two words that
    stand side by side, with the clause's ends and a name as "@" ("p:^ who", "p:is @")."""

    @property
    def has_subject(self) -> bool:
        """Tell whether it names, or at least points at, somebody or something."""
        return self.has_third_person or bool(self.mentions)

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing in it tells anything."""
        return not (self.terms or self.mentions)


def read(
    clauses: tuple[Clause, ...], lexicon: Lexicon, spelling: Spelling, names: Phrasebook
) -> Query:
    """Read a question's clauses; `names` holds the names that any of its words may begin."""
    corrected = [_corrected(clause, lexicon, spelling, names) for clause in clauses]
    asks = asking(corrected)
    terms: dict[frozenset[str], Term] = {}
    mentions: dict[frozenset[str], Mention] = {}
    asked_for: set[str] = set()
    attributes: set[str] = set()
    ngrams: dict[str, float] = {}
    for clause, is_asking in zip(corrected, asks, strict=True):
        share = 1.0 if is_asking or not any(asks) else ASIDE
        reader = _Reader(clause.words, lexicon, spelling, names, share)
        for term in reader.terms:
            known = terms.get(term.forms)
            terms[term.forms] = term if known is None or known.weight < term.weight else known
        for mention in reader.mentions:
            named = mentions.get(mention.names)
            if named is None or named.weight < mention.weight:
                mentions[mention.names] = mention
        weight = share * TURN
        for turn in _turns(reader.shape, reader.stems, lexicon):
            ngrams[turn] = max(ngrams[turn], weight) if turn in ngrams else weight
        if share == 1.0:
            asked_for.update(kinds(clause.words, lexicon))
            attributes.update(_attributes(reader.shape, lexicon))
    return Query(
        terms=tuple(terms.values()),
        mentions=tuple(mentions.values()),
        kinds=frozenset(asked_for),
        attributes=frozenset(attributes),
        has_third_person=any(not THIRD_PERSONS.isdisjoint(clause.words) for clause in corrected),
        has_second_person=any(not SECOND_PERSONS.isdisjoint(clause.words) for clause in corrected),
        ngrams=ngrams,
    )


class _Reader:
    """Reads one clause from left to right: names first, then phrases, then single words."""

    def __init__(
        self,
        words: tuple[str, ...],
        lexicon: Lexicon,
        spelling: Spelling,
        names: Phrasebook,
        share: float,
    ) -> None:
        self.terms: list[Term] = []
        self.mentions: list[Mention] = []
        self.shape: list[str] = []
        """The clause's words, each name a single "@"."""
        self.stems: list[str] = []
        """The stems of the shape."""
        self._lexicon = lexicon
        self._commonness = spelling.commonness
        self._words = words
        self._stems = tuple(map(lexicon.stem, words))
        at = 0
        while at < len(words):
            length, found = longest_match(names, words, at) if words[at] in names else (0, None)
            if found:
                text = " ".join(words[at : at + length])
                self.mentions.append(Mention(found, share, text, is_context=share < 1))
                self.shape.append("@")
                self.stems.append("@")
            else:
                length = self._read_term(at, share)
                if at and words[at - 1] in ASKERS and words[at] not in lexicon.stop_words:
                    self.terms.pop()
                self.shape.extend(words[at : at + length])
                self.stems.extend(self._stems[at : at + length])
            at += length

    def _read_term(self, at: int, share: float) -> int:
        lexicon = self._lexicon
        length, concepts = longest_match(lexicon.concepts, self._stems, at)
        if length > 1:
            for part in self._stems[at : at + length]:
                concepts |= longest_match(lexicon.concepts, (part,), 0)[1]
        elif (word := self._words[at]) in lexicon.stop_words and word not in lexicon.qualifiers:
            return 1
        length = max(length, 1)
        self.terms.append(self._term(at, length, concepts, share))
        return length

    def _term(self, at: int, length: int, concepts: frozenset[str], share: float) -> Term:
        words, stems = self._words[at : at + length], self._stems[at : at + length]
        stop_words, known = self._lexicon.stop_words, self._commonness
        content = [place for place, word in enumerate(words) if word not in stop_words]
        commonness = [known.get(words[place]) for place in content]
        return Term(
            forms=frozenset([" ".join(stems), *[stems[place] for place in content]]),
            concepts=concepts,
            weight=share * max(map(informativeness, commonness), default=0.4),
            text=" ".join(words),
            is_context=share < 1,
        )


def informativeness(commonness: float | None) -> float:
    """Return how much a word tells, 0.15 to 1, from how common it is in English (Zipf)."""
    if commonness is None:
        return 1.0
    return min(1.0, max(0.15, (6.6 - commonness) / 2.6))


def _corrected(clause: Clause, lexicon: Lexicon, spelling: Spelling, names: Phrasebook) -> Clause:
    words: list[str] = []
    for word in clause.words:
        meant = spelling.corrections.get(word, word)
        if meant[-1] == "s" and meant not in names and meant[:-1] in names:
            meant = meant[:-1]  # "kendalls" in haste for "Kendall's"
        if meant is word:
            words.append(word)
        else:
            words.extend(lexicon.spellings.get(meant, (meant,)) if meant != word else (word,))
    return Clause(tuple(words), clause.is_question)


def _turns(shape: list[str], stems: list[str], lexicon: Lexicon) -> list[str]:
    small = [form for word, form in zip(shape, stems, strict=True) if word in lexicon.stop_words]
    pairs = pairwise(("^", *stems, "$"))
    return [f"u:{form}" for form in small] + [f"p:{left} {right}" for left, right in pairs]


def _attributes(shape: list[str], lexicon: Lexicon) -> set[str]:
    marked = ("^", *shape, "$")
    found: set[str] = set()
    for at, word in enumerate(marked):
        if word in lexicon.attributes and at and marked[at - 1] not in ASKERS:
            found |= longest_match(lexicon.attributes, marked, at)[1]
    return found
