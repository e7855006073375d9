"""Dates and numbers as English texts write them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING

from bot.packs.prose import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator

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
_CARDINALS: dict[str, float] = {
    **{word: value for value, word in enumerate(_BELOW_TWENTY)},
    **{word: 10 * value for value, word in enumerate(_FROM_TWENTY, start=2)},
    "couple": 2,
    "pair": 2,
}
NUMBER = rf"(?:\d+|{'|'.join(_CARDINALS)})"
"""A number, or the word that begins it."""
_ORDINALS: dict[str, float] = {
    **{f"{word}th": value for value, word in enumerate(_BELOW_TWENTY)},
    **{f"{word[:-1]}ieth": 10 * value for value, word in enumerate(_FROM_TWENTY, start=2)},
    "first": 1,
    "second": 2,
    "third": 3,
    "fifth": 5,
    "eighth": 8,
    "ninth": 9,
    "twelfth": 12,
}
_TIMES: dict[str, float] = {"once": 1, "twice": 2, "thrice": 3}
_LARGE: dict[str, float] = {
    "dozen": 12,
    "hundred": 100,
    "thousand": 1_000,
    "million": 1_000_000,
    "billion": 1_000_000_000,
}
_SHORT_LARGE = {"k": "thousand", "m": "million", "bn": "billion"}
# Words with a number in them that nobody would say of a number: "the trio", "every other day".
_IMPLIED: dict[str, tuple[float, ...]] = {
    **dict.fromkeys(("both", "duo", "double", "twins", "other"), (2.0,)),
    **dict.fromkeys(("trio", "triple", "trilogy", "threesome"), (3.0,)),
    **dict.fromkeys(("quartet", "foursome"), (4.0,)),
    "quintet": (5.0,),
    "fortnight": (2.0, 14.0),
    "half": (2.0, 50.0),
    **dict.fromkeys(("debut", "solo", "only", "sole", "single"), (1.0,)),
    "decade": (10.0,),
    "century": (100.0,),
}
# Words of other languages that say a number and nothing else, without their accents: "uno" is an
# article too, and counts behind tens alone.
_SPANISH = (
    *("dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce"),
    *("trece", "catorce", "quince", "dieciseis", "diecisiete", "dieciocho", "diecinueve"),
)
_PORTUGUESE = (
    *("dois", "tres", "quatro", "cinco", "seis", "sete", "oito", "nove", "dez", "onze", "doze"),
    *("treze", "catorze", "quinze", "dezesseis", "dezessete", "dezoito", "dezenove"),
)
_SPANISH_TENS = (
    *("veinte", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"),
)
_PORTUGUESE_TENS = (
    *("vinte", "trinta", "quarenta", "cinquenta", "sessenta", "setenta", "oitenta", "noventa"),
)
_ONES_BY_LANGUAGE: dict[str, dict[str, float]] = {
    "es": {
        **{word: value for value, word in enumerate(_SPANISH, start=2)},
        **{f"veinti{word}": 20 + value for value, word in enumerate(_SPANISH[:8], start=2)},
        **dict.fromkeys(("veintiuno", "veintiun", "veintiuna"), 21),
        "docena": 12,
    },
    "pt-BR": {
        **{word: value for value, word in enumerate(_PORTUGUESE, start=2)},
        "duas": 2,
        "quatorze": 14,
        "duzia": 12,
    },
}
_TENS_BY_LANGUAGE: dict[str, dict[str, float]] = {
    language: {word: 10 * value for value, word in enumerate(words, start=2)}
    for language, words in (("es", _SPANISH_TENS), ("pt-BR", _PORTUGUESE_TENS))
}
_ONE = frozenset(("un", "uno", "una", "um", "uma"))
# "6/7/2013", "9.11.2018", "4/2021", "2013-07-06", "5/9": no "1.5", and no "2011-2013".
_FIGURES_OF_DATE = re.compile(
    rf"(?<![\d/.])(?:(?P<one>\d{{1,2}})(?P<mark>[/.-])(?:(?P<two>\d{{1,2}})(?P=mark))?"
    rf"(?P<year>{_YEAR})|(?P<iso>{_YEAR})-(?P<month>\d\d)(?:-(?P<day>\d\d))?|"
    r"(?P<first>\d{1,2})/(?P<second>\d{1,2}))(?![\d/]|\.\d)"
)
# "8 pm", "eight in the evening": elsewhere that is 20.
_AFTERNOON = re.compile(
    rf"\b(?P<hour>\d\d?|{'|'.join(_BELOW_TWENTY[1:13])})(?:[:.]\d\d)?(?: o'clock)? ?"
    r"(?:p\.?m\b|(?:in the|this) (?:afternoon|evening)|at night|tonight)",
    re.IGNORECASE,
)
# "The 1990s", "the nineties": elsewhere they are "los noventa".
_DECADE = re.compile(
    rf"\b(?:(?:19|20)?(?P<figure>\d0)'?s|(?P<tens>{'|'.join(t[:-1] for t in _FROM_TWENTY)})ies)\b"
)
_NUMBER_OR_WORD = re.compile(r"\d+(?:[.,]\d+)*|[a-z]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WrittenNumber:
    """A number in digits or words, with its place."""

    value: float
    start: int
    end: int
    is_ordinal: bool = False
    is_in_words: bool = True
    parts: frozenset[float] = frozenset()
    """Whatever else it may be read as: the 40 and the 2 of "forty-two"."""


def read_days(text: str) -> set[tuple[int, int]]:
    """Return the days of a text as pairs of month and day."""
    return {
        (_read_month(found), int(day.rstrip("sthndr")))
        for found in FULL_DATE.finditer(text)
        if (day := found["day"] or found["day2"])
    }


def has_yearless_day(text: str) -> bool:
    """Return whether a text has a day and a month without their year."""
    return any(
        (found["day"] and not found["year"]) or (found["day2"] and not found["year2"])
        for found in FULL_DATE.finditer(text)
    )


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
    """Return whether a text has a month, in full, shortened or in a date of figures."""
    number = MONTHS.index(month) + 1
    month = month.casefold()
    endings = rf"{month[3:]}|{month[3:4]}\.?|\."
    # "5/2020", "4.5.2020", "5/4/2020" and "2020-05".
    figures = rf"(?<!\d)0?{number}(?:[/.-]\d{{1,2}})?[/.-]{_YEAR}(?!\d)|{_YEAR}-0?{number}(?!\d)"
    return bool(
        re.search(rf"\b{month[:3]}(?:{endings})?(?![a-z])", text.casefold())
        or re.search(figures, text)
    )


def read_numbers(text: str) -> set[float]:
    """Return the numbers of a text, in digits or words: "forty thousand", "the 17th"."""
    plain = plain_text(text)
    numbers = {part for found in find_numbers(plain) for part in (found.value, *found.parts)}
    return numbers | read_implied(plain)


def read_implied(text: str) -> set[float]:
    """Return the numbers that words such as "trio" and "both" imply."""
    words = re.findall(r"[a-z]+", plain_text(text).casefold())
    return set(chain.from_iterable(_IMPLIED.get(word, ()) for word in words))


def find_numbers(text: str) -> Iterator[WrittenNumber]:
    """Yield each number of a plain text, as long as it is."""
    phrase: _NumberPhrase | None = None
    for found in _NUMBER_OR_WORD.finditer(text):
        if phrase and phrase.take(found, text[phrase.last : found.start()]):
            continue
        if phrase and phrase.is_number:
            yield phrase.finish()
        phrase = _NumberPhrase.begin(found)
    if phrase and phrase.is_number:
        yield phrase.finish()


@dataclass(slots=True)
class _NumberPhrase:
    """A number that is being read, word by word."""

    start: int
    end: int
    last: int
    """The end of the last word that was taken: behind an "and", later than the number's end."""
    is_in_words: bool
    total: float = 0.0
    part: float = 0.0
    factor: float = 1.0
    is_number: bool = False
    is_ordinal: bool = False
    is_closed: bool = False
    behind: str = ""
    """The word behind which a number may go on, "and" or "and a"."""
    parts: set[float] = field(default_factory=set)

    @classmethod
    def begin(cls, found: re.Match[str]) -> _NumberPhrase | None:
        """Return a number that begins with a word, or None."""
        phrase = cls(found.start(), found.end(), found.end(), not found[0][0].isdigit())
        return phrase if phrase.take(found, None) else None

    def take(self, found: re.Match[str], gap: str | None) -> bool:
        """Take a word into the number, and return whether it belongs there."""
        word = found[0].lower()
        if self.is_closed or gap not in {None, "", " ", "-"}:
            return False
        if gap == "":
            return self.take_ending(word, found.end())
        if word == "and" and self.is_number and not self.behind:
            self.behind, self.last = "and", found.end()
            return True
        if word in {"a", "an"} and (gap is None or self.behind or self.factor < 1):
            if self.behind:
                self.behind += " a"
            elif gap is None:
                self.part, self.is_number = 1.0, True
                self.parts.add(1.0)
            self.last = found.end()
            return True
        if not self.add(word, is_first=gap is None):
            return False
        self.end = self.last = found.end()
        self.behind = ""
        self.parts |= {self.part, self.total + self.part} - {0.0}
        return True

    def take_ending(self, word: str, end: int) -> bool:
        """Take what stands right behind digits: "3rd", "40k"."""
        if self.is_in_words:
            return False
        if word in _SHORT_LARGE:
            self.parts.add(self.part)
            self.add(_SHORT_LARGE[word], is_first=False)
        elif word in {"st", "nd", "rd", "th"}:
            self.is_ordinal = True
        else:
            return False
        self.end = self.last = end
        self.is_closed = True
        return True

    def add(self, word: str, *, is_first: bool) -> bool:
        """Add a word, and return whether it belongs to the number."""
        if word == "half":
            return self.add_half(is_first=is_first)
        if word in _LARGE and "a" not in self.behind:
            self.multiply(_LARGE[word])
            return True
        is_digits = word[0].isdigit()
        value = to_number(word) if is_digits else _CARDINALS.get(word)
        if value is None:
            value = _ORDINALS.get(word, _TIMES.get(word))
            self.is_ordinal = word in _ORDINALS
            self.is_closed = value is not None
            if word.removesuffix("th") in _LARGE:
                self.multiply(_LARGE[word.removesuffix("th")])
                self.is_ordinal = self.is_closed = True
                return True
        if value is None or self.factor < 1 or (self.behind and self.total + self.part < 100):  # noqa: PLR2004  # "two and three" are two numbers
            self.is_ordinal = self.is_closed = False
            return False
        joined = self.join(value, is_digits=is_digits) if not is_first else value
        if joined is None:
            self.is_ordinal = self.is_closed = False
            return False
        if is_first or value != 1:
            self.parts.add(value)
        self.part, self.is_number = joined, True
        return True

    def join(self, value: float, *, is_digits: bool) -> float | None:
        """Return the part joined with a number, or None."""
        if is_digits or not self.is_in_words:
            return None
        if self.part >= 20 and self.part % 10 == 0 and self.part % 100 and value < 10:  # noqa: PLR2004  # "forty-two"
            return self.part + value
        if (self.part >= 100 and self.part % 100 == 0 and value < 100) or (  # noqa: PLR2004  # "a hundred and ten"
            self.total and not self.part
        ):
            return self.part + value
        if 13 <= self.part <= 20 and 10 <= value < 100:  # noqa: PLR2004  # "twenty thirteen"
            return 100 * self.part + value
        if self.part == 1 and value == 2 and self.parts == {1.0}:  # noqa: PLR2004  # "a couple"
            return value
        return None

    def add_half(self, *, is_first: bool) -> bool:
        """Add a half: "half a million", "two and a half"."""
        if is_first:
            self.factor = 0.5
            return True
        if self.behind != "and a":
            return False
        self.part += 0.5 if self.part or not self.total else self.total / 2
        return True

    def multiply(self, large: float) -> None:
        """Multiply what is there, as "hundred" and "dozen" do."""
        self.is_number = True
        self.part = max(self.part, 1) * large * self.factor
        self.factor = 1.0
        if large > 100:  # noqa: PLR2004  # "two thousand and thirteen"
            self.parts.add(self.part)
            self.total, self.part = self.total + self.part, 0.0

    def finish(self) -> WrittenNumber:
        """Return the number as far as it was read."""
        return WrittenNumber(
            self.total + self.part,
            self.start,
            self.end,
            self.is_ordinal,
            self.is_in_words,
            frozenset(self.parts),
        )


def to_number(figure: str) -> float:
    """Return a figure as a number: "40,000" is forty thousand, "1.5" one and a half."""
    plain = re.sub(r",(?=\d{3}(?!\d))", "", figure).replace(",", ".")
    try:
        return float(plain)
    except ValueError:  # "6.7.2013"
        return float(re.sub(r"\D", "", plain))


@dataclass(frozen=True, slots=True)
class FigureDate:
    """A date in figures, with its place."""

    start: int
    end: int
    days: frozenset[tuple[int, int]]
    """Its readings as pairs of month and day, with 0 for none: nobody tells 6/7 from 7/6."""
    year: float | None


def find_figure_dates(text: str) -> Iterator[FigureDate]:
    """Yield each date in figures: "6/7/2013", "4/2021"."""
    for found in _FIGURES_OF_DATE.finditer(text):
        one, two = found["one"] or found["first"], found["two"] or found["second"]
        if found["iso"]:
            readings = [(found["month"], found["day"] or 0)]
        else:
            readings = [(one, two), (two, one)] if two else [(one, 0)]
        days = {(int(month), int(day)) for month, day in readings if 1 <= int(month) <= len(MONTHS)}
        year = found["year"] or found["iso"]
        if days:
            yield FigureDate(*found.span(), frozenset(days), float(year) if year else None)


def read_figure_days(text: str) -> set[tuple[int, int]]:
    """Return the readings of a text's dates in figures as pairs of month and day."""
    return set(chain.from_iterable(date.days for date in find_figure_dates(text)))


def has_figure_date(text: str, date: FigureDate) -> bool:
    """Return whether a text has the day or month of a date in figures."""
    written = read_days(text) | read_figure_days(text)
    return any(
        (month, day) in written if day else has_month(text, MONTHS[month - 1])
        for month, day in date.days
    )


def read_translated(text: str) -> set[float]:
    """Return the numbers that other languages make of English hours and decades."""
    numbers: set[float] = set()
    for found in _AFTERNOON.finditer(text):
        hour = found["hour"].casefold()
        numbers |= {0.0, 12 + (_CARDINALS.get(hour) or float(hour))}
    for found in _DECADE.finditer(text.casefold()):
        numbers.add(float(found["figure"] or _CARDINALS[f"{found['tens']}y"]))
    return numbers


def find_translated_numbers(text: str, language: str) -> Iterator[WrittenNumber]:
    """Yield each figure of a translated text, and each number word up to ninety-nine."""
    ones = _ONES_BY_LANGUAGE.get(language, {})
    tens = _TENS_BY_LANGUAGE.get(language, {})
    words = list(re.finditer(rf"{FIGURE.pattern}|\w+", text))
    plain = [_without_accents(found[0].casefold()) for found in words]
    taken = 0
    for place, (found, word) in enumerate(zip(words, plain, strict=True)):
        if place < taken:
            continue
        start, end = found.span()
        if word[0].isdigit():
            # "400.000" and "1,5": other languages put points where English has commas.
            yield WrittenNumber(float(re.sub(r"\D", "", word)), start, end, is_in_words=False)
        elif word in tens:
            joining, one = (*plain[place + 1 : place + 3], "", "")[:2]
            unit = 1.0 if one in _ONE else ones.get(one, 0.0)
            is_joined = joining in {"y", "e"} and 0 < unit < 10  # noqa: PLR2004  # "treinta y dos"
            taken = place + 3 if is_joined else 0
            end = words[place + 2].end() if is_joined else end
            yield WrittenNumber(tens[word] + unit * is_joined, start, end)
        elif word in ones:
            is_half = plain[max(place - 1, 0)] in {"media", "meia"}  # "media docena"
            yield WrittenNumber(ones[word] / 2 if is_half else ones[word], start, end)


def _without_accents(word: str) -> str:
    return "".join(unicodedata.normalize("NFKD", letter)[0] for letter in word)
