"""Names that are written with numerals, marks or signs, in packs beside each other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.answering.knowledge_base import KnowledgeBase
from bot.answering.results import Found, Unsure
from bot.packs.models import Entity, EntityKind
from tests.support.packs import HIDE, little_fact, little_pack, little_release

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.support.stores import Stores

BANDS = {
    "rem": "R.E.M.",
    "nerd": "N.E.R.D",
    "wham": "Wham!",
    "dr-wily": "Dr. Wily",
    "vale-band": "The Vales",
}
RECORDS = {"owls-2": "Owls II", "owls-3": "Owls III", "divide": "÷", "signs": "!!!"}


@pytest.fixture(scope="module")
def store(stores: Stores) -> Path:
    founded = [
        little_fact(
            f"{key}-founded",
            subject=key,
            statement=f"{name} began in {1980 + at}.",
            questions=(f"When was {name} founded?", f"what year did {name} start"),
        )
        for at, (key, name) in enumerate(BANDS.items())
    ]
    lengths = [
        little_fact(
            f"{key}-length",
            subject=key,
            statement=f"{title} has {at + 7} songs.",
            questions=(f"How many songs are on {title}?", f"length of {title}"),
        )
        for at, (key, title) in enumerate(RECORDS.items())
    ]
    releases = [
        replace(little_release(key), title=title, aliases=(), songs=())
        for key, title in RECORDS.items()
    ]
    pack = little_pack(facts=[*founded, *lengths], releases=releases)
    bands = tuple(Entity(key, EntityKind.BAND, name) for key, name in BANDS.items())
    pack = replace(pack, entities=(*pack.entities, *bands))
    return stores.named("odd-names", [pack], "odd")


@pytest.fixture
async def knowledge(store: Path) -> AsyncIterator[KnowledgeBase]:
    async with await KnowledgeBase.open(store, HIDE) as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("when was REM founded", "rem-founded"),
        ("when was R.E.M. founded?", "rem-founded"),
        ("what year did nerd start", "nerd-founded"),
        ("What year did N.E.R.D start", "nerd-founded"),
        ("what year did wham start", "wham-founded"),
        ("what year did Wham! start", "wham-founded"),
        ("when was Dr Wily founded", "dr-wily-founded"),
        ("when was Dr. Wily founded", "dr-wily-founded"),
        ("How many songs are on Owls III?", "owls-3-length"),
        ("how many songs are on owls ii", "owls-2-length"),
        ("how many songs are on ÷", "divide-length"),
        ("How many songs are on !!!?", "signs-length"),
    ],
)
async def test_a_question_reaches_the_name_that_it_writes(
    knowledge: KnowledgeBase, question: str, fact: str
) -> None:
    answer = await knowledge.answer(question, knowledge.packs)

    assert isinstance(answer, Found), answer
    assert answer.answer.fact.id == fact


@pytest.mark.parametrize(
    ("typed", "release"),
    [("Owls II", "owls-2"), ("owls iii", "owls-3"), ("÷", "divide"), ("!!!", "signs")],
)
async def test_a_title_finds_its_own_release(
    knowledge: KnowledgeBase, typed: str, release: str
) -> None:
    found = await knowledge.search_release(typed, knowledge.packs)

    assert found is not None
    assert found.release.id == release


async def test_a_bare_name_is_introduced_or_its_questions_are_offered(
    knowledge: KnowledgeBase,
) -> None:
    answer = await knowledge.answer("Wham!", knowledge.packs)

    assert isinstance(answer, Found | Unsure)
    facts = (
        [answer.answer.fact.id]
        if isinstance(answer, Found)
        else [each.fact for each in answer.suggestions]
    )
    assert facts == ["wham-founded"]


async def test_the_beginning_of_one_title_finds_its_release(knowledge: KnowledgeBase) -> None:
    found = await knowledge.search_release("!", knowledge.packs)

    assert found is not None
    assert found.release.id == "signs"
    assert await knowledge.search_release("ow", knowledge.packs) is None
