"""Words fit to be kept: without addresses, numbers, mentions and links."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

MAX_WORDS = 300
"""Characters of a question or a suggestion that are kept, as many as `/ask` takes."""
MAX_TYPED = 4_000  # Discord lets nobody type more
MAX_READ = 2 * MAX_WORDS
"""Characters that are looked through: some of them are left out."""
MAX_MARKS = 2
"""Accents upon one letter: no language stacks more, and a scrawl of them covers the lines above."""
LEAST_LETTERS = 3
"""With fewer there is no question left."""
OMITTED = "…"
"""Stands where something was left out."""

_UNKEPT = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_NUMBER = "(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|double|triple)"
_STREET = (
    "(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|court|ct|square|sq|place|pl|"
    "way|close|crescent|terrace)"
)
_SPELLED_DOT = r"(?:\s?[(\[{]\s?dot\s?[)\]}]\s?|\sdot\s)"
_DOT = rf"(?:{_SPELLED_DOT}|\s?\.\s?)"
# From whole phrases down to single words; each alternative is one way of telling where to reach
# somebody, or who they are.
_OMITTED = re.compile(
    "|".join(
        (
            r"<(?:@[!&]?|#|a?:|/|t:|id:)[^<>]*>",  # mentions, emoji, times
            r"\b[a-z][a-z0-9+.-]{0,30}://\S+",
            r"\b(?:mailto|tel|sms|skype):\S+",
            rf"\b[\w.+-]{{1,64}}\s?[(\[{{]\s?at\s?[)\]}}]\s?[\w-]{{1,64}}(?:{_DOT}\w{{1,64}})*",
            rf"\b[\w.+-]{{1,64}}\sat\s[\w-]{{1,64}}{_SPELLED_DOT}\w{{1,64}}",
            rf"\b[\w-]{{1,64}}{_SPELLED_DOT}(?:com|org|net|info|gg|me|io|tv|uk|de|fr|es|co)\b\S*",
            r"\bdiscord(?:app)?\s?\.\s?(?:gg|com)\b(?:\s?/\s?\S+)?",
            rf"\d\S*(?:\s[^\W\d]+){{1,3}}\s{_STREET}\b",
            r"\b\w{1,40}(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse)\s\d[\w/-]*",
            r"\b(?:calle|avenida|rue|via|piazza)(?:\s[^\W\d]+){1,4},?\s\d[\w/-]*",
            rf"\b{_NUMBER}(?:[\s,-]+{_NUMBER}){{2,}}\b",
            r"(?<!\S)\S*@\S*",
            r"(?<!\S)\S*#\S+",
            r"(?<!\S)\S*\w\.[^\W\d_]{2,}\S*",  # whatever has a dot within it: a host's name
        )
    ),
    re.IGNORECASE,
)
_WORD = re.compile(r"(\S*?)([?!.,;:…)\]\"'”’]*)(?=\s|$)")


def anonymize(typed: str, known: Collection[str] = ()) -> str:
    """Return typed words without anything that tells of somebody.

    Args:
        typed: Whatever somebody typed.
        known: Words with digits and letters that stay, in lower case: names in the notes.
    """
    text = _OMITTED.sub(OMITTED, _cut(_fold(typed), MAX_READ))
    words = " ".join(_without_numbers(word, known) for word in text.split())
    words = re.sub(rf"{OMITTED}(?:[\s,;/-]*{OMITTED})+", OMITTED, words)
    if len(words) > MAX_WORDS:
        words = f"{_cut(words, MAX_WORDS - len(OMITTED))}{OMITTED}"
    letters = sum(map(str.isalpha, words))
    return words if letters >= LEAST_LETTERS else ""


def fold_words(words: str) -> str:
    """Fold words to the form by which questions are counted."""
    return " ".join(re.findall(r"\w+|…", words.casefold()))


def _fold(text: str) -> str:
    """Return a text in one line, without invisible characters or heaped accents."""
    kept: list[str] = []
    marks = 0
    # Compatible forms become plain ones, wide digits digits; but "…" is not to become "...".
    parts = (unicodedata.normalize("NFKC", part) for part in text[:MAX_TYPED].split(OMITTED))
    for character in OMITTED.join(parts):
        if character.isspace():
            kept.append(" ")
            continue
        category = unicodedata.category(character)
        marks = marks + 1 if category.startswith("M") else 0
        if category not in _UNKEPT and marks <= MAX_MARKS:
            kept.append(character)
    return " ".join("".join(kept).split())


def _without_numbers(word: str, known: Collection[str]) -> str:
    if not any(unicodedata.category(character).startswith("N") for character in word):
        return word
    match = _WORD.match(word)
    bare, end = match.groups() if match else (word, "")
    is_name = bare.casefold() in known and any(map(str.isalpha, bare))
    return word if is_name else f"{OMITTED}{end.lstrip(OMITTED)}"


def _cut(words: str, limit: int) -> str:
    """Cut between words, as half an address would not be recognised."""
    if len(words) <= limit:
        return words
    before, space, _ = words[: limit + 1].rpartition(" ")
    return before if space else words[:limit]
