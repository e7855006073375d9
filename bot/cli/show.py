"""An entry of a pack as the terminal shows it: all it says, and where that comes from."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from bot.packs.entries import collect_display_names, format_paragraphs
from bot.packs.models import Edition, ReleaseDate, Song

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.packs.entries import PackEntry
    from bot.packs.models import Source

_NAMING_FIELDS = frozenset({"subject", "about", "speaker", "artist", "performers"})
_WIDEST_LABEL = 12


def told(found: PackEntry) -> str:
    """Return the entry with its provenance, a line for each thing known about it."""
    lines = [f"{found.noun} {found.entry.id} (pack {found.pack.id})"]
    names = collect_display_names(found.pack)
    for field in fields(found.entry):
        value = getattr(found.entry, field.name)
        if field.name == "id" or value in (None, "", (), True):
            continue
        label = field.name.replace("_", " ")
        if field.name == "paragraphs":
            label, _, value = format_paragraphs(value).partition(" ")
        for text in _texts(value, names if field.name in _NAMING_FIELDS else {}):
            lines.append(f"  {label:<{_WIDEST_LABEL}}  {text}")
            label = ""
    source = found.pack.source
    lines.append(f"  {'source':<{_WIDEST_LABEL}}  {_provenance(source, found.paragraphs)}")
    lines.append(f"  {'rights':<{_WIDEST_LABEL}}  {source.rights}")
    return "\n".join(lines)


def _texts(value: object, names: dict[str, str]) -> Iterator[str]:
    match value:
        case tuple():
            for item in value:
                yield from _texts(item, names)
        case ReleaseDate():
            yield f"{value.text} ({value.note})" if value.note else value.text
        case Edition():
            count = f", {value.tracks} tracks" if value.tracks else ""
            yield f"{value.name}{count}{_noted(value.note)}"
        case Song():
            performers = ", ".join(value.performers)
            yield f"{value.title} ({value.id}), by {performers}{_noted(value.note)}"
        case False:
            yield "never drawn for the daily post"
        case str() if value in names:
            yield f"{names[value]} ({value})"
        case _:
            yield str(value)


def _noted(note: str) -> str:
    return f": {note}" if note else ""


def _provenance(source: Source, paragraphs: tuple[int, ...]) -> str:
    where = f", {format_paragraphs(paragraphs)}" if paragraphs else ""
    return (
        f"{source.title}, by {source.author} ({', '.join(source.publishers)}),"
        f" {source.year} (from {source.year_from}){where}"
    )
