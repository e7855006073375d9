"""YAML fact packs in, validated models out; file, line and remedy for every fault."""

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
from bot.packs.yaml_source import line_at, parse_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from bot.packs.schema import CitingSchema, PackSchema, ReleaseSchema, SongSchema

_PRECISION = {4: DatePrecision.YEAR, 7: DatePrecision.MONTH, 10: DatePrecision.DAY}


def load_pack(path: Path) -> Pack:
    """Return the pack that a file holds.

    Raises:
        PackError: with every fault of the file at once, in the order of its lines.
    """
    # Imported only now: pydantic's megabytes are not for a bot whose store is compiled already.
    from bot.packs.validation import validate_schema  # noqa: PLC0415

    tree, faults = parse_yaml(read_text(path), path)
    shaped = validate_schema(tree, path)
    faults += check_references(tree, path)
    if isinstance(shaped, tuple):
        faults += shaped
    if faults or isinstance(shaped, tuple):
        raise PackError(sorted(faults, key=lambda fault: fault.line or 0))
    return _pack(shaped)


def load_packs(paths: Iterable[Path]) -> tuple[Pack, ...]:
    """Return the packs of several files, in their order.

    Raises:
        PackError: with every fault of every file, and one for each pack that is there twice.
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
    """Return the lines of a pack's file where keys and numbers lead: ("facts", 3, "covers", 0)."""
    tree, _ = parse_yaml(read_text(path), path)
    return tuple(line_at(tree, steps) for steps in places)


def _pack(shape: PackSchema) -> Pack:
    return Pack(
        id=shape.pack,
        title=shape.title,
        source=Source(**shape.source.model_dump()),
        entities=tuple(Entity(**entity.model_dump()) for entity in shape.entities),
        facts=tuple(Fact(**_with_paragraphs(fact)) for fact in shape.facts),
        quotes=tuple(Quote(**_with_paragraphs(quote)) for quote in shape.quotes),
        releases=tuple(map(_release, shape.releases)),
        not_names=shape.not_names,
        tests=tuple(PackTest(**trial.model_dump()) for trial in shape.tests),
    )


def _release(shape: ReleaseSchema) -> Release:
    return Release(
        **_with_paragraphs(shape, "date", "date_note", "editions", "songs"),
        date=ReleaseDate(shape.date, _PRECISION[len(shape.date)], shape.date_note),
        editions=tuple(Edition(**edition.model_dump()) for edition in shape.editions),
        songs=tuple(map(_song, shape.songs)),
    )


def _with_paragraphs(shape: CitingSchema, *left_out: str) -> dict[str, Any]:
    """Return an entry's fields, its paragraphs under one key whichever of both it used."""
    own = shape.model_dump(exclude={"paragraph", *left_out})
    return own | {"paragraphs": shape.paragraphs or (shape.paragraph,)}


def _song(shape: SongSchema) -> Song:
    return Song(**shape.model_dump())
