"""What is read once, when notes are opened: all that must be at hand without a look-up."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.answering.autocomplete import Autocompleter
from bot.answering.result_loader import suggestion
from bot.answering.results import Suggestion, Topic
from bot.answering.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.answering.result_loader import Key, ResultLoader
    from bot.answering.results import CitedRelease
    from bot.index.reader import IndexReader
    from bot.packs.models import Quote

MOST_COMPLETED = 20_000
"""So many questions are kept for autocomplete: more could not be searched in time."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """What autocomplete offers, the topics, the releases, and who speaks."""

    topics: tuple[Topic, ...]
    releases: tuple[CitedRelease, ...]
    """Newest first."""
    questions: Autocompleter[Suggestion]
    titles: Autocompleter[str]
    speakers: Autocompleter[str]
    themes: Autocompleter[str]
    named: Mapping[str, frozenset[Key]]
    """Whom each folded name or alias of a speaker may mean."""

    @classmethod
    def of(cls, store: IndexReader, cited: ResultLoader) -> Catalog:
        """Read it from a store."""
        facts = store.list_facts(store.all_packs, MOST_COMPLETED)
        offered = [(fact.subject, suggestion(pack, fact)) for pack, fact in facts]
        quotes = store.list_quotes(store.all_packs)[:MOST_COMPLETED]
        speakers = {
            (pack, quote.speaker): store.packs[pack].names[quote.speaker] for pack, quote in quotes
        }
        releases = _releases(store, cited)
        return cls(
            topics=tuple(_topics(store, offered)),
            releases=releases,
            questions=Autocompleter([(item.question, item.pack, item) for _, item in offered]),
            titles=Autocompleter(_titles(releases)),
            speakers=Autocompleter([(name, pack, name) for (pack, _), name in speakers.items()]),
            themes=Autocompleter([(theme, pack, theme) for pack, theme in _themes(quotes)]),
            named=_named(store, speakers),
        )


def _topics(store: IndexReader, offered: Iterable[tuple[str, Suggestion]]) -> Iterable[Topic]:
    by_subject: defaultdict[Key, list[Suggestion]] = defaultdict(list)
    for subject, item in offered:
        by_subject[item.pack, subject].append(item)
    for (pack, subject), items in by_subject.items():
        yield Topic(pack, subject, store.packs[pack].names[subject], tuple(items))


def _releases(store: IndexReader, cited: ResultLoader) -> tuple[CitedRelease, ...]:
    found = [cited.release(pack, release) for pack, release in store.list_releases(store.all_packs)]
    return tuple(sorted(found, key=lambda one: one.release.date.text, reverse=True))


def _titles(releases: Iterable[CitedRelease]) -> list[tuple[str, str, str]]:
    return [
        (title, cited.pack, title)
        for cited in releases
        for title in (cited.release.title, *(song.title for song in cited.release.songs))
    ]


def _themes(quotes: list[tuple[str, Quote]]) -> dict[Key, None]:
    """Return (pack, theme): the first of every quote before the second of any, for variety."""
    depth = max((len(quote.themes) for _, quote in quotes), default=0)
    return {
        (pack, quote.themes[at]): None
        for at in range(depth)
        for pack, quote in quotes
        if at < len(quote.themes)
    }


def _named(store: IndexReader, speakers: Mapping[Key, str]) -> dict[str, frozenset[Key]]:
    named: defaultdict[str, set[Key]] = defaultdict(set)
    for key, name in speakers.items():
        named[fold(name)].add(key)
    for pack, subject, words in store.vocabulary.find_names_of(
        {subject for _, subject in speakers}
    ):
        if (pack, subject) in speakers:
            named[" ".join(words)].add((pack, subject))
    return {name: frozenset(keys) for name, keys in named.items()}
