"""The façade of answering: answers, quotes, releases and topics by scope."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Self, TypeVar

from rapidfuzz import fuzz

from bot.answering.autocomplete import Catalog
from bot.answering.engine import Engine, Explanation
from bot.answering.explanation import Route, explain_answer
from bot.answering.features import NAME_PREFIX
from bot.answering.lexicon import decode_lexicon
from bot.answering.query import Query
from bot.answering.results import NearestFact, ResultLoader, Unknown, Unsure
from bot.answering.small_talk import recognize_small_talk
from bot.answering.text import fold
from bot.index.cache import BatchCache
from bot.index.reader import IndexReader, read_lexicon
from bot.index.scope import EntryKind, Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from random import Random
    from types import TracebackType

    from bot.answering.explanation import Account
    from bot.answering.lexicon import Lexicon
    from bot.answering.query import Mention
    from bot.answering.results import (
        Answer,
        CitedFact,
        CitedQuote,
        CitedRelease,
        DatedEntry,
        EntryKey,
        Suggestion,
        Topic,
    )
    from bot.index.cache import KeyedHash
    from bot.packs.models import Quote, Source

__all__ = ["Explanation", "KnowledgeBase", "Scope"]

Result = TypeVar("Result")

MAX_INLINE_FACTS = 2_000
"""Up to this many facts, a question is answered in the event loop's own thread: it takes about a
millisecond, less than handing it to another thread and back."""
MAX_CACHED_ANSWERS = 512
"""How many answers are kept in memory: when there is news, many people ask the same."""
MAX_NEAR_SUGGESTIONS = 3
MAX_UNCOVERED = 0.5
"""A fact that has no words for half of a bare subject is not about it."""
# Never a pattern of what was typed: the module remembers patterns.
_NEXT_WORD = re.compile(r"\W+\w")


class KnowledgeBase:
    """Answers questions from one compiled index, opened read-only.

    Nothing from a pack outside the given scope is ever returned. A large index is read in a thread
    of its own, so that nobody else waits for it.
    """

    def __init__(self, index: IndexReader, lexicon: Lexicon, hide: KeyedHash) -> None:
        """Read the catalog of an index; use `KnowledgeBase.open` to open one."""
        self._index = index
        self._is_open = True
        is_large = index.fact_count > MAX_INLINE_FACTS
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="answering") if is_large else None
        self._answers = BatchCache(
            MAX_CACHED_ANSWERS, self._answer_all, lambda key: (hide(key[0]), key[1])
        )
        self._introductions = lexicon.grammar.introductions
        self._engine = Engine(index, lexicon)
        self._loader = ResultLoader(index)
        self._catalog = Catalog.read(index, self._loader)

    @classmethod
    async def open(cls, path: Path, hide: KeyedHash) -> KnowledgeBase:
        """Open a compiled index.

        `hide` hashes the texts by which answers and look-ups are cached, so that no question is
        kept.

        Raises:
            StoreError: where there is no index that can be read.
        """

        def open_index() -> KnowledgeBase:
            lexicon = decode_lexicon(read_lexicon(path), hide)
            hide_typed = hide.except_for(lexicon.words)
            return cls(IndexReader.open(path, hide_typed), lexicon, hide_typed)

        return await asyncio.to_thread(open_index)

    async def close(self) -> None:
        """Close the index, after an answer under way is finished."""
        if not self._is_open:
            return
        self._is_open = False
        await self._run(self._index.close)
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
        """Close the index."""
        await self.close()

    @property
    def packs(self) -> Scope:
        """The scope of all packs."""
        return self._index.all_packs

    def source(self, pack: str) -> Source:
        """Return the source of a pack's facts."""
        return self._index.packs[pack].source

    def pack_title(self, pack: str) -> str:
        """Return a pack's title for display."""
        return self._index.packs[pack].title

    def has_entries(self, kind: EntryKind, scope: Scope) -> bool:
        """Return whether the packs in scope have any fact, quote or release."""
        return self._index.has_entries(kind, scope)

    async def answer(self, question: str, scope: Scope) -> Answer:
        """Answer a question from the packs in scope."""
        key = (question, scope)
        return (await self._run(self._answers.get_many, [key]))[key]

    async def explain(self, question: str, scope: Scope) -> Explanation:
        """Explain how a question would be answered."""
        return await self._run(self._engine.explain, question, scope)

    async def account_for(self, question: str, scope: Scope) -> Account:
        """Answer a question, with an account of how and why."""
        return await self._run(self._account_for, question, scope)

    async def find_nearest(self, question: str, scope: Scope) -> NearestFact | None:
        """Return the fact that answers a question, or else the likeliest; None if none is near."""
        explanation = await self._run(self._engine.explain, question, scope)
        decision = explanation.decision
        if decision.answer is not None:
            likeliest = decision.answer
        elif near := (*decision.suggestions, *explanation.evidence):
            likeliest = near[0]
        else:
            return None
        key = (likeliest.document.pack, likeliest.document.id)
        found = await self._run(self._loader.suggest_facts, [key])
        return NearestFact(found[0], decision.answer is not None) if found else None

    def names_with_digits(self, scope: Scope) -> frozenset[str]:
        """Return the words with digits of the names in scope, in lower case."""
        return frozenset(
            word.casefold()
            for pack in scope & self.packs
            for name in self._index.packs[pack].names.values()
            for word in name.split()
            if not word.isalpha() and any(map(str.isdigit, word))
        )

    async def find_fact(self, pack: str, fact: str) -> CitedFact | None:
        """Return a fact by its id, unless it is gone or withdrawn."""
        found = await self._run(self._loader.find_fact, pack, fact)
        return None if found is None else found.answer

    async def list_related(self, pack: str, fact: str) -> tuple[Suggestion, ...]:
        """Return the facts related to a fact, as suggestions."""
        found = await self._run(self._loader.find_fact, pack, fact)
        return () if found is None else found.related

    async def choose_quote(
        self,
        scope: Scope,
        chance: Random,
        *,
        about: str | None = None,
        by: str | None = None,
        exclude: frozenset[EntryKey] = frozenset(),
    ) -> CitedQuote | None:
        """Return the best quote for a theme, or one by chance.

        `by` is a speaker's name or alias, slips forgiven. Quotes in `exclude` were shown
        already, and come again only where nothing else is left.
        """
        quotes = await self._list_quotes(scope, by)
        keys = [(pack, quote.id) for pack, quote in quotes]
        is_themed = about is not None and bool(about.strip())
        if about is not None and is_themed:
            # A theme that a pack offers must find its quote, however little its words tell.
            offered = [(pack, quote.id) for pack, quote in quotes if _has_theme(quote, about)]
            spoken = frozenset(keys)
            fitting = (*offered, *await self._run(self._engine.find_quotes, about, scope))
            keys = list(dict.fromkeys(key for key in fitting if key in spoken))
        fresh = [key for key in keys if key not in exclude] or keys
        if not fresh:
            return None
        cited = await self.find_quote(*(fresh[0] if is_themed else chance.choice(fresh)))
        if cited is None or not about:
            return cited
        return replace(cited, theme=_nearest_theme(about, cited.quote))

    async def find_quote(self, pack: str, quote: str) -> CitedQuote | None:
        """Return a quote by its id, unless it is gone or withdrawn."""
        return await self._run(self._loader.find_quote, pack, quote)

    async def list_quote_ids(
        self,
        scope: Scope,
        by: str | None = None,
        theme: str | None = None,
        *,
        only_daily: bool = False,
    ) -> tuple[EntryKey, ...]:
        """Return the keys of all quotes in scope, in the packs' order.

        `by` is a speaker's name or alias, slips forgiven; `theme` a theme as a pack has it, in
        capitals or not. `only_daily` leaves out quotes that cannot stand alone in a daily post.
        """
        return tuple(
            (pack, quote.id)
            for pack, quote in await self._list_quotes(scope, by)
            if (theme is None or _has_theme(quote, theme)) and (quote.daily or not only_daily)
        )

    async def list_daily_facts(self, scope: Scope) -> tuple[EntryKey, ...]:
        """Return the keys of the facts in scope that a daily post may draw."""
        return tuple(key for key in self._catalog.daily_facts if key[0] in scope)

    async def list_dated(self, scope: Scope) -> tuple[DatedEntry, ...]:
        """Return the facts and releases in scope whose day is known, the oldest first."""
        return tuple(entry for entry in self._catalog.dated if entry.pack in scope)

    async def search_release(self, title: str, scope: Scope) -> CitedRelease | None:
        """Return the release that a title, alias or song title names."""
        named = await self._run(self._engine.find_names, title, scope)
        for cited in await self.list_releases(scope):
            keys = {cited.release.id, *(song.id for song in cited.release.songs)}
            if named & {f"{NAME_PREFIX}{cited.pack}/{key}" for key in keys}:
                return cited
        # Typed and not picked: "24" is the beginning of one title only.
        begun = [
            cited
            for cited in await self.list_releases(scope)
            if fold(title).strip() and fold(cited.release.title).startswith(fold(title).strip())
        ]
        return begun[0] if len(begun) == 1 else None

    async def find_bare_title(self, text: str, scope: Scope) -> CitedRelease | None:
        """Return the release that a title or song alone names.

        The first word of a title stands for it if it means nothing else: "24", but not "album".
        """
        named = await self._run(self._engine.find_bare_name, text, scope)
        releases = await self.list_releases(scope)
        if named:
            titles = {
                f"{NAME_PREFIX}{cited.pack}/{key}"
                for cited in releases
                for key in (cited.release.id, *(song.id for song in cited.release.songs))
            }
            return await self.search_release(text, scope) if titles.issuperset(named) else None
        typed = fold(text).strip(" ?!.")
        titles_begun = (
            title
            for title in (fold(cited.release.title) for cited in releases)
            if title.startswith(typed) and _NEXT_WORD.match(title, len(typed))
        )
        if not typed or not any(titles_begun):
            return None
        is_odd = recognize_small_talk(text) is None and await self._run(
            self._engine.is_odd_word, text, scope
        )
        return await self.search_release(typed, scope) if is_odd else None

    async def find_release(self, pack: str, release: str) -> CitedRelease | None:
        """Return a release by its id, unless it is gone or withdrawn."""
        wanted = (pack, release)
        releases = self._catalog.releases
        return next((each for each in releases if (each.pack, each.release.id) == wanted), None)

    async def list_releases(self, scope: Scope) -> tuple[CitedRelease, ...]:
        """Return all releases in scope, newest first."""
        return tuple(cited for cited in self._catalog.releases if cited.pack in scope)

    def list_topics(self, scope: Scope) -> tuple[Topic, ...]:
        """Return the subjects in scope with their questions."""
        return tuple(topic for topic in self._catalog.topics.values() if topic.pack in scope)

    def complete_question(self, typed: str, scope: Scope) -> tuple[Suggestion, ...]:
        """Return at most 25 questions that complete a text, without I/O."""
        return self._catalog.questions.complete(typed, scope)

    def complete_title(self, typed: str, scope: Scope) -> tuple[str, ...]:
        """Return at most 25 titles that complete a text, without I/O."""
        return self._catalog.titles.complete(typed, scope)

    def complete_speaker(self, typed: str, scope: Scope) -> tuple[str, ...]:
        """Return at most 25 speakers that complete a text, without I/O."""
        return self._catalog.speakers.complete(typed, scope)

    def complete_theme(self, typed: str, scope: Scope) -> tuple[str, ...]:
        """Return at most 25 themes that complete a text, without I/O."""
        return self._catalog.themes.complete(typed, scope)

    async def search_text(self, words: Sequence[str], scope: Scope) -> list[tuple[str, str, str]]:
        """Return the (pack, kind, id) of entries with all the words."""
        return await self._run(self._index.search_text, words, scope)

    def _answer_all(self, keys: list[tuple[str, Scope]]) -> dict[tuple[str, Scope], Answer]:
        return {key: self._answer(self._engine.explain(*key), *key)[0] for key in keys}

    def _account_for(self, question: str, scope: Scope) -> Account:
        explanation = self._engine.explain(question, scope)
        answer, route = self._answer(explanation, question, scope)
        return explain_answer(explanation, answer, route, self._index.load_templates)

    def _answer(
        self, explanation: Explanation, question: str, scope: Scope
    ) -> tuple[Answer, Route]:
        """Return the answer to an explained question, and how it was reached."""
        query, decision = explanation.query, explanation.decision
        if query.is_bare_name:
            return self._introduce(query.mentions[0], scope), Route.NAME
        # Unless it is a name of the packs': there are songs called "Hello".
        if not query.mentions and recognize_small_talk(question) is not None:
            return Unknown(), Route.SMALL_TALK
        if decision.answer is not None:
            document = decision.answer.document
            found = self._loader.find_fact(document.pack, document.id)
            if found is not None:
                return found, Route.FACTS
        likely, route = decision.suggestions, Route.FACTS
        if not likely and query.is_bare_subject:
            route = Route.SUBJECT
            likely = tuple(
                each for each in explanation.evidence if each.uncovered_mass < MAX_UNCOVERED
            )
        if likely:
            keys = [(e.document.pack, e.document.id) for e in likely[:MAX_NEAR_SUGGESTIONS]]
            return Unsure(self._loader.suggest_facts(keys)), route
        return self._describe_unknown(query, scope), Route.FACTS

    def _introduce(self, mention: Mention, scope: Scope) -> Answer:
        """Tell who or what a name is, or offer the questions about it."""
        names = frozenset(f"{NAME_PREFIX}{name}" for name in mention.names)
        packs = self._index.packs
        shown = {
            packs[pack].names[subject]
            for pack, _, subject in (name.partition("/") for name in sorted(mention.names))
        }
        for question in (
            way.replace("@", name) for name in sorted(shown) for way in self._introductions
        ):
            found = self._engine.explain(question, scope).decision.answer
            if found is not None and not names.isdisjoint(found.document.subject):
                told = self._loader.find_fact(found.document.pack, found.document.id)
                if told is not None:
                    return told
        topics = (self._catalog.topics.get(name) for name in sorted(mention.names))
        offered = [
            each for topic in topics if topic and topic.pack in scope for each in topic.questions
        ]
        if offered:
            return Unsure(tuple(offered[:MAX_NEAR_SUGGESTIONS]))
        return self._describe_unknown(Query((), (mention,), frozenset(), frozenset()), scope)

    def _describe_unknown(self, query: Query, scope: Scope) -> Unknown:
        """Return the outcome without an answer, with questions about its subject."""
        keys = sorted({name for mention in query.mentions for name in mention.names})
        for key in keys:
            topic = self._catalog.topics.get(key)
            if topic is not None and topic.pack in scope:
                return Unknown(topic.name, topic.questions[:MAX_NEAR_SUGGESTIONS])
        if keys:
            pack, _, subject = keys[0].partition("/")
            return Unknown(near=self._index.packs[pack].names.get(subject))
        return Unknown()

    async def _list_quotes(self, scope: Scope, by: str | None) -> list[tuple[str, Quote]]:
        """Return the quotes in scope, or those of one speaker."""
        quotes = await self._run(self._index.list_quotes, scope)
        name = fold(by or "").strip()
        if not name:
            return quotes
        speakers = self._catalog.speakers_by_name.get(name)
        if speakers is None:
            named = await self._run(self._engine.find_bare_name, name, scope)
            speakers = frozenset(
                (pack, quote.speaker)
                for pack, quote in quotes
                if f"{NAME_PREFIX}{pack}/{quote.speaker}" in named
            )
        return [(pack, quote) for pack, quote in quotes if (pack, quote.speaker) in speakers]

    async def _run(self, work: Callable[..., Result], *arguments: object) -> Result:
        """Run a piece of work, in the index's own thread if any."""
        if self._thread is None:
            return work(*arguments)
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)


def _has_theme(quote: Quote, theme: str) -> bool:
    wanted = theme.strip().casefold()
    return any(own.casefold() == wanted for own in quote.themes)


def _nearest_theme(text: str, quote: Quote) -> str:
    """Return a quote's theme that is most similar to a text."""
    wanted = fold(text)
    return max(quote.themes, key=lambda theme: fuzz.token_set_ratio(wanted, fold(theme)))
