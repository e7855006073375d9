"""Words and questions of packs, as they are compared."""

from __future__ import annotations

from bot.packs.prose import normalize_question


def test_questions_about_names_of_signs_are_told_apart() -> None:
    texts = ["Who wrote ÷?", "Who wrote ❤?", "who wrote !!!", "Who wrote?", "who, wrote"]

    assert len(set(map(normalize_question, texts))) == 4
    assert normalize_question("?!") == ""
