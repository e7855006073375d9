from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.index.codec import (
    fact_from_json,
    pack_numbers,
    quote_from_json,
    release_from_json,
    source_from_json,
    to_json,
    unpack_numbers,
)
from bot.packs.models import DatePrecision, ReleaseDate
from tests.support.packs import SOURCE, little_fact, little_quote, little_release

if TYPE_CHECKING:
    import pytest

    from bot.packs.models import Pack


def test_every_quote_and_release_comes_back_as_it_went(real_pack: Pack, lantern_pack: Pack) -> None:
    for pack in (real_pack, lantern_pack):
        assert source_from_json(to_json(pack.source)) == pack.source
        assert [quote_from_json(to_json(quote)) for quote in pack.quotes] == list(pack.quotes)
        assert [release_from_json(to_json(each)) for each in pack.releases] == list(pack.releases)


def test_a_fact_keeps_the_one_question_that_is_shown(real_pack: Pack, lantern_pack: Pack) -> None:
    for pack in (real_pack, lantern_pack):
        for fact in pack.facts:
            assert fact_from_json(to_json(fact)) == replace(fact, questions=fact.questions[:1])


def test_every_paragraph_is_kept_and_whether_a_quote_may_stand_alone() -> None:
    several = (2, 5, 9)
    fact = replace(little_fact(), paragraphs=several)
    quote = replace(little_quote(), paragraphs=several, daily=False)
    release = replace(little_release(), paragraphs=several)

    assert fact_from_json(to_json(fact)).paragraphs == several
    assert quote_from_json(to_json(quote)) == quote
    assert release_from_json(to_json(release)).paragraphs == several


def test_text_of_any_script_is_kept() -> None:
    fact = little_fact(statement='Ona said “早上好”, a \\ and a " in العربية.')

    assert fact_from_json(to_json(fact)).statement == fact.statement


def test_what_a_later_program_wrote_beside_is_passed_over() -> None:
    body = json.loads(to_json(little_fact())) | {"mood": "blue"}

    assert fact_from_json(json.dumps(body)) == replace(little_fact(), questions=("Who is Ona?",))


def test_an_address_and_a_missing_date_are_kept() -> None:
    source = replace(SOURCE, url="https://lighthouse.example/mira")
    release = replace(little_release(), date=ReleaseDate("", DatePrecision.UNKNOWN, "in spring"))

    assert source_from_json(to_json(source)) == source
    assert release_from_json(to_json(release)) == release


def test_numbers_are_the_same_bytes_on_every_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = [1, 258, 65_535]
    here = pack_numbers("H", numbers)
    assert here == b"\x01\x00\x02\x01\xff\xff"
    assert list(unpack_numbers("H", here)) == numbers

    # A machine that keeps them the other way round swaps their bytes, both ways.
    monkeypatch.setattr("sys.byteorder", "big" if sys.byteorder == "little" else "little")
    assert pack_numbers("H", numbers) == b"\x00\x01\x01\x02\xff\xff"
    assert list(unpack_numbers("H", pack_numbers("H", numbers))) == numbers
