"""Fit the weights of the ranking and the calibrations of the decision anew, and print them.

    python -m tests.bench.fit

The weights (`ranking.FACTS`) are a conditional logit over the facts of the first pack: each sixth
of the sample questions is ranked by documents that lack it. The calibrations are logistic
regressions on questions that are no sample questions of the documents used, each pack cut to its
first 3, 6 and 12 sample questions a fact and whole. `decision.FACTS` says whether the best fact
answers, on the first pack (tests/questions/big-time-rush-{calibration,development}-*);
`decision.SPARSE_FACTS` the same on the example pack (tests/questions/lantern-*) as well, and on
answerable questions asked without the fact that answers them; `decision.SUGGESTIONS` whether a
right fact is among the first three, on both packs, against questions from far outside alone;
`decision.QUOTES` whether the best quote fits, on the first pack. Nothing is written: who adopts the
figures says so in the commit, with what `facts eval` gives before and after.

The suggestions' figures in force (2026-11) come from the same regression on four packs: on these
two, and on two more that were written by others to measure with and are kept outside the
repository. So this prints figures of the same signs, and not the same figures. Those of
`decision.FACTS` are older than the ranking of today; fitted anew, they gained nothing.
"""

from __future__ import annotations

import asyncio
import json
import re
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from bot.answering import decision
from bot.answering.decision import MAX_SUGGESTIONS, Calibration, calibration_features
from bot.answering.features import content_features, query_features
from bot.answering.indexer import Indexer
from bot.answering.language import load_frequencies
from bot.answering.lexicon import load_lexicon
from bot.answering.out_of_domain import mask_entities, score_out_of_domain
from bot.answering.pack_set import compile_packs
from bot.answering.query import QueryParser
from bot.answering.ranking import FACTS, QUOTES, Evidence, Weights, rank
from bot.index.reader import IndexReader
from bot.packs.loader import load_pack
from tests.support.packs import HIDE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from bot.answering.query import Query
    from bot.answering.ranking import Document
    from bot.packs.models import Pack

ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "facts" / "big-time-rush-2013.yaml"
EXAMPLE = ROOT / "tests" / "packs" / "lantern-weir.yaml"
QUESTIONS = ROOT / "tests" / "questions"
FOLDS = 6
KEPT = (3, 6, 12, 1000)
"""Calibrated with the first 3, 6 and 12 sample questions and with all, for packs of any size."""
SETS = {PACK: ("big-time-rush-calibration", "big-time-rush-development"), EXAMPLE: ("lantern",)}
"""The question sets by which each pack is calibrated."""
THEMES_KEPT = (3, 6, 12, 1000)
"""The same for quotes and their themes."""
CUT_WEIGHTS = {3: 0.5, 6: 1.0, 12: 1.0, 1000: 1.5}
"""How much a question counts by the sample questions kept: packs of three are rare."""
FAR_WEIGHT = 2.0
"""Questions from far outside are fewer here than a bot hears."""
KIND_WEIGHTS = {
    "answerable": 1.0,
    "unanswerable": 1.0,
    "far": FAR_WEIGHT,
    "left out": 0.3,
    "of others": 0.1,
}
"""How much a question counts for confidence by its kind. "Left out" are answerable ones asked
without the fact that answers them, which others sometimes answer in part; "of others" those of the
other pack."""
PACK_WEIGHTS = {PACK: 1.0, EXAMPLE: 2.0}
"""How much a question counts for confidence by its pack: the example pack has a fifth of them."""
STEPS = 800
PACE = 0.03
SHRINK = 1e-3
LEAST_SPREAD = 0.2
"""What is hardly ever said gets no large weight from the few times that it is."""

Array: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class _Trial:
    """A question put to a pack that was cut, and how the pack's facts rank for it."""

    pack: Path
    kept: int
    kind: str
    fitting: frozenset[str]
    """The ids of the facts that answer it."""
    ranked: list[Evidence]
    features: dict[str, float]


async def main() -> None:
    """Fit all, and print them beside what is in force."""
    with _opened(load_pack(PACK)) as (pack, read, beyond):
        weights = _weights(pack, read)
        quotes = _calibrated_for_quotes(pack, read, beyond)
    trials = _run_trials()
    _show("ranking.FACTS", FACTS, weights)
    _show("decision.FACTS", decision.FACTS, _calibrated_for_facts(trials))
    _show("decision.SPARSE_FACTS", decision.SPARSE_FACTS, _calibrated_for_sparse_facts(trials))
    _show("decision.SUGGESTIONS", decision.SUGGESTIONS, _calibrated_for_suggestions(trials))
    _show("decision.QUOTES", decision.QUOTES, quotes)


@contextmanager
def _opened(pack: Pack) -> Iterator[tuple[Pack, Any, Any]]:
    """Yield a pack with a parser of its questions and a score of how far outside they are."""
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store.sqlite"
        compile_packs([pack], store, key="fit")
        reader = IndexReader.open(store, HIDE)
        parser = QueryParser(reader.vocabulary, load_lexicon())
        scope = frozenset({pack.id})

        def read(text: str) -> Query:
            return parser.parse(text, scope)

        def beyond(question: Query) -> float:
            told = mask_entities(query_features(question))
            return score_out_of_domain(told, reader.vocabulary.read_ood_log_odds(told))

        yield pack, read, beyond
        reader.close()


def _weights(pack: Pack, read: Any) -> Weights:
    names = [field.name for field in fields(Weights)]
    places = {fact.id: at for at, fact in enumerate(pack.facts)}
    rows: list[list[list[float]]] = []
    wanted: list[int] = []
    for fold in range(FOLDS):
        documents = _documents(_without(pack, lambda at, _, fold=fold: at % FOLDS == fold))
        for fact in pack.facts:
            for at, text in enumerate(fact.questions):
                if at % FOLDS != fold:
                    continue
                rows.append(_evidence(read(text), documents))
                wanted.append(places[fact.id])
    fitted = _conditional_logit(np.array(rows), np.array(wanted))
    return Weights(**dict(zip(names, (round(float(value), 2) for value in fitted), strict=True)))


def _calibrated_for_facts(trials: list[_Trial]) -> Calibration:
    """Fit "the best fact answers it" on the first pack."""
    asked = [
        trial
        for trial in trials
        if trial.pack == PACK and trial.kind in {"answerable", "unanswerable", "far"}
    ]
    right = [trial.ranked[0].document.id in trial.fitting for trial in asked]
    return _calibrated([trial.features for trial in asked], right)


def _calibrated_for_sparse_facts(trials: list[_Trial]) -> Calibration:
    """Fit the same, whatever a pack's size."""
    right = [trial.ranked[0].document.id in trial.fitting for trial in trials]
    counts = np.array(
        [
            CUT_WEIGHTS[trial.kept] * KIND_WEIGHTS[trial.kind] * PACK_WEIGHTS[trial.pack]
            for trial in trials
        ]
    )
    counts *= len(counts) / counts.sum()
    features = [trial.features for trial in trials]
    # How many phrasings a fact has moves its similarity, and tells nothing more of its fitting.
    return _calibrated(features, right, counts, {"log_phrasings", "unanswered_attributes"})


def _calibrated_for_suggestions(trials: list[_Trial]) -> Calibration:
    """Fit "a right fact is among the first three"."""
    # Whoever asks near a fact is helped by seeing it: not counted, neither for nor against.
    kept = [trial for trial in trials if trial.kind in {"answerable", "far"}]
    right = [
        not trial.fitting.isdisjoint(each.document.id for each in trial.ranked[:MAX_SUGGESTIONS])
        for trial in kept
    ]
    weights = {"answerable": 1.0, "far": FAR_WEIGHT}
    counts = _count_alike([(trial, weights[trial.kind]) for trial in kept])
    return _calibrated([trial.features for trial in kept], right, counts)


def _run_trials() -> list[_Trial]:
    """Ask two packs, cut to few sample questions and whole, what they answer and what not."""
    answerable, unanswerable = (
        {path: [row for name in names for row in _rows(kind, name)] for path, names in SETS.items()}
        for kind in ("answerable", "unanswerable")
    )
    return [
        trial
        for path in SETS
        for trial in _run_trials_of(
            path,
            answerable[path],
            unanswerable[path],
            [row for other in SETS if other != path for row in answerable[other]],
        )
    ]


def _run_trials_of(
    path: Path,
    answerable: list[dict[str, Any]],
    unanswerable: list[dict[str, Any]],
    of_others: list[dict[str, Any]],
) -> Iterator[_Trial]:
    known = frozenset(_key(row["question"]) for row in answerable)
    with _opened(load_pack(path)) as (pack, read, beyond):
        asked = [
            ("answerable", read(row["question"]), frozenset(row["facts"])) for row in answerable
        ]
        asked += [
            (
                "far" if row["kind"] == "far" else "unanswerable",
                read(row["question"]),
                frozenset(row.get("ok", ())),
            )
            for row in unanswerable
        ]
        asked += [("of others", read(row["question"]), frozenset()) for row in of_others]
        for most in KEPT:
            documents = _documents(
                _without(pack, lambda at, text, most=most: at >= most or _key(text) in known)
            )
            for kind, question, fitting in asked:
                trials = [(kind, documents, fitting)]
                if kind == "answerable":
                    others = [each for each in documents if each.id not in fitting]
                    trials.append(("left out", others, frozenset()))
                for named, among, right in trials:
                    ranked = rank(question, query_features(question), among, FACTS)
                    features = calibration_features(question, ranked, beyond(question))
                    yield _Trial(path, most, named, right, ranked, features)


def _count_alike(weighted: list[tuple[_Trial, float]]) -> Array:
    """Return how much each trial counts, so that all packs count alike."""
    counts = np.array([CUT_WEIGHTS[trial.kept] * weight for trial, weight in weighted])
    for path in SETS:
        own = np.array([trial.pack == path for trial, _ in weighted])
        counts[own] /= counts[own].sum()
    return np.asarray(counts * len(counts) / counts.sum())


def _calibrated_for_quotes(pack: Pack, read: Any, beyond: Any) -> Calibration:
    requests = _rows("calibration-quotes") + _rows("development-quotes")
    known = {_key(row["request"]) for row in requests}
    asked = [(read(row["request"]), row["quotes"]) for row in requests]
    found: list[dict[str, float]] = []
    right: list[bool] = []
    for most in THEMES_KEPT:
        quotes = tuple(
            replace(
                quote,
                themes=tuple(
                    theme
                    for at, theme in enumerate(quote.themes)
                    if at < most and _key(theme) not in known
                ),
            )
            for quote in pack.quotes
        )
        documents = _indexer(replace(pack, quotes=quotes)).quotes()
        for question, fitting in asked:
            ranked = rank(question, content_features(question), documents, QUOTES, len(documents))
            found.append(calibration_features(question, ranked, beyond(question)))
            right.append(ranked[0].document.id in fitting)
    return _calibrated(found, right)


def _calibrated(
    found: list[dict[str, float]],
    right: list[bool],
    counts: Array | None = None,
    left_out: Collection[str] = ("unanswered_by_many",),
) -> Calibration:
    names = [
        field.name
        for field in fields(Calibration)
        if field.name != "constant" and field.name not in left_out
    ]
    rows = np.array([[signal[name] for name in names] for signal in found])
    constant, fitted = _logistic(rows, np.array(right, dtype=float), counts)
    values = {name: round(float(value), 3) for name, value in zip(names, fitted, strict=True)}
    return Calibration(constant=round(constant, 3), **values, **dict.fromkeys(left_out, 0.0))


def _indexer(pack: Pack) -> Indexer:
    return Indexer(pack, load_lexicon(), load_frequencies())


def _documents(pack: Pack) -> list[Document]:
    return _indexer(pack).facts()


def _without(pack: Pack, leaves_out: Any) -> Pack:
    """Return the pack without the sample questions for which `leaves_out(at, text)` holds."""
    facts = tuple(
        replace(
            fact,
            questions=tuple(
                text for at, text in enumerate(fact.questions) if not leaves_out(at, text)
            ),
        )
        for fact in pack.facts
    )
    return replace(pack, facts=facts)


def _evidence(question: Query, documents: list[Document]) -> list[list[float]]:
    """Return the evidence for every document, also those that answering would not look at."""
    ranked = rank(question, query_features(question), documents, FACTS, len(documents))
    pieces = {(each.document.pack, each.document.id): _pieces(each) for each in ranked}
    return [pieces[document.pack, document.id] for document in documents]


def _pieces(evidence: Evidence) -> list[float]:
    return [
        evidence.top3_similarity,
        evidence.nb_score,
        float(min(evidence.matched_mentions, 2)),
        float(evidence.unmatched_mentions),
        float(len(evidence.answered_attributes)),
    ]


def _conditional_logit(rows: Array, wanted: Array) -> Array:
    """Return weights under which the wanted row of each question most often scores best."""
    spread = rows.reshape(-1, rows.shape[2]).std(axis=0) + 1e-9
    scaled = rows / spread
    hits = np.zeros(rows.shape[:2])
    hits[np.arange(len(wanted)), wanted] = 1.0
    weights, mean, square = (np.zeros(rows.shape[2]) for _ in range(3))
    for _ in range(STEPS):
        scores = scaled @ weights
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        odds /= odds.sum(axis=1, keepdims=True)
        slope = np.einsum("qd,qdf->f", odds - hits, scaled) / len(rows) + SHRINK * weights
        mean = 0.9 * mean + 0.1 * slope
        square = 0.99 * square + 0.01 * slope * slope
        weights -= PACE * mean / (np.sqrt(square) + 1e-8)
    return np.asarray(weights / spread)


def _logistic(rows: Array, right: Array, counts: Array | None = None) -> tuple[float, Array]:
    """Return the constant and the weights of a ridge logistic regression, by Newton's method.

    `counts` says how much each row counts: once, if it is left out.
    """
    counts = np.ones(len(rows)) if counts is None else counts
    spread = np.maximum(rows.std(axis=0), LEAST_SPREAD)
    scaled = np.hstack([np.ones((len(rows), 1)), rows / spread])
    penalty = np.diag([0.0] + [2.0] * rows.shape[1])
    weights = np.zeros(scaled.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-(scaled @ weights)))
        slope = scaled.T @ (counts * (right - chance)) - penalty @ weights
        curve = (scaled * (counts * chance * (1 - chance))[:, None]).T @ scaled + penalty
        weights += np.linalg.solve(curve, slope)
    return float(weights[0]), np.asarray(weights[1:] / spread)


def _rows(name: str, of: str = "big-time-rush") -> list[dict[str, Any]]:
    text = (QUESTIONS / f"{of}-{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def _key(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold()).strip()


def _show(name: str, now: Any, fitted: Any) -> None:
    print(f"{name:24}{'in force':>12}{'fitted':>12}")
    for field in fields(now):
        before, after = getattr(now, field.name), getattr(fitted, field.name)
        print(f"  {field.name:22}{before:12.3f}{after:12.3f}")


if __name__ == "__main__":
    asyncio.run(main())
