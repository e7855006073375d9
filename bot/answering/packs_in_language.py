"""The packs of one index, in one language."""

from __future__ import annotations

from functools import cached_property
from itertools import dropwhile
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from bot.answering.autocomplete import Catalog, read_questions
from bot.answering.engine import Engine
from bot.answering.explanation import Route, explain_answer
from bot.answering.features import NAME_PREFIX, bare_name_features
from bot.answering.lexicon import LanguageCues, decode_cues, decode_lexicon
from bot.answering.query import Query
from bot.answering.results import ResultLoader, Unknown, Unsure
from bot.answering.small_talk import recognize_small_talk
from bot.answering.text import fold, split_clauses
from bot.index.reader import IndexReader, read_lexicon, read_lexicon_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path
    from random import Random

    from bot.answering.autocomplete import QuestionCompleter
    from bot.answering.engine import Explanation
    from bot.answering.explanation import Account
    from bot.answering.lexicon import Lexicon
    from bot.answering.query import Mention
    from bot.answering.ranking import Evidence
    from bot.answering.results import Answer, EntryKey
    from bot.index.cache import KeyedHash
    from bot.index.scope import Scope
    from bot.packs.models import Quote

MAX_NEAR_SUGGESTIONS = 3
MAX_UNCOVERED = 0.5
"""A fact that has no words for half of a bare subject is not about it."""


class PacksInLanguage:
    """The packs of one index, read by one thread at a time.

    A language in which nobody asks costs little: its lexicon, like the catalog, is read when it is
    first needed.

    Attributes:
        index: The index.
        language: The language of their texts.
        cues: The words by which it is told from others.
        loader: Loads results by id.
    """

    def __init__(
        self, index: IndexReader, cues: LanguageCues, load_lexicon: Callable[[], Lexicon]
    ) -> None:
        """Take an index, its language's cues, and a loader of its lexicon."""
        self.index = index
        self.language = cues.language
        self.cues = cues
        self.loader = ResultLoader(index, cues.language)
        self._load_lexicon = load_lexicon

    @classmethod
    def open(cls, path: Path, hide: KeyedHash) -> PacksInLanguage:
        """Open an index in whose language most questions come.

        `hide` hashes the texts by which look-ups are cached.

        Raises:
            StoreError: There is no index that can be read.
        """
        lexicon = decode_lexicon(read_lexicon(path), hide)
        cues = LanguageCues(lexicon.language, lexicon.spellings, lexicon.stop_words)
        index = IndexReader.open(path, hide.except_for(lexicon.words))
        return cls(index, cues, lambda: lexicon)

    @classmethod
    def open_translation(cls, path: Path, hide: KeyedHash) -> PacksInLanguage:
        """Open an index in whose language nobody may ever ask.

        Raises:
            StoreError: There is no index that can be read.
        """
        cues = decode_cues(*read_lexicon_parts(path, "language", "spellings", "stop_words"))
        index = IndexReader.open(path, hide)
        return cls(index, cues, lambda: decode_lexicon(read_lexicon(path), hide))

    def load_all(self) -> None:
        """Load everything that is otherwise loaded when it is first needed."""
        _ = self.engine, self.catalog, self.questions

    @cached_property
    def lexicon(self) -> Lexicon:
        """The words of the language by their part in a question."""
        return self._load_lexicon()

    @cached_property
    def engine(self) -> Engine:
        """The engine that decides about questions."""
        return Engine(self.index, self.lexicon)

    @cached_property
    def catalog(self) -> Catalog:
        """The names and lists that are kept in memory."""
        return Catalog.read(self.index, self.loader)

    @cached_property
    def questions(self) -> QuestionCompleter:
        """The autocompleter of questions."""
        return read_questions(self.index, self.loader)

    @property
    def packs(self) -> Scope:
        """The scope of all packs."""
        return self.index.all_packs

    def has_translated(self, pack: str, fact: str) -> bool:
        """Return whether a fact of a pack is told in this language."""
        return ("fact", fact) not in self.index.packs[pack].untranslated

    def answer(self, question: str, scope: Scope) -> tuple[Answer, Collection[str]]:
        """Answer a question, and return the features of a bare name."""
        explanation = self.engine.explain(question, scope)
        answer, _ = self._answer(explanation, question, scope)
        return answer, bare_name_features(explanation.query)

    def account_for(self, question: str, scope: Scope) -> Account:
        """Answer a question, with an account of how and why."""
        explanation = self.engine.explain(question, scope)
        answer, route = self._answer(explanation, question, scope)
        templates = self.index.load_templates
        return explain_answer(explanation, answer, route, templates)

    def _answer(
        self, explanation: Explanation, question: str, scope: Scope
    ) -> tuple[Answer, Route]:
        """Return the answer to an explained question, and how it was reached."""
        query, decision = explanation.query, explanation.decision
        if query.is_bare_name:
            return self._introduce(query.mentions[0], explanation.evidence, scope), Route.NAME
        # Unless it is a name of the packs': there are songs called "Hello".
        if not query.mentions and recognize_small_talk(question) is not None:
            return Unknown(), Route.SMALL_TALK
        if decision.answer is not None:
            document = decision.answer.document
            found = self.loader.find_fact(document.pack, document.id)
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
            return Unsure(self.loader.suggest_facts(keys)), route
        return self._describe_unknown(query, scope), Route.FACTS

    def _introduce(self, mention: Mention, evidence: Sequence[Evidence], scope: Scope) -> Answer:
        """Explain a name, or offer the questions about it.

        Of what is no fact's subject, a shop or a town, those that speak of it are offered.
        """
        names = frozenset(f"{NAME_PREFIX}{name}" for name in mention.names)
        packs = self.index.packs
        shown = {
            packs[pack].names[subject]
            for pack, _, subject in (name.partition("/") for name in sorted(mention.names))
        }
        ways = self.lexicon.grammar.introductions
        for question in (way.replace("@", name) for name in sorted(shown) for way in ways):
            found = self.engine.explain(question, scope).decision.answer
            if found is not None and not names.isdisjoint(found.document.subject):
                told = self.loader.find_fact(found.document.pack, found.document.id)
                if told is not None:
                    return told
        topics = (self.catalog.topics.get(name) for name in sorted(mention.names))
        offered = [
            each for topic in topics if topic and topic.pack in scope for each in topic.questions
        ]
        if not offered:
            speaking = (each.document for each in evidence if not each.unmatched_mentions)
            keys = [(document.pack, document.id) for document in speaking]
            offered = list(self.loader.suggest_facts(keys[:MAX_NEAR_SUGGESTIONS]))
        if offered:
            return Unsure(tuple(offered[:MAX_NEAR_SUGGESTIONS]))
        return self._describe_unknown(Query((), (mention,), frozenset(), frozenset()), scope)

    def _describe_unknown(self, query: Query, scope: Scope) -> Unknown:
        """Return the outcome without an answer, with questions about its subject."""
        keys = sorted({name for mention in query.mentions for name in mention.names})
        for key in keys:
            topic = self.catalog.topics.get(key)
            if topic is not None and topic.pack in scope:
                return Unknown(topic.name, topic.questions[:MAX_NEAR_SUGGESTIONS])
        if keys:
            pack, _, subject = keys[0].partition("/")
            return Unknown(near=self.index.packs[pack].names.get(subject))
        return Unknown()

    def list_quotes(self, scope: Scope, by: str | None) -> list[tuple[str, Quote]]:
        """Return the quotes in scope, or those of one speaker."""
        quotes = self.index.list_quotes(scope)
        name = fold(by or "").strip()
        if not name:
            return quotes
        speakers = self.catalog.speakers_by_name.get(name)
        if speakers is None:
            named = self.engine.find_bare_name(name, scope)
            speakers = frozenset(
                (pack, quote.speaker)
                for pack, quote in quotes
                if f"{NAME_PREFIX}{pack}/{quote.speaker}" in named
            )
        return [(pack, quote) for pack, quote in quotes if (pack, quote.speaker) in speakers]

    def choose_quote(
        self,
        scope: Scope,
        chance: Random,
        about: str | None,
        by: str | None,
        exclude: frozenset[EntryKey],
    ) -> tuple[EntryKey, str | None] | None:
        """Return a quote by theme or chance, with its nearest theme."""
        quotes = self.list_quotes(scope, by)
        keys = [(pack, quote.id) for pack, quote in quotes]
        is_themed = about is not None and bool(about.strip())
        if about is not None and is_themed:
            # A theme that a pack offers must find its quote, however little its words tell.
            bare = self._drop_article(self._cut_frame(about))
            offered = [
                (pack, quote.id)
                for pack, quote in quotes
                if has_theme(quote, about) or bare in map(self._drop_article, quote.themes)
            ]
            # Whoever names a speaker, and nothing else, wants any words of theirs.
            names = self.engine.find_bare_name(self._find_speaker(about), scope)
            own = [
                (pack, quote.id)
                for pack, quote in quotes
                if f"{NAME_PREFIX}{pack}/{quote.speaker}" in names
            ]
            is_themed = bool(offered) or not own
            spoken = frozenset(keys)
            fitting = (*offered, *self.engine.find_quotes(about, scope)) if is_themed else own
            keys = list(dict.fromkeys(key for key in fitting if key in spoken))
        fresh = [key for key in keys if key not in exclude] or keys
        if not fresh:
            return None
        chosen = fresh[0] if is_themed else chance.choice(fresh)
        if not is_themed or about is None:
            return chosen, None
        quote = next(quote for pack, quote in quotes if (pack, quote.id) == chosen)
        return chosen, _nearest_theme(about, quote)

    def _find_speaker(self, text: str) -> str:
        """Return the part of a request that may name a speaker: "Jonah", "a quote by Jonah".

        "A quote about Jonah" names nobody who is to speak: it asks for words about him.
        """
        clauses = split_clauses(text, self.lexicon)
        words = clauses[0].words if clauses else ()
        grammar = self.lexicon.grammar
        for at, word in enumerate(words[1:], start=1):
            before = grammar.cut_frame(words[:at])
            if word in grammar.speaker_words and self.lexicon.stop_words.issuperset(before):
                return " ".join(grammar.cut_frame(words[at + 1 :]))
        return text if grammar.cut_frame(words) == words else ""

    def _cut_frame(self, text: str) -> str:
        """Return a theme without its frame: "a quote about rain please"."""
        clauses = split_clauses(text, self.lexicon)
        return " ".join(self.lexicon.grammar.cut_frame(clauses[0].words)) if clauses else ""

    def _drop_article(self, theme: str) -> str:
        """Return a theme for comparison: "The river" and "river" are one."""
        articles = self.lexicon.grammar.articles
        return " ".join(dropwhile(articles.__contains__, fold(theme).split()))


def has_theme(quote: Quote, theme: str) -> bool:
    """Return whether a quote has a theme, in capitals or not."""
    wanted = theme.strip().casefold()
    return any(own.casefold() == wanted for own in quote.themes)


def _nearest_theme(text: str, quote: Quote) -> str:
    """Return a quote's theme that is most similar to a text."""
    wanted = fold(text)
    return max(quote.themes, key=lambda theme: fuzz.token_set_ratio(wanted, fold(theme)))
