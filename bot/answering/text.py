"""Split a text into clauses of plain words, and correct misspellings."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import accumulate, chain, combinations, dropwhile
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from bot.answering.lexicon import Lexicon

MIN_CORRECTED_LENGTH = 4
"""Shorter words resemble too many others, and may only be function words in haste: "wil"."""
MIN_SLIP_LENGTH = 3
"""From this length on, an unknown word may be a slip for a stop word of the lexicon: "wyh"."""
LONG_WORD_LENGTH = 6
"""From this length on, two mistakes are forgiven instead of one."""
MIN_CLIPPED_LENGTH = 5
"""From this length on, two letters may be left out of a word's inside: "twitr"."""
MAX_MISTAKES = 2
MIN_CORRECTION_USES = 10
"""Only a word that packs use in as many phrasings may replace a rare word of the language."""
DELETION_PREFIX_LENGTH = 8
"""Deletions are taken from a word's first letters only, which bounds their number."""
CLOSING_MARKS = ".!?;:,"
"""Marks that end a sentence or make a pause, and that a name may have behind it: "Wham!"."""
MAX_SIGN_LENGTH = 4
"""No name is known of more signs in a row."""
INVISIBLE_CATEGORY = "Cf"
"""The Unicode category of soft hyphens and zero-width joiners."""

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_MARKS = re.compile(r"[^\w\s\ud800-\udfff]+")
_CLAUSE_END = re.compile(r"[?;:\n][.?!;:\n]*|[.!][.?!;:\n]*(?![^\W_])|¿")
"""A point or "!" between two letters ends nothing: "P!nk", "will.i.am"."""
MIN_BACKGROUND_WORDS = 10
"""So many words before a "¿" tell the background; of fewer, the question is about them."""
LONG_SENTENCE = 16
"""In a sentence of as many words, a story may stand before the question."""
MAX_FRAME_WORDS = 16
"""No frame of a request is longer."""
_PAUSE = re.compile(r",|\s[-–—]+\s")
_INITIALS = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.)+[^\W\d_](?![^\W_])\.?")
_APOSTROPHES = re.compile("[\u2018\u2019\u02bc\u00b4]")
_LONE_AT = re.compile(r"(?<!\S)@(?!\S)")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_NUMERAL = re.compile(r"m{0,3}(cm|cd|d?c{0,3})(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})")
"""A Roman numeral: "Owls III" is not "Owls II"."""
_VARIATION_SELECTORS = "\ufe0e\ufe0f"
"""They show a sign as text or as a picture, which makes no other sign of it."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of text up to a mark that ends it."""

    words: tuple[str, ...]
    is_question: bool
    """Whether it ends in a question mark."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """The index's knowledge of the words of one text."""

    corrections: Mapping[str, str]
    """The likeliest word for each misspelling."""
    zipf_frequencies: Mapping[str, float]
    """How frequent each word of the language is, on the Zipf scale (occurrences in a
    thousand million words, as a power of ten: "the" 7.7, "guitar" 4.6). Words that it lacks are
    absent."""


def fold(text: str) -> str:
    """Return text in lower case without accents, for comparison.

    Apostrophes become plain, "&" becomes "and", and a lone "@" becomes "handle", as people mean it
    in "what's his @".
    """
    plain = text if text.isascii() else _strip_accents(text)
    plain = plain.casefold().replace("`", "'").replace("&", " and ")
    return _LONE_AT.sub(" handle ", plain)


def _strip_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", _APOSTROPHES.sub("'", text))
    return "".join(
        char
        for char in decomposed
        if not (
            unicodedata.combining(char)
            or unicodedata.category(char) == INVISIBLE_CATEGORY
            or char in _VARIATION_SELECTORS
        )
    )


def split_clauses(
    text: str, lexicon: Lexicon, kept: Collection[str] = frozenset()
) -> tuple[Clause, ...]:
    """Split a text into clauses, with chat spellings and contractions written out.

    `kept` holds the spellings that stay as they are because a pack has them in its names: drawn-out
    words ("Wooo"), words with the mark behind them ("Wham!"), and signs ("÷").
    """
    folded = _INITIALS.sub(lambda initials: initials[0].replace(".", ""), fold(text))
    clauses: list[Clause] = []
    start = 0
    for end in [*_CLAUSE_END.finditer(folded), None]:
        if end and _is_part_of_name(folded, end, kept):
            continue
        parts = [
            _write_words(part, lexicon, kept)
            for part in _split_at_pauses(folded[start : end.start() if end else None], kept)
        ]
        words = tuple(chain.from_iterable(parts))
        if (
            end
            and end.group() == "¿"
            and (len(words) < MIN_BACKGROUND_WORDS or _asks_nothing(folded[end.end() :], lexicon))
        ):
            continue
        is_question = end is not None and "?" in end.group()
        # A sentence that ends in a point tells, and so does one beside a sentence that asks; "¿"
        # says where the question begins.
        may_ask = "¿" not in folded and (is_question or (end is None and "?" not in folded))
        if len(words) >= LONG_SENTENCE and may_ask:
            clauses += _split_story(parts, lexicon) or [Clause(words, is_question)]
        elif words:
            clauses.append(Clause(words, is_question))
        if end:
            start = end.end()
    return tuple(clauses)


def _split_at_pauses(stretch: str, kept: Collection[str]) -> Iterator[str]:
    """Yield the parts of a sentence between its commas and dashes."""
    start = 0
    for pause in _PAUSE.finditer(stretch):
        if not _is_part_of_name(stretch, pause, kept):
            yield stretch[start : pause.start()]
            start = pause.end()
    yield stretch[start:]


def _split_story(parts: Sequence[tuple[str, ...]], lexicon: Lexicon) -> list[Clause]:
    """Split a long sentence into what it tells and what it asks, if a question follows a story.

    `parts` are its words between pauses. "I promised my brother the new record, and now I can't
    find the date anywhere, which day is it": the last opening of a question begins it,
    or the first of several in a row: "how old was he and how long did it take".
    """
    words = tuple(chain.from_iterable(parts))
    ends = list(accumulate(map(len, parts)))
    openings = list(_find_openings(words, {0, *ends}, lexicon))
    spans = zip(openings, [*openings[1:], len(words)], strict=True)
    asking = [(at, end) for at, end in spans if _asks(words[at:end], lexicon)]
    if not asking:
        return []
    last, first = asking[-1][0], asking[0][0]
    for at, end in reversed(asking):
        if end == last:
            last = at
    if not last:
        return []
    # "Can anybody help me, my son draws a poster and …, when does it come out": both ask.
    opening = ends[0] if not first else 0
    found = ((0, opening, True), (opening, last, False), (last, len(words), True))
    return [Clause(words[at:end], is_question) for at, end, is_question in found if at < end]


def _find_openings(
    words: tuple[str, ...], begins: Collection[int], lexicon: Lexicon
) -> Iterator[int]:
    """Yield the places where a question may open: behind a pause, at "so", at "can you tell me"."""
    grammar = lexicon.grammar
    at = 0
    while at < len(words):
        frame = grammar.leading_frame.match(" ".join(words[at : at + MAX_FRAME_WORDS]))
        length = len(frame[0].split()) if frame else 0
        if at in begins or length > 1 or words[at] in grammar.turning_words:
            yield at
        at += max(length, 1)


def _asks(words: tuple[str, ...], lexicon: Lexicon) -> bool:
    """Return whether words open like a question, and say what they ask about."""
    grammar = lexicon.grammar
    asked = grammar.cut_frame(words)
    if lexicon.stop_words.issuperset(asked):
        return False
    if len(asked) < len(words) and grammar.leading_frame.match(" ".join(words)):
        return True
    joining = grammar.interrogative_cues - grammar.question_words - grammar.auxiliaries
    opening = tuple(dropwhile(joining.__contains__, asked))
    if not opening or opening[0] in grammar.question_words:
        return bool(opening)
    return opening[0] in grammar.auxiliaries and grammar.addressees.isdisjoint(opening[1:4])


def _write_words(text: str, lexicon: Lexicon, kept: Collection[str]) -> tuple[str, ...]:
    return tuple(
        word
        for raw in _split_stretch(text, kept)
        for word in _write_out(raw if raw in kept else squeeze(raw), lexicon)
    )


def _asks_nothing(text: str, lexicon: Lexicon) -> bool:
    """Return whether a text begins with a mere "¿me lo pueden decir?" about what was said."""
    asked = text[: found.start()] if (found := _CLAUSE_END.search(text)) else text
    return lexicon.stop_words.issuperset(_WORD.findall(asked))


def find_odd_spellings(text: str) -> frozenset[str]:
    """Return the words of a text that `split_clauses` changes unless a name has them.

    They are drawn-out words, words with a mark behind them, and signs.
    """
    folded = _INITIALS.sub(lambda initials: initials[0].replace(".", ""), fold(text))
    found = {word for word in _WORD.findall(folded) if squeeze(word) != word}
    for marks in _MARKS.finditer(folded):
        before = _last_word(folded, marks.start())
        if before and marks[0][0] not in CLOSING_MARKS:
            continue
        # A sentence may end behind a name of signs: "who made !!!?"
        longest = min(len(marks[0]), MAX_SIGN_LENGTH)
        found |= {before + marks[0][:length] for length in range(1, longest + 1)}
    return frozenset(found)


def _split_stretch(stretch: str, kept: Collection[str]) -> list[str]:
    if not kept:
        return _WORD.findall(stretch)
    pieces: list[str] = []
    at = 0
    for marks in [*_MARKS.finditer(stretch), None]:
        is_sign = marks and not _last_word(stretch, marks.start()) and _longest(marks[0], kept)
        if marks and not is_sign:
            continue
        pieces += _WORD.findall(stretch[at : marks.start() if marks else None])
        if marks:
            pieces.append(_longest(marks[0], kept))
            at = marks.end()
    return pieces


def _is_part_of_name(folded: str, end: re.Match[str], kept: Collection[str]) -> bool:
    """Return whether the marks at a clause's end belong to a name before or around them."""
    return bool(_longest(end.group(), kept, _last_word(folded, end.start())))


def _longest(marks: str, kept: Collection[str], word: str = "") -> str:
    """Return as many of the marks as make a kept spelling, behind a word if any."""
    lengths = range(len(marks), 0, -1)
    return next((marks[:length] for length in lengths if word + marks[:length] in kept), "")


def _last_word(text: str, end: int) -> str:
    """Return the word that ends where a mark begins, or nothing behind a space."""
    start = end
    while start and (text[start - 1].isalnum() or text[start - 1] == "'"):
        start -= 1
    return text[start:end]


def squeeze(word: str) -> str:
    """Return a word without letters drawn out in excitement: "sooooo"."""
    # Hardly any word is drawn out, and whether it is a numeral takes longer to see.
    if _DRAWN_OUT.search(word) is None or is_numeral(word):
        return word
    return _DRAWN_OUT.sub(r"\1\1", word)


def is_numeral(word: str) -> bool:
    """Return whether a word in lower case is a Roman numeral."""
    return _NUMERAL.fullmatch(word) is not None


def split_words(
    text: str, lexicon: Lexicon, kept: Collection[str] = frozenset()
) -> tuple[str, ...]:
    """Return the words of all clauses of a text."""
    return tuple(word for clause in split_clauses(text, lexicon, kept) for word in clause.words)


def _write_out(word: str, lexicon: Lexicon) -> tuple[str, ...]:
    if word in lexicon.spellings:
        return lexicon.spellings[word]
    if "'" not in word:
        return (word,)
    plain = word.replace("'", "")
    if plain in lexicon.spellings:
        return lexicon.spellings[plain]
    stem, _, ending = word.rpartition("'")
    if stem and ending in lexicon.grammar.contracted_endings:
        return lexicon.spellings.get(stem, (stem.replace("'", ""),))
    return (plain,)


def deletion_variants(word: str) -> frozenset[str]:
    """Return a word's beginning with up to two letters left out.

    Two words within as many mistakes of each other share a variant, which is the idea of SymSpell
    (W. Garbe, 2012). `closest_word` then measures the true distance.
    """
    start = word[:DELETION_PREFIX_LENGTH]
    return frozenset(
        "".join(kept)
        for fewer in range(_max_mistakes(word) + 1)
        for kept in combinations(start, max(len(start) - fewer, 1))
    )


def closest_word(word: str, candidates: Iterable[tuple[str, float]]) -> str | None:
    """Return the likeliest candidate for a misspelt word, if any.

    `candidates` are pairs of a word and its weight. Of those at equal distance, one with the same
    first letter wins, then one whose letters were only dropped or swapped, then the weightiest.
    The distance is optimal string alignment, in which swapped letters count once.
    """
    ranked: list[tuple[int, bool, bool, float, str]] = []
    for candidate, weight in candidates:
        max_mistakes = MAX_MISTAKES if is_clipped(word, candidate) else _max_mistakes(word)
        distance = OSA.distance(word, candidate, score_cutoff=max_mistakes)
        if distance > max_mistakes or len(candidate) < MIN_CORRECTED_LENGTH - 1:
            continue
        has_same_start = candidate[0] == word[0]
        # People seldom mistype the first letter, so there it must be the only mistake.
        if distance > 1 and not has_same_start:
            continue
        is_slip = _is_slip(word, candidate)
        if len(word) < MIN_CORRECTED_LENGTH and not is_slip:
            continue
        ranked.append((distance, not has_same_start, not is_slip, -weight, candidate))
    return min(ranked)[-1] if ranked else None


def is_probable_typo(word: str, other: str, uses: int) -> bool:
    """Return whether a rare word is probably a typo for another."""
    return uses >= MIN_CORRECTION_USES and word[0] == other[0] and is_one_mistake(word, other)


def is_one_mistake(typed: str, meant: str) -> bool:
    """Return whether one letter added, dropped, changed or swapped makes the difference."""
    return OSA.distance(typed, meant, score_cutoff=1) <= 1


def is_clipped(typed: str, meant: str) -> bool:
    """Return whether only letters inside a long word are left out."""
    return (
        len(typed) >= MIN_CLIPPED_LENGTH
        and len(typed) < len(meant) <= len(typed) + MAX_MISTAKES
        and (typed[0], typed[-1]) == (meant[0], meant[-1])
        and _is_slip(typed, meant)
    )


def _max_mistakes(word: str) -> int:
    return MAX_MISTAKES if len(word) >= LONG_WORD_LENGTH else 1


def _is_slip(typed: str, meant: str) -> bool:
    """Return whether letters were only dropped or swapped."""
    letters = iter(meant)
    return sorted(typed) == sorted(meant) or all(letter in letters for letter in typed)
