"""Scores, ranks and evidence, from documents and queries made by hand."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.answering.features import compute_log_odds
from bot.answering.query import Mention, Query, Term
from bot.answering.ranking import (
    FACTS,
    LENGTH_PENALTY,
    RERANK_K,
    WEAK_LOG_ODDS,
    Document,
    Evidence,
    PhrasingMatrix,
    Weights,
    decode_document,
    encode_document,
    measure_unanswered,
    rank,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NOTHING = Weights(0.0, 0.0, 0.0, 0.0, 0.0)
WEIGHTS = [field.name for field in fields(Weights)]


def term(word: str, weight: float = 1.0, *, is_context: bool = False) -> Term:
    return Term(frozenset({word}), frozenset(), weight, word, is_context)


def mention(*names: str, weight: float = 1.0, is_context: bool = False) -> Mention:
    return Mention(frozenset(names), weight, names[0], is_context)


def query(*parts: Term | Mention, attributes: frozenset[str] = frozenset()) -> Query:
    return Query(
        terms=tuple(part for part in parts if isinstance(part, Term)),
        mentions=tuple(part for part in parts if isinstance(part, Mention)),
        question_types=frozenset(),
        attributes=attributes,
    )


def document(  # noqa: PLR0913  # a test says only what it is about
    name: str = "one",
    phrasings: Sequence[Mapping[str, float]] = ({"w:barn": 1.0},),
    log_odds: Mapping[str, int] | None = None,
    *,
    subject: str = "owls",
    names: frozenset[str] = frozenset(),
    answers: frozenset[str] = frozenset(),
) -> Document:
    known = {feature: 300 for each in phrasings for feature in each}
    return Document(
        pack="pack",
        id=name,
        subject=frozenset({f"n:{subject}"}),
        names=names | {f"n:{subject}"},
        pronouns=frozenset({"he", "she"}),
        answered_attributes=answers,
        related=frozenset(),
        log_odds=known if log_odds is None else log_odds,
        phrasings=PhrasingMatrix.build(phrasings, known if log_odds is None else log_odds),
    )


def evidence_of(
    asked: Query, features: Mapping[str, float], *documents: Document, weights: Weights = FACTS
) -> Evidence:
    return rank(asked, features, documents, weights)[0]


# One piece of evidence after the other: what each is, and that its weight counts it.


def test_the_nearest_phrasings_are_told_by_their_weighted_dice_coefficient() -> None:
    barn = document(
        phrasings=[{"w:barn": 1.0}, {"w:barn": 0.5, "w:record": 0.5}, {"w:tour": 1.0}, {}]
    )

    found = evidence_of(query(term("barn")), {"w:barn": 1.0}, barn)

    # 2 · shared / (both totals): 2·1/2, 2·½/2, 0.
    assert found.max_similarity == pytest.approx(1.0)


def test_a_feature_counts_for_its_lesser_weight() -> None:
    barn = document(phrasings=[{"w:barn": 0.4}])

    found = evidence_of(query(term("barn")), {"w:barn": 1.0}, barn)

    assert found.max_similarity == pytest.approx(2 * 0.4 / 1.4)


@pytest.mark.parametrize(("count", "compared"), [(2, 1), (12, 1), (13, 2), (40, 2), (41, 3)])
def test_the_more_phrasings_there_are_the_more_must_be_similar(count: int, compared: int) -> None:
    phrasings = [{"w:barn": 1.0}, *[{"w:tour": 1.0}] * (count - 1)]

    found = evidence_of(query(), {"w:barn": 1.0}, document(phrasings=phrasings))

    assert found.top3_similarity == pytest.approx(1 / compared)


def test_many_phrasings_are_no_advantage() -> None:
    few, many = (
        evidence_of(query(), {}, document(phrasings=[{"w:barn": 1.0}] * count)).score
        for count in (5, 12)
    )

    assert few - many == pytest.approx(LENGTH_PENALTY * math.log(12 / 5))


def test_only_the_three_nearest_phrasings_count() -> None:
    phrasings = [{"w:barn": 1.0}] * 3
    more = [*phrasings, {"w:barn": 1.0}, {"w:barn": 0.5}, {"w:drum": 1.0}]

    few, many = (
        evidence_of(query(), {"w:barn": 1.0}, document(phrasings=each))
        for each in (phrasings, more)
    )

    assert few.top3_similarity == many.top3_similarity == pytest.approx(1.0)


def test_a_query_of_no_features_resembles_nothing() -> None:
    found = evidence_of(query(), {}, document())

    assert (found.max_similarity, found.top3_similarity, found.nb_score) == (0.0, 0.0, 0.0)
    assert (found.uncovered_mass, found.max_oov_weight) == (0.0, 0.0)


def test_the_naive_bayes_score_adds_up_log_odds_by_weight_over_the_root_of_the_total() -> None:
    known = document(log_odds={"w:barn": 400, "w:owl": 100, "w:never": 900})

    found = evidence_of(query(), {"w:barn": 1.0, "w:owl": 0.5, "w:unseen": 0.5}, known)

    assert found.nb_score == pytest.approx((1.0 * 4 + 0.5 * 1) / math.sqrt(2.0))


def test_names_are_matched_with_the_subject_and_with_all_that_is_spoken_of() -> None:
    owls = document(names=frozenset({"n:barn"}))

    found = evidence_of(
        query(mention("owls"), mention("barn"), mention("larks"), mention("larks", "owls")),
        {},
        owls,
    )

    assert found.matched_mentions == 2  # the owls, and whoever may be the owls
    assert found.unmatched_mentions == 1  # the larks alone; of the barn it does speak


def test_attributes_are_answered_or_not() -> None:
    asked = query(attributes=frozenset({"age", "price"}))

    found = evidence_of(asked, {}, document(answers=frozenset({"age", "body"})))

    assert found.answered_attributes == {"age"}
    assert found.unanswered_attributes == {"price"}


QUERY = query(
    term("barn"),
    mention("owls"),
    mention("larks"),
    attributes=frozenset({"age"}),
)
KNOWN = document(answers=frozenset({"age"}))
FEATURES = {"w:barn": 1.0}


@pytest.mark.parametrize(
    ("weight", "value"),
    [
        ("top3_similarity", 1.0),
        ("nb_score", 3.0),
        ("matched_mentions", 1.0),
        ("unmatched_mentions", 1.0),
        ("answered_attributes", 1.0),
    ],
)
def test_each_piece_of_evidence_counts_by_its_weight(weight: str, value: float) -> None:
    weights = replace(NOTHING, **{weight: 7.0})

    found = evidence_of(QUERY, FEATURES, KNOWN, weights=weights)

    assert found.score == pytest.approx(7.0 * value)


def test_every_weight_is_tried() -> None:
    assert WEIGHTS == [
        "top3_similarity",
        "nb_score",
        "matched_mentions",
        "unmatched_mentions",
        "answered_attributes",
    ]


def test_the_score_adds_up_all_pieces() -> None:
    parts = [
        evidence_of(QUERY, FEATURES, KNOWN, weights=replace(NOTHING, **{weight: value}))
        for weight, value in ((name, getattr(FACTS, name)) for name in WEIGHTS)
    ]

    assert evidence_of(QUERY, FEATURES, KNOWN).score == pytest.approx(
        sum(part.score for part in parts)
    )


@pytest.mark.parametrize(("names", "counted"), [(1, 1), (2, 2), (3, 2)])
def test_more_than_two_names_of_the_subject_count_no_further(names: int, counted: int) -> None:
    asked = query(*(mention("owls", f"alias-{number}") for number in range(names)))
    weights = replace(NOTHING, matched_mentions=1.0)

    found = evidence_of(asked, {}, document(), weights=weights)

    assert found.matched_mentions == names
    assert found.score == counted


def test_each_name_that_is_not_spoken_of_counts() -> None:
    asked = query(*(mention(f"lark-{number}") for number in range(4)))

    found = evidence_of(asked, {}, document(), weights=replace(NOTHING, unmatched_mentions=-1.0))

    assert found.score == -4


# What of the query the document has words for


def test_words_that_a_document_never_uses_are_told_with_the_weightiest() -> None:
    asked = query(term("barn", 0.5), term("zebra", 0.9), term("yak", 0.6))

    found = evidence_of(asked, {}, document())

    assert found.oov_terms == ("zebra", "yak")
    assert found.max_oov_weight == 0.9
    assert found.uncovered_mass == pytest.approx(1.5 / 2.0)


def test_a_word_used_for_others_as_often_is_not_covered_but_known() -> None:
    weak = round(WEAK_LOG_ODDS * 100)
    asked = query(term("barn", 0.5), term("owl", 0.5))

    at_the_edge, below = (
        evidence_of(asked, {}, document(log_odds={"w:barn": 500, "w:owl": odds}))
        for odds in (weak, weak - 1)
    )

    weakly = evidence_of(asked, {}, document(log_odds={"w:barn": weak - 1, "w:owl": weak - 1}))

    assert weakly.uncovered_mass == 1
    assert at_the_edge.uncovered_mass == 0
    assert below.uncovered_mass == pytest.approx(0.5)
    assert below.oov_terms == ()
    assert below.max_oov_weight == 0


def test_a_term_is_covered_by_the_best_of_its_features() -> None:
    either = Term(frozenset({"record", "tape"}), frozenset({"recording"}), 1.0, "taping")

    found = evidence_of(query(either), {}, document(log_odds={"w:tape": 100, "i:recording": 400}))

    assert found.uncovered_mass == 0


def test_beside_the_question_a_word_counts_only_where_it_is_covered() -> None:
    beside = query(term("yak", is_context=True), term("zebra"))
    fitting = query(term("zebra"), term("barn", is_context=True))

    strange, known = (evidence_of(each, {}, document()) for each in (beside, fitting))

    assert strange.uncovered_mass == 1.0
    assert strange.oov_terms == ("zebra",)
    assert known.uncovered_mass == pytest.approx(0.5)


def test_a_name_weighs_half_and_is_no_strange_word() -> None:
    found = evidence_of(query(term("barn"), mention("larks")), {}, document())

    assert found.uncovered_mass == pytest.approx(0.5 / 1.5)
    assert found.oov_terms == ("larks",)
    assert found.max_oov_weight == 0


# Ranks


def test_documents_come_best_first_by_all_their_evidence() -> None:
    alike = document("alike", [{"w:barn": 1.0}] * 3, {"w:barn": 300})
    typical = document("typical", [{"w:tour": 1.0}], {"w:barn": 400, "w:tour": 400})

    ranked = rank(query(), {"w:barn": 1.0}, [typical, alike], FACTS)

    # The coarse pass has the other first; the phrasings turn them round.
    assert [each.document.id for each in ranked] == ["alike", "typical"]
    assert ranked[0].nb_score < ranked[1].nb_score
    assert ranked[0].score > ranked[1].score


def test_only_the_best_by_the_coarse_score_are_reranked() -> None:
    documents = [
        document(f"d{number}", [{"w:barn": 1.0}], {"w:barn": 100 * number}) for number in range(9)
    ]

    ranked = rank(query(), {"w:barn": 1.0}, documents, FACTS)
    all_ranked = rank(query(), {"w:barn": 1.0}, documents, FACTS, rerank_k=9)

    assert [each.document.id for each in ranked] == ["d8", "d7", "d6", "d5"]
    assert len(ranked) == RERANK_K
    assert len(all_ranked) == 9


def test_of_no_documents_none_is_ranked() -> None:
    assert rank(query(term("barn")), {"w:barn": 1.0}, [], FACTS) == []


def test_documents_of_the_same_score_keep_their_order() -> None:
    same = [document(name) for name in ("b", "a", "c")]

    ranked = rank(query(), {"w:barn": 1.0}, same, FACTS)

    assert [each.document.id for each in ranked] == ["b", "a", "c"]


# The matrix of phrasings

FEATURE_NAMES = [f"w:{letter}" for letter in "abcdefgh"]
WEIGHT = some.integers(1, 100).map(lambda hundredths: hundredths / 100)
PHRASING = some.dictionaries(some.sampled_from(FEATURE_NAMES), WEIGHT)


@given(
    some.sampled_from([0, 1, 12, 255]).flatmap(
        lambda size: some.lists(PHRASING, min_size=size, max_size=size)
    ),
    some.frozensets(some.sampled_from(FEATURE_NAMES)),
    PHRASING,
)
def test_what_is_shared_is_the_lesser_weight_of_each_kept_feature(
    phrasings: list[dict[str, float]], kept: frozenset[str], asked: dict[str, float]
) -> None:
    matrix = PhrasingMatrix.build(phrasings, kept)

    assert matrix.shared_weights(asked) == [
        sum(
            min(round(100 * weight), round(100 * phrasing.get(feature, 0.0)))
            for feature, weight in asked.items()
            if feature in kept
        )
        for phrasing in phrasings
    ]


def test_a_phrasing_weighs_all_that_it_says_kept_or_not() -> None:
    matrix = PhrasingMatrix.build([{"w:a": 0.5, "p:a b": 0.3}, {}], {"w:a"})

    assert list(matrix.totals) == [80, 0]
    assert list(matrix.rows) == ["w:a"]
    assert [range(matrix.count(each)) for each in ("w:a", "p:a b")] == [range(1), range(0)]


def test_a_phrasing_may_say_as_much_as_a_question_can_hold() -> None:
    long = {f"w:{number}": 1.0 for number in range(400)}

    assert list(PhrasingMatrix.build([long], long).totals) == [40_000]


def test_a_document_comes_back_from_the_index_as_it_went() -> None:
    whole = replace(
        document(
            phrasings=[{"w:barn": 1.0, "w:owl": 0.25}, {"w:owl": 0.5}],
            names=frozenset({"n:barn"}),
            answers=frozenset({"age"}),
        ),
        related=frozenset({"tour"}),
    )

    long = document(phrasings=[{f"w:{number}": 1.0 for number in range(400)}])
    unanswered = PhrasingMatrix.build([{"w:cow": 1.0}, {"w:cow": 0.5}], ["w:cow"])

    for each in (whole, long, replace(whole, unanswered=unanswered)):
        for is_kept in (True, False):
            back = decode_document(each.pack, each.id, *encode_document(each), is_kept=is_kept)
            assert back == each


def test_documents_that_stay_in_memory_share_their_features() -> None:
    encoded = encode_document(document(phrasings=[{"w:barn": 1.0, "w:owl": 0.25}]))

    def decode_twice(*, is_kept: bool) -> list[set[int]]:
        twice = [decode_document("pack", "fact", *encoded, is_kept=is_kept) for _ in range(2)]
        features = [list(each.log_odds) for each in twice]
        return [set(map(id, pair)) for pair in zip(*features, strict=True)]

    assert all(len(objects) == 1 for objects in decode_twice(is_kept=True))
    assert all(len(objects) == 2 for objects in decode_twice(is_kept=False))


def test_the_nearest_of_the_questions_that_nothing_answers_is_measured() -> None:
    unanswered = PhrasingMatrix.build([{"w:cow": 1.0}, {"w:owl": 1.0}], ["w:cow", "w:owl"])

    assert measure_unanswered(replace(document(), unanswered=unanswered), {"w:owl": 1.0}) == 1.0
    assert measure_unanswered(replace(document(), unanswered=unanswered), {"w:barn": 1.0}) == 0.0
    assert measure_unanswered(document(), {"w:owl": 1.0}) == 0.0


# Log odds


def test_a_feature_of_one_class_alone_has_the_greatest_log_odds() -> None:
    barn, tour = compute_log_odds(
        [[{"w:barn": 1.0, "w:owl": 1.0}], [{"w:tour": 1.0, "w:owl": 1.0}]]
    )

    assert barn["w:barn"] > barn["w:owl"] > 0
    assert "w:tour" not in barn
    assert "w:barn" not in tour


def test_log_odds_are_those_of_the_formula() -> None:
    one, _ = compute_log_odds([[{"w:barn": 1.0}, {}], [{"w:barn": 0.25}]])

    # The mean weight of a phrasing, over the mean of all classes and the prior.
    background = (0.5 + 0.25) / 2
    assert one["w:barn"] == round(100 * math.log(1 + 30 * 0.5 / (background + 0.003)))


def test_few_classes_are_weighed_as_if_more_were_there() -> None:
    alone = compute_log_odds([[{"w:barn": 1.0}]])[0]["w:barn"]
    among = compute_log_odds([[{"w:barn": 1.0}]], min_classes=10)[0]["w:barn"]

    assert among > alone


def test_an_ngram_of_one_phrasing_among_many_is_left_out_and_a_word_is_not() -> None:
    phrasings: list[dict[str, float]] = [{"p:who is": 0.3, "w:barn": 1.0}]
    phrasings += [{"w:owl": 1.0}] * 200

    (odds,) = compute_log_odds([phrasings])

    assert "p:who is" not in odds
    assert "w:barn" in odds
