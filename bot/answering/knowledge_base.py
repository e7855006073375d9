"""The one door to what is known: questions, quotes, releases and topics within a scope."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Self, TypeVar

from rapidfuzz import fuzz

from bot.answering import lexicon as lexicons
from bot.answering.catalog import Catalog
from bot.answering.engine import Engine, Explanation
from bot.answering.result_loader import ResultLoader
from bot.answering.results import Unknown, Unsure
from bot.answering.text import fold
from bot.index.cache import BatchCache
from bot.index.reader import IndexReader
from bot.index.scope import EntryKind, Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from random import Random
    from types import TracebackType

    from bot.answering.lexicon import Lexicon
    from bot.answering.query import Query
    from bot.answering.results import (
        Answer,
        CitedFact,
        CitedQuote,
        CitedRelease,
        Suggestion,
        Topic,
    )
    from bot.index.keyed_hash import KeyedHash
    from bot.packs.models import Quote, Source

__all__ = ["Explanation", "KnowledgeBase", "Scope"]

Result = TypeVar("Result")

MOST_READ_HERE = 2_000
"""Of no more facts than this, all that a question reads is in memory or a step from it."""
MOST_ANSWERS = 512
"""So many answers are kept in memory: when there is news, many ask the same."""


class KnowledgeBase:
    """Answers from one compiled fact store, opened read-only.

    Whatever takes a scope never returns anything from a pack outside it. Few facts are read where
    they are asked for: that takes about a millisecond, less than handing it to a thread and back.
    Many are read in a thread of the notes' own, a question whole, so that nobody waits for it.
    """

    def __init__(self, store: IndexReader, lexicon: Lexicon, hide: KeyedHash) -> None:
        """Use `KnowledgeBase.open`, which also reads what is kept in memory."""
        self._store = store
        self._is_open = True
        is_large = store.fact_count > MOST_READ_HERE
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="notes") if is_large else None
        self._answers = BatchCache(
            MOST_ANSWERS, self._answer_all, lambda key: (hide(key[0]), key[1])
        )
        self._search = Engine(store, lexicon, hide)
        self._cited = ResultLoader(store)
        self._at_hand = Catalog.of(store, self._cited)
        self._by_subject = {
            f"{topic.pack}/{topic.subject}": topic for topic in self._at_hand.topics
        }

    @classmethod
    async def open(cls, store: Path, hide: KeyedHash) -> KnowledgeBase:
        """Open a compiled store and read what autocomplete needs into memory.

        `hide` makes the keys by which what was asked lately is remembered: no text is kept.

        Raises:
            StoreError: where there is no store that can be read.
        """

        def opened() -> KnowledgeBase:
            lexicon = lexicons.load(hide)
            hiding = hide.except_for(lexicon.words)
            return cls(IndexReader.open(store, hiding), lexicon, hiding)

        return await asyncio.to_thread(opened)

    async def close(self) -> None:
        """Close the store; an answer under way is finished first."""
        if not self._is_open:
            return
        self._is_open = False
        await self._apart(self._store.close)
        if self._thread is not None:
            self._thread.shutdown(wait=False)

    async def __aenter__(self) -> Self:
        """Enter as itself."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close on the way out."""
        await self.close()

    @property
    def packs(self) -> Scope:
        """Every pack in the store: the widest scope."""
        return self._store.all_packs

    def source(self, pack: str) -> Source:
        """Return where a pack's facts come from."""
        return self._store.packs[pack].source

    def pack_title(self, pack: str) -> str:
        """Return a pack's title, as shown to people."""
        return self._store.packs[pack].title

    def holds(self, kind: EntryKind, scope: Scope) -> bool:
        """Return whether the packs in scope have any fact, quote or release."""
        return self._store.has_entries(kind, scope)

    async def answer(self, question: str, scope: Scope) -> Answer:
        """Answer a question of at most 300 characters from the packs in scope."""
        asked = (question, scope)
        return (await self._apart(self._answers.get, [asked]))[asked]

    async def explain(self, question: str, scope: Scope) -> Explanation:
        """Return how a question would be answered, and why."""
        return await self._apart(self._search.explain, question, scope)

    async def fact(self, pack: str, fact: str) -> CitedFact | None:
        """Return a fact by its id, or None where it is gone or withdrawn."""
        found = await self._apart(self._cited.found, pack, fact)
        return None if found is None else found.answer

    async def related(self, pack: str, fact: str) -> tuple[Suggestion, ...]:
        """Return the facts that a fact names as related."""
        found = await self._apart(self._cited.found, pack, fact)
        return () if found is None else found.related

    async def quote(
        self,
        scope: Scope,
        chance: Random,
        *,
        about: str | None = None,
        by: str | None = None,
        exclude: frozenset[tuple[str, str]] = frozenset(),
    ) -> CitedQuote | None:
        """Return the best quote for a theme, or one by chance; None where nothing fits.

        `by` is a speaker's name or alias. `exclude` are (pack, quote) pairs already shown: they
        come again only when nothing else is left.
        """
        quotes = await self._quotes(scope, by)
        keys = [(pack, quote.id) for pack, quote in quotes]
        is_themed = about is not None and bool(about.strip())
        if about is not None and is_themed:
            # What a pack offers as a theme is found by it, though its words may tell little.
            offered = [(pack, quote.id) for pack, quote in quotes if _has_theme(quote, about)]
            spoken = frozenset(keys)
            fitting = (*offered, *await self._apart(self._search.quotes, about, scope))
            keys = list(dict.fromkeys(key for key in fitting if key in spoken))
        fresh = [key for key in keys if key not in exclude] or keys
        if not fresh:
            return None
        cited = await self.quote_by_id(*(fresh[0] if is_themed else chance.choice(fresh)))
        if cited is None or not about:
            return cited
        return replace(cited, theme=_theme(about, cited.quote))

    async def quote_by_id(self, pack: str, quote: str) -> CitedQuote | None:
        """Return a quote by its id, or None where it is gone or withdrawn."""
        return await self._apart(self._cited.quote, pack, quote)

    async def quote_ids(
        self,
        scope: Scope,
        by: str | None = None,
        theme: str | None = None,
        *,
        only_daily: bool = False,
    ) -> tuple[tuple[str, str], ...]:
        """Return (pack, quote) for every quote that may be served, in the packs' order.

        `by` is a speaker's name or alias, `theme` a theme as a pack has it, in capitals or not;
        `only_daily` leaves out what may not stand alone in a daily post.
        """
        return tuple(
            (pack, quote.id)
            for pack, quote in await self._quotes(scope, by)
            if (theme is None or _has_theme(quote, theme)) and (quote.daily or not only_daily)
        )

    async def release(self, title: str, scope: Scope) -> CitedRelease | None:
        """Return the release with that title or alias, or with a song of that title."""
        wanted = await self._apart(self._search.named, title, scope)
        for cited in await self.releases(scope):
            keys = {cited.release.id, *(song.id for song in cited.release.songs)}
            if wanted & {f"n:{cited.pack}/{key}" for key in keys}:
                return cited
        return None

    async def release_by_id(self, pack: str, release: str) -> CitedRelease | None:
        """Return a release by its id, or None where it is gone or withdrawn."""
        wanted = (pack, release)
        releases = self._at_hand.releases
        return next((each for each in releases if (each.pack, each.release.id) == wanted), None)

    async def releases(self, scope: Scope) -> tuple[CitedRelease, ...]:
        """Return every release in scope, newest first."""
        return tuple(cited for cited in self._at_hand.releases if cited.pack in scope)

    def topics(self, scope: Scope) -> tuple[Topic, ...]:
        """Return the subjects in scope, each with the questions answered about it."""
        return tuple(topic for topic in self._at_hand.topics if topic.pack in scope)

    def complete_question(self, typed: str, scope: Scope) -> tuple[Suggestion, ...]:
        """Return at most 25 questions that fit what has been typed; typos forgiven; no I/O."""
        return self._at_hand.questions.complete(typed, scope)

    def complete_title(self, typed: str, scope: Scope) -> tuple[str, ...]:
        """Return at most 25 release and song titles that fit what has been typed; no I/O."""
        return self._at_hand.titles.complete(typed, scope)

    def complete_speaker(self, typed: str, scope: Scope) -> tuple[str, ...]:
        """Return at most 25 speakers' names that fit what has been typed; no I/O."""
        return self._at_hand.speakers.complete(typed, scope)

    def complete_theme(self, typed: str, scope: Scope) -> tuple[str, ...]:
        """Return at most 25 quote themes that fit what has been typed; no I/O."""
        return self._at_hand.themes.complete(typed, scope)

    async def find(self, words: Sequence[str], scope: Scope) -> list[tuple[str, str, str]]:
        """Return (pack, kind, id) of at most 25 entries that use all of the words."""
        return await self._apart(self._store.search_text, words, scope)

    def _answer_all(self, asked: list[tuple[str, Scope]]) -> dict[tuple[str, Scope], Answer]:
        return {each: self._answer(*each) for each in asked}

    def _answer(self, question: str, scope: Scope) -> Answer:
        explained = self._search.explain(question, scope)
        decision = explained.decision
        if decision.answer is not None:
            document = decision.answer.document
            found = self._cited.found(document.pack, document.id)
            if found is not None:
                return found
        likely = [(e.document.pack, e.document.id) for e in decision.suggestions]
        if likely:
            return Unsure(self._cited.suggestions(likely))
        return self._unknown(explained.question, scope)

    def _unknown(self, asked: Query, scope: Scope) -> Unknown:
        """Say that the notes do not say, and what they cover of the subject asked about."""
        wanted = sorted({name for mention in asked.mentions for name in mention.names})
        for key in wanted:
            topic = self._by_subject.get(key)
            if topic is not None and topic.pack in scope:
                return Unknown(near=topic.name, suggestions=topic.questions[:3])
        for key in wanted:
            pack, _, subject = key.partition("/")
            return Unknown(near=self._store.packs[pack].names.get(subject))
        return Unknown()

    async def _quotes(self, scope: Scope, by: str | None) -> list[tuple[str, Quote]]:
        """Return every quote in scope, with its pack, that somebody of that name speaks."""
        quotes = await self._apart(self._store.list_quotes, scope)
        named = fold(by or "").strip()
        if not named:
            return quotes
        speakers = self._at_hand.named.get(named, frozenset())
        return [(pack, quote) for pack, quote in quotes if (pack, quote.speaker) in speakers]

    async def _apart(self, work: Callable[..., Result], *given: object) -> Result:
        """Do a piece of work whole, in the notes' own thread where it may take long."""
        if self._thread is None:
            return work(*given)
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *given)


def _has_theme(quote: Quote, theme: str) -> bool:
    wanted = theme.strip().casefold()
    return any(own.casefold() == wanted for own in quote.themes)


def _theme(about: str, quote: Quote) -> str:
    """Return the theme of a quote that is most like what was asked for."""
    wanted = fold(about)
    return max(quote.themes, key=lambda theme: fuzz.token_set_ratio(wanted, fold(theme)))
