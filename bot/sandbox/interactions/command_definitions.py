"""Definitions of application commands, validated as Discord does when they are registered.

https://discord.com/developers/docs/interactions/application-commands
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any

from bot.sandbox.components.controls import without_none
from bot.sandbox.world.channels import ChannelType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox.validation import Spot
    from bot.sandbox.wire import Json

MOST_OPTIONS = 25
MOST_CHOICES = 25
MOST_CHARACTERS = 8000
CHAT_INPUT = 1
USER_MENU = 2
SAFE_INTEGER = 2**53 - 1


class OptionType(IntEnum):
    """Kinds of option, by Discord's numbers."""

    SUBCOMMAND = 1
    GROUP = 2
    STRING = 3
    INTEGER = 4
    BOOLEAN = 5
    USER = 6
    CHANNEL = 7
    ROLE = 8
    MENTIONABLE = 9
    NUMBER = 10
    ATTACHMENT = 11


BRANCHES = frozenset({OptionType.SUBCOMMAND, OptionType.GROUP})
NUMERIC = frozenset({OptionType.INTEGER, OptionType.NUMBER})
_COMPLETES = NUMERIC | {OptionType.STRING}
_LEAVES = frozenset(OptionType) - BRANCHES


def read_command(spot: Spot) -> Json:
    """Validate a definition; return it without ids, as it will be told back."""
    kind = spot["type"].one_of((1, 2, 3)) or CHAT_INPUT
    command: Json = {
        "type": kind,
        "name": _name(spot["name"], slash=kind == CHAT_INPUT),
        "name_localizations": _localizations(spot["name_localizations"], most=32),
        "description": "",
        "description_localizations": _localizations(spot["description_localizations"], most=100),
        "default_member_permissions": _permissions(spot["default_member_permissions"]),
        "nsfw": bool(spot["nsfw"].flag()),
    }
    if kind == CHAT_INPUT:
        command["description"] = _description(spot["description"])
        command["options"] = _options(spot["options"], {*BRANCHES, *_LEAVES})
        if _characters(command) > MOST_CHARACTERS:
            spot.fault(
                "APPLICATION_COMMAND_TOO_LARGE",
                f"Command exceeds maximum size ({MOST_CHARACTERS})",
            )
    elif spot["description"].value:
        spot["description"].fault(
            "APPLICATION_COMMAND_DESCRIPTION_NOT_ALLOWED",
            "Context menu commands cannot have description",
        )
    return command | _reach(spot)


def _reach(spot: Spot) -> Json:
    reach: Json = {}
    if spot["contexts"].given:
        found = spot["contexts"].items(least=1, most=3)
        reach["contexts"] = [each.one_of((0, 1, 2)) for each in found]
    if spot["integration_types"].given:
        found = spot["integration_types"].items(least=1, most=2)
        reach["integration_types"] = [each.one_of((0, 1)) for each in found]
    if spot["dm_permission"].given:
        reach["dm_permission"] = spot["dm_permission"].flag()
    return reach


def _options(spot: Spot, allowed: set[OptionType]) -> list[Json]:
    options: list[Json] = []
    names: set[str] = set()
    optional_seen = False
    for each in spot.items(most=MOST_OPTIONS):
        option = _option(each, allowed)
        if option.get("name") in names:
            each["name"].fault(
                "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
                "Option names must be unique",
            )
        names.add(option.get("name", ""))
        if option.get("required") and optional_seen:
            each.fault(
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                "Required options must be placed before non-required options",
            )
        optional_seen = optional_seen or not option.get("required", False)
        options.append(option)
    kinds = {option.get("type") in BRANCHES for option in options}
    if kinds == {True, False}:
        spot.fault(
            "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
            "Sub-command and sub-command group option types are mutually exclusive to all "
            "other types",
        )
    return options


def _option(spot: Spot, allowed: set[OptionType]) -> Json:
    spot["type"].require()
    kind = spot["type"].one_of([int(each) for each in allowed])
    option: Json = {
        "type": kind,
        "name": _name(spot["name"], slash=True),
        "name_localizations": _localizations(spot["name_localizations"], most=32),
        "description": _description(spot["description"]),
        "description_localizations": _localizations(spot["description_localizations"], most=100),
    }
    if kind == OptionType.GROUP:
        option["options"] = _options(spot["options"], {OptionType.SUBCOMMAND})
    elif kind == OptionType.SUBCOMMAND:
        option["options"] = _options(spot["options"], set(_LEAVES))
    elif kind is not None:
        option |= _leaf(spot, OptionType(kind))
    return option


def _leaf(spot: Spot, kind: OptionType) -> Json:
    leaf: Json = {"required": bool(spot["required"].flag())}
    choices = [_choice(each, kind) for each in spot["choices"].items(most=MOST_CHOICES)]
    completes = spot["autocomplete"].flag()
    if completes and (choices or kind not in _COMPLETES):
        spot["autocomplete"].fault(
            "APPLICATION_COMMAND_AUTOCOMPLETE_INVALID",
            "Autocomplete is for strings and numbers without choices",
        )
    if choices:
        leaf["choices"] = choices
    leaf |= without_none({"autocomplete": completes})
    if kind is OptionType.STRING:
        leaf |= without_none(
            {
                "min_length": spot["min_length"].number(low=0, high=6000),
                "max_length": spot["max_length"].number(low=1, high=6000),
            }
        )
    if kind in NUMERIC:
        bounds = {key: spot[key].value for key in ("min_value", "max_value")}
        leaf |= without_none(bounds)
    if kind is OptionType.CHANNEL and spot["channel_types"].given:
        kinds = spot["channel_types"].items(most=20)
        leaf["channel_types"] = [each.one_of(list(ChannelType)) for each in kinds]
    return leaf


def _choice(spot: Spot, kind: OptionType) -> Json:
    spot["value"].require()
    value: Any = spot["value"].value
    if kind is OptionType.STRING:
        value = spot["value"].text(most=100)
    elif kind is OptionType.INTEGER:
        value = spot["value"].number(low=-SAFE_INTEGER, high=SAFE_INTEGER)
    return {
        "name": spot["name"].text(least=1, most=100, required=True),
        "name_localizations": _localizations(spot["name_localizations"], most=100),
        "value": value,
    }


def _name(spot: Spot, *, slash: bool) -> str:
    name = spot.text(least=1, most=32, required=True) or ""
    allowed = all(letter.isalnum() or letter in "-_'" for letter in name)
    if slash and name and (not allowed or name != name.lower()):
        spot.fault("APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    return name


def _description(spot: Spot) -> str:
    return spot.text(least=1, most=100, required=True) or ""


def _localizations(spot: Spot, *, most: int) -> Json | None:
    if not isinstance(spot.value, dict):
        return None
    return {locale: spot[locale].text(least=1, most=most) for locale in spot.value}


def _permissions(spot: Spot) -> str | None:
    if not spot.given:
        return None
    bits = spot.number(low=0, high=18014398509481983)
    return None if bits is None else str(bits)


def _characters(command: Json) -> int:
    return sum(len(text) for text in _texts(command))


def _texts(part: Json) -> Iterator[str]:
    """Yield what counts towards the size of a command: names, descriptions, choices' values."""
    yield part["name"]
    yield part.get("description", "")
    for choice in part.get("choices", ()):
        yield str(choice["name"])
        yield str(choice["value"])
    for option in part.get("options", ()):
        yield from _texts(option)
