"""Count and compare the words of a text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

ELLIPSIS = "…"

_WORD = re.compile(r"\w+(?:'\w+)*")
_WORD_OR_SIGN = re.compile(_WORD.pattern + r"|(?<!\S)[^\w\s…&/–—-]+?(?=[.?,;:]?(?:\s|$))")
# What pages and word processors put into a text, and what a reader takes it for.
_TYPOGRAPHIC = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201b\u02bc\u00b4", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2212", "-"),
        "\ufb00": "ff",
        "\ufb01": "fi",
        "\ufb02": "fl",
        "\ufb03": "ffi",
        "\ufb04": "ffl",
        "\ufb05": "st",
        "\ufb06": "st",
    }
)
# Soft hyphens, joiners, marks of direction, variation selectors, byte order marks and tags.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e007f]"
)
_DOTS = re.compile(r"\.\.\.|\. \. \.")


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
    """Return a text as its reader sees it, in plain characters.

    Quotation marks and hyphens are those of a keyboard, ligatures are letters, spaces are single,
    and nothing invisible is left. So texts that look alike are equal.
    """
    seen = unicodedata.normalize("NFC", drop_invisible(text)).translate(_TYPOGRAPHIC)
    return " ".join(_DOTS.sub(ELLIPSIS, " ".join(seen.split())).split())


def drop_invisible(text: str) -> str:
    """Return a text without the characters that no reader sees."""
    return _INVISIBLE.sub("", text)


def tokenize(text: str) -> tuple[Token, ...]:
    """Return the words of a plain text, in order."""
    return tuple(Token(m[0], m.start(), m.end()) for m in _WORD.finditer(text))


def fold_words(text: str) -> tuple[str, ...]:
    """Return a text's words without case and possessive endings, for comparing."""
    return tuple(token.folded for token in tokenize(plain_text(text)))


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
