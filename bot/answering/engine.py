"""Answer questions from one index: parse, find candidates, rank them, decide."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from sys import intern
from typing import TYPE_CHECKING

from bot.answering.decision import (
    SAME_QUESTION,
    Decision,
    Reason,
    compare_packs,
    decide,
    find_rivals,
    merge_rankings,
    select_quotes,
    suggest_instead,
)
from bot.answering.features import (
    CONTENT_PREFIXES,
    bare_name_features,
    content_features,
    mention_features,
    query_features,
    sample_feature,
)
from bot.answering.objections import (
    find_askers_own,
    find_famous_name,
    find_foreign_name,
    find_unasked_noun,
    list_asked_nouns,
    names_another,
)
from bot.answering.out_of_domain import mask_entities, score_out_of_domain
from bot.answering.query import QueryParser
from bot.answering.ranking import (
    FACTS,
    QUOTES,
    Document,
    decode_document,
    is_rather_untold,
    measure_unanswered,
    rank,
)
from bot.index.cache import BatchCache
from bot.index.reader import QuestionFeatures, QuestionLookup

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from bot.answering.decision import Ranking
    from bot.answering.lexicon import Lexicon
    from bot.answering.query import Query
    from bot.answering.ranking import Evidence
    from bot.answering.results import EntryKey
    from bot.index.reader import IndexReader, QuestionData, StoredDocument
    from bot.index.scope import EntryKind, Scope

MAX_CANDIDATES = 16
"""How many entries are ranked for a question, of each pack on the average."""
MAX_COMPARED_PACKS = 3
"""How many packs are compared for a question: those with the best candidates."""


MAX_KEPT_FACTS = 2_000
"""In an index of more facts, documents soon make room in memory for others."""
MAX_CACHED_TEMPLATES = 64
"""Of how many facts the templates are kept in memory, some fifteen kilobytes each."""

Templates = list[tuple[str, ...]]
"""The sample questions of a fact, with "@" for each name."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A parsed question with the evidence and the decision about it."""

    query: Query
    evidence: tuple[Evidence, ...]
    ood_score: float
    """How typical it is of out-of-domain topics; a sample question is answered all the same."""
    decision: Decision


class Engine:
    """Finds the facts and quotes of one index that fit a question."""

    def __init__(self, index: IndexReader, lexicon: Lexicon) -> None:
        self._index = index
        self._lexicon = lexicon
        # Of many facts hardly one is asked for twice, and to find the strings that documents share
        # takes a third of decoding them.
        is_kept = index.fact_count <= MAX_KEPT_FACTS
        self._lookup = QuestionLookup(index, partial(_decode, is_kept=is_kept))
        self._parser = QueryParser(index.vocabulary, lexicon)
        self._templates = BatchCache(MAX_CACHED_TEMPLATES, self._load_templates)

    def explain(self, question: str, scope: Scope) -> Explanation:
        """Decide about a question, and return the decision with its evidence."""
        query = self._parser.parse(question, scope)
        scope = narrow_scope(query, scope)
        features = query_features(query)
        masked = mask_entities(features)
        sample = sample_feature(query.words)
        data = self._read_data("fact", features, masked, scope, sample)
        ood_score = score_out_of_domain(masked, data.ood_log_odds)
        rankings = compare_packs(query, _rank_by_pack(query, features, data.candidates), ood_score)
        ranked = merge_rankings(rankings)
        if len(data.samples) == 1 and len(find_rivals(rankings)) <= 1:
            own = rank(query, features, data.samples, FACTS)
            others = [e for e in ranked if e.document is not own[0].document]
            decision = Decision(own[0], (), 1.0, Reason.SAMPLE)
            return Explanation(query, (*own, *others), ood_score, decision)
        # What nothing in a pack answers is kept from all its facts, and from no other pack's.
        told = [each for each in rankings if not _is_untold(each, features, data.candidates)]
        decision = decide(query, told)
        if rankings and rankings[0] not in told and not decision.answer:
            decision = Decision(None, (), rankings[0].confidence, Reason.NOT_TOLD)
        elif decision.answer and is_rather_untold(decision.answer, features):
            decision = suggest_instead(decision, merge_rankings(told), Reason.NOT_TOLD)
        elif decision.answer and (found := self._find_objection(query, features, decision.answer)):
            decision = suggest_instead(decision, merge_rankings(told), *found)
        return Explanation(query, tuple(ranked), ood_score, decision)

    def find_quotes(self, theme: str, scope: Scope) -> list[EntryKey]:
        """Return the quotes that fit a theme, best first."""
        query = self._parser.parse(theme, scope)
        scope = narrow_scope(query, scope)
        features, masked = content_features(query), mask_entities(query_features(query))
        data = self._read_data("quote", features, masked, scope)
        ranked = rank(query, features, data.candidates, QUOTES, MAX_CANDIDATES)
        ood_score = score_out_of_domain(masked, data.ood_log_odds)
        fitting = select_quotes(query, ranked, ood_score)
        return [(evidence.document.pack, evidence.document.id) for evidence in fitting]

    def find_names(self, text: str, scope: Scope) -> set[str]:
        """Return the features of everything in scope that a text names."""
        query = self._parser.parse(text, scope)
        return {feature for mention in query.mentions for feature in mention_features(mention)}

    def find_bare_name(self, text: str, scope: Scope) -> Collection[str]:
        """Return the features of a text that is one name."""
        return bare_name_features(self._parser.parse(text, scope))

    def is_odd_word(self, text: str, scope: Scope) -> bool:
        """Return whether a short text has no known meaning."""
        query = self._parser.parse(text, scope)
        is_plain = any(term.concepts for term in query.terms)
        return query.is_bare_subject and not (query.mentions or is_plain)

    def _find_objection(
        self, query: Query, features: Mapping[str, float], answer: Evidence
    ) -> tuple[Reason, str] | None:
        """Return why a likely answer is to something else than was asked, with the word for it."""
        document = answer.document
        if famous := find_famous_name(query, self._lexicon):
            return Reason.FOREIGN_NAME, famous
        if names_another(query, features, document):
            return Reason.OTHER_NAME, ""
        nouns = list_asked_nouns(query, self._lexicon)
        owned = self._lexicon.grammar.askers_own.intersection(query.asking_template)
        if not (query.unknown_words or answer.oov_terms or nouns or owned):
            return None
        templates = self._templates.get((document.pack, document.id)) or ()
        lexicon = self._lexicon
        # The first that speaks decides, and none of the others is looked for.
        objections: tuple[tuple[Reason, Callable[[], str | None]], ...] = (
            (Reason.ASKERS_OWN, lambda: find_askers_own(query, templates, lexicon.grammar)),
            (
                Reason.FOREIGN_NAME,
                lambda: find_foreign_name(query, templates, lexicon, answer.oov_terms),
            ),
            (Reason.OTHER_THING, lambda: find_unasked_noun(nouns, templates, lexicon)),
        )
        return next(((reason, word) for reason, find in objections if (word := find())), None)

    def _load_templates(self, keys: list[EntryKey]) -> dict[EntryKey, Templates]:
        # The same words come again and again, and each is kept in memory once.
        return {
            key: [tuple(map(intern, words)) for words in self._index.load_templates(*key)]
            for key in keys
        }

    def _read_data(
        self,
        kind: EntryKind,
        features: Mapping[str, float],
        masked: Mapping[str, float],
        scope: Scope,
        sample: str | None = None,
    ) -> QuestionData[Document]:
        content = [feature for feature in features if feature.startswith(CONTENT_PREFIXES)]
        wanted = QuestionFeatures(content, masked, sample)
        if kind != "fact":
            return self._lookup.read_question_data(kind, wanted, scope, MAX_CANDIDATES)
        limit = MAX_CANDIDATES * min(len(scope), MAX_COMPARED_PACKS)
        return self._lookup.read_question_data(kind, wanted, scope, limit, MAX_COMPARED_PACKS)


def _rank_by_pack(
    query: Query, features: Mapping[str, float], candidates: Iterable[Document]
) -> list[Evidence]:
    """Rank the candidates of each pack apart, so that no pack's facts crowd out another's."""
    by_pack: dict[str, list[Document]] = {}
    for document in candidates:
        by_pack.setdefault(document.pack, []).append(document)
    return [
        each for documents in by_pack.values() for each in rank(query, features, documents, FACTS)
    ]


def _is_untold(
    ranking: Ranking, features: Mapping[str, float], candidates: Iterable[Document]
) -> bool:
    """Return whether a question is one that the ranking's pack says nothing answers."""
    best = ranking.evidence[0]
    same = max(
        measure_unanswered(each, features) for each in candidates if each.pack == best.document.pack
    )
    return same >= SAME_QUESTION and same > best.max_similarity


def narrow_scope(query: Query, scope: Scope) -> Scope:
    """Return the packs that know the names of a query.

    Whoever says a name asks those who know it, however much others have written of like matters.
    """
    knowing = [
        {name.partition("/")[0] for name in mention.names}
        for mention in query.mentions
        if not mention.is_context
    ]
    if not knowing:
        return scope
    return frozenset(set.intersection(*knowing) or set.union(*knowing)) & scope


def _decode(stored: StoredDocument, *, is_kept: bool) -> Document:
    return decode_document(stored.pack, stored.id, stored.body, stored.phrasings, is_kept=is_kept)
