from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.answering.query_parser import LONGEST, QueryParser
from bot.index.reader import IndexReader
from tests.support.packs import HIDE, LANTERN, REAL

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.answering.lexicon import Lexicon

BOTH = frozenset({REAL, LANTERN})


@pytest.fixture
def interpreter(store_of_both: Path, lexicon: Lexicon) -> Iterator[QueryParser]:
    reader = IndexReader.open(store_of_both, HIDE)
    yield QueryParser(reader, lexicon, HIDE)
    reader.close()


def names_in(interpreter: QueryParser, text: str, scope: frozenset[str] = BOTH) -> set[str]:
    question = interpreter.read(text, scope)
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
def test_a_band_is_recognised_however_it_is_written(interpreter: QueryParser, text: str) -> None:
    assert "heffron-drive" in names_in(interpreter, text)


@pytest.mark.parametrize("text", ["who is in bigtimerush", "who is in bigtime rush"])
def test_a_name_of_three_words_may_be_run_together(interpreter: QueryParser, text: str) -> None:
    assert "big-time-rush" in names_in(interpreter, text)


@pytest.mark.parametrize(("typed", "meant"), [("whn is it out", "when"), ("wyh is it late", "why")])
def test_a_slip_in_a_word_of_three_letters_is_read_as_the_small_word_meant(
    interpreter: QueryParser, typed: str, meant: str
) -> None:
    assert interpreter.read(typed, BOTH).kinds == {meant}


def test_three_letters_are_never_taken_for_a_name(interpreter: QueryParser) -> None:
    # One letter from "Belt", an alias: too short to be sure of.
    assert names_in(interpreter, "who is blt") == set()


@pytest.mark.parametrize("text", ["is 24/7 out", "is 24/Seven out", "is twenty four seven out"])
def test_a_title_with_a_slash_is_recognised(interpreter: QueryParser, text: str) -> None:
    assert "24-seven" in names_in(interpreter, text)


def test_a_name_that_no_pack_in_scope_has_is_not_recognised(
    interpreter: QueryParser,
) -> None:
    text = "does Maren Tolvey know Kendall Schmidt"

    assert names_in(interpreter, text, frozenset({REAL})) == {"kendall-schmidt"}
    assert names_in(interpreter, text, frozenset({LANTERN})) == {"maren-tolvey"}
    assert names_in(interpreter, text, frozenset()) == set()


def test_a_misspelling_is_corrected_to_words_in_scope_alone(
    interpreter: QueryParser,
) -> None:
    assert names_in(interpreter, "hefron drive", frozenset({LANTERN})) == set()
    assert names_in(interpreter, "heronmothr", frozenset({REAL})) == set()
    assert names_in(interpreter, "heronmothr") == {"heronmother"}


def test_an_english_word_is_never_corrected_to_a_name(interpreter: QueryParser) -> None:
    # One letter from "Belt", "Heffron", "Maren": words of their own all the same.
    for word in ("melt", "bolt", "heron", "marine"):
        assert names_in(interpreter, f"a {word}") == set()


def test_no_more_of_a_text_is_read_than_discord_allows(interpreter: QueryParser) -> None:
    within, beyond = "x" * (LONGEST - 8) + " Kendall", "x" * LONGEST + " Kendall"

    assert "kendall-schmidt" in names_in(interpreter, within)
    assert names_in(interpreter, beyond) == set()


@pytest.mark.parametrize(
    "text", ["", " ", "?", "😀", "\x00", "\ud800", "\u200b\u202e", "' OR 1=1", "\ufdfa" * 300]
)
def test_a_text_that_names_nothing_is_read_without_fuss(
    interpreter: QueryParser, text: str
) -> None:
    assert names_in(interpreter, text) == set()


def test_a_text_of_no_words_is_empty(interpreter: QueryParser) -> None:
    assert (interpreter.read("?! …", BOTH)).is_empty
    assert not (interpreter.read("album", BOTH)).is_empty
