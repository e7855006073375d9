"""Cut the frame of a request off: "can you tell me …", "a quote about … please".

A frame is grammar: whoever asks "do you know if they toured" asks whether they toured. It goes away
here, from questions and sample questions alike, and nothing behind this knows of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.answering.text import Clause

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.answering.grammar import Grammar

_TYPED_TWICE = 2
"""Frames stand in frames: "can I ask, do you know if …"."""


def cut_frame(clause: Clause, grammar: Grammar) -> Clause:
    """Return a clause without the frame around what it asks for."""
    text = " ".join(clause.words)
    for _ in range(_TYPED_TWICE):
        found = grammar.leading_frame.match(text)
        if not found:
            break
        text = text[found.end() :]
    while found := grammar.trailing_frame.search(text):
        text = text[: found.start()]
    words: Sequence[str] = text.split(" ")
    return Clause(tuple(words), clause.is_question)
