from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from bot.answering.decision import MAX_SUGGESTIONS, Reason
from tests.support.packs import LANTERN, REAL

if TYPE_CHECKING:
    from bot.answering.decision import Decision
    from bot.answering.knowledge_base import KnowledgeBase

HERE = frozenset({REAL})


async def decision(knowledge: KnowledgeBase, question: str, pack: str = REAL) -> Decision:
    return (await knowledge.explain(question, frozenset({pack}))).decision


async def test_a_plain_question_is_answered_with_confidence(real_knowledge: KnowledgeBase) -> None:
    found = await decision(real_knowledge, "When does the new album come out?")

    assert found.answer is not None
    assert found.answer.document.id == "album-release-date"
    assert 0.6 <= found.confidence <= 1
    assert found.reason is Reason.CONFIDENT


@pytest.mark.parametrize(
    "question",
    [
        "How old is Kendall?",
        "When is Kendall's birthday?",
        "What is Kendall's favourite food?",
        "What colour is Kendall's hair?",
        "How much does 24/Seven cost?",
        "who produced 24/Seven",
        "Is Kendall married?",
        "How tall is James Maslow?",
    ],
)
async def test_what_the_notes_do_not_say_of_somebody_they_know_is_not_answered(
    real_knowledge: KnowledgeBase, question: str
) -> None:
    assert (await decision(real_knowledge, question)).answer is None


@pytest.mark.parametrize(
    "question",
    [
        "How tall is Maren?",
        "Is Idris married?",
        "What colour is Sunniva's hair?",
        "who is the president of france",
    ],
)
async def test_that_holds_for_an_invented_pack_too(
    lantern_knowledge: KnowledgeBase, question: str
) -> None:
    assert (await decision(lantern_knowledge, question, LANTERN)).answer is None


@pytest.mark.parametrize(
    ("question", "wrong"),
    [
        ("When does Heffron Drive's album come out?", "album-release-date"),
        ("Why is the album called 24/Seven?", "album-title"),
        ("When was Big Time Rush formed?", "heffron-history"),
    ],
)
async def test_another_subject_or_kind_of_question_is_not_answered_with_this_one(
    real_knowledge: KnowledgeBase, question: str, wrong: str
) -> None:
    found = (await decision(real_knowledge, question)).answer

    assert found is None or found.document.id != wrong


@pytest.mark.parametrize(
    ("question", "wrong"),
    [
        # The fact mentions the show or Kendall, though it is about a band or a guitarist.
        ("When did the show start?", "heffron-history"),
        ("What does Kendall play?", "dustin-role"),
        # The fact is about the subject, and tells another matter of it.
        ("What's the album cover like?", "album-title"),
        ("is Amazing a single", "song-amazing"),
    ],
)
async def test_a_fact_about_another_matter_than_the_one_asked_for_is_at_most_suggested(
    real_knowledge: KnowledgeBase, question: str, wrong: str
) -> None:
    found = (await decision(real_knowledge, question)).answer

    assert found is None or found.document.id != wrong


@pytest.mark.parametrize(
    "question",
    [
        "When does my album come out?",
        "What month is my baby due?",
        "how many songs does our record have",
        "who inspired heart",
        "is cake a real band",
    ],
)
async def test_a_thing_of_the_askers_or_of_another_band_is_at_most_suggested(
    real_knowledge: KnowledgeBase, question: str
) -> None:
    found = await decision(real_knowledge, question)

    assert found.answer is None
    assert found.reason in {Reason.ASKERS_OWN, Reason.FOREIGN_NAME}


@pytest.mark.parametrize("question", ["does Kendall have a daughter", "is kendall a dad"])
async def test_children_of_somebody_s_own_are_a_private_matter(
    real_knowledge: KnowledgeBase, question: str
) -> None:
    assert (await decision(real_knowledge, question)).reason is Reason.PRIVATE


async def test_one_bands_album_is_not_dated_by_anothers(lantern_knowledge: KnowledgeBase) -> None:
    found = (
        await decision(lantern_knowledge, "when does Night Dredger's album come out", LANTERN)
    ).answer

    assert found is None or found.document.id != "almanac-date"


@pytest.mark.parametrize("question", ["", "?!", "asdf qwer zxcv", "how do i boil an egg", "42"])
async def test_what_is_unlike_the_notes_gets_no_suggestions(
    real_knowledge: KnowledgeBase, question: str
) -> None:
    found = await decision(real_knowledge, question)

    assert found.answer is None
    assert found.suggestions == ()
    assert found.reason in {Reason.NO_CANDIDATE, Reason.UNLIKE}


@pytest.mark.parametrize("question", ["heffron drive", "the album", "kendall", "tour"])
async def test_at_most_three_are_suggested_and_each_once(
    real_knowledge: KnowledgeBase, question: str
) -> None:
    found = await decision(real_knowledge, question)
    ids = [evidence.document.id for evidence in found.suggestions]

    assert len(ids) <= MAX_SUGGESTIONS == 3
    assert len(set(ids)) == len(ids)


async def test_confidence_is_a_share_for_every_question_of_the_pack(
    real_knowledge: KnowledgeBase,
) -> None:
    for topic in real_knowledge.list_topics(HERE):
        for item in topic.questions:
            assert 0 <= (await decision(real_knowledge, item.question)).confidence <= 1


async def test_a_theme_that_names_what_one_pack_knows_is_answered_from_it(
    knowledge_of_both: KnowledgeBase,
) -> None:
    for pack, theme in ((REAL, "Heffron Drive"), (LANTERN, "Joss")):
        cited = await knowledge_of_both.choose_quote(
            frozenset({REAL, LANTERN}), Random(0), about=theme
        )
        assert cited is not None
        assert cited.pack == pack


@pytest.mark.parametrize(
    "theme", ["quantum physics", "how to cook rice", "the stock market", "", "...", "the of and"]
)
async def test_a_theme_of_no_quote_is_left_alone(
    knowledge_of_both: KnowledgeBase, theme: str
) -> None:
    question = (await knowledge_of_both.explain(theme, frozenset({REAL, LANTERN}))).query

    cited = await knowledge_of_both.choose_quote(
        frozenset({REAL, LANTERN}), Random(0), about=theme or "?"
    )

    assert cited is None, question
