"""Definitions of application commands, validated as Discord does when they are registered.

https://discord.com/developers/docs/interactions/application-commands
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any

from bot.sandbox.components.controls import without_none
from bot.sandbox.world.model import ChannelType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox.validation import FieldReader
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


def read_command(reader: FieldReader) -> Json:
    """Validate a definition; return it without ids, as it will be told back."""
    kind = reader["type"].one_of((1, 2, 3)) or CHAT_INPUT
    command: Json = {
        "type": kind,
        "name": read_name(reader["name"], slash=kind == CHAT_INPUT),
        "name_localizations": read_localized_names(
            reader["name_localizations"], slash=kind == CHAT_INPUT
        ),
        "description": "",
        "description_localizations": read_localizations(
            reader["description_localizations"], most=100
        ),
        "default_member_permissions": read_permissions(reader["default_member_permissions"]),
        "nsfw": bool(reader["nsfw"].flag()),
    }
    if kind == CHAT_INPUT:
        command["description"] = read_description(reader["description"])
        command["options"] = read_options(reader["options"], {*BRANCHES, *_LEAVES})
        if count_characters(command) > MOST_CHARACTERS:
            reader.fault(
                "APPLICATION_COMMAND_TOO_LARGE",
                f"Command exceeds maximum size ({MOST_CHARACTERS})",
            )
    elif reader["description"].value:
        reader["description"].fault(
            "APPLICATION_COMMAND_DESCRIPTION_NOT_ALLOWED",
            "Context menu commands cannot have description",
        )
    return command | read_availability(reader)


def read_availability(reader: FieldReader) -> Json:
    """Read where a command is installed and used."""
    reach: Json = {}
    if reader["contexts"].given:
        found = reader["contexts"].items(least=1, most=3)
        reach["contexts"] = [each.one_of((0, 1, 2)) for each in found]
    if reader["integration_types"].given:
        found = reader["integration_types"].items(least=1, most=2)
        reach["integration_types"] = [each.one_of((0, 1)) for each in found]
    if reader["dm_permission"].given:
        reach["dm_permission"] = reader["dm_permission"].flag()
    return reach


def read_options(reader: FieldReader, allowed: set[OptionType]) -> list[Json]:
    """Read the options of a command or group."""
    options: list[Json] = []
    names: set[str] = set()
    optional_seen = False
    for each in reader.items(most=MOST_OPTIONS):
        option = read_option(each, allowed)
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
        reader.fault(
            "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
            "Sub-command and sub-command group option types are mutually exclusive to all "
            "other types",
        )
    return options


def read_option(reader: FieldReader, allowed: set[OptionType]) -> Json:
    """Read one option, subcommand or group."""
    reader["type"].require()
    kind = reader["type"].one_of([int(each) for each in allowed])
    option: Json = {
        "type": kind,
        "name": read_name(reader["name"], slash=True),
        "name_localizations": read_localized_names(reader["name_localizations"], slash=True),
        "description": read_description(reader["description"]),
        "description_localizations": read_localizations(
            reader["description_localizations"], most=100
        ),
    }
    if kind == OptionType.GROUP:
        option["options"] = read_options(reader["options"], {OptionType.SUBCOMMAND})
    elif kind == OptionType.SUBCOMMAND:
        option["options"] = read_options(reader["options"], set(_LEAVES))
    elif kind is not None:
        option |= read_value_option(reader, OptionType(kind))
    return option


def read_value_option(reader: FieldReader, kind: OptionType) -> Json:
    """Read an option that takes a value."""
    leaf: Json = {"required": bool(reader["required"].flag())}
    choices = [read_choice(each, kind) for each in reader["choices"].items(most=MOST_CHOICES)]
    completes = reader["autocomplete"].flag()
    if completes and (choices or kind not in _COMPLETES):
        reader["autocomplete"].fault(
            "APPLICATION_COMMAND_AUTOCOMPLETE_INVALID",
            "Autocomplete is for strings and numbers without choices",
        )
    if choices:
        leaf["choices"] = choices
    leaf |= without_none({"autocomplete": completes})
    if kind is OptionType.STRING:
        leaf |= without_none(
            {
                "min_length": reader["min_length"].number(low=0, high=6000),
                "max_length": reader["max_length"].number(low=1, high=6000),
            }
        )
    if kind in NUMERIC:
        bounds = {key: reader[key].value for key in ("min_value", "max_value")}
        leaf |= without_none(bounds)
    if kind is OptionType.CHANNEL and reader["channel_types"].given:
        kinds = reader["channel_types"].items(most=20)
        leaf["channel_types"] = [each.one_of(list(ChannelType)) for each in kinds]
    return leaf


def read_choice(reader: FieldReader, kind: OptionType) -> Json:
    """Read one choice of an option."""
    reader["value"].require()
    value: Any = reader["value"].value
    if kind is OptionType.STRING:
        value = reader["value"].text(most=100)
    elif kind is OptionType.INTEGER:
        value = reader["value"].number(low=-SAFE_INTEGER, high=SAFE_INTEGER)
    return {
        "name": reader["name"].text(least=1, most=100, required=True),
        "name_localizations": read_localizations(reader["name_localizations"], most=100),
        "value": value,
    }


def read_name(reader: FieldReader, *, slash: bool) -> str:
    """Read a name by the rules of its kind."""
    name = reader.text(least=1, most=32, required=True) or ""
    allowed = all(letter.isalnum() or letter in "-_'" for letter in name)
    if slash and name and (not allowed or name != name.lower()):
        reader.fault("APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    return name


def read_description(reader: FieldReader) -> str:
    """Read a description."""
    return reader.text(least=1, most=100, required=True) or ""


def read_localizations(reader: FieldReader, *, most: int) -> Json | None:
    """Read the translations of a name or description."""
    if not isinstance(reader.value, dict):
        return None
    return {locale: reader[locale].text(least=1, most=most) for locale in reader.value}


def read_localized_names(reader: FieldReader, *, slash: bool) -> Json | None:
    """Read the translations of a name, each by the rules of names."""
    if not isinstance(reader.value, dict):
        return None
    return {locale: read_name(reader[locale], slash=slash) for locale in reader.value}


def without_localizations(part: Any) -> Any:
    """Return a command without its translations, as a list leaves them out."""
    if isinstance(part, list):
        return [without_localizations(each) for each in part]
    if not isinstance(part, dict):
        return part
    return {
        key: without_localizations(value)
        for key, value in part.items()
        if not key.endswith("_localizations")
    }


def in_language(part: Any, locale: str) -> Any:
    """Return a command with names and descriptions in a language."""
    if isinstance(part, list):
        return [in_language(each, locale) for each in part]
    if not isinstance(part, dict):
        return part
    shown = {
        key: in_language(value, locale)
        for key, value in part.items()
        if not key.endswith("_localizations")
    }
    for field in ("name", "description"):
        translated = part.get(f"{field}_localizations") or {}
        if locale in translated:
            shown[field] = translated[locale]
    return shown


def names_given(part: Json, locale: str) -> dict[str, str]:
    """Map the translated names of a command's options to those it was given."""
    names: dict[str, str] = {}
    for option in part.get("options") or ():
        translated = option.get("name_localizations") or {}
        names[translated.get(locale, option["name"])] = option["name"]
        names |= names_given(option, locale)
    return names


def read_permissions(reader: FieldReader) -> str | None:
    """Read a command's default permissions."""
    if not reader.given:
        return None
    bits = reader.number(low=0, high=18014398509481983)
    return None if bits is None else str(bits)


def count_characters(command: Json) -> int:
    """Count a command's characters as Discord does."""
    return sum(len(text) for text in _texts(command))


def _texts(part: Json) -> Iterator[str]:
    """Yield the texts that count towards a command's size."""
    yield _longest(part, "name")
    yield _longest(part, "description")
    for choice in part.get("choices", ()):
        yield _longest(choice, "name")
        yield str(choice["value"])
    for option in part.get("options", ()):
        yield from _texts(option)


def _longest(part: Json, field: str) -> str:
    """Return the longest of a text and its translations, which is the one that counts."""
    translated = (part.get(f"{field}_localizations") or {}).values()
    return max([str(part.get(field) or ""), *map(str, translated)], key=len)
