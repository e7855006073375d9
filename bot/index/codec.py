"""Sources, facts, quotes and releases to JSON and back."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, TypeVar

from bot.packs.models import (
    DatePrecision,
    Edition,
    Fact,
    Quote,
    Release,
    ReleaseDate,
    Song,
    Source,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

Entry = Fact | Quote | Release
Plain = TypeVar("Plain", Source, Fact, Quote, Edition, Song)


def to_json(thing: Source | Entry) -> str:
    """Return a thing as JSON, without what only indexing needed."""
    body = asdict(thing)
    if isinstance(thing, Fact):
        body["questions"] = thing.questions[:1]
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def source_from_json(text: str) -> Source:
    """Return the source that `to_json` wrote."""
    return _plain(Source, json.loads(text))


def fact_from_json(text: str) -> Fact:
    """Return the fact that `to_json` wrote, with the first of its questions only."""
    return _plain(Fact, json.loads(text))


def quote_from_json(text: str) -> Quote:
    """Return the quote that `to_json` wrote."""
    return _plain(Quote, json.loads(text))


def release_from_json(text: str) -> Release:
    """Return the release that `to_json` wrote."""
    body = json.loads(text)
    date = body["date"]
    body["date"] = ReleaseDate(date["text"], DatePrecision(date["precision"]), date["note"])
    body["editions"] = tuple(_plain(Edition, edition) for edition in body["editions"])
    body["songs"] = tuple(_plain(Song, song) for song in body["songs"])
    return Release(**_with_tuples(body))


def _plain(kind: type[Plain], body: Mapping[str, Any]) -> Plain:
    known = {field.name for field in fields(kind)}
    return kind(**_with_tuples({key: value for key, value in body.items() if key in known}))


def _with_tuples(body: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in body.items()}
