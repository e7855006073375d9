"""Entries as they are shown: with the names of their people, their quotations and their source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.answering.results import CitedFact, CitedQuote, CitedRelease, Found, Suggestion
from bot.index.cache import BatchCache

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.index.reader import IndexReader
    from bot.packs.models import Fact, Quote, Release

MOST_KEPT = 512
"""So many facts are kept in memory, and as many with all that is shown beside them."""

Key = tuple[str, str]
"""A pack, and the id of one of its entries."""


class ResultLoader:
    """Looks up entries of one store by their ids."""

    def __init__(self, store: IndexReader) -> None:
        self._store = store
        self._facts = BatchCache(MOST_KEPT, store.load_facts)
        self._found = BatchCache(MOST_KEPT, self._load)

    def found(self, pack: str, fact: str) -> Found | None:
        """Return a fact and those related to it, or None where it is gone or withdrawn."""
        return self._found.get([(pack, fact)]).get((pack, fact))

    def suggestions(self, keys: Sequence[Key]) -> tuple[Suggestion, ...]:
        """Return those of the facts that there are, as suggestions."""
        return tuple(suggestion(pack, fact) for pack, fact in self._facts.get(keys).values())

    def quote(self, pack: str, quote: str) -> CitedQuote | None:
        """Return a quote by its id, or None where it is gone or withdrawn."""
        found = self._store.load_quote(pack, quote)
        return None if found is None else self._quote(pack, found)

    def release(self, pack: str, release: Release) -> CitedRelease:
        """Return a release with its names."""
        header = self._store.packs[pack]
        performers = {key for song in release.songs for key in song.performers}
        return CitedRelease(
            pack=pack,
            release=release,
            artist=header.names.get(release.artist, release.artist),
            performers={key: header.names.get(key, key) for key in sorted(performers)},
            source=header.source,
        )

    def _load(self, keys: Sequence[Key]) -> dict[Key, Found]:
        facts = self._facts.get(keys)
        return {key: self._found_of(pack, fact) for key, (pack, fact) in facts.items()}

    def _found_of(self, pack: str, fact: Fact) -> Found:
        header = self._store.packs[pack]
        cited = CitedFact(
            pack=pack,
            fact=fact,
            source=header.source,
            subject=header.names.get(fact.subject, fact.subject),
            quote=self.quote(pack, fact.quotes[0]) if fact.quotes else None,
        )
        return Found(cited, self.suggestions([(pack, other) for other in fact.related]))

    def _quote(self, pack: str, quote: Quote) -> CitedQuote:
        header = self._store.packs[pack]
        return CitedQuote(
            pack=pack,
            quote=quote,
            speaker=header.names.get(quote.speaker, quote.speaker),
            source=header.source,
        )


def suggestion(pack: str, fact: Fact) -> Suggestion:
    """Return a fact as a question that the notes can answer."""
    return Suggestion(pack, fact.id, fact.questions[0], fact.statement)
