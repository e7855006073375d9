"""Text shown as it stands, never too long."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.client.markdown import escape, one_line, shorten


def seen(escaped: str) -> str:
    """Read escapes as Discord does: a backslash before punctuation vanishes."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", escaped)


@pytest.mark.parametrize(
    "nasty",
    [
        "**bold** __under__ ~~gone~~ ||spoiler|| *it*",
        "`code` ```block```",
        "# heading",
        "-# small",
        "- item",
        "+ item",
        "12. item",
        "> quote",
        "[link](https://example.com)",
        "<https://example.com> https://example.com",
        "@everyone @here <@1> <@&2> <#3> </ask:4>",
        "<t:1700000000:R> <:emoji:5> :smile:",
        "¯\\_(ツ)_/¯",
    ],
)
def test_no_syntax_survives_and_every_character_is_seen(nasty: str) -> None:
    escaped = escape(nasty, 1000)
    assert seen(escaped) == nasty
    bare = re.sub(r"\\[^0-9A-Za-z\s]", "", escaped)
    assert not re.search(r"[*_~|`>#\[\]()<@:\\]|^[-+]|^\d+\.", bare)


def test_ordinary_text_is_left_alone() -> None:
    text = "24/Seven came out on June 11, 2013; 10 songs - it's thirty-one minutes!"
    assert escape(text, 1000) == text


def test_lines_and_control_characters_fold_away() -> None:
    assert one_line(" a\n\n b\tc\u202ed\u2066e\x00 \u200bf") == "a b cde f"
    assert escape("a\n# b", 100) == "a \\# b"


def test_an_emoji_of_several_parts_stays_whole() -> None:
    assert one_line("👩‍🎤") == "👩‍🎤"


def test_cutting_falls_between_words() -> None:
    assert shorten("one two three four", 12) == "one two…"
    assert shorten("one two", 7) == "one two"


def test_one_endless_word_is_cut_inside() -> None:
    assert shorten("a" * 20, 10) == "a" * 9 + "…"


def test_a_cut_never_splits_an_escape() -> None:
    assert escape("*" * 20, 10) == "\\*" * 4 + "…"


@given(st.text(), st.integers(2, 60))
def test_no_text_is_longer_than_allowed(text: str, limit: int) -> None:
    assert len(escape(text, limit)) <= limit
    assert len(shorten(text, limit)) <= limit


@given(st.text(max_size=50))
def test_what_is_seen_is_what_was_written(text: str) -> None:
    assert seen(escape(text, 1000)) == one_line(text)
