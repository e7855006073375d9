"""The text of a source: its paragraphs and their speakers."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.packs.prose import drop_invisible, plain_text, tokenize

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MIN_TURNS = 4
"""Labelled turns that make a transcript. A "Note:" or two make none."""

ASKING = "?"
"""The label of whoever asks where bold type alone tells it: nobody's name or initials."""
_QUESTION_SHARE = 0.25

_SINGLE_MARKS = re.compile("\u2018([^\u2018\n]*?[.,!?\u2026\u2013\u2014])\u2019(?=[\\s)\\]]|$)")
_INNER_MARKS = str.maketrans(dict.fromkeys('"\u201c\u201d', "'"))
_LINE_BREAK = re.compile("\r\n?|[\v\f\x1c-\x1e\x85\u2028]")
_BLANK_LINES = re.compile(r"\n\s*\n")
_TIME = r"(?:[\[(]?\d{1,2}:\d\d(?::\d\d)?[\])]?\s*)?"
# "MIRA:", "**Mira Vale**:", "[00:12] Q.": a label of up to four words, and what ends it.
_LABEL = re.compile(
    rf"\s*{_TIME}(?P<bold>\*\*|__)?(?P<label>[^\W\d_][\w.'&-]*(?: [\w.'&-]+){{0,3}}?)"
    rf"(?:\*\*|__)?(?: ?{_TIME}:|(?<=\b[QA])\.)(?:\*\*|__)?(?=\s)"
)
_BOLD = re.compile(r"(?:\*\*|__)(?P<text>(?:(?!\*\*|__).)+)(?:\*\*|__)", re.DOTALL)
_HEADING = re.compile(r"^\s*#{1,6} ")
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3}|_{1,3})(?=\S)([^*_]+)(?<=\S)\1(?![\w*])")
_ASIDE = re.compile(r"\(.*\)|\[.*\]|\*.*\*|_.*_", re.DOTALL)
_STAGE_DIRECTION = re.compile(
    r"\(((?:[a-z]+ ){0,3}(?:laugh|smil|grin|sigh|paus|chuckl|nod|shrug)\w*(?: [a-z]+){0,3})\)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class SourceText:
    """The paragraphs of a source, as plain text."""

    paragraphs: tuple[str, ...]
    """Each turn of a transcript stands in quotation marks, as if a narrator reported it."""
    speakers: tuple[str, ...]
    """The label of each paragraph's speaker: "MIRA" or "Q"; nothing where there is none."""

    @classmethod
    def read(cls, text: str) -> SourceText:
        """Split a text at blank lines, and a transcript at its labels."""
        text = _LINE_BREAK.sub("\n", drop_invisible(text)).replace("\u2029", "\n\n")
        text = _double_british_marks(text)
        blocks = [block for block in _BLANK_LINES.split(text) if block.strip()]
        asked = [
            place
            for place, block in enumerate(blocks)
            if _is_bold(block) and block.strip(" \n*_").endswith("?")
        ]
        if labels := _find_labels(blocks):
            turns = list(_split_turns(blocks, labels))
        elif len(asked) >= MIN_TURNS // 2:
            # An interview without labels: from the first bold question on all is speech, but for
            # what stands in brackets or italics.
            turns = [
                _Turn(
                    block,
                    place >= asked[0] and (_is_bold(block) or not _is_aside(block)),
                    ASKING if place >= asked[0] and _is_bold(block) else "",
                )
                for place, block in enumerate(blocks)
            ]
        else:
            turns = [_Turn(block) for block in blocks]
        read = [(turn.read(), turn.speaker) for turn in turns]
        kept = [(paragraph, speaker) for paragraph, speaker in read if paragraph]
        return cls(tuple(p for p, _ in kept), tuple(speaker for _, speaker in kept))


def split_paragraphs(source_text: str) -> tuple[str, ...]:
    """Return the paragraphs of a source's text, as plain text."""
    return SourceText.read(source_text).paragraphs


def has_unmarked_questions(source: SourceText) -> bool:
    """Return whether paragraphs seem to be questions without labels or bold type."""
    questions = [p for p in source.paragraphs if p.endswith("?") and '"' not in p]
    is_marked = any(source.speakers)
    is_often = len(questions) >= _QUESTION_SHARE * len(source.paragraphs)
    return not is_marked and len(questions) >= MIN_TURNS and is_often


@dataclass(frozen=True, slots=True)
class _Turn:
    """A paragraph as it was written, without its label."""

    text: str
    is_spoken: bool = False
    speaker: str = ""

    def read(self) -> str:
        """Return it as plain text, in quotation marks if it is spoken."""
        text = plain_text(_EMPHASIS.sub(r"\2", _HEADING.sub("", self.text)))
        if not self.is_spoken or not text:
            return text
        # Speech within speech takes single marks, as printers have it.
        spoken = _STAGE_DIRECTION.sub(r"[\1]", text.replace('"', "'"))
        return f'"{spoken}"'


def _double_british_marks(text: str) -> str:
    """Put speech in single marks into double ones: \u2018No,\u2019 she said."""
    # A closing mark is an apostrophe as well. It closes speech after the speech's own punctuation.
    if len(_SINGLE_MARKS.findall(text)) <= len(re.findall('["\u201c]', text)):
        return text
    return _SINGLE_MARKS.sub(lambda m: f'"{m[1].translate(_INNER_MARKS)}"', text)


def _find_labels(blocks: Sequence[str]) -> frozenset[str]:
    """Return the labels of a transcript, or none."""
    found = [match for block in blocks for line in block.split("\n") if (match := _label_of(line))]
    counts = Counter(plain_text(match["label"]) for match in found)
    recurring = {label for label, count in counts.items() if count > 1}
    if sum(counts[label] for label in recurring) < MIN_TURNS:
        return frozenset()
    # A guest may say a single thing; but an answer may also begin "Well: ...".
    are_bold = sum(bool(match["bold"]) for match in found) > len(found) / 2
    return frozenset(
        label
        for match in found
        if (label := plain_text(match["label"])) in recurring
        or (bool(match["bold"]) if are_bold else label.isupper())
    )


def _label_of(line: str) -> re.Match[str] | None:
    match = _LABEL.match(line + " ")
    if match is None:
        return None
    words = tokenize(plain_text(match["label"]))
    return match if words and all(word.is_capitalised for word in words) else None


def _split_turns(blocks: Sequence[str], labels: frozenset[str]) -> Iterator[_Turn]:
    parts: list[tuple[str, str]] = []  # label and text
    for block in blocks:
        lines: list[str] = []
        speaker = ""
        for line in block.split("\n"):
            match = _label_of(line)
            if match and (label := plain_text(match["label"])) in labels:
                parts.append((speaker, "\n".join(lines)))
                speaker, line = label, line[match.end() :]  # noqa: PLW2901  # what is left of it
                lines = []
            lines.append(line)
        parts.append((speaker, "\n".join(lines)))
    parts = [(speaker, text) for speaker, text in parts if speaker or text.strip()]
    last = max(place for place, (speaker, _) in enumerate(parts) if speaker)
    current = ""
    for place, (speaker, text) in enumerate(parts):
        # What stands without a label between two turns goes on with the first of them. Before and
        # after all turns the editor has the word.
        goes_on = bool(current) and place < last and not _is_aside(text)
        current = speaker or current
        is_spoken = bool(speaker) or goes_on
        yield _Turn(text, is_spoken, current if is_spoken else "")


def _is_bold(block: str) -> bool:
    return _BOLD.fullmatch(block.strip()) is not None


def _is_aside(block: str) -> bool:
    return _ASIDE.fullmatch(block.strip()) is not None
