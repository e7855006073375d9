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
    from bot.sandbox.validation import FieldReader
    from bot.sandbox.wire import Json

MOST_TICKS = 10
"""The most options of radio buttons and boxes, and the most files."""


def read_modal(reader: FieldReader) -> Json:
    """Read a form: custom id, title, components."""
    tally = Tally()
    at = reader["components"]
    at.require()
    modal: Json = {
        "custom_id": reader["custom_id"].text(least=1, most=100, required=True),
        "title": reader["title"].text(least=1, most=45, required=True),
        "components": [read_modal_part(each, tally) for each in at.items(least=1, most=5)],
    }
    check_totals(at, tally)
    return modal


def read_modal_component(
    reader: FieldReader, tally: Tally, allowed: Collection[ComponentType]
) -> Json:
    """Read a component of one of the allowed kinds."""
    return of_kind(reader, tally, allowed, _READERS)


def read_modal_part(reader: FieldReader, tally: Tally) -> Json:
    """Read a part of a form, where a row holds one text input instead of buttons."""
    if reader["type"].value == _ROW:
        return read_input_row(reader, tally)
    return read_modal_component(reader, tally, _IN_MODAL)


def read_input_row(reader: FieldReader, tally: Tally) -> Json:
    """Read a row that holds one text input."""
    row = tally.common(reader)
    inside = reader["components"].items(least=1, most=1)
    row["components"] = [
        read_modal_component(each, tally, {ComponentType.TEXT_INPUT}) for each in inside
    ]
    return row


def read_label(reader: FieldReader, tally: Tally) -> Json:
    """Read a label with its input."""
    label = tally.common(reader)
    label["label"] = reader["label"].text(least=1, most=45, required=True)
    label["description"] = reader["description"].text(most=100)
    if reader["component"].require():
        label["component"] = read_modal_component(reader["component"], tally, _IN_LABEL)
    return label


def read_text_input(reader: FieldReader, tally: Tally) -> Json:
    """Read a text input."""
    field_ = tally.common(reader)
    reader["style"].require()
    field_ |= {
        "custom_id": tally.custom_id(reader),
        "style": reader["style"].one_of((1, 2)) or 1,
        "label": reader["label"].text(most=45),
        "min_length": reader["min_length"].number(low=0, high=4000),
        "max_length": reader["max_length"].number(low=1, high=4000),
    }
    return field_ | without_none(
        {
            "value": reader["value"].text(most=4000),
            "placeholder": reader["placeholder"].text(most=100),
            "required": reader["required"].flag(),
        }
    )


def read_file_upload(reader: FieldReader, tally: Tally) -> Json:
    """Read a file upload."""
    upload = read_input_fields(reader, tally)
    return upload | read_bounds(reader, most=MOST_TICKS)


def read_radio_group(reader: FieldReader, tally: Tally) -> Json:
    """Read a group of radio buttons."""
    radio = read_input_fields(reader, tally)
    options = read_options(reader["options"], least=2, most=MOST_TICKS, chosen=1)
    return radio | {"options": options}


def read_checkbox_group(reader: FieldReader, tally: Tally) -> Json:
    """Read a group of checkboxes."""
    group = read_input_fields(reader, tally)
    count = len(reader["options"].value) if isinstance(reader["options"].value, list) else 1
    least, usual = int(group["required"]), min(max(count, 1), MOST_TICKS)
    group |= read_bounds(reader, most=MOST_TICKS, least=least, usual=usual)
    options = read_options(reader["options"], most=MOST_TICKS, chosen=group["max_values"])
    return group | {"options": options}


def read_checkbox(reader: FieldReader, tally: Tally) -> Json:
    """Read a single checkbox."""
    box = tally.common(reader)
    return box | {"custom_id": tally.custom_id(reader), "default": bool(reader["default"].flag())}


def read_input_fields(reader: FieldReader, tally: Tally) -> Json:
    """Read the fields shared by inputs that are required by default."""
    shared = tally.common(reader)
    required = reader["required"].flag()
    return shared | {
        "custom_id": tally.custom_id(reader),
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
    ComponentType.LABEL: read_label,
    ComponentType.TEXT_INPUT: read_text_input,
    ComponentType.FILE_UPLOAD: read_file_upload,
    ComponentType.RADIO_GROUP: read_radio_group,
    ComponentType.CHECKBOX_GROUP: read_checkbox_group,
    ComponentType.CHECKBOX: read_checkbox,
    **dict.fromkeys(SELECTS, read_select),
}
