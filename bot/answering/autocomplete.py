"""Autocompletion from memory, and the catalog of an index.

Discord gives an autocompletion no time for I/O, and an answer about a subject is quicker without.
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Generic, TypeVar

from rapidfuzz import fuzz, process

from bot.answering.results import DatedEntry, Suggestion, Topic
from bot.answering.text import fold
from bot.packs.models import DatePrecision

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bot.answering.results import CitedRelease, EntryKey, ResultLoader
    from bot.index.reader import IndexReader
    from bot.index.scope import Scope
    from bot.packs.models import Fact, Quote

MAX_CHOICES = 25
"""Discord shows at most 25 choices (API reference, application commands, autocomplete)."""
MIN_SIMILARITY = 65
"""From this similarity on, of 100, a misspelt text still finds its item."""
MAX_COMPLETED = 20_000
"""How many questions are kept for autocompletion: more could not be searched in time."""
MAX_WORDS = 400
"""By how many words a fact is found: the rarest of a thousand ways of asking count for nothing."""
MAX_POSTINGS = 400_000
"""How many words of all facts are kept, two megabytes; each fact has its share of these."""
MAX_WEIGHT = 250
"""The weight of a word in hundredths: the share of the ways that have it, and 1 if it is shown."""
MIN_WORD_SIMILARITY = 75
"""From this similarity on, of 100, a misspelt word still finds the word that is meant."""
SUBJECT_SHARE = 0.5
"""A word in the name of a fact's subject counts as if half of its ways of asking had it."""
MIN_SCORE = 0.1
"""Of the best score: what fits less has the typed words by accident."""
MIN_COVERED = 0.6
"""Of what the typed words tell, so much must be in a fact's ways of asking."""

_SEPARATORS = str.maketrans(dict.fromkeys('/"“”„?!.,:;()[]…–—-*', " "))

Item = TypeVar("Item")


class Autocompleter(Generic[Item]):
    """Completes text to the items of the packs in scope."""

    def __init__(self, items: Sequence[tuple[str, str, Item]]) -> None:
        """Take (text, pack, item) in the order of display."""
        self._items = items
        self._folded = [fold(text) for text, _, _ in items]

    def complete(self, typed: str, scope: Scope) -> tuple[Item, ...]:
        """Return at most 25 items in scope, those that fit best first."""
        wanted = fold(typed).strip()
        places = [at for at, (_, pack, _) in enumerate(self._items) if pack in scope]
        if wanted:
            places = self._find_matches(wanted, places)
        chosen: dict[Item, None] = {}  # two packs may hold the same title or theme
        for at in places:
            chosen[self._items[at][2]] = None
            if len(chosen) == MAX_CHOICES:
                break
        return tuple(chosen)

    def _find_matches(self, wanted: str, places: Sequence[int]) -> list[int]:
        words = wanted.split()
        exact = []
        for at in places:
            own = self._folded[at].replace("/", " ").replace('"', " ").split()
            if all(any(each.startswith(word) for each in own) for word in words):
                exact.append(at)
        if len({self._folded[at] for at in exact}) >= MAX_CHOICES:
            return exact
        near = process.extract(
            wanted,
            {at: self._folded[at] for at in places},
            # A single word is compared with the part of a text that resembles it most.
            scorer=fuzz.partial_ratio if len(words) == 1 else fuzz.token_set_ratio,
            score_cutoff=MIN_SIMILARITY,
            limit=MAX_CHOICES * 2,
        )
        listed = set(exact)
        return exact + [at for _, _, at in near if at not in listed]


@dataclass(frozen=True, slots=True)
class _Postings:
    """The facts that a word finds, with its weight for each."""

    facts: array[int] = field(default_factory=lambda: array("I"))
    weights: array[int] = field(default_factory=lambda: array("B"))


class QuestionCompleter:
    """Completes text to facts, by all their ways of asking.

    Each fact is offered once, under the question that its author put first: other ways of asking
    may be as clipped as what was typed.
    """

    def __init__(self, facts: Sequence[tuple[Suggestion, Mapping[str, int]]]) -> None:
        """Take facts and their words' weights, the most useful first."""
        self._suggestions = [suggestion for suggestion, _ in facts]
        self._by_word: defaultdict[str, _Postings] = defaultdict(_Postings)
        most = max(1, MAX_POSTINGS // max(1, len(facts)))
        for at, (_, weights) in enumerate(facts):
            for word, weight in islice(weights.items(), most):
                postings = self._by_word[word]
                postings.facts.append(at)
                postings.weights.append(weight)
        self._words = sorted(self._by_word)

    def complete(self, typed: str, scope: Scope) -> tuple[Suggestion, ...]:
        """Return at most 25 questions in scope, those that fit best first."""
        words = _split_typed(typed)
        here = [at for at, each in enumerate(self._suggestions) if each.pack in scope]
        if not typed.strip():
            return tuple(self._suggestions[at] for at in here[:MAX_CHOICES])
        scores: defaultdict[int, float] = defaultdict(float)
        covered: defaultdict[int, float] = defaultdict(float)
        total = 0.0
        in_scope = frozenset(here)
        for word in words:
            found = self._find_facts(word, in_scope)
            # A word that many facts are asked for with tells little.
            told = math.log(1 + len(in_scope) / max(1, len(found)))
            total += told
            for at, weight in found.items():
                scores[at] += told * weight
                covered[at] += told
        least = MIN_SCORE * max(scores.values(), default=0)
        fitting = [
            at
            for at, score in scores.items()
            if score >= least and covered[at] >= MIN_COVERED * total
        ]
        fitting.sort(key=lambda at: (-round(covered[at], 6), -scores[at], at))
        return tuple(self._suggestions[at] for at in fitting[:MAX_CHOICES])

    def _find_facts(self, typed: str, in_scope: frozenset[int]) -> dict[int, int]:
        """Return the facts and weights for the beginning of a word."""
        found: dict[int, int] = {}
        for word in self._find_words(typed):
            postings = self._by_word[word]
            for at, weight in zip(postings.facts, postings.weights, strict=True):
                if weight > found.get(at, 0) and at in in_scope:
                    found[at] = weight
        return found

    def _find_words(self, typed: str) -> Sequence[str]:
        begin = bisect_left(self._words, typed)
        end = bisect_left(self._words, f"{typed}\U0010ffff")
        if begin < end:
            return self._words[begin:end]
        near = process.extract(
            typed,
            self._words,
            scorer=fuzz.ratio,
            score_cutoff=MIN_WORD_SIMILARITY,
            limit=MAX_CHOICES,
        )
        return [word for word, _, _ in near]


def weigh_words(ways: Sequence[str], subjects: Iterable[str]) -> dict[str, int]:
    """Return the words that find a fact, the weightiest first.

    Args:
        ways: All ways of asking for it; the first is the one that is shown.
        subjects: The names of its subject.
    """
    # All in one go: a text folded alone costs as much as ten in a row.
    lines = fold("\n".join(ways)).translate(_SEPARATORS).split("\n")
    counts = Counter(word for line in lines for word in set(line.split()))
    weights = {word: count / len(ways) for word, count in counts.items()}
    for name in subjects:
        for word in _split_typed(name):
            weights[word] = max(weights.get(word, 0.0), SUBJECT_SHARE)
    for word in set(_split_typed(ways[0])):
        weights[word] = weights.get(word, 0.0) + 1.0
    listed = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:MAX_WORDS]
    return {word: min(math.ceil(100 * weight), MAX_WEIGHT) for word, weight in listed}


def _split_typed(text: str) -> list[str]:
    """Return the words of a short text, or its signs: "÷", "!!!"."""
    folded = fold(text)
    return folded.translate(_SEPARATORS).split() or folded.split()


def read_questions(index: IndexReader, loader: ResultLoader) -> QuestionCompleter:
    """Read the questions of an index for autocompletion."""
    facts = index.list_facts(index.all_packs, MAX_COMPLETED)
    words = index.load_completion_words(MAX_COMPLETED)
    # Subjects take turns, and a main subject has more of them: its fifth fact comes no later than
    # the first of a subject with a fifth of its share.
    shares = _weigh_subjects(facts)
    seen: Counter[EntryKey] = Counter()
    turns: list[float] = []
    for pack, fact in facts:
        key = pack, fact.subject
        seen[key] += 1
        turns.append(seen[key] / shares[key])
    in_turn = [facts[at] for at in sorted(range(len(facts)), key=turns.__getitem__)]
    return QuestionCompleter(
        [
            (loader.make_suggestion(pack, fact), words.get((pack, fact.id), {}))
            for pack, fact in in_turn
        ]
    )


@dataclass(frozen=True, slots=True)
class Catalog:
    """The topics, releases and speakers of an index, with their autocompleters."""

    topics: Mapping[str, Topic]
    """By the key of their subject, "pack/id"; the main subjects of the packs first."""
    releases: tuple[CitedRelease, ...]
    """Newest first."""
    folded_titles: tuple[tuple[str, str], ...]
    """The (pack, folded title) of each release."""
    titles: Autocompleter[str]
    speakers: Autocompleter[str]
    themes: Autocompleter[str]
    speakers_by_name: Mapping[str, frozenset[EntryKey]]
    """The speakers, as (pack, id), that each folded name or alias may mean."""
    daily_facts: tuple[EntryKey, ...]
    """The facts that the daily post may draw."""
    dated: tuple[DatedEntry, ...]
    """The facts and releases whose day is known, the oldest first."""

    @classmethod
    def read(cls, index: IndexReader, loader: ResultLoader) -> Catalog:
        """Read the catalog of an index."""
        facts = index.list_facts(index.all_packs, MAX_COMPLETED)
        shares = _weigh_subjects(facts)
        quotes = index.list_quotes(index.all_packs)[:MAX_COMPLETED]
        speakers = {
            (pack, quote.speaker): index.packs[pack].names[quote.speaker] for pack, quote in quotes
        }
        releases = [
            loader.cite_release(pack, release)
            for pack, release in index.list_releases(index.all_packs)
        ]
        releases.sort(key=lambda cited: cited.release.date.text, reverse=True)
        return cls(
            topics={
                f"{topic.pack}/{topic.subject}": topic
                for topic in _group(index, loader, facts, shares)
            },
            releases=tuple(releases),
            folded_titles=tuple((cited.pack, fold(cited.release.title)) for cited in releases),
            titles=Autocompleter(
                [
                    (title, cited.pack, title)
                    for cited in releases
                    for title in (cited.release.title, *(s.title for s in cited.release.songs))
                ]
            ),
            speakers=Autocompleter([(name, pack, name) for (pack, _), name in speakers.items()]),
            themes=Autocompleter([(theme, pack, theme) for pack, theme in _order_themes(quotes)]),
            speakers_by_name=_index_speakers(index, speakers),
            daily_facts=tuple((pack, fact.id) for pack, fact in facts if fact.daily),
            dated=_list_dated(facts, releases),
        )


def _list_dated(
    facts: Iterable[tuple[str, Fact]], releases: Iterable[CitedRelease]
) -> tuple[DatedEntry, ...]:
    dated = [
        DatedEntry("fact", pack, fact.id, date.fromisoformat(fact.date))
        for pack, fact in facts
        if fact.date and fact.daily
    ]
    dated += [
        DatedEntry("release", cited.pack, cited.release.id, date.fromisoformat(known.text))
        for cited in releases
        if (known := cited.release.date).precision is DatePrecision.DAY
    ]
    return tuple(sorted(dated, key=lambda entry: (entry.day, entry.kind, entry.pack, entry.id)))


def _weigh_subjects(facts: Sequence[tuple[str, Fact]]) -> dict[EntryKey, float]:
    """Return the share of each subject in what its pack tells."""
    uses: Counter[EntryKey] = Counter()
    for pack, fact in facts:
        uses.update((pack, key) for key in {fact.subject, *fact.about})
    totals: Counter[str] = Counter()
    for (pack, _), count in uses.items():
        totals[pack] += count
    return {key: count / totals[key[0]] for key, count in uses.items()}


def _group(
    index: IndexReader,
    loader: ResultLoader,
    facts: Iterable[tuple[str, Fact]],
    shares: Mapping[EntryKey, float],
) -> Iterator[Topic]:
    """Yield a topic for each subject, the main subjects first."""
    by_subject: defaultdict[EntryKey, list[Suggestion]] = defaultdict(list)
    for pack, fact in facts:
        by_subject[pack, fact.subject].append(loader.make_suggestion(pack, fact))
    for pack, subject in sorted(by_subject, key=lambda key: -shares[key]):
        own = tuple(by_subject[pack, subject])
        yield Topic(pack, subject, index.packs[pack].names[subject], own)


def _order_themes(quotes: Sequence[tuple[str, Quote]]) -> list[tuple[str, str]]:
    """Return (pack, theme): for variety, each quote's first theme before any second."""
    depth = max((len(quote.themes) for _, quote in quotes), default=0)
    themes = {
        (pack, quote.themes[at]): None
        for at in range(depth)
        for pack, quote in quotes
        if at < len(quote.themes)
    }
    return list(themes)


def _index_speakers(
    index: IndexReader, speakers: Mapping[EntryKey, str]
) -> dict[str, frozenset[EntryKey]]:
    by_name: defaultdict[str, set[EntryKey]] = defaultdict(set)
    for key, name in speakers.items():
        by_name[fold(name)].add(key)
    subjects = {subject for _, subject in speakers}
    for pack, subject, words in index.vocabulary.read_names_of(subjects):
        if (pack, subject) in speakers:
            by_name[" ".join(words)].add((pack, subject))
    return {name: frozenset(keys) for name, keys in by_name.items()}
