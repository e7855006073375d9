from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import yaml

from bot.answering.knowledge_base import KnowledgeBase
from bot.answering.language import load_frequencies
from bot.answering.lexicon import language_folder
from bot.answering.out_of_domain import learn_topics
from bot.answering.pack_set import compile_packs
from bot.answering.results import Found
from tests.support.packs import HIDE, LANTERN, REAL, little_fact, little_pack

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.answering.lexicon import Lexicon
    from bot.packs.models import Pack

HEIGHT = replace(
    little_fact(
        "height",
        subject="mira-vale",
        statement="Mira Vale is 1.82 metres tall.",
        questions=("How tall is Mira?", "what height is she", "is Mira Vale a tall woman"),
    ),
    covers=("body",),
)


@pytest.fixture(scope="module")
def topics() -> dict[str, list[str]]:
    file = language_folder("en").joinpath("out_of_domain.yaml")
    read: dict[str, list[str]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return read


@pytest.fixture
async def tall(tmp_path: Path) -> AsyncIterator[KnowledgeBase]:
    store = tmp_path / "facts.sqlite"
    compile_packs([little_pack(facts=[little_fact(), HEIGHT])], store, "key")
    async with await KnowledgeBase.open(store, HIDE) as knowledge:
        yield knowledge


@pytest.mark.parametrize(
    "question",
    [
        "how many sugars does he take in his tea",
        "does {} have a twin",
        "how much does {} weigh",
        "is {} left handed",
        "what did {} get for christmas",
    ],
)
@pytest.mark.parametrize(("pack", "name"), [(REAL, "Kendall"), (LANTERN, "Maren")])
async def test_what_fans_ask_of_anybody_is_not_answered_with_the_nearest_fact(
    knowledge_of_both: KnowledgeBase, question: str, pack: str, name: str
) -> None:
    answer = await knowledge_of_both.answer(question.format(name), frozenset({pack}))

    assert not isinstance(answer, Found)


@pytest.mark.parametrize("question", ["how tall is mira vale", "whats miras height", "is she tall"])
async def test_a_pack_that_does_tell_it_answers(tall: KnowledgeBase, question: str) -> None:
    answer = await tall.answer(question, tall.packs)

    assert isinstance(answer, Found)
    assert answer.answer.fact.id == "height"


async def test_a_pack_that_tells_one_such_thing_tells_no_other(tall: KnowledgeBase) -> None:
    for question in ("how old is Mira", "who is Mira dating", "how much does Mira weigh a day"):
        assert not isinstance(await tall.answer(question, tall.packs), Found)


def test_names_are_stood_in_for_by_any_name(lexicon: Lexicon, topics: dict[str, list[str]]) -> None:
    found = learn_topics(lexicon, load_frequencies())

    assert found.keys() == topics.keys()
    features = {feature for log_odds in found.values() for feature in log_odds}
    assert {feature for feature in features if feature.startswith("n:")} == {"n:@"}
    assert not any("somebodysname" in feature for feature in features)


def test_no_topic_names_anybody_or_anything_of_a_pack(
    topics: dict[str, list[str]], real_pack: Pack, lantern_pack: Pack
) -> None:
    asked = " ".join(text for texts in topics.values() for text in texts).casefold()
    # Told by their full names: of one word, "the singer" and "Fans" name nobody.
    names = {
        name.casefold()
        for pack in (real_pack, lantern_pack)
        for entity in pack.entities
        for name in (entity.name, *entity.aliases)
        if " " in name
    }

    assert [name for name in sorted(names) if name in asked] == []


def test_no_topic_asks_the_same_twice(topics: dict[str, list[str]]) -> None:
    asked = Counter(text.casefold() for texts in topics.values() for text in texts)

    assert [text for text, count in asked.items() if count > 1] == []
