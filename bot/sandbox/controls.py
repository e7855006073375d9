"""The components a person acts on: buttons, selects, text inputs; and what all components share.

https://discord.com/developers/docs/components/reference
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING

from bot.sandbox.world import ChannelType

if TYPE_CHECKING:
    from bot.sandbox.validation import Spot
    from bot.sandbox.wire import Json

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
    """What is counted across all components of one message or modal."""

    components: int = 0
    characters: int = 0
    ids: set[int] = field(default_factory=set)
    custom_ids: set[str] = field(default_factory=set)

    def common(self, spot: Spot) -> Json:
        """Count a component and return the fields that every one has."""
        self.components += 1
        component_id = spot["id"].number(low=0, high=2**31 - 1)
        if not component_id:
            component_id = max(self.ids, default=0) + 1
        elif component_id in self.ids:
            spot["id"].fault("COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated")
        self.ids.add(component_id)
        return {"type": int(spot["type"].value), "id": component_id}

    def custom_id(self, spot: Spot) -> str:
        """Read a custom id, which is there and is the only one like it."""
        at = spot["custom_id"]
        custom_id = at.text(least=1, most=100, required=True) or ""
        if custom_id and custom_id in self.custom_ids:
            at.fault("COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
        self.custom_ids.add(custom_id)
        return custom_id


def read_button(spot: Spot, tally: Tally) -> Json:
    """Read a button: either a link, or with a custom id."""
    button = tally.common(spot)
    spot["style"].require()
    style = spot["style"].one_of(range(1, PREMIUM_STYLE + 1)) or 1
    button["style"] = style
    label = spot["label"].text(most=80)
    emoji = read_emoji(spot["emoji"])
    if style == LINK_STYLE:
        spot["url"].require()
        button["url"] = spot["url"].url(most=512, schemes=("http", "https", "discord"))
        if spot["custom_id"].given:
            spot["custom_id"].fault("BUTTON_COMPONENT_INVALID", "A link has no custom id")
    elif style == PREMIUM_STYLE:
        spot["sku_id"].require()
        button["sku_id"] = str(spot["sku_id"].snowflake())
    else:
        button["custom_id"] = tally.custom_id(spot)
        if spot["url"].given:
            spot["url"].fault(
                "BUTTON_COMPONENT_INVALID", "A button has either a url or a custom id"
            )
    if style != PREMIUM_STYLE and not label and emoji is None:
        spot.fault(
            "BUTTON_COMPONENT_INVALID_EMOJI_OR_LABEL", "A button must have a label or an emoji"
        )
    return button | without_none({"label": label, "emoji": emoji, "disabled": _disabled(spot)})


def read_select(spot: Spot, tally: Tally) -> Json:
    """Read a select of any kind."""
    select = tally.common(spot)
    select["custom_id"] = tally.custom_id(spot)
    least = spot["min_values"].number(low=0, high=MOST_OPTIONS)
    most = spot["max_values"].number(low=1, high=MOST_OPTIONS)
    select["min_values"] = 1 if least is None else least
    select["max_values"] = 1 if most is None else most
    if select["min_values"] > select["max_values"]:
        spot["min_values"].fault(
            "COMPONENT_SELECT_MIN_VALUES_OVER_MAX", "min_values cannot exceed max_values"
        )
    if select["type"] == ComponentType.STRING_SELECT:
        select["options"] = _options(spot["options"], select)
    elif spot["default_values"].given:
        select["default_values"] = [
            {"id": str(each["id"].snowflake()), "type": str(each["type"].text(most=10))}
            for each in spot["default_values"].items(most=MOST_OPTIONS)
        ]
    if select["type"] == ComponentType.CHANNEL_SELECT and spot["channel_types"].given:
        kinds = spot["channel_types"].items(most=20)
        select["channel_types"] = [each.one_of(list(ChannelType)) for each in kinds]
    placeholder = spot["placeholder"].text(most=150)
    return select | without_none(
        {
            "placeholder": placeholder,
            "disabled": _disabled(spot),
            "required": spot["required"].flag(),
        }
    )


def read_text_input(spot: Spot, tally: Tally) -> Json:
    """Read a text input of a modal."""
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


def read_emoji(spot: Spot) -> Json | None:
    """Read an emoji: a character, or a custom one by id."""
    if not spot.given:
        return None
    emoji: Json = {"name": spot["name"].text(most=32) or ""}
    if spot["id"].given:
        emoji |= {"id": str(spot["id"].snowflake()), "animated": bool(spot["animated"].flag())}
    elif not emoji["name"]:
        spot.fault("BUTTON_COMPONENT_INVALID_EMOJI", "Invalid emoji")
    return emoji


def without_none(value: Json) -> Json:
    """Return the fields that hold something."""
    return {key: each for key, each in value.items() if each is not None}


def _options(spot: Spot, select: Json) -> list[Json]:
    spot.require()
    options = [_option(each) for each in spot.items(least=1, most=MOST_OPTIONS)]
    seen: set[str] = set()
    for index, option in enumerate(options):
        if option["value"] in seen:
            spot[str(index)]["value"].fault(
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                "The specified option value is already used",
            )
        seen.add(option["value"])
    if sum(option.get("default", False) for option in options) > select["max_values"]:
        spot.fault("SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", "Too many default values")
    return options


def _option(spot: Spot) -> Json:
    option: Json = {
        "label": spot["label"].text(least=1, most=100, required=True) or "",
        "value": spot["value"].text(least=1, most=100, required=True) or "",
    }
    return option | without_none(
        {
            "description": spot["description"].text(most=100),
            "emoji": read_emoji(spot["emoji"]),
            "default": spot["default"].flag(),
        }
    )


def _disabled(spot: Spot) -> bool | None:
    return spot["disabled"].flag()
