"""How the words of a text are counted and compared: by packs and by their audit alike."""

from __future__ import annotations

import re
from dataclasses import dataclass

ELLIPSIS = "…"

_WORD = re.compile(r"\w+(?:'\w+)*")
_TYPOGRAPHIC = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201b": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u201e": '"',
        "\u00ab": '"',
        "\u00bb": '"',
    }
)


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text and where it stands."""

    text: str
    start: int
    end: int

    @property
    def folded(self) -> str:
        """The word as it is compared: without case, and without a possessive ending."""
        return self.text.casefold().removesuffix("'s")

    @property
    def is_capitalised(self) -> bool:
        """Whether a letter of it is a capital: "Kendall", "BTR", "iTunes"."""
        return self.text != self.text.lower()


def plain_text(text: str) -> str:
    """Return the text with plain quotation marks, single spaces and '…' for its ellipses."""
    return " ".join(text.translate(_TYPOGRAPHIC).replace("...", ELLIPSIS).split())


def tokenize(text: str) -> tuple[Token, ...]:
    """Return the words of a plain text, in order."""
    return tuple(Token(m[0], m.start(), m.end()) for m in _WORD.finditer(text))


def count_words(text: str) -> int:
    """Return how many words a text has, as a word processor counts; an ellipsis is none."""
    return sum(any(map(str.isalnum, word)) for word in text.replace(ELLIPSIS, " ").split())


def normalize_question(question: str) -> str:
    """Return a question as it is compared with another: its words, without case or marks."""
    return " ".join(token.text.casefold() for token in tokenize(plain_text(question)))
