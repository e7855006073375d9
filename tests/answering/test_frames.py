"""Frames of requests, which are cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.answering.lexicon import load_grammar
from bot.answering.text import split_clauses

if TYPE_CHECKING:
    from bot.answering.lexicon import Lexicon


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("a quote about rain pls", "rain"),
        ("give me a quote about rain", "rain"),
        ("do you have any good quotes about the new album", "the new album"),
        ("tell me about the new album", "the new album"),
        ("do you know if they toured europe", "they toured europe"),
        ("can I ask who plays the drums", "who plays the drums"),
        ("hey can you please tell me when it is out thanks", "when it is out"),
        ("I was wondering if they are real", "they are real"),
        ("Sorry to trouble you, but when is the play due?", "when is the play due"),
        ("excuse me, could anyone kindly tell me who sings", "who sings"),
        ("Would you be so kind as to say how much it costs", "how much it costs"),
        ("would you mind telling me when they recorded it?", "when they recorded it"),
        ("I'd be grateful to know how many they sold", "how many they sold"),
        ("I've been wondering whether they toured", "they toured"),
        ("let me know if they toured", "they toured"),
        ("rain", "rain"),
    ],
)
def test_what_is_asked_is_left_without_its_frame(text: str, asked: str, lexicon: Lexicon) -> None:
    (clause,) = split_clauses(text, lexicon)

    assert load_grammar("en").cut_frame(clause.words) == tuple(asked.split())
