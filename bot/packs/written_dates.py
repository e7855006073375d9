"""Dates as English texts write them."""

from __future__ import annotations

import re
from datetime import date

MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?(?!\d)"
DATE = rf"(?:(?:{MONTHS})\.? {_DAY}|{_DAY} (?:{MONTHS})\b\.?|\b(?:{MONTHS})\b)"
"""A day or a month, without its year."""
_YEAR = r"(?:19|20)\d\d"
FULL_DATE = re.compile(
    rf"(?P<month>{MONTHS})\.? (?P<day>{_DAY})(?:,? (?P<year>{_YEAR}))?|"
    rf"(?P<day2>{_DAY}) (?P<month2>{MONTHS})\b\.?(?:,? (?P<year2>{_YEAR}))?|"
    rf"\b(?P<month3>{MONTHS}),? (?P<year3>{_YEAR})"
)
"""A day, whose year may be left out, or a month with its year."""


def read_days(text: str) -> set[tuple[int, int]]:
    """Return the days of a text as pairs of month and day."""
    return {
        (_read_month(found), int(day.rstrip("sthndr")))
        for found in FULL_DATE.finditer(text)
        if (day := found["day"] or found["day2"])
    }


def _read_month(found: re.Match[str]) -> int:
    name = found["month"] or found["month2"] or found["month3"]
    return MONTHS.split("|").index(name) % 12 + 1


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
