"""Forms (modals): labels, and the inputs that stand only in a form.

https://discord.com/developers/docs/components/reference
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.components.controls import (
    SELECTS,
    ComponentType,
    Tally,
    check_totals,
    of_kind,
    read_bounds,
    read_options,
    read_select,
    read_text_display,
    without_none,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.sandbox.components.controls import Read
    from bot.sandbox.validation import Spot
    from bot.sandbox.wire import Json

MOST_TICKS = 10
"""The most options of radio buttons and boxes, and the most files."""


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
    check_totals(at, tally)
    return modal


def _of_kind(spot: Spot, tally: Tally, allowed: Collection[ComponentType]) -> Json:
    return of_kind(spot, tally, allowed, _READERS)


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


def _label(spot: Spot, tally: Tally) -> Json:
    label = tally.common(spot)
    label["label"] = spot["label"].text(least=1, most=45, required=True)
    label["description"] = spot["description"].text(most=100)
    if spot["component"].require():
        label["component"] = _of_kind(spot["component"], tally, _IN_LABEL)
    return label


def _text_input(spot: Spot, tally: Tally) -> Json:
    field_ = tally.common(spot)
    spot["style"].require()
    field_ |= {
        "custom_id": tally.custom_id(spot),
        "style": spot["style"].one_of((1, 2)) or 1,
        "label": spot["label"].text(most=45),
        "min_length": spot["min_length"].number(low=0, high=4000),
        "max_length": spot["max_length"].number(low=1, high=4000),
    }
    return field_ | without_none(
        {
            "value": spot["value"].text(most=4000),
            "placeholder": spot["placeholder"].text(most=100),
            "required": spot["required"].flag(),
        }
    )


def _file_upload(spot: Spot, tally: Tally) -> Json:
    upload = _input(spot, tally)
    return upload | read_bounds(spot, most=MOST_TICKS)


def _radio_group(spot: Spot, tally: Tally) -> Json:
    radio = _input(spot, tally)
    options = read_options(spot["options"], least=2, most=MOST_TICKS, chosen=1)
    return radio | {"options": options}


def _checkbox_group(spot: Spot, tally: Tally) -> Json:
    group = _input(spot, tally)
    count = len(spot["options"].value) if isinstance(spot["options"].value, list) else 1
    least, usual = int(group["required"]), min(max(count, 1), MOST_TICKS)
    group |= read_bounds(spot, most=MOST_TICKS, least=least, usual=usual)
    options = read_options(spot["options"], most=MOST_TICKS, chosen=group["max_values"])
    return group | {"options": options}


def _checkbox(spot: Spot, tally: Tally) -> Json:
    box = tally.common(spot)
    return box | {"custom_id": tally.custom_id(spot), "default": bool(spot["default"].flag())}


def _input(spot: Spot, tally: Tally) -> Json:
    """Read what inputs share that must be filled in unless the bot says otherwise."""
    shared = tally.common(spot)
    required = spot["required"].flag()
    return shared | {
        "custom_id": tally.custom_id(spot),
        "required": True if required is None else required,
    }


_ROW = ComponentType.ACTION_ROW
_IN_MODAL = {_ROW, ComponentType.LABEL, ComponentType.TEXT_DISPLAY}
_IN_LABEL = SELECTS | {
    ComponentType.TEXT_INPUT,
    ComponentType.FILE_UPLOAD,
    ComponentType.RADIO_GROUP,
    ComponentType.CHECKBOX_GROUP,
    ComponentType.CHECKBOX,
}
_READERS: dict[ComponentType, Read] = {
    ComponentType.TEXT_DISPLAY: read_text_display,
    ComponentType.LABEL: _label,
    ComponentType.TEXT_INPUT: _text_input,
    ComponentType.FILE_UPLOAD: _file_upload,
    ComponentType.RADIO_GROUP: _radio_group,
    ComponentType.CHECKBOX_GROUP: _checkbox_group,
    ComponentType.CHECKBOX: _checkbox,
    **dict.fromkeys(SELECTS, read_select),
}
