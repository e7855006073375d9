"""Layouts of components, both generations: rows, sections, containers, modals.

https://discord.com/developers/docs/components/reference
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.sandbox.controls import (
    SELECTS,
    ComponentType,
    Tally,
    read_button,
    read_select,
    read_text_input,
)
from bot.sandbox.embeds import MEDIA_SCHEMES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from bot.sandbox.embeds import Locate
    from bot.sandbox.validation import Spot
    from bot.sandbox.wire import Json

MOST_ROWS = 5
MOST_COMPONENTS = 40
MOST_CHARACTERS = 4000

Read = Callable[["Spot", Tally], "Json"]


def read_rows(spot: Spot) -> list[Json]:
    """Read a message's components of the first generation: rows, at most five."""
    tally = Tally()
    return [_of_kind(each, tally, {_ROW}) for each in spot.items(most=MOST_ROWS)]


def read_layout(spot: Spot) -> list[Json]:
    """Read a message's components of the second generation (flag IS_COMPONENTS_V2)."""
    tally = Tally()
    found = [_of_kind(each, tally, _IN_LAYOUT) for each in spot.items(most=MOST_COMPONENTS)]
    _check_totals(spot, tally)
    return found


def read_modal(spot: Spot) -> Json:
    """Read a form: custom id, title, components."""
    tally = Tally()
    at = spot["components"]
    at.require()
    modal: Json = {
        "custom_id": spot["custom_id"].text(least=1, most=100, required=True),
        "title": spot["title"].text(least=1, most=45, required=True),
        "components": [_in_modal(each, tally) for each in at.items(least=1, most=5)],
    }
    _check_totals(at, tally)
    return modal


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


def _check_totals(spot: Spot, tally: Tally) -> None:
    if tally.components > MOST_COMPONENTS:
        spot.fault(
            "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
            f"The total number of components cannot exceed {MOST_COMPONENTS}",
        )
    if tally.characters > MOST_CHARACTERS:
        spot.fault(
            "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
            f"The total displayable text size cannot exceed {MOST_CHARACTERS}",
        )


def _of_kind(spot: Spot, tally: Tally, allowed: Collection[ComponentType]) -> Json:
    """Read a component of whichever kind it is, if that kind may stand here."""
    if not spot["type"].require():
        return {}
    kind = spot["type"].one_of([int(each) for each in allowed])
    return _READERS[ComponentType(kind)](spot, tally) if kind is not None else {}


def _row(spot: Spot, tally: Tally) -> Json:
    row = tally.common(spot)
    at = spot["components"]
    at.require()
    row["components"] = [_of_kind(each, tally, _IN_ROW) for each in at.items(least=1, most=5)]
    kinds = [each.get("type") for each in row["components"]]
    if len(kinds) > 1 and any(kind != ComponentType.BUTTON for kind in kinds):
        at.fault("COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The row is full: a select takes all of it")
    return row


def _in_modal(spot: Spot, tally: Tally) -> Json:
    """Read a part of a form, where a row holds one text input instead of buttons."""
    if spot["type"].value == _ROW:
        return _form_row(spot, tally)
    return _of_kind(spot, tally, _IN_MODAL)


def _form_row(spot: Spot, tally: Tally) -> Json:
    row = tally.common(spot)
    inside = spot["components"].items(least=1, most=1)
    row["components"] = [_of_kind(each, tally, {ComponentType.TEXT_INPUT}) for each in inside]
    return row


def _section(spot: Spot, tally: Tally) -> Json:
    section = tally.common(spot)
    at = spot["components"]
    at.require()
    texts = at.items(least=1, most=3)
    section["components"] = [_of_kind(each, tally, {ComponentType.TEXT_DISPLAY}) for each in texts]
    if spot["accessory"].require():
        section["accessory"] = _of_kind(spot["accessory"], tally, _ACCESSORIES)
    return section


def _container(spot: Spot, tally: Tally) -> Json:
    container = tally.common(spot)
    at = spot["components"]
    at.require()
    inside = at.items(least=1, most=MOST_COMPONENTS)
    container["components"] = [_of_kind(each, tally, _IN_CONTAINER) for each in inside]
    container["accent_color"] = spot["accent_color"].number(low=0, high=0xFFFFFF)
    container["spoiler"] = bool(spot["spoiler"].flag())
    return container


def _text_display(spot: Spot, tally: Tally) -> Json:
    display = tally.common(spot)
    content = spot["content"].text(least=1, most=MOST_CHARACTERS, required=True) or ""
    tally.characters += len(content)
    display["content"] = content
    return display


def _thumbnail(spot: Spot, tally: Tally) -> Json:
    return tally.common(spot) | _described_media(spot)


def _gallery(spot: Spot, tally: Tally) -> Json:
    gallery = tally.common(spot)
    spot["items"].require()
    gallery["items"] = [_described_media(each) for each in spot["items"].items(least=1, most=10)]
    return gallery


def _file(spot: Spot, tally: Tally) -> Json:
    file = tally.common(spot)
    spot["file"]["url"].require()
    url = spot["file"]["url"].url(schemes=("attachment",)) or ""
    name = url.removeprefix("attachment://")
    spoiler = bool(spot["spoiler"].flag())
    return file | {"file": {"url": url}, "name": name, "size": None, "spoiler": spoiler}


def _described_media(spot: Spot) -> Json:
    spot["media"]["url"].require()
    return {
        "media": {"url": spot["media"]["url"].url(schemes=MEDIA_SCHEMES) or ""},
        "description": spot["description"].text(most=1024),
        "spoiler": bool(spot["spoiler"].flag()),
    }


def _separator(spot: Spot, tally: Tally) -> Json:
    divider = spot["divider"].flag()
    return tally.common(spot) | {
        "divider": True if divider is None else divider,
        "spacing": spot["spacing"].one_of((1, 2)) or 1,
    }


def _label(spot: Spot, tally: Tally) -> Json:
    label = tally.common(spot)
    label["label"] = spot["label"].text(least=1, most=45, required=True)
    label["description"] = spot["description"].text(most=100)
    if spot["component"].require():
        label["component"] = _of_kind(spot["component"], tally, _IN_LABEL)
    return label


def _file_upload(spot: Spot, tally: Tally) -> Json:
    upload = tally.common(spot)
    least = spot["min_values"].number(low=0, high=10)
    most = spot["max_values"].number(low=1, high=10)
    required = spot["required"].flag()
    return upload | {
        "custom_id": tally.custom_id(spot),
        "min_values": 1 if least is None else least,
        "max_values": 1 if most is None else most,
        "required": True if required is None else required,
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
_IN_LABEL = SELECTS | {ComponentType.TEXT_INPUT, ComponentType.FILE_UPLOAD}
_IN_MODAL = {_ROW, ComponentType.LABEL, ComponentType.TEXT_DISPLAY}
_READERS: dict[ComponentType, Read] = {
    _ROW: _row,
    ComponentType.BUTTON: read_button,
    ComponentType.TEXT_INPUT: read_text_input,
    ComponentType.SECTION: _section,
    ComponentType.TEXT_DISPLAY: _text_display,
    ComponentType.THUMBNAIL: _thumbnail,
    ComponentType.MEDIA_GALLERY: _gallery,
    ComponentType.FILE: _file,
    ComponentType.SEPARATOR: _separator,
    ComponentType.CONTAINER: _container,
    ComponentType.LABEL: _label,
    ComponentType.FILE_UPLOAD: _file_upload,
    **dict.fromkeys(SELECTS, read_select),
}
