"""An account of an answer: understanding, candidates and reasons, for the terminal and the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.answering.decision import Reason
from bot.answering.explanation import _REASONS
from bot.answering.lexicon import load_lexicon
from bot.answering.results import Found, Unknown, Unsure
from bot.answering.topics import TOPICS
from bot.evaluation.lint import attribute_names
from tests.support.packs import LANTERN, REAL

if TYPE_CHECKING:
    from bot.answering.explanation import Account
    from bot.answering.knowledge_base import KnowledgeBase
    from bot.packs.models import Pack


async def account(knowledge: KnowledgeBase, question: str, *packs: str) -> Account:
    return await knowledge.account_for(question, frozenset(packs or {REAL}))


@pytest.mark.parametrize(
    ("question", "kind", "why"),
    [
        (
            "When does 24/Seven come out?",
            Found,
            "It is a way of asking “album-release-date”, word for word.",
        ),
        (
            "on what day will the new record be coming out then",
            Found,
            "and from 55% on a fact is the answer.",
        ),
        ("kendall", Found, "“kendall” is a name and nothing else: “kendall-role” says who or what"),
        ("hi", Unknown, "It is small talk, which is answered in kind and from no fact."),
        ("album", Unsure, "It is a word or two and asks nothing, so questions with them are"),
        ("how do i boil an egg", Unknown, "No fact shares a word, an idea or a name with it."),
        (
            "when is the metallica record out",
            Unknown,
            "“album-release-date” is nearest and only",
        ),
        (
            "what is kendalls favourite food",
            Unknown,
            "So the notes do not say, and offer what they tell about Kendall Schmidt.",
        ),
        (
            "does kendall have a girlfriend",
            Unknown,
            "It asks about something private (love, marriage or children), and no fact near it",
        ),
        ("how long is the album", Unsure, "These are likely enough to be suggested: "),
    ],
)
async def test_the_reasons_say_why_a_fact_answers_or_none_does(
    real_knowledge: KnowledgeBase, question: str, kind: type, why: str
) -> None:
    told = await account(real_knowledge, question)

    assert isinstance(told.answer, kind)
    assert told.answer == await real_knowledge.answer(question, frozenset({REAL}))
    assert why in " ".join(told.reasons())


def test_every_reason_has_its_sentence() -> None:
    assert _REASONS.keys() == set(Reason)


@pytest.mark.parametrize("language", ["en", "es", "pt-BR"])
def test_every_seldom_told_topic_has_a_name_in_everyday_words(language: str) -> None:
    known = attribute_names(load_lexicon(language))

    assert known
    assert known <= TOPICS.keys()
    assert not any(name in TOPICS[name].split() for name in known if "-" in name)


async def test_a_topic_that_no_way_of_asking_has_is_named_with_what_to_do(
    real_knowledge: KnowledgeBase,
) -> None:
    told = await account(real_knowledge, "how much does 24/seven cost in euros")

    remarks = [remark for candidate in told.candidates for remark in candidate.remarks()]
    assert (
        "None of its ways of asking is about prices or money; if it tells that, write one."
    ) in remarks


async def test_the_best_candidate_has_the_confidence_that_decided(
    real_knowledge: KnowledgeBase,
) -> None:
    told = await account(real_knowledge, "on what day will the new record be coming out then")

    assert told.candidates[0].confidence == pytest.approx(told.decision.confidence)
    others = [each.confidence for each in told.candidates[1:]]
    assert others == sorted(others, reverse=True)
    assert all(each < told.decision.confidence for each in others)


async def test_of_two_packs_each_has_its_own_confidence(knowledge_of_both: KnowledgeBase) -> None:
    both = await account(knowledge_of_both, "when is the new record out", REAL, LANTERN)
    alone = await account(knowledge_of_both, "when is the new record out", LANTERN)

    sure = {(each.pack, each.fact): each.confidence for each in both.candidates}
    best = alone.candidates[0]
    assert sure[best.pack, best.fact] == pytest.approx(best.confidence)


async def test_the_nearest_way_of_asking_is_named_by_its_place(
    real_knowledge: KnowledgeBase, real_pack: Pack
) -> None:
    told = await account(real_knowledge, "so where will i be able to buy the new album then")

    for candidate in told.candidates:
        assert candidate.nearest is not None
        (fact,) = [each for each in real_pack.facts if each.id == candidate.fact]
        question = (*fact.questions, fact.statement)[candidate.nearest.number]
        alone = await account(real_knowledge, question)
        assert question in fact.questions
        assert " ".join(alone.query.template).replace("@", "…") == candidate.nearest.template


async def test_words_and_attributes_that_no_way_of_asking_has_are_named(
    real_knowledge: KnowledgeBase,
) -> None:
    told = await account(real_knowledge, "what is kendalls favourite food")

    remarks = " ".join(told.candidates[0].remarks())
    assert "Its ways of asking lack these words: food." in remarks
    assert "None of its ways of asking is about favourite things, food or drink; if" in remarks


async def test_names_of_which_a_fact_does_not_speak_are_named(
    real_knowledge: KnowledgeBase,
) -> None:
    told = await account(real_knowledge, "what does Tanya Chisholm play in Heffron Drive")

    assert "does not speak of “tanya chisholm”." in " ".join(told.reasons())
    assert (
        "It does not speak of “tanya chisholm”; if it does, say so in its 'about'."
        in told.candidates[0].remarks()
    )
