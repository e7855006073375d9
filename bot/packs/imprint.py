"""Guess the author, publisher and year of a source from its text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.packs.models import EntityKind
from bot.packs.name_finding import is_headline
from bot.packs.prose import plain_text
from bot.packs.written_figures import DATE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.packs.name_finding import FoundName
    from bot.packs.source_text import SourceText

_BYLINE = re.compile(
    r"(?i:by|(?:words|text|story|interview|interviewed|written|review)(?: by)?):? "
    r"(?P<name>[A-Z][\w.'-]*(?: [A-Z][\w.'-]*){0,3})(?:(?:,? for|,) (?P<for>[A-Z][^,\d]*))?"
    r"(?:,.*\b(?P<year>(?:19|20)\d\d))?\W*$"
)
_WROTE = re.compile(
    r"(?P<name>[A-Z]\w+ [A-Z]\w+) (?:wrote|writes) (?:this )?for (?P<for>[A-Z][\w ]+)"
)
_COPYRIGHT = re.compile(
    r"(?:\u00a9|\([cC]\)|[Cc]opyright) ?(?:\u00a9 ?)?(?P<year>(?:19|20)\d\d),? ?(?:by )?"
    r"(?P<name>[A-Z][\w'-]*(?: [A-Z][\w'-]*){0,3})?"
    r"(?: for (?P<for>[A-Z][\w']*(?: (?:& )?[A-Z][\w']*)*))?"
)
_APPEARS = re.compile(
    r"(?:[Aa]ppears|[Aa]ppeared|[Pp]ublished|[Pp]rinted) (?:at|in|on|by) "
    r"(?P<name>[A-Z]\w*(?: [A-Z]\w*)*)"
)
# "The two met in Trieste in 2016" and "the album was recorded in 2016" tell of other things.
_MET = re.compile(
    r"\b(?:(?:[Ww]e|I) (?:\w+ )?(?:met|spoke|talked|talk|sat down|caught up)|"
    r"(?:met|spoke|talked|sat down|caught up) (?:with|to) (?:me|us)|interview(?:ed)?)\b"
    r"[^.]{0,40}?\bin (?:[A-Z]\w+,? )?(?P<year>(?:19|20)\d\d)\b"
)
_RECORDED = re.compile(
    r"(?:\b(?:interview|talk|conversation|transcript|episode|podcast|programme|article|story)\b"
    r"[^.]{0,30}?\b(?:recorded|aired|broadcast|published|posted|printed)|"
    r"^\W*(?:[Ff]irst |[Oo]riginally )?"
    r"(?:[Rr]ecorded|[Aa]ired|[Bb]roadcast|[Pp]ublished|[Pp]osted))"
    r"\b[^.]{0,30}?\b(?P<year>(?:19|20)\d\d)\b"
)
_SPEECH = re.compile(r'"[^"]*(?:"|$)')
_YEARLESS = rf"(?:\w+,? ){{0,4}}{DATE}"
_DATELINE = re.compile(rf"^\W*{_YEARLESS},? (?P<year>(?:19|20)\d\d)\b(?: \S+){{0,4}}$")
_EDGE = 4
"""Paragraphs at the beginning and end of a text that may tell who wrote it."""


@dataclass(frozen=True, slots=True)
class SourceGuess:
    """A text's own account of its origin; nothing where it is silent."""

    author: str
    publisher: str
    year: int | None
    year_from: str
    kind: str
    paragraphs: int


def guess_source(text: str, source: SourceText, names: Sequence[FoundName]) -> SourceGuess:
    """Read the author, publisher and year off a text."""
    edges = [*source.paragraphs[:_EDGE], *source.paragraphs[-_EDGE:]]
    lines = [line for line in map(plain_text, text.splitlines()) if line]
    told = [line.strip("*_# ") for line in (*lines[:_EDGE], *lines[-_EDGE:])]
    # The text's first word on each counts. A name alone above a dateline is a signature.
    people = {name.name for name in names if name.kind in {EntityKind.PERSON, ""}}
    signed = (line for line, date in pairwise(told) if line in people and _DATELINE.match(date))
    author = next(signed, "")
    spoken = {edge.strip('"') for edge in edges if edge.startswith('"')}
    publisher = year_from = ""
    year: int | None = None
    for paragraph in [*told, *edges]:
        if found := _BYLINE.match(paragraph):
            author = author or found["name"]
            publisher = publisher or (found["for"] or "").strip(" .")
            if found["year"]:
                year, year_from = int(found["year"]), "its byline"
        if found := _WROTE.search(paragraph):
            author = author or found["name"]
            publisher = publisher or found["for"].strip()
        if found := _APPEARS.search(paragraph):
            publisher = publisher or found["name"]
        if found := _COPYRIGHT.search(paragraph):
            year, year_from = int(found["year"]), "its copyright line"
            author = author or (found["name"] or "")
            publisher = publisher or (found["for"] or "")
        if year is None and (found := _DATELINE.match(paragraph)):
            year, year_from = int(found["year"]), "its dateline"
        # What somebody says of a year is no account of the text's own.
        narrated = "" if paragraph in spoken else _SPEECH.sub(" ", paragraph)
        if year is None and (found := _MET.search(narrated) or _RECORDED.search(narrated)):
            year, year_from = int(found["year"]), "its own words on when it was made"
    if not publisher:  # papers like to name themselves in the first paragraph or the last
        bodies = (n for n, p in enumerate(source.paragraphs, start=1) if not is_imprint(p))
        ends = {next(bodies, 1), 1, len(source.paragraphs)}
        outlets = (name for name in names if name.kind == EntityKind.OUTLET)
        publisher = next((name.name for name in outlets if ends & set(name.paragraphs)), "")
    quoting = sum('"' in paragraph for paragraph in source.paragraphs)
    is_talk = any(source.speakers) or quoting > len(source.paragraphs) / 2
    kind = "interview" if is_talk else "article"
    return SourceGuess(author, publisher, year, year_from, kind, len(source.paragraphs))


def is_imprint(paragraph: str) -> bool:
    """Return whether a paragraph is a headline, byline or copyright line."""
    signs = (_BYLINE.match, _WROTE.search, _COPYRIGHT.search, _DATELINE.match)
    return is_headline(paragraph) or any(sign(paragraph) for sign in signs)
