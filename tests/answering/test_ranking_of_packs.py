from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.answering.features import compute_log_odds, query_parts
from tests.support.packs import LANTERN, REAL

if TYPE_CHECKING:
    from bot.answering.knowledge_base import KnowledgeBase
    from bot.answering.ranking import Evidence


async def evidence_for(
    knowledge: KnowledgeBase, question: str, fact: str, pack: str = REAL
) -> Evidence:
    explained = await knowledge.explain(question, frozenset({pack}))
    (found,) = [each for each in explained.evidence if each.document.id == fact]
    return found


async def ranked(knowledge: KnowledgeBase, question: str, pack: str = REAL) -> list[str]:
    explained = await knowledge.explain(question, frozenset({pack}))
    return [evidence.document.id for evidence in explained.evidence]


async def test_candidates_come_best_first(real_knowledge: KnowledgeBase) -> None:
    explained = await real_knowledge.explain("when does the new album come out", frozenset({REAL}))
    scores = [evidence.score for evidence in explained.evidence]

    assert scores == sorted(scores, reverse=True)
    assert len(scores) > 3


async def test_a_question_as_written_in_the_pack_is_most_like_its_fact(
    real_knowledge: KnowledgeBase,
) -> None:
    evidence = await evidence_for(
        real_knowledge, "When does 24/Seven come out?", "album-release-date"
    )

    assert evidence.max_similarity == pytest.approx(1, abs=0.05)
    assert evidence.uncovered_mass < 1
    assert evidence.oov_terms == ()


async def test_a_question_of_the_right_kind_is_more_typical(real_knowledge: KnowledgeBase) -> None:
    when = await evidence_for(real_knowledge, "when Untouchable", "song-untouchable")
    who = await evidence_for(real_knowledge, "who Untouchable", "song-untouchable")

    assert who.nb_score > when.nb_score


async def test_how_something_is_asked_tells_facts_apart_that_share_their_words(
    real_knowledge: KnowledgeBase,
) -> None:
    (now, *_) = await ranked(real_knowledge, "what did he say about his brothers")
    (then, *_) = await ranked(real_knowledge, "did his brothers say anything about it")

    assert now == then == "family-reaction"


async def test_a_fact_is_better_for_its_own_subject(real_knowledge: KnowledgeBase) -> None:
    own = await evidence_for(real_knowledge, "who is in Heffron Drive", "heffron-members")

    assert own.matched_mentions == 1
    assert own.unmatched_mentions == 0


async def test_a_name_that_a_fact_does_not_speak_of_counts_against_it(
    lantern_knowledge: KnowledgeBase,
) -> None:
    asked = "when does Slow Water Almanac come out, Night Dredger"
    evidence = await evidence_for(lantern_knowledge, asked, "almanac-date", LANTERN)

    assert evidence.unmatched_mentions == 1


async def test_words_that_a_fact_has_none_for_are_told(real_knowledge: KnowledgeBase) -> None:
    asked = "when does the zanzibarite album come out"
    evidence = await evidence_for(real_knowledge, asked, "album-release-date")

    assert evidence.oov_terms == ("zanzibarite",)
    assert 0 < evidence.uncovered_mass < 1
    assert evidence.max_oov_weight == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("album release date", "date release album"),
        ("who is in heffron drive", "heffron drive who is in"),
    ],
)
async def test_the_order_of_words_changes_no_winner(
    real_knowledge: KnowledgeBase, one: str, other: str
) -> None:
    assert (await ranked(real_knowledge, one))[0] == (await ranked(real_knowledge, other))[0]


async def test_the_same_question_is_always_weighed_the_same(real_knowledge: KnowledgeBase) -> None:
    first = await real_knowledge.explain("who is in heffron drive", frozenset({REAL}))
    again = await real_knowledge.explain("who is in heffron drive", frozenset({REAL}))

    assert first == again


async def test_every_share_is_a_share(knowledge_of_both: KnowledgeBase) -> None:
    for topic in knowledge_of_both.list_topics(knowledge_of_both.packs):
        explained = await knowledge_of_both.explain(
            topic.questions[0].question, knowledge_of_both.packs
        )
        for evidence in explained.evidence:
            for share in (
                evidence.uncovered_mass,
                evidence.max_oov_weight,
                evidence.max_similarity,
            ):
                assert 0 <= share <= 1.01  # weights are kept in hundredths


async def test_a_question_has_a_feature_for_every_word_and_name(
    real_knowledge: KnowledgeBase,
) -> None:
    explained = await real_knowledge.explain("who plays guitar in Heffron Drive", frozenset({REAL}))
    asked = query_parts(explained.query)
    features = {feature for each in asked for feature in each.features}

    assert "n:big-time-rush-2013/heffron-drive" in features
    assert "w:guitar" in features
    assert all(each.weight > 0 for each in asked)


def test_a_word_used_here_more_than_elsewhere_is_the_documents_own() -> None:
    here = [{"w:piano": 1.0, "w:the": 0.5}, {"w:piano": 1.0, "w:the": 0.5}]
    elsewhere = [{"w:drum": 1.0, "w:the": 0.5}]

    own, _ = compute_log_odds([here, elsewhere])

    assert own["w:piano"] > own["w:the"] > 0
    assert "w:drum" not in own


def test_beside_nothing_else_a_word_is_still_the_documents_own() -> None:
    (alone,) = compute_log_odds([[{"w:piano": 1.0}]])
    (as_if_beside_others,) = compute_log_odds([[{"w:piano": 1.0}]], min_classes=10)

    assert as_if_beside_others["w:piano"] > alone["w:piano"]
