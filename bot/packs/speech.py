"""The speech in a source text, and quotes in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.packs.prose import ELLIPSIS, plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# A quotation that runs on into the next paragraph is not closed: it ends with its paragraph.
_SPOKEN = re.compile(r'"([^"]*)(?:"|$)')
BRACKETED = re.compile(r"\[[^\]]*\]?")
"""An editor's words within a speech."""

_STOP = re.compile(r"[.!?…]+['\")\]]*(?=\s|$)")
# "Mr. Vale", "J. Quill": a full stop that ends no sentence.
_SHORT = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|St|vs|feat|ft)|\b[A-HJ-Z])\.$")
_LONGEST_SHORT = 5
_OPENING = re.compile(r"[\s'(\[]*(\w)")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text, by its start and end."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Speech:
    """The spoken parts of some paragraphs."""

    text: str
    """The paragraphs, a line each."""
    spoken: tuple[Span, ...]
    """The stretches between quotation marks."""
    sentences: tuple[tuple[Span, ...], ...]
    """The stretches of each sentence. The narrator may interrupt one: "No," she said, "never"."""

    @classmethod
    def from_text(cls, text: str) -> Speech:
        """Treat a whole text as one stretch of speech."""
        return cls(text, (Span(0, len(text)),), ())

    @classmethod
    def from_paragraphs(cls, paragraphs: Sequence[str]) -> Speech:
        """Read the speech of plain paragraphs."""
        text = "\n".join(paragraphs)
        spoken: list[Span] = []
        sentences: list[list[Span]] = []
        at = 0
        for paragraph in paragraphs:
            here = [Span(at + m.start(1), at + m.end(1)) for m in _SPOKEN.finditer(paragraph)]
            sentences += _split_sentences(text, here)
            spoken += here
            at += len(paragraph) + 1
        return cls(text, tuple(spoken), tuple(map(tuple, sentences)))

    def contains(self, words: str) -> bool:
        """Return whether a quote's pieces are in it in order."""
        return next(self.find(words), None) is not None

    def find(self, words: str) -> Iterator[tuple[Span, ...]]:
        """Yield the places of a quote's pieces in order, outside of brackets."""
        stretches: list[Span] = []
        for span in self.spoken:
            start = span.start
            for bracket in BRACKETED.finditer(self.text, span.start, span.end):
                stretches.append(Span(start, bracket.start()))
                start = bracket.end()
            stretches.append(Span(start, span.end))
        pieces = split_pieces(words)
        for first in find_piece(pieces[0], self.text, stretches) if pieces else ():
            found = [first]
            for piece in pieces[1:]:
                later = find_piece(piece, self.text, stretches, found[-1].end)
                following = next(later, None)
                if following is None:
                    return  # nor is it found further on: a long source is read once, not squared
                found.append(following)
            yield tuple(found)

    def before(self, place: int, since: int = 0) -> str:
        """Return the part of a sentence between `since` and a place."""
        return self._sentence_part(place, since, place)

    def after(self, place: int, until: int | None = None) -> str:
        """Return the part of a sentence between a place and `until`."""
        return self._sentence_part(place, place, len(self.text) if until is None else until)

    def _sentence_part(self, place: int, start: int, end: int) -> str:
        for sentence in self.sentences:
            if sentence[0].start <= place <= sentence[-1].end and any(
                span.start <= place <= span.end for span in sentence
            ):
                parts = (self.text[max(s.start, start) : min(s.end, end)] for s in sentence)
                return " ".join(part.strip() for part in parts if part.strip())
        return ""


def split_pieces(words: str) -> tuple[str, ...]:
    """Return a quote's words between its cuts."""
    return tuple(piece.strip() for piece in plain_text(words).split(ELLIPSIS) if piece.strip())


def find_piece(piece: str, text: str, stretches: Sequence[Span], since: int = 0) -> Iterator[Span]:
    """Yield the places of a piece in the stretches, as whole words."""
    whole = re.compile(rf"(?<!\w){re.escape(piece)}(?!\w)")
    for stretch in stretches:
        for found in whole.finditer(text, max(stretch.start, since), stretch.end):
            yield Span(found.start(), found.end())


def _split_sentences(text: str, spoken: Sequence[Span]) -> list[list[Span]]:
    """Split one paragraph's speech into sentences.

    A sentence that the narrator interrupts with a comma goes on after the interruption.
    """
    sentences: list[list[Span]] = []
    goes_on = False
    for place, span in enumerate(spoken):
        parts: list[Span] = []
        start = span.start
        for stop in _STOP.finditer(text, span.start, span.end):
            if _ends_sentence(text, start, stop, span.end):
                parts.append(Span(start, stop.end()))
                start = stop.end()
        if text[start : span.end].strip():
            parts.append(Span(start, span.end))
        if goes_on and parts:
            sentences[-1].append(parts.pop(0))
        sentences += [[part] for part in parts]
        following = spoken[place + 1] if place + 1 < len(spoken) else None
        goes_on = following is not None and _goes_on(text, span, following)
    return sentences


def _ends_sentence(text: str, start: int, stop: re.Match[str], end: int) -> bool:
    if "!" in stop[0] or "?" in stop[0]:
        return True
    if _SHORT.search(text, max(start, stop.start() - _LONGEST_SHORT), stop.start() + 1):
        return False
    following = _OPENING.match(text, stop.end(), end)
    return following is None or not following[1].islower()


def _goes_on(text: str, span: Span, following: Span) -> bool:
    """Return whether a sentence goes on after the narrator.

    As in "No," she said, "never".
    """
    said, narrated = text[span.start : span.end].rstrip(), text[span.end : following.start]
    opening = _OPENING.match(text, following.start, following.end)
    return (
        (said.endswith(",") or narrated.lstrip('"').startswith(","))
        and narrated.rstrip(' "').endswith(",")
        and opening is not None
        and opening[1].islower()
    )
