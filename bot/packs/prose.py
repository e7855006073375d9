"""Count and compare the words of a text."""

from __future__ import annotations

import re
from dataclasses import dataclass

ELLIPSIS = "…"

_WORD = re.compile(r"\w+(?:'\w+)*")
_WORD_OR_SIGN = re.compile(_WORD.pattern + r"|(?<!\S)[^\w\s…&/–—-]+?(?=[.?,;:]?(?:\s|$))")
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
    """One word of a text with its position."""

    text: str
    start: int
    end: int

    @property
    def folded(self) -> str:
        """The word without case and possessive ending, for comparing."""
        return self.text.casefold().removesuffix("'s")

    @property
    def is_capitalised(self) -> bool:
        """Whether any of its letters is a capital, as in "iTunes"."""
        return self.text != self.text.lower()


def plain_text(text: str) -> str:
    """Return a text with plain quotation marks, single spaces and '…'."""
    return " ".join(text.translate(_TYPOGRAPHIC).replace("...", ELLIPSIS).split())


def tokenize(text: str) -> tuple[Token, ...]:
    """Return the words of a plain text, in order."""
    return tuple(Token(m[0], m.start(), m.end()) for m in _WORD.finditer(text))


def count_words(text: str) -> int:
    """Return the number of words in a text, as word processors count."""
    return sum(any(map(str.isalnum, word)) for word in text.replace(ELLIPSIS, " ").split())


def normalize_question(question: str) -> str:
    """Return a question's words without case and punctuation.

    Signs that stand alone stay, for they may be a name: "who wrote ÷".
    """
    text = plain_text(question)
    found = _WORD_OR_SIGN.findall(text) if _WORD.search(text) else ()
    return " ".join(found).casefold()
