"""The façade of answering: answers, quotes, releases and topics by scope."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self, TypeVar

from bot.answering.autocomplete import MAX_CHOICES
from bot.answering.detection import LanguageDetector, reader_language
from bot.answering.engine import Explanation
from bot.answering.features import NAME_PREFIX
from bot.answering.pack_set import find_translated_indexes
from bot.answering.packs_in_language import PacksInLanguage, has_theme
from bot.answering.results import FaultyTranslation, Found, NearestFact, Unknown, Unsure
from bot.answering.small_talk import recognize_small_talk
from bot.answering.text import fold
from bot.index.cache import BatchCache
from bot.index.scope import EntryKind, Scope
from bot.packs.sidecar import translation_language

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path
    from random import Random
    from types import TracebackType

    from bot.answering.explanation import Account
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
    from bot.errors import Fault
    from bot.index.cache import KeyedHash
    from bot.packs.models import Source

__all__ = ["Explanation", "KnowledgeBase", "Scope"]

Result = TypeVar("Result")
AnswerKey = tuple[str, Scope, str]
"""A question, the packs that may answer it, and the language of who asks."""

MAX_INLINE_FACTS = 2_000
"""Up to this many facts, a question is answered in the event loop's own thread: it takes about a
millisecond, less than handing it to another thread and back."""
MAX_CACHED_ANSWERS = 512
"""How many answers are kept in memory: when there is news, many people ask the same."""
# Never a pattern of what was typed: the module remembers patterns.
_NEXT_WORD = re.compile(r"\W+\w")
_AROUND = " ?!."
"""What may stand around a title."""


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer, and whether its question may be a title instead."""

    answer: Answer
    bare_name: Collection[str]
    """The features of the name that it is, if it is a name and nothing else."""
    begins_title: bool
    """Whether it is how the title of a release begins."""


class KnowledgeBase:
    """Answers questions from one compiled index, opened read-only.

    Nothing from a pack outside the given scope is ever returned. A large index is read in a thread
    of its own, so that nobody else waits for it. A translation of the packs is a further index: a
    question is answered in its own language where its pack has that, and else in the pack's.
    """

    def __init__(
        self,
        own: PacksInLanguage,
        hide: KeyedHash,
        translations: Mapping[str, PacksInLanguage] | None = None,
    ) -> None:
        """Take the packs in their own language and in others."""
        self._own = own
        self._translations = translations or {}
        self._reader = own.language
        self._is_open = True
        is_large = own.index.fact_count > MAX_INLINE_FACTS
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="answering") if is_large else None
        self._readings = BatchCache(
            MAX_CACHED_ANSWERS, self._read_all, lambda key: (hide(key[0]), *key[1:])
        )
        self._detector = LanguageDetector({own.language: own, **self._translations}, hide)

    @classmethod
    async def open(cls, path: Path, hide: KeyedHash) -> KnowledgeBase:
        """Open a compiled index, with the translations beside it.

        `hide` hashes the texts by which answers and look-ups are cached, so that no question is
        kept.

        Raises:
            StoreError: where there is no index that can be read.
        """

        def open_indexes() -> KnowledgeBase:
            own = PacksInLanguage.open(path, hide)
            hide_typed = hide.except_for(own.lexicon.words)
            others = [
                PacksInLanguage.open_translation(each, hide_typed)
                for each in find_translated_indexes(path)
            ]
            for each in others:
                if not each.packs:  # nothing of its translations can be used
                    each.index.close()
            others = [each for each in others if each.packs]
            # Later it would take long, and everybody would have to wait for it.
            for each in (own, *others):
                if each.index.fact_count > MAX_INLINE_FACTS:
                    each.load_all()
            return cls(own, hide_typed, {each.language: each for each in others})

        return await asyncio.to_thread(open_indexes)

    async def close(self) -> None:
        """Close the index, after an answer under way is finished."""
        if not self._is_open:
            return
        self._is_open = False
        for each in (self._own, *self._translations.values()):
            await self._run(each.index.close)
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
        return self._own.packs

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which some pack answers, its own first."""
        return (self._own.language, *self._translations)

    def list_languages(self, scope: Scope) -> tuple[str, ...]:
        """Return the languages of packs in scope, their own first."""
        translated = (code for code, told in self._translations.items() if scope & told.packs)
        return (self._own.language, *translated)

    def in_locale(self, locale: str | None) -> KnowledgeBase:
        """Return the same packs for readers of a locale."""
        reader = reader_language(locale, self.languages)
        if reader == self._reader:
            return self
        told = copy(self)  # it shares the indexes and what they keep in memory
        told._reader = reader  # noqa: SLF001  # it is one of these too
        return told

    def source(self, pack: str) -> Source:
        """Return the source of a pack's facts."""
        return self._told_by(pack).index.packs[pack].source

    def pack_title(self, pack: str) -> str:
        """Return a pack's title for display."""
        return self._told_by(pack).index.packs[pack].title

    def pack_titles(self, pack: str) -> frozenset[str]:
        """Return a pack's titles in all its languages."""
        told = (self._own, *self._translations.values())
        return frozenset(each.index.packs[pack].title for each in told if pack in each.index.packs)

    def pack_language(self, pack: str) -> str:
        """Return the language in which the reader has a pack."""
        return self._told_by(pack).language

    def translation_faults(self, scope: Scope) -> tuple[Fault, ...]:
        """Return the faults of translations whose parts were left out.

        Of the files, only the names are known here.
        """
        packs = self._own.index.packs
        return tuple(each for pack in sorted(scope) for each in packs[pack].translation_faults)

    def list_faulty_translations(self, pack: str) -> tuple[FaultyTranslation, ...]:
        """Return the translations of a pack that have faults, sorted by language."""
        faults = self._own.index.packs[pack].translation_faults
        found: list[FaultyTranslation] = []
        for language in sorted({translation_language(fault.path) for fault in faults}):
            told = self._translations.get(language)
            header = told.index.packs.get(pack) if told is not None else None
            lacks = None if header is None else len(header.untranslated)
            found.append(FaultyTranslation(language, lacks))
        return tuple(found)

    def has_entries(self, kind: EntryKind, scope: Scope) -> bool:
        """Return whether the packs in scope have any fact, quote or release."""
        return self._own.index.has_entries(kind, scope)

    async def answer(self, question: str, scope: Scope, locale: str | None = None) -> Answer:
        """Answer a question from the packs in scope.

        It is answered in its own language or, where it tells none, as "Kendall?" does, in that of
        the asker's locale; where a pack lacks that, in the pack's.
        """
        asker = self._reader if locale is None else reader_language(locale, self.languages)
        return (await self._read(question, scope, asker)).answer

    async def explain(self, question: str, scope: Scope) -> Explanation:
        """Explain how a question would be answered."""
        told, part = self._first_asked(question, scope)
        return await self._run(told.engine.explain, question, part)

    async def account_for(self, question: str, scope: Scope) -> Account:
        """Answer a question, with an account of how and why."""
        told, part = self._first_asked(question, scope)
        return await self._run(told.account_for, question, part)

    async def find_nearest(self, question: str, scope: Scope) -> NearestFact | None:
        """Return the fact that answers a question, or else the likeliest."""
        told, part = self._first_asked(question, scope)
        explanation = await self._run(told.engine.explain, question, part)
        decision = explanation.decision
        if decision.answer is not None:
            likeliest = decision.answer
        elif near := (*decision.suggestions, *explanation.evidence):
            likeliest = near[0]
        else:
            return None
        key = (likeliest.document.pack, likeliest.document.id)
        found = await self._run(told.loader.suggest_facts, [key])
        return NearestFact(found[0], decision.answer is not None) if found else None

    def names_with_digits(self, scope: Scope) -> frozenset[str]:
        """Return the lower-case words with digits of names in scope."""
        return frozenset(
            word.casefold()
            for pack in scope & self.packs
            for name in self._own.index.packs[pack].names.values()
            for word in name.split()
            if not word.isalpha() and any(map(str.isdigit, word))
        )

    async def find_fact(self, pack: str, fact: str) -> CitedFact | None:
        """Return a fact by its id, unless it is gone or withdrawn."""
        found = await self._run(self._told_by(pack).loader.find_fact, pack, fact)
        return None if found is None else found.answer

    async def list_related(self, pack: str, fact: str) -> tuple[Suggestion, ...]:
        """Return the facts related to a fact, as suggestions."""
        found = await self._run(self._told_by(pack).loader.find_fact, pack, fact)
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
        asked = about or ""
        language = self._reader
        if asked.strip() and self._translations:
            language = self._detector.tell_language(asked, self._reader, scope)
        for told, part in (*self._split(scope, language), (self._own, scope)):
            chosen = await self._run(told.choose_quote, part, chance, about, by, exclude)
            if chosen is not None:
                (pack, quote), theme = chosen
                cited = await self.find_quote(pack, quote)
                return replace(cited, theme=theme) if cited is not None and theme else cited
        return None

    async def find_quote(self, pack: str, quote: str) -> CitedQuote | None:
        """Return a quote by its id, unless it is gone or withdrawn."""
        return await self._run(self._told_by(pack).loader.find_quote, pack, quote)

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
            for pack, quote in await self._run(self._own.list_quotes, scope, by)
            if (theme is None or has_theme(quote, theme)) and (quote.daily or not only_daily)
        )

    async def list_daily_facts(self, scope: Scope) -> tuple[EntryKey, ...]:
        """Return the keys of facts that a daily post may draw."""
        return tuple(key for key in self._own.catalog.daily_facts if key[0] in scope)

    async def list_dated(self, scope: Scope) -> tuple[DatedEntry, ...]:
        """Return the dated facts and releases in scope, the oldest first."""
        return tuple(entry for entry in self._own.catalog.dated if entry.pack in scope)

    async def search_release(self, title: str, scope: Scope) -> CitedRelease | None:
        """Return the release that a title, alias or song title names."""
        named = await self._run(self._own.engine.find_names, title, scope)
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
        # Nearly all texts are questions, so the answer, which comes next, is worked out with it.
        reading = await self._read(text, scope, self._reader)
        if reading.bare_name:
            titles = {
                f"{NAME_PREFIX}{cited.pack}/{key}"
                for cited in await self.list_releases(scope)
                for key in (cited.release.id, *(song.id for song in cited.release.songs))
            }
            is_title = titles.issuperset(reading.bare_name)
            return await self.search_release(text, scope) if is_title else None
        if not reading.begins_title or recognize_small_talk(text) is not None:
            return None
        is_odd = await self._run(self._own.engine.is_odd_word, text, scope)
        return await self.search_release(fold(text).strip(_AROUND), scope) if is_odd else None

    async def find_release(self, pack: str, release: str) -> CitedRelease | None:
        """Return a release by its id, unless it is gone or withdrawn."""
        wanted = (pack, release)
        releases = self._told_by(pack).catalog.releases
        return next((each for each in releases if (each.pack, each.release.id) == wanted), None)

    async def list_releases(self, scope: Scope) -> tuple[CitedRelease, ...]:
        """Return all releases in scope, newest first."""
        told = [
            cited
            for packs, part in self._split(scope)
            for cited in packs.catalog.releases
            if cited.pack in part
        ]
        return tuple(sorted(told, key=lambda cited: cited.release.date.text, reverse=True))

    def list_topics(self, scope: Scope) -> tuple[Topic, ...]:
        """Return the subjects in scope with their questions."""
        return tuple(
            topic
            for packs, part in self._split(scope)
            for topic in packs.catalog.topics.values()
            if topic.pack in part
        )

    def complete_question(self, typed: str, scope: Scope) -> tuple[Suggestion, ...]:
        """Return at most 25 questions that complete a text, without I/O."""
        parts = list(self._split(scope))
        found = [
            suggestion
            for packs, part in parts
            for suggestion in packs.questions.complete(typed, part)
        ]
        # Somebody may type in the packs' own language all the same.
        if not found and parts[0][0] is not self._own:
            found += self._own.questions.complete(typed, scope)
        return tuple(found[:MAX_CHOICES])

    def complete_title(self, typed: str, scope: Scope) -> tuple[str, ...]:
        """Return at most 25 titles that complete a text, without I/O."""
        return self._own.catalog.titles.complete(typed, scope)

    def complete_speaker(self, typed: str, scope: Scope) -> tuple[str, ...]:
        """Return at most 25 speakers that complete a text, without I/O."""
        return self._own.catalog.speakers.complete(typed, scope)

    def complete_theme(self, typed: str, scope: Scope) -> tuple[tuple[str, str], ...]:
        """Return at most 25 (theme, language) that complete a text, without I/O."""
        found = [
            (theme, told.language)
            for told, part in self._split(scope)
            for theme in told.catalog.themes.complete(typed, part)
        ]
        return tuple(found[:MAX_CHOICES])

    async def search_text(self, words: Sequence[str], scope: Scope) -> list[tuple[str, str, str]]:
        """Return the (pack, kind, id) of entries with all the words."""
        return await self._run(self._own.index.search_text, words, scope)

    async def _read(self, question: str, scope: Scope, asker: str) -> Reading:
        key = (question, scope, asker)
        return (await self._run(self._readings.get_many, [key]))[key]

    def _read_all(self, keys: list[AnswerKey]) -> dict[AnswerKey, Reading]:
        return {key: self._read_question(*key) for key in keys}

    def _read_question(self, question: str, scope: Scope, asker: str) -> Reading:
        """Answer in the question's language where there is a translation."""
        language = self._detector.tell_language(question, asker, scope)
        # A question in a language that cannot be told may well be in the asker's.
        shown = language if self._detector.can_tell(asker) else asker
        parts = list(self._split(scope, language))
        answers, names = zip(*(told.answer(question, part) for told, part in parts), strict=True)
        answers += tuple(self._answer_untranslated(question, *each) for each in parts)
        outcomes = (Found, Unsure)
        answer = next(
            (each for kind in outcomes for each in answers if isinstance(each, kind)), answers[0]
        )
        # A title is one in the packs' own language.
        is_own = parts == [(self._own, scope)]
        named = names[0] if is_own else self._own.engine.find_bare_name(question, scope)
        answer = replace(answer, asked_in=shown)
        if isinstance(answer, Unsure) and self._detector.is_in_other_script(question, scope):
            # Guessed by the names alone that are in it.
            answer = Unknown(suggestions=answer.suggestions, asked_in=shown)
        if isinstance(answer, Unknown) and not self._is_understood(question, language, scope):
            answer = replace(answer, ask_in=self.list_languages(scope))
        return Reading(answer, named, self._begins_title(question, scope, asker))

    def _begins_title(self, text: str, scope: Scope, reader: str) -> bool:
        typed = fold(text).strip(_AROUND)
        return bool(typed) and any(
            title.startswith(typed) and _NEXT_WORD.match(title, len(typed))
            for packs, part in self._split(scope, reader)
            for pack, title in packs.catalog.folded_titles
            if pack in part
        )

    async def is_understood(self, question: str, scope: Scope) -> bool:
        """Return whether a question is in a language of the packs."""
        return await self._run(self._is_understood, question, "", scope)

    def _is_understood(self, question: str, language: str, scope: Scope) -> bool:
        """Return whether questions in the language of one are answered at all."""
        if self._detector.is_in_other_script(question, scope):
            return False
        if language in self.languages:
            return True
        # By its own words, and not by its asker's locale: "xyzzy" is in no language.
        return self._detector.tell_language(question, self._own.language, scope) in self.languages

    def _answer_untranslated(self, question: str, told: PacksInLanguage, scope: Scope) -> Answer:
        """Answer from those entries of packs in scope that are not translated."""
        packs = told.index.packs
        partly = frozenset(pack for pack in scope if packs[pack].untranslated)
        if not partly:
            return Unknown()
        match self._own.answer(question, partly)[0]:
            case Found(answer=cited) if not told.has_translated(cited.pack, cited.fact.id):
                return told.loader.find_fact(cited.pack, cited.fact.id) or Unknown()
            case Unsure(suggestions=suggestions):
                lacking = tuple(
                    each for each in suggestions if not told.has_translated(each.pack, each.fact)
                )
                return Unsure(lacking) if lacking else Unknown()
            case _:
                return Unknown()

    def _split(
        self, scope: Scope, language: str | None = None
    ) -> Iterator[tuple[PacksInLanguage, Scope]]:
        """Yield those packs in scope that have a language, and the rest.

        Without a language, it is that of the reader.
        """
        translated = self._translations.get(language or self._reader)
        there = scope & translated.packs if translated is not None else frozenset()
        if translated is not None and there:
            yield translated, there
        if not there:
            yield self._own, scope  # the very set: a copy of a thousand packs is slow to compare
        elif scope - there:
            yield self._own, scope - there

    def _first_asked(self, question: str, scope: Scope) -> tuple[PacksInLanguage, Scope]:
        """Return the packs that a question is first asked of."""
        language = self._reader
        if self._translations:
            language = self._detector.tell_language(question, self._reader, scope)
        return next(self._split(scope, language))

    def _told_by(self, pack: str) -> PacksInLanguage:
        """Return the reader's translation of a pack, or the original."""
        return next(told for told, _ in self._split(frozenset({pack})))

    async def _run(self, work: Callable[..., Result], *arguments: object) -> Result:
        """Run a piece of work, in the index's own thread if any."""
        if self._thread is None:
            return work(*arguments)
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)
