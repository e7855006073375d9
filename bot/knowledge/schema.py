"""The shape of a pack's YAML, field by field, as pydantic models; also the editors' JSON schema.

Only `shape.py` and the maintainer's `facts schema` import this module, and only when they run:
pydantic costs a bot that already has its compiled store several megabytes.
"""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import date as Date  # noqa: N812  # `date` is a field's name below
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from bot.knowledge.model import EntityKind
from bot.knowledge.prose import ELLIPSIS, count_words

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
    if text != text.strip():
        blank = "is empty" if not text.strip() else "starts or ends with a space"
        raise wrong(blank, "say something" if not text.strip() else "remove it")
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
        Date.fromisoformat(text + _FIRST_DAY[len(text) :])
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


def _given(value: object) -> object:
    if value is None:
        raise wrong("is empty", "say why it is withdrawn, or remove the key")
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


class Shape(BaseModel):
    """What all parts of a pack have in common: nothing is guessed, nothing unknown is let by."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class SourceShape(Shape):
    """Where the pack's facts come from."""

    title: Line
    author: Name
    publishers: Annotated[tuple[Name, ...], Field(min_length=1)]
    year: Year
    year_from: Annotated[Line, Field(description="How the year is known, as a phrase.")]
    kind: Annotated[Name, Field(description="A noun: interview, article, book.")]
    rights: Line
    paragraphs: Annotated[
        Paragraph, Field(description="How many blocks of text, set apart by blank lines, it has.")
    ]


class EntityShape(Shape):
    """A person, band, show or other thing with a name."""

    id: Id
    kind: Annotated[EntityKind, Field(strict=False)]
    name: Name
    aliases: Annotated[
        tuple[Name, ...], Field(description="Other proper names, short forms, usual misspellings.")
    ] = ()
    described_as: Annotated[
        tuple[Name, ...], Field(description="Phrases that mean it without its name: the singer.")
    ] = ()


class FactShape(Shape):
    """One thing that the source states, in your own words."""

    id: Id
    subject: Annotated[Id, Field(description="The entity, release or song that it is about.")]
    about: Annotated[tuple[Id, ...], Field(description="Ids of whatever else it speaks of.")] = ()
    statement: Statement
    questions: Annotated[
        tuple[Question, ...],
        Field(min_length=1, description="How people ask for it; the first is shown to them."),
    ]
    paragraph: Paragraph
    as_of: Annotated[Year, Field(description="The year in which it was true.")]
    covers: Annotated[
        tuple[Id, ...], Field(description="Attributes it answers though few facts do: age, price.")
    ] = ()
    quotes: tuple[Id, ...] = ()
    related: tuple[Id, ...] = ()
    withdrawn: Withdrawn = None


class QuoteShape(Shape):
    """Spoken words, verbatim."""

    id: Id
    speaker: Id
    words: Annotated[
        Words,
        Field(description=f"{FEWEST_WORDS} to {MOST_WORDS} words, {ELLIPSIS} where they are cut."),
    ]
    context: Annotated[Context, Field(description="What was being talked about, in your words.")]
    themes: Annotated[tuple[Name, ...], Field(min_length=1)]
    paragraph: Paragraph
    about: tuple[Id, ...] = ()
    withdrawn: Withdrawn = None


class EditionShape(Shape):
    """One form in which a release is sold."""

    name: Name
    tracks: Annotated[int, Field(ge=1, le=10_000)] | None = None
    note: Note = ""


class SongShape(Shape):
    """A song on a release."""

    id: Id
    title: Name
    performers: Annotated[tuple[Id, ...], Field(min_length=1)]
    aliases: tuple[Name, ...] = ()
    note: Note = ""


class ReleaseShape(Shape):
    """A record: what it is, when it comes out, what is on it."""

    id: Id
    title: Name
    artist: Id
    kind: Annotated[Name, Field(description="A noun of the trade: album, single, EP.")]
    date: Annotated[DateText, Field(description="2013-06-11, 2013-06 or 2013.")]
    date_note: Annotated[
        Note,
        Field(description="What of the date the source does not say itself; '' if it says all."),
    ]
    status: Annotated[Name, Field(description="As of the source: announced, released.")]
    as_of: Year
    paragraph: Paragraph
    aliases: tuple[Name, ...] = ()
    described_as: tuple[Name, ...] = ()
    editions: Annotated[tuple[EditionShape, ...], Field(max_length=10)] = ()
    songs: Annotated[tuple[SongShape, ...], Field(max_length=60)] = ()
    available: Annotated[
        tuple[Line, ...], Field(max_length=10, description="Where to get it, each as a phrase.")
    ] = ()
    withdrawn: Withdrawn = None


class TrialShape(Shape):
    """A question of your own that the pack must answer with a fact, or not at all."""

    question: Question
    fact: Annotated[Id | None, Field(description="The fact's id, or null for no answer.")]


class PackShape(Shape):
    """Everything that one source gives."""

    pack: Annotated[Id, Field(description="The file's name without .yaml.")]
    title: Name
    source: SourceShape
    entities: Annotated[tuple[EntityShape, ...], Field(min_length=1)]
    not_names: Annotated[
        tuple[Name, ...], Field(description="Capitalised words of the source that name nothing.")
    ] = ()
    releases: tuple[ReleaseShape, ...] = ()
    facts: Annotated[tuple[FactShape, ...], Field(min_length=1)]
    quotes: tuple[QuoteShape, ...] = ()
    tests: tuple[TrialShape, ...] = ()


def json_schema() -> str:
    """Return the JSON schema of a pack, as it stands in facts/pack.schema.json."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **PackShape.model_json_schema(),
        "title": "A fact pack of Liner Notes",
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
