"""Load fact packs from YAML files, or report all their faults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.errors import Fault, PackError
from bot.packs.files import read_text
from bot.packs.models import (
    DatePrecision,
    Edition,
    Entity,
    Fact,
    Pack,
    PackTest,
    Quote,
    Release,
    ReleaseDate,
    Song,
    Source,
)
from bot.packs.references import check_references
from bot.packs.yaml_source import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from bot.packs.schema import CitingSchema, PackSchema, ReleaseSchema

_PRECISION = {
    0: DatePrecision.UNKNOWN,
    4: DatePrecision.YEAR,
    7: DatePrecision.MONTH,
    10: DatePrecision.DAY,
}
"""The precision of a date by its number of characters."""


def load_pack(path: Path) -> Pack:
    """Return the pack in a file.

    Raises:
        PackError: The file has faults. The error holds all of them, in the order of their lines.
    """
    # Imported only now: pydantic takes megabytes that a bot with a compiled index does not need.
    from bot.packs.validation import validate_schema  # noqa: PLC0415

    source = parse_yaml(read_text(path), path)
    validated = validate_schema(source, path)
    faults = source.faults + check_references(source, path)
    if isinstance(validated, tuple):
        faults += validated
    if faults or isinstance(validated, tuple):
        raise PackError(sorted(faults, key=lambda fault: fault.line or 0))
    return _build_pack(validated)


def load_packs(paths: Iterable[Path]) -> tuple[Pack, ...]:
    """Return the packs in several files.

    Raises:
        PackError: Some file has faults, or two files have the same pack. The error holds the faults
            of all files.
    """
    packs: dict[str, tuple[Pack, Path]] = {}
    faults: list[Fault] = []
    for path in paths:
        try:
            pack = load_pack(path)
        except PackError as error:
            faults += error.faults
            continue
        if pack.id in packs:
            what = f"the pack '{pack.id}' is in {packs[pack.id][1]} already"
            faults.append(Fault(path, None, what, "rename one, or leave one out"))
        packs.setdefault(pack.id, (pack, path))
    if faults:
        raise PackError(faults)
    return tuple(pack for pack, _ in packs.values())


def find_lines(path: Path, places: Iterable[Sequence[str | int]]) -> tuple[int, ...]:
    """Return the line of each place in a pack's file.

    A place is the way to a value by keys and positions: ("facts", 3, "covers", 0).
    """
    source = parse_yaml(read_text(path), path)
    return tuple(source.line_at(steps) for steps in places)


def _build_pack(schema: PackSchema) -> Pack:
    return Pack(
        id=schema.pack,
        title=schema.title,
        source=Source(**schema.source.model_dump()),
        entities=tuple(Entity(**entity.model_dump()) for entity in schema.entities),
        facts=tuple(Fact(**_fields_of(fact)) for fact in schema.facts),
        quotes=tuple(Quote(**_fields_of(quote)) for quote in schema.quotes),
        releases=tuple(map(_build_release, schema.releases)),
        not_names=schema.not_names,
        tests=tuple(PackTest(**test.model_dump()) for test in schema.tests),
        main=schema.main or "",
    )


def _build_release(schema: ReleaseSchema) -> Release:
    return Release(
        **_fields_of(schema, "date", "date_note", "editions", "songs"),
        date=ReleaseDate(schema.date, _PRECISION[len(schema.date)], schema.date_note),
        editions=tuple(Edition(**edition.model_dump()) for edition in schema.editions),
        songs=tuple(Song(**song.model_dump()) for song in schema.songs),
    )


def _fields_of(schema: CitingSchema, *without: str) -> dict[str, Any]:
    """Return an entry's fields, with its citation always under 'paragraphs'."""
    fields = schema.model_dump(exclude={"paragraph", *without})
    return fields | {"paragraphs": schema.paragraphs or (schema.paragraph,)}
