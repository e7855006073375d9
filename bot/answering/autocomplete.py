"""Autocompletion from memory, and the catalog of an index.

Discord gives an autocompletion no time for I/O, and an answer about a subject is quicker without.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Generic, TypeVar

from rapidfuzz import fuzz, process

from bot.answering.results import DatedEntry, Suggestion, Topic, make_suggestion
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
        exact = [at for at in places if _has_all_words(self._folded[at], words)]
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


def _has_all_words(text: str, starts: Sequence[str]) -> bool:
    """Return whether each of the starts begins a word of the text."""
    words = text.replace("/", " ").replace('"', " ").split()
    return all(any(word.startswith(start) for word in words) for start in starts)


@dataclass(frozen=True, slots=True)
class Catalog:
    """The topics, releases and speakers of an index, and its autocompleters."""

    topics: Mapping[str, Topic]
    """By the key of their subject, "pack/id"."""
    releases: tuple[CitedRelease, ...]
    """Newest first."""
    questions: Autocompleter[Suggestion]
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
        suggestions = [(fact.subject, make_suggestion(pack, fact)) for pack, fact in facts]
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
            topics={f"{topic.pack}/{topic.subject}": topic for topic in _group(index, suggestions)},
            releases=tuple(releases),
            questions=Autocompleter([(item.question, item.pack, item) for _, item in suggestions]),
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


def _group(index: IndexReader, suggestions: Iterable[tuple[str, Suggestion]]) -> Iterator[Topic]:
    """Yield a topic for each subject, with the suggestions about it."""
    by_subject: defaultdict[EntryKey, list[Suggestion]] = defaultdict(list)
    for subject, suggestion in suggestions:
        by_subject[suggestion.pack, subject].append(suggestion)
    for (pack, subject), own in by_subject.items():
        yield Topic(pack, subject, index.packs[pack].names[subject], tuple(own))


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
