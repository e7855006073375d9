"""Sources and entries to JSON and back, and numbers to bytes."""

from __future__ import annotations

import json
import sys
from array import array
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from bot.errors import Fault, UntoldFaults
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
    from collections.abc import Iterable, Mapping

Entry = Fact | Quote | Release
Flat = TypeVar("Flat", Source, Fact, Quote, Edition, Song)
"""A dataclass whose fields are plain values and tuples of them."""


def to_json(record: Source | Entry) -> str:
    """Return a source or an entry as JSON."""
    body = asdict(record)
    if isinstance(record, Fact):
        # Only the first question is ever shown; the others are in the fact's document.
        body["questions"] = record.questions[:1]
        body["unanswered"] = ()
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def source_from_json(text: str) -> Source:
    """Return the source from its JSON."""
    return _build_flat(Source, json.loads(text))


def fact_from_json(text: str) -> Fact:
    """Return the fact from its JSON, with its first question only."""
    return _build_flat(Fact, json.loads(text))


def quote_from_json(text: str) -> Quote:
    """Return the quote from its JSON."""
    return _build_flat(Quote, json.loads(text))


def release_from_json(text: str) -> Release:
    """Return the release from its JSON."""
    body = json.loads(text)
    date = body["date"]
    body["date"] = ReleaseDate(date["text"], DatePrecision(date["precision"]), date["note"])
    body["editions"] = tuple(_build_flat(Edition, edition) for edition in body["editions"])
    body["songs"] = tuple(_build_flat(Song, song) for song in body["songs"])
    return Release(**_lists_to_tuples(body))


def faults_to_json(faults: Iterable[Fault]) -> str:
    """Return faults as JSON, with the names of their files alone.

    An index holds for the same files in any folder.
    """
    rows = [
        [each.path.name, each.line, each.what, each.remedy, getattr(each, "count", None)]
        for each in faults
    ]
    return json.dumps(rows, ensure_ascii=False)


def faults_from_json(text: str) -> tuple[Fault, ...]:
    """Return faults from their JSON."""
    return tuple(
        Fault(Path(name), line, what, remedy)
        if count is None
        else UntoldFaults(Path(name), line, what, remedy, count)
        for name, line, what, remedy, count in json.loads(text)
    )


def pack_numbers(typecode: str, numbers: Iterable[int]) -> bytes:
    """Return numbers as bytes, of the width of an `array` typecode."""
    return _little_endian(array(typecode, numbers)).tobytes()


def unpack_numbers(typecode: str, packed: bytes) -> array[int]:
    """Return the numbers from `pack_numbers`."""
    return _little_endian(array(typecode, packed))


def _little_endian(numbers: array[int]) -> array[int]:
    # A wheel brings an index that was compiled on another machine.
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def _build_flat(kind: type[Flat], body: Mapping[str, Any]) -> Flat:
    # A later version of the program may have written fields that this one does not know.
    known = {field.name for field in fields(kind)}
    return kind(**_lists_to_tuples({key: value for key, value in body.items() if key in known}))


def _lists_to_tuples(body: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in body.items()}
