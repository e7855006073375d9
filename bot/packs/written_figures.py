"""Dates and numbers as English texts write them."""

from __future__ import annotations

import re
from datetime import date

from bot.packs.prose import plain_text

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_ANY_MONTH = "|".join((*MONTHS, *(month[:3] for month in MONTHS)))
_DAY = r"\d{1,2}(?:st|nd|rd|th)?(?!\d)"
DATE = rf"(?:(?:{_ANY_MONTH})\.? {_DAY}|{_DAY} (?:{_ANY_MONTH})\b\.?|\b(?:{_ANY_MONTH})\b)"
"""A day or a month, without its year."""
_YEAR = r"(?:19|20)\d\d"
FULL_DATE = re.compile(
    rf"(?P<month>{_ANY_MONTH})\.? (?P<day>{_DAY})(?:,? (?P<year>{_YEAR}))?|"
    rf"(?P<day2>{_DAY}) (?P<month2>{_ANY_MONTH})\b\.?(?:,? (?P<year2>{_YEAR}))?|"
    rf"\b(?P<month3>{_ANY_MONTH}),? (?P<year3>{_YEAR})"
)
"""A day, whose year may be left out, or a month with its year."""
_FULL_MONTH = "|".join(MONTHS)
# "May" and "March" are verbs too: only beside a figure or behind "in", "by" and the like.
_MONTH = re.compile(
    rf"\b(?P<name>{_FULL_MONTH})\b(?=,? \d)"
    rf"|(?:\b(?:in|by|on|until|since|of|from|last|next|early|late|mid) |\d )"
    rf"(?P<other>{_FULL_MONTH})\b",
    re.IGNORECASE,
)
FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
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
CARDINAL = "|".join((*_BELOW_TWENTY, *_FROM_TWENTY))


def read_days(text: str) -> set[tuple[int, int]]:
    """Return the days of a text as pairs of month and day."""
    return {
        (_read_month(found), int(day.rstrip("sthndr")))
        for found in FULL_DATE.finditer(text)
        if (day := found["day"] or found["day2"])
    }


def _read_month(found: re.Match[str]) -> int:
    name = found["month"] or found["month2"] or found["month3"]
    return _ANY_MONTH.split("|").index(name) % 12 + 1


def read_date(found: re.Match[str], year_of_source: int | None) -> tuple[str, bool]:
    """Return an ISO date, and whether the text says its year itself.

    Without any year the date is nothing.
    """
    month = _read_month(found)
    day = found["day"] or found["day2"]
    year = found["year"] or found["year2"] or found["year3"]
    try:
        whole = date(
            int(year or year_of_source or 0), month, int(day.rstrip("sthndr")) if day else 1
        )
    except ValueError:  # no year is known, or "May 40" is something else
        return "", False
    return whole.isoformat() if day else f"{whole:%Y-%m}", bool(year)


def find_months(text: str) -> list[str]:
    """Return the months that a text names in full."""
    return [(found["name"] or found["other"]).capitalize() for found in _MONTH.finditer(text)]


def has_month(text: str, month: str) -> bool:
    """Return whether a text has a month, in full or shortened."""
    month = month.casefold()
    endings = rf"{month[3:]}|{month[3:4]}\.?|\."
    return bool(re.search(rf"\b{month[:3]}(?:{endings})?(?![a-z])", text.casefold()))


def read_numbers(text: str) -> set[float]:
    """Return the numbers of a text, in digits or words: "forty thousand", "the 17th"."""
    numbers: set[float] = set()
    total = part = 0.0
    is_open = False
    for word in _NUMBER_OR_WORD.findall(plain_text(text).casefold()):
        if word[0].isdigit():
            value: float | None = to_number(word)
        else:
            value = _NUMBER_WORDS.get(word, _NUMBER_WORDS.get(word.removesuffix("th")))
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


def to_number(figure: str) -> float:
    """Return a figure as a number: "40,000" is forty thousand, "1.5" one and a half."""
    plain = re.sub(r",(?=\d{3}(?!\d))", "", figure).replace(",", ".")
    try:
        return float(plain)
    except ValueError:  # "6.7.2013"
        return float(re.sub(r"\D", "", plain))
