"""Answer, suggest or neither: from evidence made by hand, each threshold and each objection."""

from __future__ import annotations

import math
from array import array
from dataclasses import fields, replace

import pytest

from bot.answering import decision
from bot.answering.decision import (
    FACTS,
    MAX_LEAD,
    MAX_PACKS_SHOWN,
    MAX_SUGGESTIONS,
    MAX_TERMS,
    QUOTES,
    RIVAL_MARGIN,
    SPARSE_FACTS,
    SUGGESTIONS,
    Calibration,
    Decision,
    Reason,
    calibration_features,
    compare_packs,
    decide,
    estimate_confidence,
    find_rivals,
    merge_rankings,
    select_quotes,
    suggest_instead,
)
from bot.answering.query import Mention, Query, Term
from bot.answering.ranking import Document, Evidence, PhrasingMatrix

NAMES = [field.name for field in fields(Calibration) if field.name != "constant"]
ABOUT_OWLS = Query(
    terms=(Term(frozenset({"barn"}), frozenset(), 1.0, "barn"),),
    mentions=(Mention(frozenset({"owls"}), 1.0, "owls"),),
    question_types=frozenset(),
    attributes=frozenset(),
)
ABOUT_NOBODY = replace(ABOUT_OWLS, mentions=())
EMPTY = replace(ABOUT_NOBODY, terms=())


def evidence(  # a test says only what it is about
    name: str = "barn",
    score: float = 20.0,
    pack: str = "owls",
    *,
    related: frozenset[str] = frozenset(),
    phrasings: int = 30,
    **more: object,
) -> Evidence:
    whole = Evidence(
        document=Document(
            pack=pack,
            id=name,
            subject=frozenset(),
            names=frozenset(),
            pronouns=frozenset({"he", "she"}),
            answered_attributes=frozenset(),
            related=related,
            log_odds={},
            phrasings=PhrasingMatrix((), array("H"), b"", array("H", [100] * phrasings)),
        ),
        max_similarity=0.9,
        top3_similarity=0.8,
        nb_score=9.0,
        uncovered_mass=0.0,
        max_oov_weight=0.0,
        matched_mentions=1,
        unmatched_mentions=0,
        answered_attributes=frozenset(),
        unanswered_attributes=frozenset(),
        oov_terms=(),
        score=score,
    )
    return replace(whole, **more)  # type: ignore[arg-type]


SURE = evidence()
HOPELESS = evidence(score=1.0, max_similarity=0.0, nb_score=0.0, uncovered_mass=1.0)
STRANGE = 12.0
"""An out-of-domain score that makes a good fact unlikely."""


def logit(probability: float) -> float:
    return math.log(probability / (1 - probability))


def of_confidence(
    wanted: float,
    query: Query = ABOUT_OWLS,
    *rest: Evidence,
    calibration: Calibration = SPARSE_FACTS,
) -> list[Evidence]:
    """Return evidence of just that confidence, by its similarity alone."""
    features = calibration_features(query, [HOPELESS, *rest], 0.0)
    missing = logit(wanted) - logit(estimate_confidence(features, calibration))
    return [replace(HOPELESS, max_similarity=missing / calibration.max_similarity), *rest]


def decided(query: Query, ranked: list[Evidence], ood_score: float) -> Decision:
    return decide(query, compare_packs(query, ranked, ood_score))


def best_per_pack(*ranked: Evidence) -> list[Evidence]:
    return find_rivals(compare_packs(ABOUT_OWLS, ranked, 0.0))


# Answer, suggest, or neither


def test_a_sure_fact_is_the_answer() -> None:
    found = decided(ABOUT_OWLS, [SURE, evidence("tour", 5.0)], 0.0)

    assert found.answer is SURE
    assert found.suggestions == ()
    assert found.confidence > decision.ANSWER_THRESHOLD
    assert not found.is_sample


def test_what_would_have_answered_can_be_suggested_instead() -> None:
    ranked = [SURE, *(evidence(f"fact-{place}", 5.0) for place in range(MAX_SUGGESTIONS))]

    found = suggest_instead(
        decided(ABOUT_OWLS, ranked, 0.0), ranked, Reason.FOREIGN_NAME, "The Larks"
    )

    assert found.answer is None
    assert found.suggestions == tuple(ranked[:MAX_SUGGESTIONS])
    assert found.confidence == decided(ABOUT_OWLS, ranked, 0.0).confidence
    assert (found.reason, found.detail) == (Reason.FOREIGN_NAME, "The Larks")


def test_of_nothing_there_is_no_answer() -> None:
    found = decided(ABOUT_OWLS, [], 0.0)

    assert (found.answer, found.suggestions, found.confidence) == (None, (), 0.0)
    assert found.reason is Reason.NO_CANDIDATE


@pytest.mark.parametrize(("nearer", "is_answered"), [(1e-6, True), (-1e-6, False)])
def test_the_answer_needs_its_confidence(nearer: float, is_answered: bool) -> None:  # noqa: FBT001
    ranked = of_confidence(decision.ANSWER_THRESHOLD + nearer)

    found = decided(ABOUT_OWLS, ranked, 0.0)

    assert (found.answer is ranked[0]) is is_answered
    assert (found.suggestions == ()) is is_answered


def test_few_ways_of_asking_make_a_fact_less_sure() -> None:
    """Of few, even a good one is no certain sign; the step from few to many is no leap."""
    sure = [
        decided(ABOUT_OWLS, [evidence(phrasings=count, max_similarity=0.6)], 0.0).confidence
        for count in (4, 45, 48, 51, 54, 58, 150)
    ]
    assert sure[0] == sure[1]
    assert sure[1:-1] == sorted(sure[1:-1])
    assert sure[1] < sure[-1]


def test_an_attribute_that_some_ways_of_asking_never_ask_for_counts_more_than_of_few() -> None:
    few, some = (
        decided(
            ABOUT_OWLS,
            [evidence(phrasings=count, unanswered_attributes=frozenset({"price"}))],
            0.0,
        )
        for count in (4, 30)
    )
    assert few.confidence > some.confidence


@pytest.mark.parametrize("query", [ABOUT_OWLS, ABOUT_NOBODY])
@pytest.mark.parametrize(("nearer", "is_suggested"), [(1e-6, True), (-1e-6, False)])
def test_suggestions_need_a_confidence_of_their_own(
    query: Query,
    nearer: float,
    is_suggested: bool,  # noqa: FBT001
) -> None:
    ranked = of_confidence(decision.SUGGESTION_THRESHOLD + nearer, query, calibration=SUGGESTIONS)

    found = decided(query, ranked, 0.0)

    assert found.answer is None
    assert found.suggestions == (tuple(ranked) if is_suggested else ())


def test_whoever_names_nobody_gets_suggestions_less_soon() -> None:
    features = calibration_features(ABOUT_OWLS, [SURE], 0.0)
    nobody = calibration_features(ABOUT_NOBODY, [SURE], 0.0)

    assert estimate_confidence(nobody, SUGGESTIONS) < estimate_confidence(features, SUGGESTIONS)


def test_a_threshold_itself_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    doubtful = evidence(max_similarity=0.5)
    confidence = decided(ABOUT_OWLS, [doubtful], 0.0).confidence
    fits = estimate_confidence(features_of(doubtful), QUOTES)

    monkeypatch.setattr(decision, "QUOTE_THRESHOLD", fits)
    assert select_quotes(ABOUT_OWLS, [doubtful], 0.0) == (doubtful,)
    monkeypatch.setattr(decision, "ANSWER_THRESHOLD", confidence)
    assert decided(ABOUT_OWLS, [doubtful], 0.0).answer is doubtful
    monkeypatch.setattr(decision, "ANSWER_THRESHOLD", 1.0)
    likely = estimate_confidence(features_of(doubtful), SUGGESTIONS)
    monkeypatch.setattr(decision, "SUGGESTION_THRESHOLD", likely)
    assert decided(ABOUT_OWLS, [doubtful], 0.0).suggestions == (doubtful,)


def test_the_thresholds_are_those_that_were_measured() -> None:
    assert decision.ANSWER_THRESHOLD == 0.55
    assert decision.QUOTE_THRESHOLD == 0.5
    assert decision.QUOTE_SIMILARITY == 0.45
    assert decision.SUGGESTION_THRESHOLD == 0.4


def test_at_most_three_are_suggested_the_best_first() -> None:
    others = [evidence(f"fact-{number}", 0.5 - number) for number in range(4)]
    ranked = of_confidence(0.5, ABOUT_OWLS, *others, calibration=SUGGESTIONS)

    assert decided(ABOUT_OWLS, ranked, 0.0).suggestions == tuple(ranked[:MAX_SUGGESTIONS])


@pytest.mark.parametrize(
    ("best", "ood_score", "reason", "detail"),
    [
        (SURE, 0.0, Reason.CONFIDENT, ""),
        (SURE, 20.0, Reason.LIKELY, ""),
        (HOPELESS, 9.0, Reason.UNLIKE, ""),
        (
            replace(SURE, unanswered_attributes=frozenset({"price", "age"})),
            STRANGE,
            Reason.UNANSWERED,
            "age, price",
        ),
        (replace(SURE, unmatched_mentions=1), STRANGE, Reason.UNMATCHED, ""),
        (replace(HOPELESS, unmatched_mentions=1), 20.0, Reason.UNMATCHED, ""),
    ],
)
def test_the_reason_says_what_decided(
    best: Evidence, ood_score: float, reason: Reason, detail: str
) -> None:
    found = decided(ABOUT_OWLS, [best], ood_score)

    assert (found.reason, found.detail) == (reason, detail)


# One a pack


def test_two_packs_that_fit_as_well_are_both_suggested_and_neither_guessed() -> None:
    rival = evidence("shed", 19.0, "larks", max_similarity=0.8)
    other = evidence("tour", 5.0)

    found = decided(ABOUT_OWLS, [SURE, other, rival], 0.0)

    assert found.confidence >= decision.ANSWER_THRESHOLD
    assert found.answer is None
    assert found.suggestions == (SURE, rival, other)
    assert found.reason is Reason.SEVERAL_PACKS


@pytest.mark.parametrize(
    ("behind", "is_rival"), [(RIVAL_MARGIN - 1e-6, True), (RIVAL_MARGIN + 1e-6, False)]
)
def test_a_rival_is_near_in_confidence(behind: float, is_rival: bool) -> None:  # noqa: FBT001
    similarity = SURE.max_similarity - behind / SPARSE_FACTS.max_similarity
    other = evidence("shed", SURE.score, "larks", max_similarity=similarity)

    assert best_per_pack(SURE, other) == ([SURE, other] if is_rival else [SURE])


def test_how_much_was_written_beside_a_fact_makes_its_pack_no_likelier() -> None:
    drowning = [evidence(f"fact-{number}", 40.0, "larks") for number in range(4)]
    drowning = [replace(each, max_similarity=0.2, uncovered_mass=0.6) for each in drowning]

    assert merge_rankings(compare_packs(ABOUT_OWLS, [*drowning, SURE], 0.0))[0] is SURE


def test_a_pack_has_one_rival_its_best() -> None:
    first = evidence("shed", 20.0, "larks", max_similarity=0.8)
    second = evidence("hut", 5.0, "larks")

    assert best_per_pack(SURE, evidence("tour", 5.0), first, second) == [SURE, first]


def test_the_best_of_two_packs_stand_before_the_others() -> None:
    packs = [
        [evidence(name, score, pack) for name, score in (("barn", 20.0), ("loft", 15.0))]
        for pack in ("owls", "larks", "wrens")
    ]

    merged = merge_rankings(compare_packs(ABOUT_OWLS, [each for own in packs for each in own], 0.0))

    shown = [own[0] for own in packs[:MAX_PACKS_SHOWN]]
    assert merged[:MAX_PACKS_SHOWN] == shown
    assert len(merged) == 6
    assert len({(each.document.pack, each.document.id) for each in merged}) == 6


def test_of_nothing_there_is_no_best() -> None:
    assert best_per_pack() == []


def test_more_rivals_than_can_be_suggested_are_cut() -> None:
    rivals = [evidence("shed", 19.0, f"pack-{number}") for number in range(5)]

    found = decided(ABOUT_OWLS, [SURE, *rivals], 0.0)

    assert found.suggestions == (SURE, *rivals[:2])


def test_rivals_of_little_confidence_are_not_suggested() -> None:
    rival = replace(HOPELESS, document=evidence("shed", pack="larks").document)

    found = decided(ABOUT_NOBODY, [HOPELESS, rival], 20.0)

    assert found.suggestions == ()
    assert found.reason is Reason.UNLIKE


# What the calibration weighs


def features_of(
    *ranked: Evidence, query: Query = ABOUT_OWLS, ood_score: float = 0.0
) -> dict[str, float]:
    return calibration_features(query, ranked, ood_score)


def test_each_feature_of_the_calibration_has_a_coefficient() -> None:
    assert list(features_of(SURE)) == NAMES


@pytest.mark.parametrize(
    ("name", "value", "best"),
    [
        ("max_similarity", 0.7, evidence(max_similarity=0.7)),
        ("uncovered_mass", 0.3, evidence(uncovered_mass=0.3)),
        ("unmatched_mentions", 1.0, evidence(unmatched_mentions=1)),
        ("unmatched_mentions", 2.0, evidence(unmatched_mentions=3)),
        ("unanswered_attributes", 1.0, evidence(unanswered_attributes=frozenset("a"))),
        ("unanswered_attributes", 2.0, evidence(unanswered_attributes=frozenset("abc"))),
        ("log_phrasings", math.log(7), evidence(phrasings=7)),
        ("max_oov_weight", 0.0, evidence(max_oov_weight=0.8)),
    ],
)
def test_the_best_fact_gives_its_evidence(name: str, value: float, best: Evidence) -> None:
    assert features_of(best, evidence("tour", 1.0))[name] == pytest.approx(value)


def test_without_a_subject_strange_words_and_being_addressed_count() -> None:
    best = evidence(max_oov_weight=0.8)
    addressed = replace(ABOUT_NOBODY, has_second_person=True)

    nobody = features_of(best, query=addressed)
    owls = features_of(best, query=replace(addressed, mentions=ABOUT_OWLS.mentions))
    them = features_of(best, query=replace(addressed, has_third_person=True))

    wanted = ("max_oov_weight", "no_subject", "second_person")
    assert [nobody[name] for name in wanted] == [0.8, 1.0, 1.0]
    assert [owls[name] for name in wanted] == [them[name] for name in wanted] == [0.0, 0.0, 0.0]
    assert features_of(best, query=ABOUT_NOBODY)["second_person"] == 0.0


def test_what_is_out_of_domain_is_set_against_the_best_fact() -> None:
    assert features_of(SURE, ood_score=11.5)["ood_margin"] == pytest.approx(2.5)


@pytest.mark.parametrize(("count", "counted"), [(0, 0), (3, 3), (8, 8), (9, MAX_TERMS)])
def test_terms_count_up_to_a_number(count: int, counted: int) -> None:
    query = replace(ABOUT_OWLS, terms=ABOUT_OWLS.terms * count)

    assert features_of(SURE, query=query)["term_count"] == counted


def test_the_lead_is_over_the_best_that_is_not_related() -> None:
    best = evidence("barn", 20.0, related=frozenset({"shed"}))
    kin, other = evidence("shed", 19.0), evidence("tour", 17.0)

    assert features_of(best, kin, other)["lead"] == pytest.approx(3.0)
    assert features_of(best, kin)["lead"] == MAX_LEAD  # over nothing at all
    assert features_of(evidence(score=5.0))["lead"] == 5.0


def test_a_fact_of_the_same_id_in_another_pack_is_a_rival_not_related() -> None:
    best = evidence("barn", 20.0, related=frozenset({"shed"}))

    assert features_of(best, evidence("shed", 19.0, "larks"))["lead"] == pytest.approx(1.0)


@pytest.mark.parametrize(("other", "lead"), [(12.5, 7.5), (12.0, MAX_LEAD), (2.0, MAX_LEAD)])
def test_a_lead_counts_up_to_a_bound(other: float, lead: float) -> None:
    assert features_of(SURE, evidence("tour", other))["lead"] == pytest.approx(lead)


def test_the_softmax_is_over_all_scores_those_of_related_facts_too() -> None:
    best = evidence("barn", 20.0, related=frozenset({"shed"}))

    found = features_of(best, evidence("shed", 20.0), evidence("tour", 19.0))

    assert found["softmax"] == pytest.approx(1 / (1 + 1 + math.exp(-1)))
    assert features_of(best)["softmax"] == 1.0


@pytest.mark.parametrize("calibration", [FACTS, SPARSE_FACTS, QUOTES])
@pytest.mark.parametrize("name", NAMES)
def test_each_coefficient_moves_the_log_odds_of_the_confidence(
    calibration: Calibration, name: str
) -> None:
    without = dict.fromkeys(NAMES, 0.0)

    plain = estimate_confidence(without, calibration)
    moved = estimate_confidence(without | {name: 1.5}, calibration)

    assert logit(plain) == pytest.approx(calibration.constant)
    assert logit(moved) - logit(plain) == pytest.approx(1.5 * getattr(calibration, name))


# Quotes


def test_the_best_quote_comes_first_and_those_as_similar_after_it() -> None:
    best = evidence("best", 20.0, max_similarity=0.95)
    alike, edge, unlike = (
        evidence(name, 15.0, max_similarity=similarity)
        for name, similarity in (("alike", 0.9), ("edge", 0.45), ("unlike", 0.44))
    )

    assert select_quotes(ABOUT_OWLS, [best, alike, unlike, edge], 0.0) == (best, alike, edge)


@pytest.mark.parametrize(("nearer", "fits"), [(1e-6, True), (-1e-6, False)])
def test_a_quote_needs_its_confidence(nearer: float, fits: bool) -> None:  # noqa: FBT001
    features = features_of(evidence(max_similarity=0.0))
    missing = logit(decision.QUOTE_THRESHOLD + nearer) - logit(
        estimate_confidence(features, QUOTES)
    )
    quote = evidence(max_similarity=missing / QUOTES.max_similarity)

    assert select_quotes(ABOUT_OWLS, [quote], 0.0) == ((quote,) if fits else ())


def test_a_theme_of_no_informative_word_fits_no_quote() -> None:
    assert select_quotes(EMPTY, [SURE], 0.0) == ()
    assert select_quotes(ABOUT_OWLS, [], 0.0) == ()


def test_a_theme_that_is_out_of_domain_fits_no_quote() -> None:
    assert select_quotes(ABOUT_OWLS, [SURE], 0.0) == (SURE,)
    assert select_quotes(ABOUT_OWLS, [SURE], 40.0) == ()


def test_a_fact_that_does_not_speak_of_who_was_named_is_at_most_suggested() -> None:
    other = replace(SURE, unmatched_mentions=1, max_similarity=1.0)

    found = decided(ABOUT_OWLS, [other], -20.0)

    assert found.confidence >= decision.ANSWER_THRESHOLD
    assert found.answer is None
    assert found.suggestions == (other,)


def test_of_a_private_matter_that_no_fact_tells_nothing_is_suggested() -> None:
    asked = replace(ABOUT_OWLS, attributes=frozenset({"love-life"}))
    silent = replace(HOPELESS, unanswered_attributes=frozenset({"love-life"}))
    telling = replace(evidence("wife", 1.0), answered_attributes=frozenset({"love-life"}))

    assert decided(asked, [silent], 0.0).detail == "love-life"
    assert decided(asked, [silent], 0.0).suggestions == ()
    assert decided(asked, [silent, telling], 0.0).reason is not Reason.PRIVATE


def test_what_is_told_of_somebody_else_is_no_private_matter_of_whoever_is_named() -> None:
    asked = replace(ABOUT_OWLS, attributes=frozenset({"pets"}))
    silent = replace(HOPELESS, unanswered_attributes=frozenset({"pets"}))
    others_dog = replace(evidence("dog", 1.0), answered_attributes=frozenset({"pets"}))

    assert decided(asked, [silent, others_dog], 0.0).reason is not Reason.PRIVATE
    found = decided(asked, [silent, replace(others_dog, unmatched_mentions=1)], 0.0)
    assert found.reason is Reason.PRIVATE
    assert found.suggestions == ()
