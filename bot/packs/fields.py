"""The kinds of value that a pack's fields take: what each may hold, and how it is refused.

The limits keep whatever a pack holds within Discord's. Imported by `schema.py` alone: see there.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from bot.packs.prose import ELLIPSIS, count_words

KEBAB = r"^[a-z0-9]+(-[a-z0-9]+)*$"
LONGEST_ID = 40  # two of them and a prefix fit into Discord's 100 characters of a custom_id
LONGEST_NAME = 100  # a choice of Discord's autocomplete
LONGEST_LINE = 200
LONGEST_CONTEXT = 160
LONGEST_QUESTION = 300
LONGEST_STATEMENT = 350
FEWEST_WORDS, MOST_WORDS = 4, 16
LONGEST_QUOTE = 200

_DATE = r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"
_DATE_REMEDY = "write 2013-06-11, 2013-06 or 2013, as exactly as the source says"
_FIRST_DAY = "0001-01-01"


def wrong(what: str, remedy: str) -> PydanticCustomError:
    """Return an error that already speaks the words of a fault."""
    return PydanticCustomError("pack", "{what}", {"what": what, "remedy": remedy})


def _one_line(text: str) -> str:
    if not text.strip() and text:
        raise wrong("is empty", "say something")
    if text != text.strip():
        raise wrong("starts or ends with a space", "remove it")
    if any(unicodedata.category(c) in {"Cc", "Zl", "Zp"} for c in text):
        raise wrong("runs over several lines", "write it as one ('>-' folds lines into one)")
    if any(unicodedata.bidirectional(c) in _DIRECTIONS for c in text):
        raise wrong("holds a mark that turns the direction of text", "remove it")
    return text


# Overrides and isolates: with them a line can be shown as other than it is.
_DIRECTIONS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def _year_as_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _real_date(text: str) -> str:
    if not re.fullmatch(_DATE, text):
        raise wrong("is no date", _DATE_REMEDY)
    try:
        date.fromisoformat(text + _FIRST_DAY[len(text) :])
    except ValueError:
        raise wrong(f"{text} is not in the calendar", _DATE_REMEDY) from None
    return text


def _spoken(words: str) -> str:
    if any(mark in words for mark in '"“”„'):
        raise wrong("holds double quotation marks", "leave them out; they are added when shown")
    if "[" in words or "]" in words:
        raise wrong("holds the editor's brackets", f"write {ELLIPSIS} where they stood")
    if "..." in words:
        raise wrong("cuts with three dots", f"write {ELLIPSIS}")
    count = count_words(words)
    if count > MOST_WORDS:
        raise wrong(f"are {count} words, at most {MOST_WORDS}", f"cut them, with {ELLIPSIS} inside")
    if count < FEWEST_WORDS:
        raise wrong(f"are {count} words, at least {FEWEST_WORDS}", "quote more, or write a fact")
    return words


def _in_order(paragraphs: tuple[int, ...]) -> tuple[int, ...]:
    ordered = sorted(set(paragraphs))
    if list(paragraphs) != ordered:
        raise wrong("are not in order, each once", f"write {ordered}")
    return paragraphs


# Whoever writes `withdrawn: no` means the opposite of what a reason called "no" would do.
_YES_OR_NO = frozenset({"yes", "no", "y", "n", "true", "false", "on", "off"})


def _given(value: object) -> object:
    remedy = "say why it is withdrawn, or remove the key"
    if value is None:
        raise wrong("is empty", remedy)
    if str(value).strip().lower() in _YES_OR_NO:
        raise wrong(f"is '{str(value).strip().lower()}', which is no reason", remedy)
    return value


Id = Annotated[str, Field(max_length=LONGEST_ID, pattern=KEBAB)]
Line = Annotated[str, Field(min_length=1, max_length=LONGEST_LINE), AfterValidator(_one_line)]
Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME), AfterValidator(_one_line)]
Note = Annotated[str, Field(max_length=LONGEST_LINE), AfterValidator(_one_line)]
Context = Annotated[str, Field(min_length=1, max_length=LONGEST_CONTEXT), AfterValidator(_one_line)]
Question = Annotated[
    str, Field(min_length=1, max_length=LONGEST_QUESTION), AfterValidator(_one_line)
]
Statement = Annotated[
    str, Field(min_length=1, max_length=LONGEST_STATEMENT), AfterValidator(_one_line)
]
Words = Annotated[
    str,
    Field(min_length=1, max_length=LONGEST_QUOTE),
    AfterValidator(_one_line),
    AfterValidator(_spoken),
]
Paragraph = Annotated[int, Field(ge=1, le=10_000)]
Paragraphs = Annotated[
    tuple[Paragraph, ...], Field(min_length=1, max_length=100), AfterValidator(_in_order)
]
Year = Annotated[int, Field(ge=1000, le=9999)]
DateText = Annotated[
    str,
    BeforeValidator(_year_as_text),
    AfterValidator(_real_date),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": _DATE}, {"type": "integer"}]}),
]
Withdrawn = Annotated[
    Line | None,
    BeforeValidator(_given),
    WithJsonSchema(
        {
            "type": "string",
            "minLength": 1,
            "maxLength": LONGEST_LINE,
            "description": "Why it is no longer served. It stays in the file, and is never shown.",
        }
    ),
]
