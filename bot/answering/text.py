"""A text in, plain words out: folded, split, spelt out, and corrected where they are no words."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.answering.lexicon import Lexicon

SHORTEST_CORRECTED = 4
"""Shorter words are too near to too many others: they may only be small words in haste, "wil"."""
SHORTEST_SLIP = 3
"""From this length on, what is no word may be a slip for a small one of the lexicon: "wyh"."""
LONG_WORD = 6
"""From this length on, two mistakes are forgiven instead of one."""
OFTEN = 10
"""A word that packs use in as many phrasings may be what a rare word was meant to be."""
UNSEEN = {"Cf"}
"""Unicode's category of what is not seen within a word: soft hyphens, zero-width joiners."""
PREFIX = 8
"""Deletions are taken from a word's first letters only, which bounds their number."""

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_CLAUSE_END = re.compile(r"[.?!;:\n]+")
_APOSTROPHES = re.compile("[\u2018\u2019\u02bc\u00b4]")
_LONE_AT = re.compile(r"(?<!\S)@(?!\S)")
_DRAWN_OUT = re.compile(r"(.)\1{2,}")


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of text up to a full stop, question mark or the like."""

    words: tuple[str, ...]
    is_question: bool
    """Whether it ends in a question mark."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """What a store knows of the words of one text."""

    corrections: Mapping[str, str]
    """Words that are no words, and what they are taken for."""
    commonness: Mapping[str, float]
    """How common each word is in English, on the Zipf scale (occurrences a thousand million
    words, as a power of ten: "the" 7.7, "guitar" 4.6); absent where English has no such word."""


def fold(text: str) -> str:
    """Return text in lower case, without accents, with plain apostrophes and "and" for "&".

    A lone "@" is read as people mean it in "what's his @": a handle.
    """
    plain = text if text.isascii() else _without_accents(text)
    plain = plain.casefold().replace("`", "'").replace("&", " and ")
    return _LONE_AT.sub(" handle ", plain)


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", _APOSTROPHES.sub("'", text))
    return "".join(
        char
        for char in decomposed
        if not (unicodedata.combining(char) or unicodedata.category(char) in UNSEEN)
    )


def clauses(text: str, lexicon: Lexicon) -> tuple[Clause, ...]:
    """Split a text into clauses of plain words, chat spellings and contractions written out."""
    folded = _DRAWN_OUT.sub(r"\1\1", fold(text))
    found: list[Clause] = []
    start = 0
    for end in [*_CLAUSE_END.finditer(folded), None]:
        stretch = folded[start : end.start() if end else None]
        words = tuple(word for raw in _WORD.findall(stretch) for word in _spelt_out(raw, lexicon))
        if words:
            found.append(Clause(words, is_question=end is not None and "?" in end.group()))
        if end:
            start = end.end()
    return tuple(found)


def split_words(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Return a text's plain words, as `clauses` does but in one run."""
    return tuple(word for clause in clauses(text, lexicon) for word in clause.words)


def deletion_variants(word: str) -> frozenset[str]:
    """Return what is left of a word's beginning when one or two of its letters are left out.

    Two words within that many mistakes of each other share one of these, the idea of SymSpell
    (W. Garbe, 2012); `closest_word` then tells the true distance.
    """
    start = word[:PREFIX]
    most = _mistakes_forgiven(word)
    return frozenset(
        "".join(kept)
        for fewer in range(most + 1)
        for kept in combinations(start, max(len(start) - fewer, 1))
    )


def closest_word(word: str, candidates: Iterable[tuple[str, float]]) -> str | None:
    """Return the candidate that `word` was most likely meant to be, or None.

    `candidates` are (word, weight) pairs; of those equally near, one with the same first letter
    wins, then one whose letters were only dropped or swapped, then the weightiest. Distance is
    optimal string alignment: letters swapped count once.
    """
    most = _mistakes_forgiven(word)
    ranked: list[tuple[int, bool, bool, float, str]] = []
    for candidate, weight in candidates:
        distance = OSA.distance(word, candidate, score_cutoff=most)
        if distance > most or len(candidate) < SHORTEST_CORRECTED - 1:
            continue
        begins_alike = candidate[0] == word[0]
        if distance > 1 and not begins_alike:
            continue
        is_slip = _is_slip(word, candidate)
        if len(word) < SHORTEST_CORRECTED and not is_slip:
            continue
        ranked.append((distance, not begins_alike, not is_slip, -weight, candidate))
    return min(ranked)[-1] if ranked else None


def _is_slip(typed: str, meant: str) -> bool:
    """Tell whether letters were only dropped or swapped: the commonest slips of haste."""
    letters = iter(meant)
    return sorted(typed) == sorted(meant) or all(letter in letters for letter in typed)


def is_probable_typo(word: str, other: str, uses: int) -> bool:
    """Tell whether a rare English word is a slip for another that is one letter from it."""
    return uses >= OFTEN and word[0] == other[0] and OSA.distance(word, other, score_cutoff=1) <= 1


def _mistakes_forgiven(word: str) -> int:
    return 2 if len(word) >= LONG_WORD else 1


def _spelt_out(word: str, lexicon: Lexicon) -> tuple[str, ...]:
    if word in lexicon.spellings:
        return lexicon.spellings[word]
    if "'" not in word:
        return (word,)
    plain = word.replace("'", "")
    if plain in lexicon.spellings:
        return lexicon.spellings[plain]
    stem, _, ending = word.rpartition("'")
    if stem and ending in {"s", "d", "ll", "ve", "re", "m"}:
        return lexicon.spellings.get(stem, (stem.replace("'", ""),))
    return (plain,)
