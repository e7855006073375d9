from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.answering.query import MAX_QUESTION_LENGTH, QueryParser
from bot.index.reader import IndexReader
from tests.support.packs import HIDE, LANTERN, REAL, little_fact, little_pack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.answering.lexicon import Lexicon
    from tests.support.stores import Stores

BOTH = frozenset({REAL, LANTERN})


@pytest.fixture
def parser(store_of_both: Path, lexicon: Lexicon) -> Iterator[QueryParser]:
    reader = IndexReader.open(store_of_both, HIDE)
    yield QueryParser(reader.vocabulary, lexicon)
    reader.close()


def names_in(parser: QueryParser, text: str, scope: frozenset[str] = BOTH) -> set[str]:
    question = parser.parse(text, scope)
    return {key.rpartition("/")[2] for mention in question.mentions for key in mention.names}


@pytest.mark.parametrize(
    "text",
    [
        "who is in Heffron Drive",
        "who is in HEFFRON DRIVE",
        "who is in HD",
        "who is in hefron drive",
        "who is in heffrn drive",
        "who is in heffrondrive",
        "who is in heffron-drive",
        "whos in heffron drive's lineup",
        "who is in “Heffron Drive”",
    ],
)
def test_a_band_is_recognised_however_it_is_written(parser: QueryParser, text: str) -> None:
    assert "heffron-drive" in names_in(parser, text)


@pytest.mark.parametrize("text", ["who is in bigtimerush", "who is in bigtime rush"])
def test_a_name_of_three_words_may_be_run_together(parser: QueryParser, text: str) -> None:
    assert "big-time-rush" in names_in(parser, text)


@pytest.mark.parametrize(("typed", "meant"), [("whn is it out", "when"), ("wyh is it late", "why")])
def test_a_slip_in_a_word_of_three_letters_is_read_as_the_small_word_meant(
    parser: QueryParser, typed: str, meant: str
) -> None:
    assert parser.parse(typed, BOTH).question_types == {meant}


@pytest.mark.parametrize("text", ["who is in jeffron drive", "who is in effron drive"])
def test_a_name_whose_first_letter_is_mistyped_is_recognised(
    parser: QueryParser, text: str
) -> None:
    assert "heffron-drive" in names_in(parser, text)


@pytest.mark.parametrize("text", ["who is in jeffrn drive", "who is in effon drive"])
def test_a_name_with_another_mistake_beside_that_is_not(parser: QueryParser, text: str) -> None:
    assert "heffron-drive" not in names_in(parser, text)


def test_three_letters_are_never_taken_for_a_name(parser: QueryParser) -> None:
    # One letter from "Belt", an alias: too short to be sure of.
    assert names_in(parser, "who is blt") == set()


@pytest.mark.parametrize("text", ["kendalls twitr", "kendalls twiter", "kendalls instgram"])
def test_a_slip_of_a_word_that_everybody_knows_is_no_unknown_name(
    parser: QueryParser, text: str
) -> None:
    assert not parser.parse(text, BOTH).unknown_words


@pytest.mark.parametrize("text", ["is 24/7 out", "is 24/Seven out", "is twenty four seven out"])
def test_a_title_with_a_slash_is_recognised(parser: QueryParser, text: str) -> None:
    assert "24-seven" in names_in(parser, text)


def test_a_name_that_no_pack_in_scope_has_is_not_recognised(
    parser: QueryParser,
) -> None:
    text = "does Maren Tolvey know Kendall Schmidt"

    assert names_in(parser, text, frozenset({REAL})) == {"kendall-schmidt"}
    assert names_in(parser, text, frozenset({LANTERN})) == {"maren-tolvey"}
    assert names_in(parser, text, frozenset()) == set()


def test_a_misspelling_is_corrected_to_words_in_scope_alone(
    parser: QueryParser,
) -> None:
    assert names_in(parser, "hefron drive", frozenset({LANTERN})) == set()
    assert names_in(parser, "heronmothr", frozenset({REAL})) == set()
    assert names_in(parser, "heronmothr") == {"heronmother"}


def test_an_english_word_is_never_corrected_to_a_name(parser: QueryParser) -> None:
    # One letter from "Belt", "Heffron", "Maren": words of their own all the same.
    for word in ("melt", "bolt", "heron", "marine"):
        assert names_in(parser, f"a {word}") == set()


def test_the_singular_of_a_packs_word_is_no_slip_of_another(
    stores: Stores, lexicon: Lexicon
) -> None:
    fact = little_fact(
        statement="Ona keeps sixty wethers in any weather.",
        questions=("how many wethers does ona keep", "does she mind the weather"),
    )
    store = stores.named("wethers", [little_pack(facts=[fact])], "little")
    reader = IndexReader.open(store, HIDE)
    parser = QueryParser(reader.vocabulary, lexicon)

    assert parser.parse("what is a wether", reader.all_packs).template[-1] == "wether"
    assert parser.parse("what is her waether", reader.all_packs).template[-1] == "weather"
    reader.close()


def test_no_more_of_a_text_is_read_than_discord_allows(parser: QueryParser) -> None:
    within, beyond = (
        "x" * (MAX_QUESTION_LENGTH - 8) + " Kendall",
        "x" * MAX_QUESTION_LENGTH + " Kendall",
    )

    assert "kendall-schmidt" in names_in(parser, within)
    assert names_in(parser, beyond) == set()


@pytest.mark.parametrize(
    "text", ["", " ", "?", "😀", "\x00", "\ud800", "\u200b\u202e", "' OR 1=1", "\ufdfa" * 300]
)
def test_a_text_that_names_nothing_is_read_without_fuss(parser: QueryParser, text: str) -> None:
    assert names_in(parser, text) == set()


def test_a_text_of_no_words_is_empty(parser: QueryParser) -> None:
    assert (parser.parse("?! …", BOTH)).is_empty
    assert not (parser.parse("album", BOTH)).is_empty


@pytest.mark.parametrize("clipped", ["mny", "qwrds"])
def test_a_word_without_its_vowels_is_no_name_of_somebody_unknown(
    parser: QueryParser, clipped: str
) -> None:
    unknown = parser.parse(f"how {clipped} songs by jamiroquai", BOTH).unknown_words

    assert clipped not in unknown
    assert "jamiroquai" in unknown
