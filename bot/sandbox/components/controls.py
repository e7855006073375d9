"""Buttons and selects, and the fields that all components share.

https://discord.com/developers/docs/components/reference
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING

from bot.sandbox.world.model import ChannelType

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bot.sandbox.validation import FieldReader
    from bot.sandbox.wire import Json

MOST_COMPONENTS = 40
MOST_CHARACTERS = 4000
MOST_OPTIONS = 25
LINK_STYLE = 5
PREMIUM_STYLE = 6


class ComponentType(IntEnum):
    """Kinds of component, by Discord's numbers."""

    ACTION_ROW = 1
    BUTTON = 2
    STRING_SELECT = 3
    TEXT_INPUT = 4
    USER_SELECT = 5
    ROLE_SELECT = 6
    MENTIONABLE_SELECT = 7
    CHANNEL_SELECT = 8
    SECTION = 9
    TEXT_DISPLAY = 10
    THUMBNAIL = 11
    MEDIA_GALLERY = 12
    FILE = 13
    SEPARATOR = 14
    CONTAINER = 17
    LABEL = 18
    FILE_UPLOAD = 19
    RADIO_GROUP = 21
    CHECKBOX_GROUP = 22
    CHECKBOX = 23


SELECTS = frozenset(
    {
        ComponentType.STRING_SELECT,
        ComponentType.USER_SELECT,
        ComponentType.ROLE_SELECT,
        ComponentType.MENTIONABLE_SELECT,
        ComponentType.CHANNEL_SELECT,
    }
)


@dataclass(slots=True)
class Tally:
    """Counts across all components of one message or modal."""

    components: int = 0
    characters: int = 0
    ids: set[int] = field(default_factory=set)
    custom_ids: set[str] = field(default_factory=set)

    def common(self, reader: FieldReader) -> Json:
        """Count a component and return the fields that every one has."""
        self.components += 1
        component_id = reader["id"].number(low=0, high=2**31 - 1)
        if not component_id:
            component_id = max(self.ids, default=0) + 1
        elif component_id in self.ids:
            reader["id"].fault("COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated")
        self.ids.add(component_id)
        return {"type": int(reader["type"].value), "id": component_id}

    def custom_id(self, reader: FieldReader) -> str:
        """Read a custom id and check that it is unique."""
        at = reader["custom_id"]
        custom_id = at.text(least=1, most=100, required=True) or ""
        if custom_id and custom_id in self.custom_ids:
            at.fault("COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
        self.custom_ids.add(custom_id)
        return custom_id


Read = Callable[["FieldReader", Tally], "Json"]


def of_kind(
    reader: FieldReader,
    tally: Tally,
    allowed: Collection[ComponentType],
    readers: Mapping[ComponentType, Read],
) -> Json:
    """Read a component of whichever kind it is, if that kind may stand here."""
    if not reader["type"].require():
        return {}
    kind = reader["type"].one_of([int(each) for each in allowed])
    return readers[ComponentType(kind)](reader, tally) if kind is not None else {}


def check_totals(reader: FieldReader, tally: Tally) -> None:
    """Note that there are more components, or words, than one message or modal may hold."""
    if tally.components > MOST_COMPONENTS:
        reader.fault(
            "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
            f"The total number of components cannot exceed {MOST_COMPONENTS}",
        )
    if tally.characters > MOST_CHARACTERS:
        reader.fault(
            "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
            f"The total displayable text size cannot exceed {MOST_CHARACTERS}",
        )


def read_text_display(reader: FieldReader, tally: Tally) -> Json:
    """Read words that are shown."""
    display = tally.common(reader)
    content = reader["content"].text(least=1, most=MOST_CHARACTERS, required=True) or ""
    tally.characters += len(content)
    display["content"] = content
    return display


def read_button(reader: FieldReader, tally: Tally) -> Json:
    """Read a button: either a link, or with a custom id."""
    button = tally.common(reader)
    reader["style"].require()
    style = reader["style"].one_of(range(1, PREMIUM_STYLE + 1)) or 1
    button["style"] = style
    label = reader["label"].text(most=80)
    emoji = read_emoji(reader["emoji"])
    if style == LINK_STYLE:
        reader["url"].require()
        button["url"] = reader["url"].url(most=512, schemes=("http", "https", "discord"))
        if reader["custom_id"].given:
            reader["custom_id"].fault("BUTTON_COMPONENT_INVALID", "A link has no custom id")
    elif style == PREMIUM_STYLE:
        reader["sku_id"].require()
        button["sku_id"] = str(reader["sku_id"].snowflake())
    else:
        button["custom_id"] = tally.custom_id(reader)
        if reader["url"].given:
            reader["url"].fault(
                "BUTTON_COMPONENT_INVALID", "A button has either a url or a custom id"
            )
    if style != PREMIUM_STYLE and not label and emoji is None:
        reader.fault(
            "BUTTON_COMPONENT_INVALID_EMOJI_OR_LABEL", "A button must have a label or an emoji"
        )
    return button | without_none(
        {"label": label, "emoji": emoji, "disabled": read_disabled(reader)}
    )


def read_select(reader: FieldReader, tally: Tally) -> Json:
    """Read a select of any kind."""
    select = tally.common(reader)
    select["custom_id"] = tally.custom_id(reader)
    select |= read_bounds(reader, most=MOST_OPTIONS)
    if select["type"] == ComponentType.STRING_SELECT:
        chosen = select["max_values"]
        select["options"] = read_options(reader["options"], most=MOST_OPTIONS, chosen=chosen)
    elif reader["default_values"].given:
        select["default_values"] = [
            {"id": str(each["id"].snowflake()), "type": str(each["type"].text(most=10))}
            for each in reader["default_values"].items(most=MOST_OPTIONS)
        ]
    if select["type"] == ComponentType.CHANNEL_SELECT and reader["channel_types"].given:
        kinds = reader["channel_types"].items(most=20)
        select["channel_types"] = [each.one_of(list(ChannelType)) for each in kinds]
    placeholder = reader["placeholder"].text(most=150)
    return select | without_none(
        {
            "placeholder": placeholder,
            "disabled": read_disabled(reader),
            "required": reader["required"].flag(),
        }
    )


def read_bounds(reader: FieldReader, *, most: int, least: int = 1, usual: int = 1) -> Json:
    """Read how many options may be chosen."""
    low = reader["min_values"].number(low=0, high=most)
    high = reader["max_values"].number(low=1, high=most)
    bounds = {
        "min_values": least if low is None else low,
        "max_values": usual if high is None else high,
    }
    if bounds["min_values"] > bounds["max_values"]:
        reader["min_values"].fault(
            "COMPONENT_SELECT_MIN_VALUES_OVER_MAX", "min_values cannot exceed max_values"
        )
    return bounds


def read_emoji(reader: FieldReader) -> Json | None:
    """Read an emoji: a character, or a custom one by id."""
    if not reader.given:
        return None
    emoji: Json = {"name": reader["name"].text(most=32) or ""}
    if reader["id"].given:
        emoji |= {"id": str(reader["id"].snowflake()), "animated": bool(reader["animated"].flag())}
    elif not emoji["name"]:
        reader.fault("BUTTON_COMPONENT_INVALID_EMOJI", "Invalid emoji")
    return emoji


def without_none(value: Json) -> Json:
    """Return the fields that hold something."""
    return {key: each for key, each in value.items() if each is not None}


def read_options(reader: FieldReader, *, least: int = 1, most: int, chosen: int) -> list[Json]:
    """Read the options of a select and its defaults."""
    reader.require()
    options = [read_option(each) for each in reader.items(least=least, most=most)]
    seen: set[str] = set()
    for index, option in enumerate(options):
        if option["value"] in seen:
            reader[str(index)]["value"].fault(
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                "The specified option value is already used",
            )
        seen.add(option["value"])
    if sum(option.get("default", False) for option in options) > chosen:
        reader.fault("SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", "Too many default values")
    return options


def read_option(reader: FieldReader) -> Json:
    """Read one option of a select."""
    option: Json = {
        "label": reader["label"].text(least=1, most=100, required=True) or "",
        "value": reader["value"].text(least=1, most=100, required=True) or "",
    }
    return option | without_none(
        {
            "description": reader["description"].text(most=100),
            "emoji": read_emoji(reader["emoji"]),
            "default": reader["default"].flag(),
        }
    )


def read_disabled(reader: FieldReader) -> bool | None:
    """Read whether a component is disabled."""
    return reader["disabled"].flag()
