"""The one door to what is known: questions, quotes, releases and topics within a scope."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

from rapidfuzz import fuzz

from bot.answering import lexicon as lexicons
from bot.answering.answers import (
    CitedFact,
    CitedQuote,
    CitedRelease,
    Found,
    Suggestion,
    Topic,
    Unknown,
    Unsure,
)
from bot.answering.completion import Completion
from bot.answering.indexer import document_from, sample_feature
from bot.answering.interpreter import Interpreter
from bot.answering.matcher import FACTS, QUOTES, features_of, mention_features, rank
from bot.answering.recent import Recent
from bot.answering.verdict import Verdict, judge, judge_quote
from bot.answering.words import fold
from bot.knowledge.reach import Scope
from bot.knowledge.reader import StoreReader

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from random import Random
    from types import TracebackType

    from bot.answering.answers import Answer
    from bot.answering.lexicon import Lexicon
    from bot.answering.matcher import Document, Evidence, Weights
    from bot.answering.question import Question
    from bot.knowledge.model import Fact, Quote, Release, Source

__all__ = ["Explanation", "Notes", "Scope"]

MOST_CANDIDATES = 24
"""So many entries are looked at closely for a question."""
MOST_KEPT = 512
"""So many documents, and as many facts, are kept in memory."""
MOST_COMPLETED = 20_000
"""So many questions are kept for autocomplete: more could not be searched in time."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a question was read, what was weighed, and what came of it."""

    question: Question
    evidence: tuple[Evidence, ...]
    verdict: Verdict


class Notes:
    """Answers from one compiled fact store, opened read-only.

    Whatever takes a scope never returns anything from a pack outside it.
    """

    def __init__(self, store: StoreReader, lexicon: Lexicon) -> None:
        """Use `Notes.open`, which also reads what is kept in memory."""
        self._store = store
        self._lexicon = lexicon
        self._interpreter = Interpreter(store, lexicon)
        self._documents = Recent(MOST_KEPT, self._load_documents)
        self._facts = Recent(MOST_KEPT, store.facts_by_key)
        self._topics: tuple[Topic, ...] = ()
        self._by_subject: dict[str, list[Topic]] = {}
        self._releases: tuple[CitedRelease, ...] = ()
        self._questions: Completion[Suggestion] = Completion([])
        self._titles: Completion[str] = Completion([])
        self._speakers: Completion[str] = Completion([])
        self._themes: Completion[str] = Completion([])
        self._names: dict[str, set[tuple[str, str]]] = {}

    @classmethod
    async def open(cls, store: Path) -> Notes:
        """Open a compiled store and read what autocomplete needs into memory.

        Raises:
            StoreError: where there is no store that can be read.
        """
        notes = cls(await StoreReader.open(store), lexicons.load())
        await notes._remember()
        return notes

    async def close(self) -> None:
        """Close the store; an answer under way is finished first."""
        await self._store.close()

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
        return self._store.everything

    def source(self, pack: str) -> Source:
        """Return where a pack's facts come from."""
        return self._store.shelves[pack].source

    def pack_title(self, pack: str) -> str:
        """Return a pack's title, as shown to people."""
        return self._store.shelves[pack].title

    async def answer(self, question: str, scope: Scope) -> Answer:
        """Answer a question of at most 300 characters from the packs in scope."""
        explained = await self.explain(question, scope)
        verdict = explained.verdict
        if verdict.answer is not None:
            document = verdict.answer.document
            found = await self.fact(document.pack, document.id)
            if found is not None:
                return Found(found, await self.related(document.pack, document.id))
        likely = [(e.document.pack, e.document.id) for e in verdict.suggestions]
        if likely:
            return Unsure(await self._suggestions(likely))
        return self._unknown(explained.question, scope)

    async def explain(self, question: str, scope: Scope) -> Explanation:
        """Return how a question would be answered, and why."""
        asked = await self._interpreter.read(question, scope)
        ranked = await self._rank("fact", asked, scope, FACTS)
        sample = sample_feature(question, self._lexicon)
        numbers = await self._store.candidates("fact", [sample], (), scope, MOST_CANDIDATES)
        if len(numbers) == 1:
            own = rank(asked, await self._documents.get(numbers), FACTS)
            others = [e for e in ranked if e.document is not own[0].document]
            verdict = Verdict(own[0], (), 1.0, "it is a sample question of this fact")
            return Explanation(asked, (*own, *others), verdict)
        return Explanation(asked, tuple(ranked), judge(asked, ranked))

    async def fact(self, pack: str, fact: str) -> CitedFact | None:
        """Return a fact by its id, or None where it is gone or withdrawn."""
        found = await self._fact(pack, fact)
        if found is None:
            return None
        shelf = self._store.shelves[pack]
        quotes = [await self.quote_by_id(pack, quote) for quote in found.quotes[:1]]
        return CitedFact(
            pack=pack,
            fact=found,
            source=shelf.source,
            subject=shelf.names.get(found.subject, found.subject),
            quote=quotes[0] if quotes else None,
        )

    async def related(self, pack: str, fact: str) -> tuple[Suggestion, ...]:
        """Return the facts that a fact names as related."""
        found = await self._fact(pack, fact)
        others = () if found is None else found.related
        return await self._suggestions([(pack, other) for other in others])

    async def quote(
        self,
        scope: Scope,
        chance: Random,
        *,
        about: str | None = None,
        by: str | None = None,
        besides: frozenset[tuple[str, str]] = frozenset(),
    ) -> CitedQuote | None:
        """Return the best quote for a theme, or one by chance; None where nothing fits.

        `by` is a speaker's name or alias. `besides` are (pack, quote) pairs already shown: they
        come again only when nothing else is left.
        """
        keys = await self.quote_ids(scope, by)
        if about is not None and about.strip():
            asked = await self._interpreter.read(about, scope)
            ranked = await self._rank("quote", asked, scope, QUOTES)
            fitting = [(e.document.pack, e.document.id) for e in judge_quote(asked, ranked)]
            keys = tuple(key for key in fitting if key in set(keys))
            fresh = [key for key in keys if key not in besides] or list(keys)
            chosen = fresh[0] if fresh else None
        else:
            fresh = [key for key in keys if key not in besides] or list(keys)
            chosen = chance.choice(fresh) if fresh else None
        cited = None if chosen is None else await self.quote_by_id(*chosen)
        if cited is None or not about:
            return cited
        return replace(cited, theme=_theme(about, cited.quote))

    async def quote_by_id(self, pack: str, quote: str) -> CitedQuote | None:
        """Return a quote by its id, or None where it is gone or withdrawn."""
        found = await self._store.quote(pack, quote)
        return None if found is None else self._cited_quote(pack, found)

    async def quote_ids(
        self, scope: Scope, by: str | None = None, theme: str | None = None
    ) -> tuple[tuple[str, str], ...]:
        """Return (pack, quote) for every quote that may be served, in the packs' order.

        `by` is a speaker's name or alias, `theme` a theme exactly as a pack has it.
        """
        named = fold(by or "").strip()
        speakers = self._names.get(named, set()) if named else None
        return tuple(
            (pack, quote.id)
            for pack, quote in await self._store.quotes(scope)
            if (speakers is None or (pack, quote.speaker) in speakers)
            and (theme is None or theme in quote.themes)
        )

    async def release(self, title: str, scope: Scope) -> CitedRelease | None:
        """Return the release with that title or alias, or with a song of that title."""
        asked = await self._interpreter.read(title, scope)
        wanted = {feature for mention in asked.mentions for feature in mention_features(mention)}
        in_scope = [release for release in self._releases if release.pack in scope]
        for cited in in_scope:
            keys = {cited.release.id, *(song.id for song in cited.release.songs)}
            if wanted & {f"n:{key}" for key in keys}:
                return cited
        return None

    async def release_by_id(self, pack: str, release: str) -> CitedRelease | None:
        """Return a release by its id, or None where it is gone or withdrawn."""
        return next(
            (
                cited
                for cited in self._releases
                if (cited.pack, cited.release.id) == (pack, release)
            ),
            None,
        )

    async def releases(self, scope: Scope) -> tuple[CitedRelease, ...]:
        """Return every release in scope, newest first."""
        return tuple(cited for cited in self._releases if cited.pack in scope)

    def topics(self, scope: Scope) -> tuple[Topic, ...]:
        """Return the subjects in scope, each with the questions answered about it."""
        return tuple(topic for topic in self._topics if topic.pack in scope)

    def complete_question(self, typed: str, scope: Scope) -> tuple[Suggestion, ...]:
        """Return at most 25 questions that fit what has been typed; typos forgiven; no I/O."""
        return self._questions.complete(typed, scope)

    def complete_title(self, typed: str, scope: Scope) -> tuple[str, ...]:
        """Return at most 25 release and song titles that fit what has been typed; no I/O."""
        return self._titles.complete(typed, scope)

    def complete_speaker(self, typed: str, scope: Scope) -> tuple[str, ...]:
        """Return at most 25 speakers' names that fit what has been typed; no I/O."""
        return self._speakers.complete(typed, scope)

    def complete_theme(self, typed: str, scope: Scope) -> tuple[str, ...]:
        """Return at most 25 quote themes that fit what has been typed; no I/O."""
        return self._themes.complete(typed, scope)

    async def find(self, words: Sequence[str], scope: Scope) -> list[tuple[str, str, str]]:
        """Return (pack, kind, id) of at most 25 entries that use all of the words."""
        return await self._store.find(words, scope)

    async def _rank(
        self, kind: str, asked: Question, scope: Scope, weights: Weights
    ) -> list[Evidence]:
        features = {feature for part in features_of(asked) for feature in part.features}
        names = {feature for mention in asked.mentions for feature in mention_features(mention)}
        numbers = await self._store.candidates(kind, features, names, scope, MOST_CANDIDATES)
        return rank(asked, await self._documents.get(numbers), weights)

    async def _load_documents(self, numbers: Sequence[int]) -> dict[int, Document]:
        return {
            found.number: document_from(found.pack, found.id, found.document)
            for found in await self._store.documents(numbers)
        }

    async def _fact(self, pack: str, fact: str) -> Fact | None:
        found = await self._facts.get([(pack, fact)])
        return found[0][1] if found else None

    async def _suggestions(self, keys: Sequence[tuple[str, str]]) -> tuple[Suggestion, ...]:
        return tuple(_suggestion(pack, fact) for pack, fact in await self._facts.get(keys))

    def _unknown(self, asked: Question, scope: Scope) -> Unknown:
        """Say that the notes do not say, and what they cover of the subject asked about."""
        wanted = sorted({name for mention in asked.mentions for name in mention.names})
        for topic in (topic for name in wanted for topic in self._by_subject.get(name, ())):
            if topic.pack in scope:
                return Unknown(near=topic.name, suggestions=topic.questions[:3])
        shelves = (self._store.shelves[pack] for pack in sorted(scope & self.packs))
        named = (shelf.names[name] for shelf in shelves for name in wanted if name in shelf.names)
        return Unknown(near=next(named, None))

    def _cited_quote(self, pack: str, quote: Quote) -> CitedQuote:
        shelf = self._store.shelves[pack]
        return CitedQuote(
            pack=pack,
            quote=quote,
            speaker=shelf.names.get(quote.speaker, quote.speaker),
            source=shelf.source,
        )

    def _cited_release(self, pack: str, release: Release) -> CitedRelease:
        shelf = self._store.shelves[pack]
        performers = {key for song in release.songs for key in song.performers}
        return CitedRelease(
            pack=pack,
            release=release,
            artist=shelf.names.get(release.artist, release.artist),
            performers={key: shelf.names.get(key, key) for key in sorted(performers)},
            source=shelf.source,
        )

    async def _remember(self) -> None:
        """Read into memory what autocomplete and topics need."""
        scope = self.packs
        facts = await self._store.facts(scope, MOST_COMPLETED)
        offered = [_suggestion(pack, fact) for pack, fact in facts]
        self._questions = Completion([(item.question, item.pack, item) for item in offered])
        by_subject: defaultdict[tuple[str, str], list[Suggestion]] = defaultdict(list)
        for (pack, fact), item in zip(facts, offered, strict=True):
            by_subject[pack, fact.subject].append(item)
        self._topics = tuple(
            Topic(pack, subject, self._store.shelves[pack].names[subject], tuple(items))
            for (pack, subject), items in by_subject.items()
        )
        for topic in self._topics:
            self._by_subject.setdefault(topic.subject, []).append(topic)
        releases = [
            self._cited_release(pack, release)
            for pack, release in await self._store.releases(scope)
        ]
        self._releases = tuple(
            sorted(releases, key=lambda cited: cited.release.date.text, reverse=True)
        )
        titles = [
            (title, cited.pack, title)
            for cited in self._releases
            for title in (cited.release.title, *(song.title for song in cited.release.songs))
        ]
        self._titles = Completion(titles)
        await self._remember_quotes(scope)

    async def _remember_quotes(self, scope: Scope) -> None:
        quotes = (await self._store.quotes(scope))[:MOST_COMPLETED]
        speakers = {
            (pack, quote.speaker): self._store.shelves[pack].names[quote.speaker]
            for pack, quote in quotes
        }
        self._speakers = Completion([(name, pack, name) for (pack, _), name in speakers.items()])
        # The first theme of every quote before the second of any: a varied list to begin with.
        depth = max((len(quote.themes) for _, quote in quotes), default=0)
        themes = {
            (pack, quote.themes[at]): None
            for at in range(depth)
            for pack, quote in quotes
            if at < len(quote.themes)
        }
        self._themes = Completion([(theme, pack, theme) for pack, theme in themes])
        self._names = await self._speaker_names(speakers)

    async def _speaker_names(
        self, speakers: dict[tuple[str, str], str]
    ) -> dict[str, set[tuple[str, str]]]:
        """Return whom each folded name or alias of a speaker may mean, as (pack, id)."""
        names: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
        for key, name in speakers.items():
            names[fold(name)].add(key)
        for pack, subject, words in await self._store.names_for(
            {subject for _, subject in speakers}
        ):
            if (pack, subject) in speakers:
                names[" ".join(words)].add((pack, subject))
        return dict(names)


def _theme(about: str, quote: Quote) -> str:
    """Return the theme of a quote that is most like what was asked for."""
    wanted = fold(about)
    return max(quote.themes, key=lambda theme: fuzz.token_set_ratio(wanted, fold(theme)))


def _suggestion(pack: str, fact: Fact) -> Suggestion:
    return Suggestion(pack, fact.id, fact.questions[0], fact.statement)
