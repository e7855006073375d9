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
from bot.packs.written_dates import read_days

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
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_NAMES_OF_MONTHS = "|".join(_MONTHS)
# "May" and "March" are verbs too: only beside a figure or behind "in", "by" and the like.
_MONTH = re.compile(
    rf"\b(?P<name>{_NAMES_OF_MONTHS})\b(?=,? \d)"
    rf"|(?:\b(?:in|by|on|until|since|of|from|last|next|early|late|mid) |\d )"
    rf"(?P<other>{_NAMES_OF_MONTHS})\b",
    re.IGNORECASE,
)
# "Two years ago", "this month": a year or month may be reckoned from the source's own date.
_RELATIVE = re.compile(
    r"\b(?:ago|later|earlier|last|next|this|since|before|after|now|today|yesterday|tomorrow|"
    r"years?|months?|summer|autumn|fall|winter|spring)\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_BELOW_TWENTY = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
_FROM_TWENTY = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMBER_WORDS: dict[str, float] = {
    **{word: value for value, word in enumerate(_BELOW_TWENTY)},
    **{word: 10 * value for value, word in enumerate(_FROM_TWENTY, start=2)},
    "first": 1,
    "second": 2,
    "third": 3,
    "fifth": 5,
    "eighth": 8,
    "ninth": 9,
    "twelfth": 12,
    "a": 1,
    "an": 1,
    "once": 1,
    "twice": 2,
    "half": 2,
    "couple": 2,
    "dozen": 12,
    "twentieth": 20,
    "thirtieth": 30,
}
_LARGE = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_NUMBER_OR_WORD = re.compile(r"\d+(?:[.,]\d+)*|[a-z]+")
_CARDINAL = "|".join((*_BELOW_TWENTY, *_FROM_TWENTY))
_COUNT = re.compile(
    rf"\b(?P<number>{_FIGURE.pattern}|(?:{_CARDINAL})(?:-(?:{_CARDINAL}))?)"
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
    known = {float(fact.as_of), float(pack.source.year), *_read_figures(fact.note)}
    known |= set(chain.from_iterable(map(_read_figures, cited)))
    for figure in _FIGURE.findall(unnamed):
        number = _to_number(figure)
        is_reckoned = is_relative and abs(number - pack.source.year) < LONGEST_RECKONED
        if number in known or is_reckoned:
            continue
        elsewhere = _find_figure(number, source)
        what = f"the figure {figure} does not stand in {where}"
        if elsewhere:
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
    has_month = any(_has_month(t, _MONTHS[month - 1]) or month in _read_figures(t) for t in texts)
    has_day = not day or any(day[0] in _read_figures(text) for text in texts)
    if not (has_month and has_day):
        yield Unborne(
            f"the date {release.date.text} does not stand in "
            f"{format_paragraphs(release.paragraphs)}",
            "correct it or the paragraph, or say in 'date_note' where it is from",
        )


def _find_better_paragraph(fact: Fact, source: Sequence[str]) -> int | None:
    """Return another paragraph if the cited ones share no telling word with a statement."""
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
    """Return whether a word is nearly one of the pack's names, and no other word of ours."""
    own = {part for entity in pack.entities for part in entity.name.split()}
    own |= {part for release in pack.releases for part in release.title.split()}
    return word not in own and bool(
        process.extractOne(word, own, scorer=fuzz.ratio, score_cutoff=MIN_NAME_SIMILARITY)
    )


def _find_doubtful_names(pack: Pack, statement: str) -> Iterator[str]:
    """Yield the unknown names of a statement, and words that are nearly a name."""
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
    """Yield each month that no source has, and each date made of two dates of theirs."""
    for month in _find_months(text):
        if not any(_has_month(source, month) for source in sources):
            yield f"the month {month.capitalize()} does not stand in {where}"
    for day, other in _find_mixed_days(text, sources):
        yield f"the date {day} does not stand in {where}, where {other} does"


def _find_mixed_days(text: str, sources: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each date made of two of its sources, with one."""
    written = set(chain.from_iterable(map(read_days, sources)))
    figures = set(chain.from_iterable(map(_read_figures, sources)))
    for month, day in sorted(read_days(text) - written):
        alike = sorted(other for other in written if other[0] == month or other[1] == day)
        has_month = any(_has_month(source, _MONTHS[month - 1]) for source in sources)
        if alike and has_month and day in figures:
            yield _format_day((month, day)), _format_day(alike[0])


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
        number = max(_read_figures(match["number"]), default=0)
        if number > 1:
            yield number, match["noun"].casefold().removesuffix("s"), match[0]


def _format_day(day: tuple[int, int]) -> str:
    return f"{_MONTHS[day[0] - 1].capitalize()} {day[1]}"


def _find_months(text: str) -> list[str]:
    return [(match["name"] or match["other"]).casefold() for match in _MONTH.finditer(text)]


def _has_month(text: str, month: str) -> bool:
    """Return whether a text has a month, in full or shortened."""
    short = rf"{month[3:]}|{month[3:4]}\.?|\."
    return bool(re.search(rf"\b{month[:3]}(?:{short})?(?![a-z])", text.casefold()))


def _find_figure(number: float, source: Sequence[str]) -> int | None:
    return next(
        (at for at, text in enumerate(source, start=1) if number in _read_figures(text)), None
    )


def _read_figures(text: str) -> set[float]:
    """Return the numbers of a text, in digits or words: "forty thousand", "the 17th"."""
    numbers: set[float] = set()
    total = part = 0.0
    is_open = False
    for word in _NUMBER_OR_WORD.findall(plain_text(text).casefold()):
        value = _to_number(word) if word[0].isdigit() else _read_number_word(word)
        if value is not None:
            is_joined = is_open and part % 100 >= 20 and value < 10  # noqa: PLR2004  # "forty-two"
            part = part + value if is_joined or (is_open and part >= 100 > value) else value  # noqa: PLR2004  # "a hundred and ten"
            numbers.add(value)
        elif word in _LARGE:
            part = max(part, 1) * _LARGE[word]
        elif word == "and":
            continue
        else:
            total, part, is_open = 0.0, 0.0, False
            continue
        is_open = True
        numbers |= {part, total + part}
        if _LARGE.get(word, 0) > 100:  # noqa: PLR2004  # "two thousand and thirteen"
            total, part = total + part, 0.0
    return numbers


def _read_number_word(word: str) -> float | None:
    return _NUMBER_WORDS.get(word, _NUMBER_WORDS.get(word.removesuffix("th")))


def _to_number(figure: str) -> float:
    """Return a figure as a number: "40,000" is forty thousand, "1.5" one and a half."""
    plain = re.sub(r",(?=\d{3}(?!\d))", "", figure).replace(",", ".")
    try:
        return float(plain)
    except ValueError:  # "6.7.2013"
        return float(re.sub(r"\D", "", plain))
