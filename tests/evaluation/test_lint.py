from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.answering.indexer import Indexer
from bot.evaluation.lint import Linter
from bot.evaluation.sufficiency import judge_sufficiency
from tests.support.packs import little_fact, little_pack

if TYPE_CHECKING:
    import pytest

    from bot.answering.lexicon import Lexicon
    from bot.answering.query import Query
    from bot.packs.models import Fact

QUESTIONS = tuple(f"who plays the {name}" for name in ("piano", "harp", "flute", "drums", "horn"))


def test_a_question_is_parsed_for_all_folds_at_once(
    lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[str] = []
    parse = Indexer._parse_text

    def count(indexer: Indexer, text: str) -> Query:
        parsed.append(text)
        return parse(indexer, text)

    monkeypatch.setattr(Indexer, "_parse_text", count)
    pack = little_pack(facts=[little_fact(questions=QUESTIONS)])

    held_out = Linter(pack, lexicon, {}).held_out

    assert sorted(each.question for each in held_out) == sorted(QUESTIONS)
    assert sorted(parsed) == sorted([*QUESTIONS, pack.facts[0].statement])


def test_a_pack_without_a_served_fact_is_not_called_good() -> None:
    pack = little_pack(facts=[little_fact(withdrawn="the source took it back")])

    assert judge_sufficiency(pack).sentences()[0] == "every fact is withdrawn"


def test_a_pack_that_lists_nothing_unanswered_is_advised_of_it_once(lexicon: Lexicon) -> None:
    bare = [little_fact(f"fact-{number}", questions=QUESTIONS[number:]) for number in range(3)]
    told = [replace(fact, unanswered=("how old is the harp",)) for fact in bare]

    def advice(*facts: Fact) -> list[str]:
        remarks = Linter(little_pack(facts=facts), lexicon, {}).remarks()
        return [remark.what for remark in remarks if "unanswered" in remark.what]

    assert advice(*bare) == ["3 of 3 facts list nothing under 'unanswered', as 'fact-0'"]
    assert advice(told[0], *bare[1:]) == [
        "2 of 3 facts list nothing under 'unanswered', as 'fact-1'"
    ]
    assert advice(*told[:2], bare[2]) == []
