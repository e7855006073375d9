"""Load fact packs from YAML files, or report all their faults."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING, Any

from bot.errors import Fault, PackError, limit_faults
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
from bot.packs.sidecar import read_sidecar
from bot.packs.yaml_source import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from bot.packs.schema import CitingSchema, PackSchema, SidecarSchema
    from bot.packs.sidecar import Sidecar

_PRECISION = {
    0: DatePrecision.UNKNOWN,
    4: DatePrecision.YEAR,
    7: DatePrecision.MONTH,
    10: DatePrecision.DAY,
}
"""The precision of a date by its number of characters."""


class Purpose(Enum):
    """The use that packs are loaded for."""

    CHECKING = "checking"
    """Everything, as an author wants it."""
    SERVING = "serving"
    """The packs themselves. Of their translations, the faulty parts are left out."""


def load_pack(path: Path, purpose: Purpose = Purpose.CHECKING) -> Pack:
    """Return the pack in a file, with what its sidecars add.

    Raises:
        PackError: The file or its sidecar has faults. The error holds the first of each file, in
            the order of their lines, and the number of the others.
    """
    # Imported only now: pydantic takes megabytes that a bot with a compiled index does not need.
    from bot.packs.schema import PackSchema, SidecarSchema  # noqa: PLC0415
    from bot.packs.translation import read_translations  # noqa: PLC0415
    from bot.packs.validation import validate_schema  # noqa: PLC0415

    sidecar: Sidecar | None = None
    unread: tuple[Fault, ...] = ()
    try:
        sidecar = read_sidecar(path)
    except PackError as error:
        unread = error.faults  # told beside the faults of the pack itself
    source = parse_yaml(read_text(path), path)
    if source.content and source.content.keys() <= SidecarSchema.model_fields.keys():
        what = "this file has ways of asking or tests, and is no pack"
        remedy = f"call it as its pack is called: NAME{path.suffix} has NAME.questions{path.suffix}"
        raise PackError([Fault(path, 1, what, remedy)])
    pack = validate_schema(PackSchema, source, path)
    added: SidecarSchema | tuple[Fault, ...] = SidecarSchema()
    faults = source.faults + check_references(source, path, sidecar) + unread
    if sidecar is not None:
        added = validate_schema(SidecarSchema, sidecar.source, sidecar.path)
        faults += sidecar.source.faults
    faults += pack if isinstance(pack, tuple) else ()
    faults += added if isinstance(added, tuple) else ()
    if faults or isinstance(pack, tuple) or isinstance(added, tuple):
        raise PackError(sorted(faults, key=lambda fault: (fault.path != path, fault.line or 0)))
    built = _build_pack(pack, added)
    translations, left_out = read_translations(path, built)
    if left_out and purpose is Purpose.CHECKING:
        raise PackError(left_out)
    return replace(built, translations=translations, translation_faults=limit_faults(left_out))


def load_packs(paths: Iterable[Path], purpose: Purpose = Purpose.CHECKING) -> tuple[Pack, ...]:
    """Return the packs in several files.

    Raises:
        PackError: Some file has faults, or two files have the same pack. The error holds the faults
            of all files.
    """
    packs: dict[str, tuple[Pack, Path]] = {}
    faults: list[Fault] = []
    for path in paths:
        try:
            pack = load_pack(path, purpose)
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


def locate_values(
    path: Path, places: Iterable[Sequence[str | int]]
) -> tuple[tuple[Path, int], ...]:
    """Return the file and line of each place in a loaded pack.

    A place is the way to a value by keys and positions: ("facts", 3, "covers", 0). The sample
    questions, themes and tests that a sidecar adds count on behind the pack's own.
    """
    source, sidecar = parse_yaml(read_text(path), path), read_sidecar(path)
    located: list[tuple[Path, int]] = []
    for steps in places:
        if sidecar is not None and (added := sidecar.steps_to(source, steps)) is not None:
            located.append((sidecar.path, sidecar.source.line_at(added)))
        else:
            located.append((path, source.line_at(steps)))
    return tuple(located)


def _build_pack(schema: PackSchema, added: SidecarSchema) -> Pack:
    return Pack(
        id=schema.pack,
        title=schema.title,
        source=Source(**schema.source.model_dump()),
        entities=tuple(Entity(**entity.model_dump()) for entity in schema.entities),
        facts=tuple(
            Fact(
                **_fields_of(fact, "questions", "unanswered", "as_of"),
                as_of=fact.as_of or (schema.source.year if schema.as_of_every_fact else None),
                questions=(*fact.questions, *added.questions.get(fact.id, ())),
                unanswered=(*fact.unanswered, *added.unanswered.get(fact.id, ())),
            )
            for fact in schema.facts
        ),
        quotes=tuple(
            Quote(
                **_fields_of(quote, "themes"),
                themes=(*quote.themes, *added.themes.get(quote.id, ())),
            )
            for quote in schema.quotes
        ),
        releases=tuple(
            Release(
                **_fields_of(release, "as_of", "date", "date_note", "editions", "songs"),
                as_of=release.as_of or schema.source.year,
                date=ReleaseDate(release.date, _PRECISION[len(release.date)], release.date_note),
                editions=tuple(Edition(**edition.model_dump()) for edition in release.editions),
                songs=tuple(Song(**song.model_dump()) for song in release.songs),
            )
            for release in schema.releases
        ),
        not_names=schema.not_names,
        tests=tuple(PackTest(**test.model_dump()) for test in (*schema.tests, *added.tests)),
        main=schema.main or "",
    )


def _fields_of(schema: CitingSchema, *without: str) -> dict[str, Any]:
    """Return an entry's fields, with its citation always under 'paragraphs'."""
    fields = schema.model_dump(exclude={"paragraph", *without})
    return fields | {"paragraphs": schema.paragraphs or (schema.paragraph,)}
