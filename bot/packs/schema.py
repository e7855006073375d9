"""The shape of a pack's YAML, field by field, as pydantic models; also the editors' JSON schema.

Only `shape.py` and the maintainer's `facts schema` import this module, and only when they run:
pydantic costs a bot that already has its compiled store several megabytes.
"""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from bot.packs.fields import (
    FEWEST_WORDS,
    MOST_WORDS,
    Context,
    DateText,
    Id,
    Line,
    Name,
    Note,
    Paragraph,
    Paragraphs,
    Question,
    Statement,
    Withdrawn,
    Words,
    Year,
)
from bot.packs.models import EntityKind
from bot.packs.prose import ELLIPSIS


class Shape(BaseModel):
    """What all parts of a pack have in common: nothing is guessed, nothing unknown is let by."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class SourceSchema(Shape):
    """Where the pack's facts come from."""

    title: Name
    author: Name
    publishers: Annotated[tuple[Name, ...], Field(min_length=1)]
    year: Year
    year_from: Annotated[Line, Field(description="How the year is known, as a phrase.")]
    kind: Annotated[Name, Field(description="A noun: interview, article, book.")]
    rights: Line
    paragraphs: Annotated[
        Paragraph, Field(description="How many blocks of text, set apart by blank lines, it has.")
    ]


class EntitySchema(Shape):
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


def _one_of_both(schema: dict[str, Any]) -> None:
    for key in ("paragraph", "paragraphs"):
        schema["properties"][key].pop("default")
    schema["oneOf"] = [{"required": ["paragraph"]}, {"required": ["paragraphs"]}]


class CitingSchema(Shape):
    """An entry that cites the paragraphs of the source that bear it."""

    model_config = ConfigDict(json_schema_extra=_one_of_both)

    # That one of them is given, and not both, is checked on the tree, where it hides no other
    # fault; what stands here for a key that is not given would not pass for a given one.
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
    as_of: Annotated[Year, Field(description="The year in which it was true.")]
    note: Annotated[
        Note, Field(description="How the source bears it, shown in small print under the answer.")
    ] = ""
    covers: Annotated[
        tuple[Name, ...],
        Field(description="Attributes it answers though few facts do: age, money."),
    ] = ()
    quotes: tuple[Id, ...] = ()
    related: tuple[Id, ...] = ()
    withdrawn: Withdrawn = None


class QuoteSchema(CitingSchema):
    """Spoken words, verbatim."""

    id: Id
    speaker: Id
    words: Annotated[
        Words,
        Field(description=f"{FEWEST_WORDS} to {MOST_WORDS} words, {ELLIPSIS} where they are cut."),
    ]
    context: Annotated[Context, Field(description="What was being talked about, in your words.")]
    themes: Annotated[tuple[Name, ...], Field(min_length=1)]
    about: tuple[Id, ...] = ()
    daily: Annotated[
        bool, Field(description="false: never drawn for the daily post, where it stands alone.")
    ] = True
    withdrawn: Withdrawn = None


class EditionSchema(Shape):
    """One form in which a release is sold."""

    name: Name
    tracks: Annotated[int, Field(ge=1, le=10_000)] | None = None
    note: Note = ""


class SongSchema(Shape):
    """A song on a release."""

    id: Id
    title: Name
    performers: Annotated[tuple[Id, ...], Field(min_length=1)]
    aliases: tuple[Name, ...] = ()
    note: Note = ""


class ReleaseSchema(CitingSchema):
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
    aliases: tuple[Name, ...] = ()
    described_as: tuple[Name, ...] = ()
    editions: Annotated[tuple[EditionSchema, ...], Field(max_length=10)] = ()
    songs: Annotated[tuple[SongSchema, ...], Field(max_length=60)] = ()
    available: Annotated[
        tuple[Line, ...], Field(max_length=10, description="Where to get it, each as a phrase.")
    ] = ()
    withdrawn: Withdrawn = None


class PackTestSchema(Shape):
    """A question of your own that the pack must answer with a fact, or not at all."""

    question: Question
    fact: Annotated[Id | None, Field(description="The fact's id, or null for no answer.")]


class PackSchema(Shape):
    """Everything that one source gives."""

    pack: Annotated[Id, Field(description="The file's name without .yaml.")]
    title: Name
    source: SourceSchema
    entities: Annotated[tuple[EntitySchema, ...], Field(min_length=1)]
    not_names: Annotated[
        tuple[Name, ...], Field(description="Capitalised words of the source that name nothing.")
    ] = ()
    releases: tuple[ReleaseSchema, ...] = ()
    facts: Annotated[tuple[FactSchema, ...], Field(min_length=1)]
    quotes: tuple[QuoteSchema, ...] = ()
    tests: tuple[PackTestSchema, ...] = ()


def build_json_schema() -> str:
    """Return the JSON schema of a pack, as it stands in facts/pack.schema.json."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **PackSchema.model_json_schema(),
        "title": "A fact pack of Liner Notes",
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
