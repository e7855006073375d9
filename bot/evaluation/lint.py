"""Check packs by the lexicon and the ranking, and advise their authors."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

from bot.answering.features import CONTENT_PREFIXES, query_features
from bot.answering.indexer import Indexer
from bot.answering.lexicon import build_phrasebook, load_lexicon
from bot.answering.query import parse_clauses
from bot.answering.ranking import FACTS, rank
from bot.answering.text import Spelling, fold, split_clauses
from bot.evaluation.runner import find_failing_tests
from bot.evaluation.styles import find_missing_styles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from bot.answering.lexicon import Lexicon
    from bot.packs.models import Fact, Pack

MIN_PHRASINGS = 8
"""With fewer, most ways of asking are unlike any of them; thirty are a good number."""
DUPLICATE_SIMILARITY = 0.75
"""From this cosine of their features on, two facts are asked for in much the same words."""
MIN_THEMES = 4
"""With fewer, a quote is hardly ever found."""
FOLDS = 8
"""Sample questions are held out in this many parts, each ranked by what the others teach."""
MIN_STRAYS = 2
"""How many of a fact's sample questions must reach another before that is reported, ..."""
MIN_STRAY_SHARE = 0.05
"""... and which share of them: one in many is no pattern."""
FUNCTION_WORD = 5.5
"""From this Zipf frequency on, a word stands in questions of any kind."""
MAX_SHOWN = 3
MAX_SINGLY = 5
"""More facts of too few sample questions than these are told in one line."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about an entry of a pack that its author should know."""

    pack: str
    steps: tuple[str | int, ...]
    """The path to it in the pack's tree: ("facts", 3, "covers", 0)."""
    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class HeldOut:
    """A sample question with the fact that it reaches without being listed."""

    place: int
    """The place of its own fact in the pack."""
    question: str
    reached: str
    is_right: bool
    """Whether that is its own fact, or a related one."""


async def check_packs(packs: Sequence[Pack]) -> list[Remark]:
    """Return the unknown attributes and the failing tests of some packs.

    Raises:
        StoreError: where the packs cannot be compiled to a temporary folder.
    """
    remarks = list(find_unknown_attributes(packs, load_lexicon()))
    tested = [pack for pack in packs if pack.tests]
    if tested:
        remarks += [
            Remark(pack.id, ("tests", place), what, remedy)
            for pack, place, what, remedy in await find_failing_tests(tested)
        ]
    return remarks


def find_unknown_attributes(packs: Iterable[Pack], lexicon: Lexicon) -> Iterator[Remark]:
    """Yield a remark for every name under `covers:` that the lexicon lacks."""
    known = attribute_names(lexicon)
    for pack in packs:
        for place, fact in enumerate(pack.facts):
            for at, name in enumerate(fact.covers):
                if name not in known:
                    near = get_close_matches(name, sorted(known), n=1)
                    remedy = f"did you mean '{near[0]}'?" if near else "remove it"
                    what = f"fact '{fact.id}': the lexicon has no attribute '{name}' to cover"
                    yield Remark(pack.id, ("facts", place, "covers", at), what, remedy)


def attribute_names(lexicon: Lexicon) -> frozenset[str]:
    """Return the names of the seldom-answered attributes."""
    books = (phrases for by_length in lexicon.attributes.values() for _, phrases in by_length)
    return frozenset(name for phrases in books for names in phrases.values() for name in names)


class Linter:
    """Advises on questions of one pack that are hard to answer."""

    def __init__(
        self,
        pack: Pack,
        lexicon: Lexicon,
        zipf_frequencies: Mapping[str, float],
        report: Callable[[int, int], None] = lambda _done, _total: None,
    ) -> None:
        """Take a pack, the lexicon, and the Zipf frequencies of English words.

        `report` is called with how much of the advice has been worked out, and of how much.
        """
        self._pack = pack
        self._report = report
        self._lexicon = lexicon
        self._zipf_frequencies = zipf_frequencies
        # One for all folds, or each would parse the same questions anew.
        self._indexer = indexer = Indexer(pack, lexicon, zipf_frequencies)
        self._odd_spellings = indexer.odd_spellings
        self._names = build_phrasebook((words, f"{pack.id}/{key}") for words, key in indexer.names)
        self._documents = {document.id: document for document in indexer.facts()}
        self._facts = [
            (place, fact) for place, fact in enumerate(pack.facts) if fact.withdrawn is None
        ]

    def remarks(self) -> Iterator[Remark]:
        """Yield all advice, one kind after the other."""
        yield from find_unknown_attributes([self._pack], self._lexicon)
        yield from self._find_missing_aliases()
        yield from self._find_few_phrasings()
        yield from self._find_few_themes()
        yield from self._find_duplicates()
        yield from self._find_stray_questions()

    def _find_missing_aliases(self) -> Iterator[Remark]:
        for place, entity in enumerate(self._pack.entities):
            if " " in entity.name and not (entity.aliases or entity.described_as):
                what = f"entity '{entity.id}' goes by its full name only"
                remedy = "add aliases, or what it is called without its name (described_as)"
                yield self._remark(("entities", place), what, remedy)

    def _find_few_phrasings(self) -> Iterator[Remark]:
        few = [(place, fact) for place, fact in self._facts if len(fact.questions) < MIN_PHRASINGS]
        if len(few) > MAX_SINGLY:
            # A line each would bury the advice that is about one fact alone.
            what = f"{len(few)} of {len(self._facts)} facts have fewer than {MIN_PHRASINGS} sample "
            what += f"questions, as {_quote_some([fact.id for _, fact in few])}"
            remedy = (
                f"write at least {MIN_PHRASINGS} each, better thirty; 'linernotes facts "
                "questionnaire' asks for them, with the ways that each fact still lacks"
            )
            yield self._remark(("facts",), what, remedy)
            return
        for place, fact in few:
            count = len(fact.questions)
            what = f"fact '{fact.id}' has {count} sample question{'s' * (count > 1)}"
            styles = "; ".join(find_missing_styles(fact.questions, fact.statement))
            remedy = f"write at least {MIN_PHRASINGS}, better thirty; nobody asks yet {styles}"
            yield self._remark(("facts", place, "questions"), what, remedy)

    def _find_few_themes(self) -> Iterator[Remark]:
        served = [
            (place, quote)
            for place, quote in enumerate(self._pack.quotes)
            if quote.withdrawn is None
        ]
        for place, quote in served:
            count = len(quote.themes)
            if count < MIN_THEMES:
                what = f"quote '{quote.id}' has {count} theme{'s' * (count > 1)}"
                remedy = f"write at least {MIN_THEMES}: words by which people would ask for it"
                yield self._remark(("quotes", place, "themes"), what, remedy)
        for (place, one), (_, other) in combinations(served, 2):
            shared = {*map(fold, one.themes)} & {*map(fold, other.themes)}
            if 2 * len(shared) > min(len(one.themes), len(other.themes)):
                what = f"quotes '{one.id}' and '{other.id}' share most of their themes"
                remedy = "give each the themes that only it has"
                yield self._remark(("quotes", place, "themes"), what, remedy)

    def _find_duplicates(self) -> Iterator[Remark]:
        places = {fact.id: place for place, fact in self._facts}
        # Of each fact, the share of its phrasings with each word, concept and name.
        vectors = {
            key: {
                feature: document.phrasings.count(feature) / len(document.phrasings.totals)
                for feature in document.phrasings.rows
                if feature.startswith(CONTENT_PREFIXES)
            }
            for key, document in self._documents.items()
        }
        for one, other in combinations(self._documents.values(), 2):
            if one.subject != other.subject or other.id in one.related:
                continue
            if _cosine(vectors[one.id], vectors[other.id]) >= DUPLICATE_SIMILARITY:
                what = f"facts '{one.id}' and '{other.id}' are asked for in the same words"
                remedy = "tell them apart in their sample questions, join or relate them"
                yield self._remark(("facts", places[one.id]), what, remedy)

    def _find_stray_questions(self) -> Iterator[Remark]:
        """Yield a remark where held-out sample questions would reach another fact."""
        strays: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
        for each in self.held_out:
            if not each.is_right:
                strays[each.place, each.reached].append(each.question)
        questions = {fact.id: fact.questions for _, fact in self._facts}
        for (place, other), texts in sorted(strays.items(), key=lambda item: -len(item[1])):
            fact = self._pack.facts[place]
            if len(texts) < max(MIN_STRAYS, MIN_STRAY_SHARE * len(fact.questions)):
                continue
            count = f"{len(texts)} of {len(fact.questions)} sample questions"
            shown = _quote_some(texts)
            what = (
                f"fact '{fact.id}': {count} would reach '{other}' if they were not listed: {shown}"
            )
            if words := self._find_confusing_words(texts, fact.questions, questions[other]):
                what = f"{what}, by the words {words}"
            at = fact.questions.index(texts[0])
            remedy = "write more like them; if they ask for the other, move them there"
            yield self._remark(("facts", place, "questions", at), what, remedy)

    @cached_property  # it takes seconds, and is both advice and a figure
    def held_out(self) -> tuple[HeldOut, ...]:
        """Return the fact that each sample question reaches without being listed."""
        found: list[HeldOut] = []
        spelling = Spelling({}, self._zipf_frequencies)
        for part in range(FOLDS):
            documents = self._indexer.facts(_without_fold(fact, part) for fact in self._pack.facts)
            self._report(2 * part + 1, 2 * FOLDS)
            for place, fact in self._facts:
                # A lone question cannot be held out: nothing of its fact would be left.
                for text in fact.questions[part::FOLDS] if len(fact.questions) > 1 else ():
                    clauses = split_clauses(text, self._lexicon, self._odd_spellings)
                    query = parse_clauses(clauses, self._lexicon, spelling, self._names)
                    best = rank(query, query_features(query), documents, FACTS)[0].document
                    is_right = best.id == fact.id or fact.id in best.related
                    found.append(HeldOut(place, text, best.id, is_right=is_right))
            self._report(2 * part + 2, 2 * FOLDS)
        return tuple(found)

    def _find_confusing_words(
        self, texts: Sequence[str], own: Sequence[str], other: Sequence[str]
    ) -> str:
        """Return the words by which stray questions resemble another fact's."""
        here = _word_shares([text for text in own if text not in texts])
        there = _word_shares(other)
        words = {word for text in texts for word in fold(text).strip("?!.").split()}
        telling = [
            word
            for word in words & there.keys()
            if there[word] > here.get(word, 0.0)
            and self._zipf_frequencies.get(word, 0.0) < FUNCTION_WORD
        ]
        telling.sort(key=lambda word: (here.get(word, 0.0) - there[word], word))
        return ", ".join(f"'{word}'" for word in telling[:MAX_SHOWN])

    def _remark(self, steps: tuple[str | int, ...], what: str, remedy: str) -> Remark:
        return Remark(self._pack.id, steps, what, remedy)


def _quote_some(texts: Sequence[str]) -> str:
    return ", ".join(f"'{text}'" for text in texts[:MAX_SHOWN]) + " …" * (len(texts) > MAX_SHOWN)


def _word_shares(questions: Sequence[str]) -> dict[str, float]:
    counts = Counter(word for text in questions for word in set(fold(text).strip("?!.").split()))
    return {word: count / len(questions) for word, count in counts.items()}


def _without_fold(fact: Fact, fold: int) -> Fact:
    """Return a fact without one fold of its sample questions."""
    kept = tuple(text for at, text in enumerate(fact.questions) if at % FOLDS != fold)
    return replace(fact, questions=kept) if kept else fact


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    shared = sum(share * other[feature] for feature, share in one.items() if feature in other)
    return shared / (math.hypot(*one.values()) * math.hypot(*other.values()) or 1.0)
