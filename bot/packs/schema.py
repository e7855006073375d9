"""The pydantic schemas of packs, and their JSON schemas for editors.

The limits keep everything a pack holds within Discord's. Only `validation` and `facts schema`
import this module, and only when they run: pydantic takes several megabytes, and a bot whose index
is compiled already needs none of it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from bot.packs.models import EntityKind, Pronoun
from bot.packs.prose import ELLIPSIS, count_words

if TYPE_CHECKING:
    from collections.abc import Iterable

KEBAB = r"^[a-z0-9]+(-[a-z0-9]+)*$"
MAX_ID = 40  # two of them and a prefix fit into Discord's 100 characters of a custom_id
MAX_NAME = 100  # a choice of Discord's autocomplete
MAX_LINE = 200
MAX_CONTEXT = 160
MAX_QUESTION = 300
MAX_STATEMENT = 350
MIN_QUOTE_WORDS, MAX_QUOTE_WORDS = 4, 16
MAX_QUOTE = 200
MAX_URL = 300

_DATE = r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"
_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_DATE_REMEDY = "write 2013-06-11, 2013-06 or 2013, as exactly as the source says"
_FIRST_DAY = "0001-01-01"
# The characters of a URL, without those that could end a link or turn into Markdown within one.
_URL = re.compile(r"https?://[A-Za-z0-9!#$%&'()*+,./:;=?@_~-]+")
_URL_REMEDY = "copy the page's address from the browser, with https:// and without spaces"
# Overrides and isolates, with which a line can be shown as other than it is.
_DIRECTIONS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
# An author who writes `withdrawn: no` means the opposite of a reason called "no".
_YES_OR_NO = frozenset({"yes", "no", "y", "n", "true", "false", "on", "off"})


def pack_error(what: str, remedy: str) -> PydanticCustomError:
    """Return a validation error with the words of a fault."""
    return PydanticCustomError("pack", "{what}", {"what": what, "remedy": remedy})


def check_line(text: str) -> str:
    """Refuse a text that is not one clean line."""
    if not text.strip() and text:
        raise pack_error("is empty", "say something")
    if text != text.strip():
        raise pack_error("starts or ends with a space", "remove it")
    if any(unicodedata.category(c) in {"Cc", "Zl", "Zp"} for c in text):
        raise pack_error("runs over several lines", "write it as one ('>-' folds lines into one)")
    if any(unicodedata.bidirectional(c) in _DIRECTIONS for c in text):
        raise pack_error("holds a mark that turns the direction of text", "remove it")
    return text


def year_to_text(value: object) -> object:
    """Turn a year that YAML reads as a number into text."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def check_date(text: str) -> str:
    """Refuse a text that is no date of the calendar."""
    if not re.fullmatch(_DATE, text):
        raise pack_error("is no date", _DATE_REMEDY)
    try:
        date.fromisoformat(text + _FIRST_DAY[len(text) :])
    except ValueError:
        raise pack_error(f"{text} is not in the calendar", _DATE_REMEDY) from None
    return text


def check_url(text: str) -> str:
    """Refuse a text that is no address of a web page."""
    if not _URL.fullmatch(text):
        raise pack_error("is no address of a web page", _URL_REMEDY)
    try:
        address = urlsplit(text)
        is_whole = bool(address.hostname) and (address.port is None or address.port > 0)
    except ValueError:  # a port that is no number
        is_whole = False
    if not is_whole:
        raise pack_error("is no address of a web page", _URL_REMEDY)
    if address.username is not None:
        raise pack_error("holds a name or password before an '@'", "leave them out")
    return text


def check_day(text: str) -> str:
    """Refuse a text that is no day of the calendar."""
    remedy = "write a whole day such as 2013-06-11, or remove the key"
    if not re.fullmatch(_DAY, text):
        raise pack_error("is no day", remedy)
    try:
        date.fromisoformat(text)
    except ValueError:
        raise pack_error(f"{text} is not in the calendar", remedy) from None
    return text


def check_quote_words(words: str) -> str:
    """Refuse words that are no verbatim quotation of fit length."""
    if any(mark in words for mark in '"“”„'):
        raise pack_error(
            "holds double quotation marks", "leave them out; they are added when shown"
        )
    if "[" in words or "]" in words:
        raise pack_error("holds the editor's brackets", f"write {ELLIPSIS} where they stood")
    if "..." in words:
        raise pack_error("cuts with three dots", f"write {ELLIPSIS}")
    count = count_words(words)
    if count > MAX_QUOTE_WORDS:
        raise pack_error(
            f"are {count} words, at most {MAX_QUOTE_WORDS}", f"cut them, with {ELLIPSIS} inside"
        )
    if count < MIN_QUOTE_WORDS:
        raise pack_error(
            f"are {count} words, at least {MIN_QUOTE_WORDS}", "quote more, or write a fact"
        )
    return words


def check_order(paragraphs: tuple[int, ...]) -> tuple[int, ...]:
    """Refuse paragraphs out of order, or given twice."""
    ordered = sorted(set(paragraphs))
    if list(paragraphs) != ordered:
        raise pack_error("are not in order, each once", f"write {ordered}")
    return paragraphs


def check_reason(value: object) -> object:
    """Refuse a missing reason, and a yes or no."""
    remedy = "say why it is withdrawn, or remove the key"
    if value is None:
        raise pack_error("is empty", remedy)
    if str(value).strip().lower() in _YES_OR_NO:
        raise pack_error(f"is '{str(value).strip().lower()}', which is no reason", remedy)
    return value


def nothing_to_text(value: object) -> object:
    """Turn a key without a value into an empty text."""
    return "" if value is None else value


def nothing_to_list(value: object) -> object:
    """Turn a key without a value into an empty list."""
    return () if value is None else value


def or_nothing(schema: dict[str, Any]) -> None:
    """Let an editor accept a key without a value too."""
    schema["type"] = [schema["type"], "null"]
    schema.pop("default", None)


Id = Annotated[str, Field(max_length=MAX_ID, pattern=KEBAB)]
Line = Annotated[str, Field(min_length=1, max_length=MAX_LINE), AfterValidator(check_line)]
Name = Annotated[str, Field(min_length=1, max_length=MAX_NAME), AfterValidator(check_line)]
Note = Annotated[str, Field(max_length=MAX_LINE), AfterValidator(check_line)]
Context = Annotated[str, Field(min_length=1, max_length=MAX_CONTEXT), AfterValidator(check_line)]
Question = Annotated[str, Field(min_length=1, max_length=MAX_QUESTION), AfterValidator(check_line)]
Statement = Annotated[
    str, Field(min_length=1, max_length=MAX_STATEMENT), AfterValidator(check_line)
]
Words = Annotated[
    str,
    Field(min_length=1, max_length=MAX_QUOTE),
    AfterValidator(check_line),
    AfterValidator(check_quote_words),
]
Paragraph = Annotated[int, Field(ge=1, le=10_000)]
Paragraphs = Annotated[
    tuple[Paragraph, ...], Field(min_length=1, max_length=100), AfterValidator(check_order)
]
Year = Annotated[int, Field(ge=1000, le=9999)]
AsOf = Annotated[
    Year | None,
    Field(description="The year in which it was true; the source's, if left out."),
    WithJsonSchema({"type": "integer", "minimum": 1000, "maximum": 9999}),
]
DateText = Annotated[
    str,
    BeforeValidator(year_to_text),
    AfterValidator(check_date),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": _DATE}, {"type": "integer"}]}),
]
Url = Annotated[
    str,
    # Not as `pattern`: its fault would speak of kebab case.
    Field(max_length=MAX_URL, json_schema_extra={"pattern": r"^https?://\S+$"}),
    AfterValidator(check_url),
]
Day = Annotated[
    str,
    AfterValidator(check_day),
    WithJsonSchema({"type": "string", "pattern": _DAY}),
]
Withdrawn = Annotated[
    Line | None,
    BeforeValidator(check_reason),
    WithJsonSchema(
        {
            "type": "string",
            "minLength": 1,
            "maxLength": MAX_LINE,
            "description": "Why it is no longer served. It stays in the file, and is never shown.",
        }
    ),
]


class StrictModel(BaseModel):
    """A part of a pack, without conversions and unknown keys."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class SourceSchema(StrictModel):
    """Where the pack's facts come from."""

    title: Name
    author: Annotated[
        str,
        BeforeValidator(nothing_to_text),
        Field(
            max_length=MAX_NAME,
            description="Who wrote it; left out or empty if the source does not say.",
            json_schema_extra=or_nothing,
        ),
        AfterValidator(check_line),
    ] = ""
    publishers: Annotated[
        tuple[Name, ...],
        BeforeValidator(nothing_to_list),
        Field(
            description="Where it appeared; left out or empty if the source does not say.",
            json_schema_extra=or_nothing,
        ),
    ] = ()
    year: Annotated[
        Year | None,
        Field(description="When it appeared; left out or empty if nothing tells."),
        WithJsonSchema({"type": ["integer", "null"], "minimum": 1000, "maximum": 9999}),
    ] = None
    # `references` checks that a year has it, for the reason given at `CitingSchema`.
    year_from: Annotated[
        str,
        BeforeValidator(nothing_to_text),
        Field(
            max_length=MAX_LINE,
            description="How the year is known, as a phrase.",
            json_schema_extra=or_nothing,
        ),
        AfterValidator(check_line),
    ] = ""
    kind: Annotated[Name, Field(description="A noun: interview, article, book.")]
    rights: Line
    paragraphs: Annotated[
        Paragraph, Field(description="How many blocks of text, set apart by blank lines, it has.")
    ]
    url: Annotated[
        Url, Field(description="Where it can be read: the page's address, with https://.")
    ] = ""


class EntitySchema(StrictModel):
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
    pronouns: Annotated[
        tuple[Annotated[Pronoun, Field(strict=False)], ...],
        Field(max_length=3, description="he, she or they: those that people use of it."),
    ] = ()


def _require_one_citation(schema: dict[str, Any]) -> None:
    for key in ("paragraph", "paragraphs"):
        schema["properties"][key].pop("default")
    schema["oneOf"] = [{"required": ["paragraph"]}, {"required": ["paragraphs"]}]


class CitingSchema(StrictModel):
    """An entry that cites the paragraphs of the source that bear it."""

    model_config = ConfigDict(json_schema_extra=_require_one_citation)

    # `references` checks that one of them is given, and not both: a check here would hide all other
    # faults of the entry. The defaults are values that the field itself would refuse.
    paragraph: Annotated[Paragraph, Field(description="The one that bears it.")] = 0
    paragraphs: Annotated[
        Paragraphs, Field(description="Instead of 'paragraph': all that bear it, in order.")
    ] = ()


class FactSchema(CitingSchema):
    """One thing that the source states, in your own words."""

    id: Id
    subject: Annotated[Id, Field(description="The entity, release or song that it is about.")]
    about: Annotated[tuple[Id, ...], Field(description="Ids of whatever else it speaks of.")] = ()
    statement: Statement
    questions: Annotated[
        tuple[Question, ...],
        Field(min_length=1, description="How people ask for it; the first is shown to them."),
    ]
    unanswered: Annotated[
        tuple[Question, ...],
        Field(
            description="Questions near it that nothing in the pack answers: what one would like "
            "to know next."
        ),
    ] = ()
    as_of: Annotated[
        AsOf,
        Field(
            description="The year in which it was true; if left out the source's, unless "
            "'as_of_every_fact' is false."
        ),
    ] = None
    note: Annotated[
        Note, Field(description="How the source bears it, shown in small print under the answer.")
    ] = ""
    covers: Annotated[
        tuple[Name, ...],
        Field(
            description="Hardly ever needed: seldom-told topics that it answers, though none of "
            "its questions and words asks for them."
        ),
    ] = ()
    quotes: tuple[Id, ...] = ()
    related: tuple[Id, ...] = ()
    date: Annotated[
        Day,
        Field(description="The day on which it happened, 2013-06-11: posted on its anniversary."),
    ] = ""
    daily: Annotated[
        bool, Field(description="false: never drawn for the daily post, where it stands alone.")
    ] = True
    withdrawn: Withdrawn = None


class QuoteSchema(CitingSchema):
    """Spoken words, verbatim."""

    id: Id
    speaker: Id
    words: Annotated[
        Words,
        Field(
            description=f"{MIN_QUOTE_WORDS} to {MAX_QUOTE_WORDS} words, "
            f"{ELLIPSIS} where they are cut."
        ),
    ]
    context: Annotated[Context, Field(description="What was being talked about, in your words.")]
    themes: Annotated[tuple[Name, ...], Field(min_length=1)]
    about: tuple[Id, ...] = ()
    daily: Annotated[
        bool, Field(description="false: never drawn for the daily post, where it stands alone.")
    ] = True
    withdrawn: Withdrawn = None


class EditionSchema(StrictModel):
    """One form of a release that is sold."""

    name: Name
    tracks: Annotated[int, Field(ge=1, le=10_000)] | None = None
    note: Note = ""


class SongSchema(StrictModel):
    """A song on a release."""

    id: Id
    title: Name
    performers: Annotated[tuple[Id, ...], Field(min_length=1)]
    aliases: tuple[Name, ...] = ()
    note: Note = ""


def _require_date_note(schema: dict[str, Any]) -> None:
    _require_one_citation(schema)
    schema["properties"]["date"].pop("default")
    schema["dependentRequired"] = {"date": ["date_note"]}


class ReleaseSchema(CitingSchema):
    """A record with its date, editions and songs."""

    model_config = ConfigDict(json_schema_extra=_require_date_note)

    id: Id
    title: Name
    artist: Id
    kind: Annotated[Name, Field(description="A noun of the trade: album, single, EP.")]
    # `references` checks that a date has its note, for the reason given at `CitingSchema`.
    date: Annotated[
        DateText,
        Field(description="2013-06-11, 2013-06 or 2013; left out if the source gives none."),
    ] = ""
    date_note: Annotated[
        Note,
        Field(description="What of the date the source does not say itself; '' if it says all."),
    ] = ""
    status: Annotated[
        Name,
        Field(description="In a word, as the source has it: announced, released, unreleased."),
    ]
    as_of: AsOf = None
    aliases: tuple[Name, ...] = ()
    described_as: tuple[Name, ...] = ()
    editions: Annotated[tuple[EditionSchema, ...], Field(max_length=10)] = ()
    songs: Annotated[tuple[SongSchema, ...], Field(max_length=60)] = ()
    available: Annotated[
        tuple[Line, ...], Field(max_length=10, description="Where to get it, each as a phrase.")
    ] = ()
    withdrawn: Withdrawn = None


class PackTestSchema(StrictModel):
    """Your own question with the fact that must answer it, or null."""

    question: Question
    fact: Annotated[Id | None, Field(description="The fact's id, or null for no answer.")]


class PackSchema(StrictModel):
    """All facts, quotes and releases from one source."""

    pack: Annotated[Id, Field(description="The file's name without .yaml.")]
    title: Name
    source: SourceSchema
    main: Annotated[
        Id | None,
        Field(
            description="The person or band that the source is about, if not whom most facts name. "
            "Where a fact names nobody, 'she' and 'he' mean that person; a band changes nothing."
        ),
    ] = None
    entities: Annotated[tuple[EntitySchema, ...], Field(min_length=1)]
    not_names: Annotated[
        tuple[Name, ...], Field(description="Capitalised words of the source that name nothing.")
    ] = ()
    releases: tuple[ReleaseSchema, ...] = ()
    as_of_every_fact: Annotated[
        bool,
        Field(
            description="false: no 'As of 2020:' is said before a fact without an 'as_of' of its "
            "own, since it holds in any year."
        ),
    ] = True
    facts: Annotated[tuple[FactSchema, ...], Field(min_length=1)]
    quotes: tuple[QuoteSchema, ...] = ()
    tests: tuple[PackTestSchema, ...] = ()


class SidecarSchema(StrictModel):
    """Further ways of asking for entries of one pack, and tests."""

    questions: Annotated[
        dict[str, Annotated[tuple[Question, ...], Field(min_length=1)]],
        Field(description="By a fact's id: how people ask for it, besides the pack's own."),
    ] = {}
    unanswered: Annotated[
        dict[str, Annotated[tuple[Question, ...], Field(min_length=1)]],
        Field(
            description="By a fact's id: questions near it that nothing in the pack answers, "
            "besides the pack's own."
        ),
    ] = {}
    themes: Annotated[
        dict[str, Annotated[tuple[Name, ...], Field(min_length=1)]],
        Field(description="By a quote's id: its themes, besides the pack's own."),
    ] = {}
    tests: Annotated[
        tuple[PackTestSchema, ...],
        Field(description="Questions with the fact that must answer them, or null."),
    ] = ()


class SourceTranslationSchema(StrictModel):
    """The source's title and the like, in the translation's language."""

    title: Name
    year_from: Annotated[
        Note, Field(description="How the year is known; left out where the pack has no year.")
    ] = ""
    kind: Name
    rights: Line


class NameTranslationSchema(StrictModel):
    """A name in the translation's language."""

    name: Annotated[Note, Field(description="As it is shown; the original, if left out.")] = ""
    aliases: Annotated[tuple[Name, ...], Field(description="Besides those of the pack.")] = ()
    described_as: Annotated[
        tuple[Name, ...], Field(description="Phrases that mean it without its name, in full.")
    ] = ()


class TranslatedSchema(StrictModel):
    """A translated entry, with the digest of its original."""

    original: Annotated[
        str,
        Field(
            pattern=r"^[a-p]{8}$",
            description="The digest of what was translated: write aaaaaaaa, and `facts check` "
            "tells which.",
        ),
    ]


class FactTranslationSchema(TranslatedSchema):
    """A fact in the translation's language."""

    statement: Statement
    questions: Annotated[
        tuple[Question, ...],
        Field(min_length=1, description="How people ask for it; the first is shown to them."),
    ]
    note: Note = ""


class QuoteTranslationSchema(TranslatedSchema):
    """A quotation's context and themes, and its words translated by us."""

    translation: Annotated[
        str, Field(min_length=1, max_length=MAX_QUOTE), AfterValidator(check_line)
    ]
    context: Context
    themes: Annotated[tuple[Name, ...], Field(min_length=1)]


class EditionTranslationSchema(StrictModel):
    """An edition's name and note, in the order of the original's."""

    name: Name
    note: Note = ""


class ReleaseTranslationSchema(TranslatedSchema):
    """A release in the translation's language."""

    kind: Name
    status: Name
    date_note: Note = ""
    editions: tuple[EditionTranslationSchema, ...] = ()
    available: tuple[Line, ...] = ()
    songs: Annotated[dict[str, Line], Field(description="Notes on songs, by their ids.")] = {}


class TranslationSchema(StrictModel):
    """A pack's texts in another language, by id."""

    title: Name
    source: SourceTranslationSchema
    names: dict[str, NameTranslationSchema] = {}
    releases: dict[str, ReleaseTranslationSchema] = {}
    facts: Annotated[dict[str, FactTranslationSchema], Field(min_length=1)]
    quotes: dict[str, QuoteTranslationSchema] = {}


def build_json_schema(attributes: Iterable[str]) -> str:
    """Return the JSON schema of a pack, as it stands in facts/pack.schema.json.

    `attributes` are the names that may stand under `covers`, for an editor to offer.
    """
    schema = PackSchema.model_json_schema()
    schema["$defs"]["FactSchema"]["properties"]["covers"]["items"] = {"enum": sorted(attributes)}
    return _write_json_schema(schema, "A fact pack of Liner Notes")


def build_sidecar_json_schema() -> str:
    """Return the JSON schema of a sidecar, as it stands in facts/questions.schema.json."""
    return _write_json_schema(
        SidecarSchema.model_json_schema(), "Further ways of asking, for a fact pack"
    )


def build_translation_json_schema() -> str:
    """Return the JSON schema of a translation, as it stands in facts/translation.schema.json."""
    return _write_json_schema(TranslationSchema.model_json_schema(), "A fact pack's translation")


def _write_json_schema(schema: dict[str, Any], title: str) -> str:
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    schema = {**dialect, **schema, "title": title}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
