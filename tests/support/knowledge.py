"""A small knowledge base in memory about a band that does not exist, in place of `KnowledgeBase`.

For tests of what stands before that door (commands, cards, posts): nothing is compiled, and it can
fail or be slow at will. Tests of what stands behind it compile `tests/support/packs.py`.
"""

from __future__ import annotations

import asyncio
from copy import copy
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from bot.answering.knowledge_base import KnowledgeBase
from bot.answering.results import (
    CitedFact,
    CitedQuote,
    CitedRelease,
    DatedEntry,
    FaultyTranslation,
    Found,
    NearestFact,
    Suggestion,
    Topic,
    Unknown,
    Unsure,
)
from bot.answering.small_talk import recognize_small_talk
from bot.errors import StoreError
from bot.packs.models import (
    DatePrecision,
    Edition,
    Fact,
    Quote,
    Release,
    ReleaseDate,
    Song,
    Source,
)

if TYPE_CHECKING:
    from random import Random

    from bot.answering.results import Answer
    from bot.errors import Fault
    from bot.index.scope import EntryKind, Scope

PACK = "night-owls-1999"

SOURCE = Source(
    title="a talk with the Night Owls",
    author="Ada Example",
    publishers=("Paper", "Radio"),
    year=1999,
    year_from="its masthead",
    kind="interview",
    rights="© 1999 Ada Example",
    paragraphs=9,
)


def fact(name: str, question: str, statement: str, *, related: tuple[str, ...] = ()) -> Fact:
    """Return a fact about the band."""
    return Fact(name, "night-owls", (), statement, (question,), (3,), 1999, related=related)


FACTS = {
    "barn": fact(
        "barn", "Where was it recorded?", "They recorded it in a barn.", related=("drummer",)
    ),
    "drummer": fact("drummer", "Who plays the drums?", "Mika plays the drums."),
    "tour": fact("tour", "When do they tour?", "They tour in autumn."),
}

QUOTES = {
    "barn-words": Quote(
        "barn-words",
        "robin",
        "the barn had better ideas than we did",
        "On recording.",
        ("barn",),
        (4,),
    ),
    "fans-words": Quote(
        "fans-words",
        "robin",
        "without them it is only noise",
        "On the fans.",
        ("fans", "noise"),
        (5,),
    ),
    "loud-words": Quote(
        "loud-words", "mika", "I only know one volume", "On the drums.", ("noise",), (6,)
    ),
}

RELEASES = {
    "owl-light": Release(
        id="owl-light",
        title="Owl Light",
        artist="night-owls",
        kind="album",
        date=ReleaseDate("1999-10-31", DatePrecision.DAY, "the year from its masthead"),
        status="announced",
        as_of=1999,
        paragraphs=(2,),
        editions=(Edition("regular", 9), Edition("deluxe", 12, "three songs more")),
        songs=(Song("hoot", "Hoot", ("night-owls",)),),
        available=("Corner Records (pre-order)",),
    ),
    "early-bird": Release(
        id="early-bird",
        title="Early Bird",
        artist="night-owls",
        kind="single",
        date=ReleaseDate("1998", DatePrecision.YEAR, ""),
        status="released",
        as_of=1999,
        paragraphs=(2,),
    ),
}


class KnowledgeInMemory(KnowledgeBase):
    """Answers what the tests ask; `hold` and `fail` stand for a slow and a broken store."""

    def __init__(self) -> None:  # it has no store to be given
        self.titles = {PACK: "The Night Owls, 1999"}
        self.translated_titles: dict[str, str] = {}
        self.facts = dict(FACTS)
        self.quotes = dict(QUOTES)
        self.known = dict(RELEASES)
        self.faulty_translations: tuple[FaultyTranslation, ...] = ()
        self.hold = 0.0
        self.fail: Exception | None = None

    @property
    def packs(self) -> Scope:
        return frozenset(self.titles)

    def has_entries(self, kind: EntryKind, scope: Scope) -> bool:
        held = {"fact": self.facts, "quote": self.quotes, "release": self.known}
        return PACK in scope and bool(held[kind])

    def source(self, pack: str) -> Source:
        return SOURCE

    def pack_language(self, pack: str) -> str:
        return "en"

    def pack_title(self, pack: str) -> str:
        return self.titles[pack]

    def translation_faults(self, scope: Scope) -> tuple[Fault, ...]:
        return ()

    def list_faulty_translations(self, pack: str) -> tuple[FaultyTranslation, ...]:
        return self.faulty_translations

    def pack_titles(self, pack: str) -> frozenset[str]:
        return frozenset({self.titles[pack], *self.translated_titles.values()})

    def in_locale(self, locale: str | None) -> KnowledgeBase:
        if locale not in self.translated_titles:
            return self
        told = copy(self)
        told.titles = {PACK: self.translated_titles[locale]}
        return told

    async def answer(self, question: str, scope: Scope, locale: str | None = None) -> Answer:
        await self._pause()
        if PACK not in scope:
            return Unknown()
        match question.lower():
            case "maybe":
                return Unsure((self._offer("barn"), self._offer("drummer")))
            case "shoe size":
                return Unknown("The Night Owls", (self._offer("tour"),))
            case _:
                return self._found(question.casefold())

    def _found(self, question: str) -> Answer:
        for name, known in self.facts.items():
            if recognize_small_talk(question) is None and question in known.questions[0].casefold():
                return Found(self._in_full(name), tuple(map(self._offer, known.related)))
        return Unknown()

    async def find_nearest(self, question: str, scope: Scope) -> NearestFact | None:
        answer = await self.answer(question, scope)
        match answer:
            case Found():
                return NearestFact(self._offer(answer.answer.fact.id), is_answer=True)
            case Unsure() | Unknown(suggestions=(_, *_)):
                return NearestFact(answer.suggestions[0], is_answer=False)
            case Unknown():
                return None

    def names_with_digits(self, scope: Scope) -> frozenset[str]:
        return frozenset()

    async def find_fact(self, pack: str, fact: str) -> CitedFact | None:
        await self._pause()
        return self._in_full(fact) if fact in self.facts else None

    async def list_related(self, pack: str, fact: str) -> tuple[Suggestion, ...]:
        return tuple(self._offer(name) for name in self.facts[fact].related)

    async def choose_quote(
        self,
        scope: Scope,
        chance: Random,
        *,
        about: str | None = None,
        by: str | None = None,
        exclude: frozenset[tuple[str, str]] = frozenset(),
    ) -> CitedQuote | None:
        await self._pause()
        for name, quote in self.quotes.items():
            if (about in (None, *quote.themes)) and (by or "").casefold() in quote.speaker:
                cited = await self.find_quote(PACK, name)
                return replace(cited, theme=about) if cited else None
        return None

    async def find_quote(self, pack: str, quote: str) -> CitedQuote | None:
        found = self.quotes.get(quote)
        return CitedQuote(pack, found, found.speaker.title(), SOURCE) if found else None

    async def list_quote_ids(
        self,
        scope: Scope,
        by: str | None = None,
        theme: str | None = None,
        *,
        only_daily: bool = False,
    ) -> tuple[tuple[str, str], ...]:
        speaker = (by or "").casefold()
        return tuple(
            (PACK, name)
            for name, quote in self.quotes.items()
            if PACK in scope and speaker in quote.speaker and theme in (None, *quote.themes)
            if quote.daily or not only_daily
        )

    async def list_daily_facts(self, scope: Scope) -> tuple[tuple[str, str], ...]:
        return tuple((PACK, name) for name in self.facts if PACK in scope)

    async def list_dated(self, scope: Scope) -> tuple[DatedEntry, ...]:
        dated = [
            DatedEntry("release", PACK, each.id, date.fromisoformat(each.date.text))
            for each in self.known.values()
            if each.date.precision is DatePrecision.DAY and PACK in scope
        ]
        dated += [
            DatedEntry("fact", PACK, each.id, date.fromisoformat(each.date))
            for each in self.facts.values()
            if each.date and PACK in scope
        ]
        return tuple(dated)

    async def search_release(self, title: str, scope: Scope) -> CitedRelease | None:
        for known in await self.list_releases(scope):
            titles = [known.release.title, *(song.title for song in known.release.songs)]
            if title.casefold() in map(str.casefold, titles):
                return known
        return None

    async def find_bare_title(self, text: str, scope: Scope) -> CitedRelease | None:
        return await self.search_release(text, scope)

    async def find_release(self, pack: str, release: str) -> CitedRelease | None:
        known = await self.list_releases(frozenset({pack}))
        return next((cited for cited in known if cited.release.id == release), None)

    async def list_releases(self, scope: Scope) -> tuple[CitedRelease, ...]:
        await self._pause()
        names = {"night-owls": "The Night Owls"}
        known = self.known.values() if PACK in scope else ()
        return tuple(CitedRelease(PACK, r, "The Night Owls", names, SOURCE) for r in known)

    def list_topics(self, scope: Scope) -> tuple[Topic, ...]:
        if PACK not in scope:
            return ()
        asked = tuple(self._offer(name) for name in self.facts)
        return (Topic(PACK, "night-owls", "The Night Owls", asked),)

    def complete_question(self, typed: str, scope: Scope) -> tuple[Suggestion, ...]:
        if self.fail:
            raise self.fail
        known = (self._offer(name) for name in self.facts)
        return tuple(s for s in known if typed.casefold() in s.question.casefold())

    def complete_title(self, typed: str, scope: Scope) -> tuple[str, ...]:
        return tuple(r.title for r in self.known.values())

    def complete_speaker(self, typed: str, scope: Scope) -> tuple[str, ...]:
        return () if typed.startswith("*") else ("Mika", "Robin")

    def complete_theme(self, typed: str, scope: Scope) -> tuple[tuple[str, str], ...]:
        return tuple((theme, "en") for theme in ("barn", "fans", "noise") if typed in theme)

    async def close(self) -> None:
        """Nothing is open."""

    async def _pause(self) -> None:
        await asyncio.sleep(self.hold)
        if self.fail:
            raise self.fail

    def _offer(self, name: str) -> Suggestion:
        known = self.facts[name]
        return Suggestion(PACK, name, known.questions[0], known.statement)

    def _in_full(self, name: str) -> CitedFact:
        spoken = self.quotes.get("barn-words") if name == "barn" else None
        quote = CitedQuote(PACK, spoken, "Robin", SOURCE) if spoken else None
        return CitedFact(PACK, self.facts[name], SOURCE, "The Night Owls", quote)


BROKEN = StoreError("the store cannot be read; start again to rebuild it.")
