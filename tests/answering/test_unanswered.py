"""Questions near a fact that its pack says nothing answers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.answering.decision import Reason
from bot.answering.knowledge_base import KnowledgeBase
from bot.answering.results import Found, Unknown, Unsure
from tests.support.packs import HIDE, little_fact, little_pack

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.support.stores import Stores

UNANSWERED = ("What did Ona die of?", "is ona married", "how old is ona's piano")
FACTS = (
    little_fact(
        "death",
        statement="Ona died in the spring of 2019.",
        questions=(
            "When did Ona die?",
            "ona death year",
            "is Ona dead",
            "what year did ona die in",
        ),
    ),
    little_fact(
        "piano",
        statement="Ona learned the piano from an aunt.",
        questions=("Who taught Ona the piano?", "how did ona learn to play", "ona piano teacher"),
    ),
)


@pytest.fixture(scope="module")
def silent_store(stores: Stores) -> Path:
    return stores.named("nothing-unanswered", [little_pack(facts=FACTS)], "silent")


@pytest.fixture(scope="module")
def told_store(stores: Stores) -> Path:
    facts = [replace(FACTS[0], unanswered=UNANSWERED), FACTS[1]]
    return stores.named("unanswered", [little_pack(facts=facts)], "told")


@pytest.fixture
async def silent(silent_store: Path) -> AsyncIterator[KnowledgeBase]:
    async with await KnowledgeBase.open(silent_store, HIDE) as opened:
        yield opened


@pytest.fixture
async def told(told_store: Path) -> AsyncIterator[KnowledgeBase]:
    async with await KnowledgeBase.open(told_store, HIDE) as opened:
        yield opened


async def test_what_is_like_such_a_question_is_suggested_and_not_answered(
    silent: KnowledgeBase, told: KnowledgeBase
) -> None:
    question = "do they say what ona died of"

    before, now = [await each.answer(question, each.packs) for each in (silent, told)]

    assert isinstance(before, Found)
    assert isinstance(now, Unsure)
    assert now.suggestions[0].fact == "death"
    decision = (await told.explain(question, told.packs)).decision
    assert decision.reason is Reason.NOT_TOLD


@pytest.mark.parametrize(
    "question",
    [
        "What did Ona die of?",
        "WHAT DID ONA DIE OF",
        "is ona married?",
        "How old is Ona's piano?",  # listed under another fact than the one that is near
    ],
)
async def test_the_same_question_in_other_clothes_is_what_the_notes_do_not_say(
    told: KnowledgeBase, question: str
) -> None:
    assert isinstance(await told.answer(question, told.packs), Unknown)


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("When did Ona die?", "death"),
        ("in which year did ona die", "death"),
        ("who taught ona", "piano"),
    ],
)
async def test_what_is_more_like_a_way_of_asking_is_answered_as_before(
    told: KnowledgeBase, question: str, fact: str
) -> None:
    answer = await told.answer(question, told.packs)

    assert isinstance(answer, Found)
    assert answer.answer.fact.id == fact
    assert not answer.answer.fact.unanswered  # it is never shown, and not read


async def test_what_one_pack_does_not_tell_another_pack_may(stores: Stores) -> None:
    asked = "When does the next record come out?"
    first = little_fact(
        "first-record",
        statement="The first record came out in 2019.",
        questions=("When did the first record come out?", "first record date"),
    )
    silent = replace(first, unanswered=(asked,))
    outspoken = little_fact(
        "next-record",
        statement="Their next record comes out in May 2021.",
        questions=("when is the next record out", "next record date", "when will it come out"),
    )
    packs = [little_pack(facts=[silent]), little_pack("other", facts=[outspoken], releases=[])]
    store = stores.named("one-tells", packs, "both")

    async with await KnowledgeBase.open(store, HIDE) as both:
        answer = await both.answer(asked, both.packs)
        assert isinstance(answer, Found)
        assert answer.answer.fact.id == "next-record"
        assert isinstance(await both.answer(asked, frozenset({"mira-vale"})), Unknown)
