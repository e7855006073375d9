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
    return [read_component(each, tally, {_ROW}) for each in reader.items(most=MOST_ROWS)]


def read_layout(reader: FieldReader) -> list[Json]:
    """Read a message's components of the second generation (flag IS_COMPONENTS_V2)."""
    tally = Tally()
    found = [read_component(each, tally, _IN_LAYOUT) for each in reader.items(most=MOST_COMPONENTS)]
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
    return [locate_component(component, locate) for component in components]


def locate_component(component: Json, locate: Locate) -> Json:
    """Return a component with the addresses of its files."""
    located = dict(component)
    for key in ("media", "file"):
        if key in component:
            located[key] = media_json(component[key]["url"], locate)
    if "items" in component:
        items = component["items"]
        located["items"] = [
            each | {"media": media_json(each["media"]["url"], locate)} for each in items
        ]
    if "components" in component:
        located["components"] = locate_media(component["components"], locate)
    for key in ("accessory", "component"):
        if key in component:
            located[key] = locate_component(component[key], locate)
    return located


def media_json(url: str, locate: Locate) -> Json:
    """Return a media item as Discord sends it."""
    found = locate(url)
    return {
        "id": str(zlib.crc32(url.encode())),
        "url": found,
        "proxy_url": found,
        "width": None,
        "height": None,
        "content_type": None,
    }


def read_component(reader: FieldReader, tally: Tally, allowed: Collection[ComponentType]) -> Json:
    """Read a component of whichever kind it is, if that kind may stand here."""
    return of_kind(reader, tally, allowed, _READERS)


def read_action_row(reader: FieldReader, tally: Tally) -> Json:
    """Read a row of buttons or a select."""
    row = tally.common(reader)
    at = reader["components"]
    at.require()
    row["components"] = [read_component(each, tally, _IN_ROW) for each in at.items(least=1, most=5)]
    kinds = [each.get("type") for each in row["components"]]
    if len(kinds) > 1 and any(kind != ComponentType.BUTTON for kind in kinds):
        at.fault("COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The row is full: a select takes all of it")
    return row


def read_section(reader: FieldReader, tally: Tally) -> Json:
    """Read a section: text beside an accessory."""
    section = tally.common(reader)
    at = reader["components"]
    at.require()
    texts = at.items(least=1, most=3)
    section["components"] = [
        read_component(each, tally, {ComponentType.TEXT_DISPLAY}) for each in texts
    ]
    if reader["accessory"].require():
        section["accessory"] = read_component(reader["accessory"], tally, _ACCESSORIES)
    return section


def read_container(reader: FieldReader, tally: Tally) -> Json:
    """Read a container of other components."""
    container = tally.common(reader)
    at = reader["components"]
    at.require()
    inside = at.items(least=1, most=MOST_COMPONENTS)
    container["components"] = [read_component(each, tally, _IN_CONTAINER) for each in inside]
    container["accent_color"] = reader["accent_color"].number(low=0, high=0xFFFFFF)
    container["spoiler"] = bool(reader["spoiler"].flag())
    return container


def read_thumbnail(reader: FieldReader, tally: Tally) -> Json:
    """Read a thumbnail."""
    return tally.common(reader) | read_described_media(reader)


def read_media_gallery(reader: FieldReader, tally: Tally) -> Json:
    """Read a media gallery."""
    gallery = tally.common(reader)
    reader["items"].require()
    gallery["items"] = [
        read_described_media(each) for each in reader["items"].items(least=1, most=10)
    ]
    return gallery


def read_file(reader: FieldReader, tally: Tally) -> Json:
    """Read a file that the message carries."""
    file = tally.common(reader)
    reader["file"]["url"].require()
    url = reader["file"]["url"].url(schemes=("attachment",)) or ""
    name = url.removeprefix("attachment://")
    spoiler = bool(reader["spoiler"].flag())
    return file | {"file": {"url": url}, "name": name, "size": None, "spoiler": spoiler}


def read_described_media(reader: FieldReader) -> Json:
    """Read a media item with its description."""
    reader["media"]["url"].require()
    return {
        "media": {"url": reader["media"]["url"].url(schemes=MEDIA_SCHEMES) or ""},
        "description": reader["description"].text(most=1024),
        "spoiler": bool(reader["spoiler"].flag()),
    }


def read_separator(reader: FieldReader, tally: Tally) -> Json:
    """Read a separator."""
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
    _ROW: read_action_row,
    ComponentType.BUTTON: read_button,
    ComponentType.SECTION: read_section,
    ComponentType.TEXT_DISPLAY: read_text_display,
    ComponentType.THUMBNAIL: read_thumbnail,
    ComponentType.MEDIA_GALLERY: read_media_gallery,
    ComponentType.FILE: read_file,
    ComponentType.SEPARATOR: read_separator,
    ComponentType.CONTAINER: read_container,
    **dict.fromkeys(SELECTS, read_select),
}
