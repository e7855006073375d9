"""Check packs by the lexicon and the ranking, and advise their authors."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

from bot.answering.decision import FEW_PHRASINGS
from bot.answering.features import CONTENT_PREFIXES, query_features
from bot.answering.indexer import Indexer
from bot.answering.lexicon import build_phrasebook, load_lexicon
from bot.answering.query import parse_clauses
from bot.answering.ranking import FACTS, rank
from bot.answering.text import Spelling, fold, split_clauses
from bot.evaluation.runner import find_failing_tests
from bot.evaluation.styles import find_missing_styles
from bot.evaluation.sufficiency import GOOD_WAYS, MANY_WAYS, judge_sufficiency
from bot.packs.models import EntityKind
from bot.packs.prose import normalize_question

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from bot.answering.lexicon import Lexicon
    from bot.packs.models import Fact, Pack

DUPLICATE_SIMILARITY = 0.75
"""From this cosine of their features on, two facts are asked for in much the same words."""
MIN_THEMES = 4
"""With fewer, a quote is hardly ever found."""
FOLDS = 8
"""Sample questions are held out in this many parts, each ranked by what the others teach."""
MIN_STRAYS = 3
"""How many of a fact's sample questions must reach one other before that is reported, ..."""
MIN_STRAY_SHARE = 0.25
"""... and which share of them: one in many is no pattern."""
FUNCTION_WORD = 5.5
"""From this Zipf frequency on, a word stands in questions of any kind."""
MAX_SHOWN = 3
MAX_FIRST = 5
"""Of the facts with too few sample questions, so many of the weakest are told first."""


_AGE = (
    r"(?:\d\d|ten|eleven|twelve|[a-z]{3,5}teen|"
    r"(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-\w+)?)"
)
_MAY_CHANGE = re.compile(
    # An age, and no length of a record: "is thirty-eight minutes long".
    rf"\b(?:years old|(?:is|are|aged) {_AGE}(?=\W*$|[.,;)]| and\b| but\b| now\b)|"
    r"will|plans? to|going to|(?:is|are) due|currently|now|these days|upcoming|still|"
    # "has not been abroad yet", and not "what others have not yet heard".
    r"(?:is|are) not yet|(?:has|have) not (?:\w+ ){1,4}yet|"
    r"(?:is|are) (?:now |also |both )?(?:learning|studying|working|writing|recording|planning|"
    r"touring|building|preparing|making|training|saving|trying|waiting|hoping|looking for|"
    r"living))\b",
    re.IGNORECASE,
)


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
        """Yield all advice, the most useful first."""
        yield from find_unknown_attributes([self._pack], self._lexicon)
        yield from self._find_duplicates()
        yield from self._find_stray_questions()
        weakest, others = self._find_few_phrasings()
        yield from weakest
        yield from self._find_common_gaps()
        yield from self._find_few_themes()
        yield from self._find_missing_unanswered()
        yield from self._find_missing_aliases()
        yield from self._find_undated_news()
        yield from self._find_idle_tests()
        yield from others
        self._report(2 * FOLDS, 2 * FOLDS)

    def _find_missing_aliases(self) -> Iterator[Remark]:
        for place, entity in enumerate(self._pack.entities):
            # Nobody shortens "Buenos Aires", and everybody says "Mika" for "Mika Owl".
            is_shortened = entity.kind in {EntityKind.PERSON, EntityKind.BAND}
            has_others = entity.aliases or entity.described_as
            if " " in entity.name and is_shortened and not has_others:
                what = f"entity '{entity.id}' goes by its full name only"
                remedy = "add aliases, or what it is called without its name (described_as)"
                yield self._remark(("entities", place), what, remedy)

    def _find_missing_unanswered(self) -> Iterator[Remark]:
        """Yield one remark if few facts list what nothing answers."""
        without = [
            (place, fact)
            for place, fact in self._facts
            if not fact.unanswered and len(fact.questions) <= FEW_PHRASINGS
        ]
        if 2 * len(without) > len(self._facts):
            place, fact = without[0]
            what = f"{len(without)} of {len(self._facts)} facts list nothing under 'unanswered'"
            remedy = (
                "write two or three questions that one would ask next and nothing answers, or let "
                "others (facts questionnaire): theirs took a third to three quarters of the "
                "invented answers away in three packs"
            )
            yield self._remark(("facts", place), f"{what}, as '{fact.id}'", remedy)

    def _find_undated_news(self) -> Iterator[Remark]:
        """Yield one remark on facts that may have changed since, and give no year."""
        year = self._pack.source.year
        told = [
            (place, fact)
            for place, fact in self._facts
            if fact.as_of is None and _MAY_CHANGE.search(fact.statement)
        ]
        if year and told:
            what = "one fact without an 'as_of' seems to tell of an age, a plan or today"
            if len(told) > 1:
                what = (
                    f"{len(told)} facts without an 'as_of' seem to tell of an age, a plan or today"
                )
            named = _quote_some([fact.id for _, fact in told])
            remedy = f"where that may have changed, add 'as_of: {year}'"
            yield self._remark(("facts", told[0][0]), f"{what}: {named}", remedy)

    def _find_idle_tests(self) -> Iterator[Remark]:
        """Yield a remark for each test that its fact's sample questions hold."""
        asked = {
            normalize_question(text): fact.id for _, fact in self._facts for text in fact.questions
        }
        for place, test in enumerate(self._pack.tests):
            if test.fact is not None and asked.get(normalize_question(test.question)) == test.fact:
                what = f"the test '{test.question}' is a sample question of '{test.fact}'"
                yield self._remark(
                    ("tests", place), f"{what}, and proves nothing", "reword the test"
                )

    def _find_few_phrasings(self) -> tuple[list[Remark], list[Remark]]:
        """Return a remark on each fact of too few sample questions, the weakest apart."""
        places = {fact.id: place for place, fact in self._facts}
        remarks: list[Remark] = []
        for fact in judge_sufficiency(self._pack).weak:
            count = len(fact.questions)
            what = f"fact '{fact.id}' has {count} sample question{'s' * (count > 1)}"
            styles = "; ".join(find_missing_styles(fact.questions, fact.statement))
            remedy = f"write {GOOD_WAYS - count} more"
            remedy = f"{remedy}; it seems that nobody asks yet: {styles}" if styles else remedy
            remarks.append(self._remark(("facts", places[fact.id], "questions"), what, remedy))
        return remarks[:MAX_FIRST], remarks[MAX_FIRST:]

    def _find_common_gaps(self) -> Iterator[Remark]:
        """Yield one remark on the styles that most facts lack."""
        told = [fact for _, fact in self._facts if len(fact.questions) < MANY_WAYS]
        missing = Counter(
            style for fact in told for style in find_missing_styles(fact.questions, fact.statement)
        )
        common = [
            f"{style} ({count})" for style, count in missing.most_common() if 2 * count > len(told)
        ]
        # Of a few facts each is told of singly. Nothing is promised of the styles: on seven packs,
        # strangers' questions to facts that lacked two at most were answered right in 98 of 131
        # cases (75 %), and others in 377 of 552 (68 %), which may be chance.
        if common and len(told) > MAX_FIRST:
            what = f"most of {len(told)} facts seem never to be asked for in some styles: "
            remedy = "write some of these first: strangers will ask in them"
            yield self._remark(("facts",), f"{what}{'; '.join(common)}", remedy)

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
        facts = {fact.id: fact for _, fact in self._facts}
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
                here, there = facts[one.id], facts[other.id]
                told = (
                    f"write ways of asking '{mine.id}' with words that only it has, as {words}"
                    for mine, its in ((here, there), (there, here))
                    if (words := self._find_own_words(mine, its))
                )
                remedy = "; ".join((*told, "or make one fact of them"))
                yield self._remark(("facts", places[one.id]), what, remedy)

    def _find_stray_questions(self) -> Iterator[Remark]:
        """Yield a remark where held-out sample questions would reach another fact."""
        # Of fewer, many reach another fact in every pack, although they stand where they belong. On
        # four packs that foretold nothing: strangers' questions to such facts were answered right
        # as often as all others (74 and 72 %).
        if all(len(fact.questions) < MANY_WAYS for _, fact in self._facts):
            return
        strays: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
        for each in self.held_out:
            if not each.is_right:
                strays[each.place, each.reached].append(each.question)
        facts = {fact.id: fact for _, fact in self._facts}
        for (place, reached), texts in sorted(strays.items(), key=lambda item: -len(item[1])):
            fact, other = self._pack.facts[place], facts[reached]
            count = len(fact.questions)
            if count < MANY_WAYS or len(texts) < max(MIN_STRAYS, MIN_STRAY_SHARE * count):
                continue
            what = (
                f"facts '{fact.id}' and '{other.id}' are easily mistaken: {len(texts)} of {count} "
                f"ways of asking the former are nearer to the latter, as {_quote_some(texts)}"
            )
            remedy = f"write {len(texts)} more ways of asking '{fact.id}'"
            if words := self._find_own_words(fact, other):
                remedy = f"{remedy}, with words that only it has, as {words}"
            remedy = (
                f"{remedy}; or add '{fact.id}' to the 'related' of '{other.id}', to offer it next"
            )
            at = fact.questions.index(texts[0])
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

    def _find_own_words(self, fact: Fact, other: Fact) -> str:
        """Return the telling words that only one fact has, the commonest first."""
        there = _count_words([*other.questions, other.statement])
        here = _count_words([*fact.questions, fact.statement])
        telling = [
            word
            for word in here
            if word not in there
            and word.isalpha()
            and self._zipf_frequencies.get(word, 0.0) < FUNCTION_WORD
        ]
        telling.sort(key=lambda word: (-here[word], word))
        return ", ".join(f"'{word}'" for word in telling[:MAX_SHOWN])

    def _remark(self, steps: tuple[str | int, ...], what: str, remedy: str) -> Remark:
        return Remark(self._pack.id, steps, what, remedy)


def _quote_some(texts: Sequence[str]) -> str:
    return ", ".join(f"'{text}'" for text in texts[:MAX_SHOWN]) + " …" * (len(texts) > MAX_SHOWN)


def _count_words(texts: Iterable[str]) -> Counter[str]:
    """Count in how many texts each word stands."""
    return Counter(word for text in texts for word in set(fold(text).strip("?!.").split()))


def _without_fold(fact: Fact, fold: int) -> Fact:
    """Return a fact without one fold of its sample questions."""
    kept = tuple(text for at, text in enumerate(fact.questions) if at % FOLDS != fold)
    return replace(fact, questions=kept) if kept else fact


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    shared = sum(share * other[feature] for feature, share in one.items() if feature in other)
    return shared / (math.hypot(*one.values()) * math.hypot(*other.values()) or 1.0)
