"""Hold the figures, dates and names of statements against their paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from bot.packs.entries import format_paragraphs
from bot.packs.models import DatePrecision
from bot.packs.proper_names import continues_name, find_unknown_names, opens_sentence
from bot.packs.prose import plain_text, tokenize
from bot.packs.written_figures import (
    CARDINAL,
    FIGURE,
    MONTHS,
    find_months,
    has_month,
    read_days,
    read_numbers,
    to_number,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from bot.packs.models import Fact, Pack, Release

MIN_SHARED = 3
"""So many telling words of a statement in another paragraph show that it is the one meant."""
MIN_NAME_SIMILARITY = 80
"""From this similarity on, of 100, a capitalised word is a name with a slip in it."""
STEM = 5
"""Letters by which words are compared."""
LONGEST_RECKONED = 40
"""Years before or after the source that "ago" and "later" may lead to."""

_CORRECT = "correct it or the paragraph, or say in 'note' where it is from"
# "Two years ago", "this month": a year or month may be reckoned from the source's own date.
_RELATIVE = re.compile(
    r"\b(?:ago|later|earlier|last|next|this|since|before|after|now|today|yesterday|tomorrow|"
    r"years?|months?|summer|autumn|fall|winter|spring)\b",
    re.IGNORECASE,
)
_COUNT = re.compile(
    rf"\b(?P<number>{FIGURE.pattern}|(?:{CARDINAL})(?:-(?:{CARDINAL}))?)"
    r"(?: [a-z]+)? (?P<noun>[a-z]{3,}s)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Unborne:
    """A part of an entry that its paragraphs do not bear."""

    what: str
    remedy: str


def find_unborne(pack: Pack, fact: Fact, source: Sequence[str]) -> Iterator[Unborne]:
    """Yield a statement's figures, months and names that its paragraphs lack."""
    cited = [source[number - 1] for number in fact.paragraphs]
    where = format_paragraphs(fact.paragraphs)
    statement = plain_text(fact.statement)
    unnamed = _without_names(pack, statement)
    is_relative = any(_RELATIVE.search(text) for text in cited)
    known = {float(fact.as_of), float(pack.source.year), *read_numbers(fact.note)}
    known |= set(chain.from_iterable(map(read_numbers, cited)))
    for figure in FIGURE.findall(unnamed):
        number = to_number(figure)
        is_reckoned = is_relative and abs(number - pack.source.year) < LONGEST_RECKONED
        if number in known or is_reckoned:
            continue
        others = (at for at, text in enumerate(source, start=1) if number in read_numbers(text))
        what = f"the figure {figure} does not stand in {where}"
        if elsewhere := next(others, None):
            what = f"the figure {figure} stands in paragraph {elsewhere}, and not in {where}"
        yield Unborne(what, _CORRECT)
    for what in chain(
        () if is_relative else _find_other_dates(unnamed, (*cited, fact.note), where),
        _find_other_counts(unnamed, cited, known, where),
    ):
        yield Unborne(what, _CORRECT)
    for name in _find_doubtful_names(pack, statement):
        if not any(name in paragraph for paragraph in source):
            yield Unborne(f"the name '{name}' stands nowhere in the source", "correct it")
    if better := _find_better_paragraph(fact, source):
        yield Unborne(
            f"no telling word of it stands in {where}, and several do in paragraph {better}",
            "correct the paragraph",
        )


def find_undated(release: Release, source: Sequence[str]) -> Iterator[Unborne]:
    """Yield a release's date if its paragraphs lack month or day."""
    if release.date.precision not in {DatePrecision.DAY, DatePrecision.MONTH}:
        return
    texts = [source[number - 1] for number in release.paragraphs] + [release.date.note]
    _, month, *day = map(int, release.date.text.split("-"))
    # "6.7.2013" and "2013-07" write the month as a number.
    is_month_told = any(
        has_month(text, MONTHS[month - 1]) or month in read_numbers(text) for text in texts
    )
    is_day_told = not day or any(day[0] in read_numbers(text) for text in texts)
    if not (is_month_told and is_day_told):
        yield Unborne(
            f"the date {release.date.text} does not stand in "
            f"{format_paragraphs(release.paragraphs)}",
            "correct it or the paragraph, or say in 'date_note' where it is from",
        )


def _find_better_paragraph(fact: Fact, source: Sequence[str]) -> int | None:
    """Return a paragraph that shares more telling words with a statement."""
    stems = [_telling_stems(paragraph) for paragraph in source]
    uses = Counter(chain.from_iterable(stems))
    told = {stem for stem in _telling_stems(fact.statement) if 3 * uses[stem] <= len(source)}
    shared = [len(told & each) for each in stems]
    if not shared or any(shared[number - 1] for number in fact.paragraphs):
        return None
    best = max(range(len(source)), key=shared.__getitem__)
    return best + 1 if shared[best] >= MIN_SHARED else None


def _telling_stems(text: str) -> set[str]:
    words = re.findall(r"\w+", plain_text(text))
    return {
        word.casefold()[:STEM] for word in words if len(word) >= STEM or word != word.casefold()
    }


def _without_names(pack: Pack, text: str) -> str:
    """Return a text without the names in it: "24/Seven" is no figure."""
    names = [name for entity in pack.entities for name in (entity.name, *entity.aliases)]
    for release in pack.releases:
        names += (release.title, *release.aliases)
        names += (name for song in release.songs for name in (song.title, *song.aliases))
    for name in sorted(map(plain_text, names), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", text)
    return re.sub(r"@\w+", " ", text)


def _is_near_name(pack: Pack, word: str) -> bool:
    """Return whether a word is nearly one of the pack's names."""
    own = {part for entity in pack.entities for part in entity.name.split()}
    own |= {part for release in pack.releases for part in release.title.split()}
    return word not in own and bool(
        process.extractOne(word, own, scorer=fuzz.ratio, score_cutoff=MIN_NAME_SIMILARITY)
    )


def _find_doubtful_names(pack: Pack, statement: str) -> Iterator[str]:
    """Yield the unknown names of a statement, and near misses."""
    words = tokenize(statement)
    unknown = dict(find_unknown_names(pack, statement))
    for first, count in unknown.items():
        name = statement[words[first - 1].start : words[first + count - 2].end]
        if count > 1 or _is_near_name(pack, name):
            yield name
    # "Reuben Okonjo" opens a sentence: a capital proves nothing there, so only a likeness tells.
    for at, word in enumerate(words[:-1]):
        leads_name = words[at + 1].is_capitalised and continues_name(statement, words, at + 1)
        if at + 1 not in unknown and leads_name and opens_sentence(statement, words, at):
            name = statement[word.start : word.end]
            if word.is_capitalised and _is_near_name(pack, name):
                yield name


def _find_other_dates(text: str, sources: Sequence[str], where: str) -> Iterator[str]:
    """Yield months that no source has, and mixed-up dates."""
    for named in find_months(text):
        if not any(has_month(source, named) for source in sources):
            yield f"the month {named} does not stand in {where}"
    written = set(chain.from_iterable(map(read_days, sources)))
    figures = set(chain.from_iterable(map(read_numbers, sources)))
    for month, day in sorted(read_days(text) - written):
        alike = sorted(other for other in written if other[0] == month or other[1] == day)
        is_month_told = any(has_month(source, MONTHS[month - 1]) for source in sources)
        # A day of which they say nothing may be the author's own; one whose month and figure stand
        # apart from each other was put together by mistake.
        if alike and is_month_told and day in figures:
            mixed, right = (f"{MONTHS[m - 1]} {d}" for m, d in ((month, day), alike[0]))
            yield f"the date {mixed} does not stand in {where}, where {right} does"


def _find_other_counts(
    text: str, sources: Sequence[str], known: Collection[float], where: str
) -> Iterator[str]:
    """Yield each count in words that a source gives otherwise: "twelve songs" for "ten songs".

    A count of which the sources say nothing may be the author's own, and so may "two songs" of
    ten: a part, of at most half.
    """
    written = list(chain.from_iterable(map(_read_counts, sources)))
    told = list(_read_counts(text))
    right = {noun for number, noun, _ in told if number in known}
    for number, noun, words in told:
        if number in known or noun in right or words[0].isdigit():
            continue
        others = [count for count, of, _ in written if of == noun and number > count / 2]
        if others:
            yield f"'{words}' does not stand in {where}, where {others[0]:,g} are told of"


def _read_counts(text: str) -> Iterator[tuple[float, str, str]]:
    """Yield each number before a noun, with the noun's stem: (10, "song", "ten songs")."""
    for match in _COUNT.finditer(plain_text(text)):
        number = max(read_numbers(match["number"]), default=0)
        if number > 1:
            yield number, match["noun"].casefold().removesuffix("s"), match[0]
