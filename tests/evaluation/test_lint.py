from __future__ import annotations

from typing import TYPE_CHECKING

from bot.answering.indexer import Indexer
from bot.evaluation.lint import Linter
from bot.evaluation.sufficiency import judge_sufficiency
from tests.support.packs import little_fact, little_pack

if TYPE_CHECKING:
    import pytest

    from bot.answering.lexicon import Lexicon
    from bot.answering.query import Query

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
