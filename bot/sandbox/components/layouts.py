"""Layouts of components in messages, both generations: rows, sections, containers.

https://discord.com/developers/docs/components/reference
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from bot.sandbox.components.controls import (
    MOST_COMPONENTS,
    SELECTS,
    ComponentType,
    Read,
    Tally,
    check_totals,
    of_kind,
    read_button,
    read_select,
    read_text_display,
)
from bot.sandbox.components.embeds import MEDIA_SCHEMES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from bot.sandbox.components.embeds import Locate
    from bot.sandbox.validation import FieldReader
    from bot.sandbox.wire import Json

MOST_ROWS = 5


def read_rows(reader: FieldReader) -> list[Json]:
    """Read a message's components of the first generation: rows, at most five."""
    tally = Tally()
    return [_of_kind(each, tally, {_ROW}) for each in reader.items(most=MOST_ROWS)]


def read_layout(reader: FieldReader) -> list[Json]:
    """Read a message's components of the second generation (flag IS_COMPONENTS_V2)."""
    tally = Tally()
    found = [_of_kind(each, tally, _IN_LAYOUT) for each in reader.items(most=MOST_COMPONENTS)]
    check_totals(reader, tally)
    return found


def walk(components: list[Json]) -> Iterator[Json]:
    """Yield every component, those inside others too."""
    for component in components:
        yield component
        yield from walk(component.get("components", []))
        for key in ("accessory", "component"):
            if key in component:
                yield from walk([component[key]])


def locate_media(components: list[Json], locate: Locate) -> list[Json]:
    """Return the components with their attachments' addresses filled in."""
    return [_located(component, locate) for component in components]


def _located(component: Json, locate: Locate) -> Json:
    located = dict(component)
    for key in ("media", "file"):
        if key in component:
            located[key] = _media(component[key]["url"], locate)
    if "items" in component:
        items = component["items"]
        located["items"] = [
            each | {"media": _media(each["media"]["url"], locate)} for each in items
        ]
    if "components" in component:
        located["components"] = locate_media(component["components"], locate)
    for key in ("accessory", "component"):
        if key in component:
            located[key] = _located(component[key], locate)
    return located


def _media(url: str, locate: Locate) -> Json:
    found = locate(url)
    return {
        "id": str(zlib.crc32(url.encode())),
        "url": found,
        "proxy_url": found,
        "width": None,
        "height": None,
        "content_type": None,
    }


def _of_kind(reader: FieldReader, tally: Tally, allowed: Collection[ComponentType]) -> Json:
    """Read a component of whichever kind it is, if that kind may stand here."""
    return of_kind(reader, tally, allowed, _READERS)


def _row(reader: FieldReader, tally: Tally) -> Json:
    row = tally.common(reader)
    at = reader["components"]
    at.require()
    row["components"] = [_of_kind(each, tally, _IN_ROW) for each in at.items(least=1, most=5)]
    kinds = [each.get("type") for each in row["components"]]
    if len(kinds) > 1 and any(kind != ComponentType.BUTTON for kind in kinds):
        at.fault("COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The row is full: a select takes all of it")
    return row


def _section(reader: FieldReader, tally: Tally) -> Json:
    section = tally.common(reader)
    at = reader["components"]
    at.require()
    texts = at.items(least=1, most=3)
    section["components"] = [_of_kind(each, tally, {ComponentType.TEXT_DISPLAY}) for each in texts]
    if reader["accessory"].require():
        section["accessory"] = _of_kind(reader["accessory"], tally, _ACCESSORIES)
    return section


def _container(reader: FieldReader, tally: Tally) -> Json:
    container = tally.common(reader)
    at = reader["components"]
    at.require()
    inside = at.items(least=1, most=MOST_COMPONENTS)
    container["components"] = [_of_kind(each, tally, _IN_CONTAINER) for each in inside]
    container["accent_color"] = reader["accent_color"].number(low=0, high=0xFFFFFF)
    container["spoiler"] = bool(reader["spoiler"].flag())
    return container


def _thumbnail(reader: FieldReader, tally: Tally) -> Json:
    return tally.common(reader) | _described_media(reader)


def _gallery(reader: FieldReader, tally: Tally) -> Json:
    gallery = tally.common(reader)
    reader["items"].require()
    gallery["items"] = [_described_media(each) for each in reader["items"].items(least=1, most=10)]
    return gallery


def _file(reader: FieldReader, tally: Tally) -> Json:
    file = tally.common(reader)
    reader["file"]["url"].require()
    url = reader["file"]["url"].url(schemes=("attachment",)) or ""
    name = url.removeprefix("attachment://")
    spoiler = bool(reader["spoiler"].flag())
    return file | {"file": {"url": url}, "name": name, "size": None, "spoiler": spoiler}


def _described_media(reader: FieldReader) -> Json:
    reader["media"]["url"].require()
    return {
        "media": {"url": reader["media"]["url"].url(schemes=MEDIA_SCHEMES) or ""},
        "description": reader["description"].text(most=1024),
        "spoiler": bool(reader["spoiler"].flag()),
    }


def _separator(reader: FieldReader, tally: Tally) -> Json:
    divider = reader["divider"].flag()
    return tally.common(reader) | {
        "divider": True if divider is None else divider,
        "spacing": reader["spacing"].one_of((1, 2)) or 1,
    }


_ROW = ComponentType.ACTION_ROW
_IN_ROW = SELECTS | {ComponentType.BUTTON}
_ACCESSORIES = {ComponentType.BUTTON, ComponentType.THUMBNAIL}
_IN_CONTAINER = {
    _ROW,
    ComponentType.SECTION,
    ComponentType.TEXT_DISPLAY,
    ComponentType.MEDIA_GALLERY,
    ComponentType.FILE,
    ComponentType.SEPARATOR,
}
_IN_LAYOUT = _IN_CONTAINER | {ComponentType.CONTAINER}
_READERS: dict[ComponentType, Read] = {
    _ROW: _row,
    ComponentType.BUTTON: read_button,
    ComponentType.SECTION: _section,
    ComponentType.TEXT_DISPLAY: read_text_display,
    ComponentType.THUMBNAIL: _thumbnail,
    ComponentType.MEDIA_GALLERY: _gallery,
    ComponentType.FILE: _file,
    ComponentType.SEPARATOR: _separator,
    ComponentType.CONTAINER: _container,
    **dict.fromkeys(SELECTS, read_select),
}
