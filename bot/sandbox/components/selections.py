"""A member's choices in a select, checked against its options."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.components.controls import ComponentType
from bot.sandbox.errors import PageError
from bot.sandbox.interactions.command_definitions import OptionType

if TYPE_CHECKING:
    from bot.sandbox.interactions.options import Resolved
    from bot.sandbox.wire import Json

_POINTS_AT = {
    ComponentType.USER_SELECT: OptionType.USER,
    ComponentType.ROLE_SELECT: OptionType.ROLE,
    ComponentType.MENTIONABLE_SELECT: OptionType.MENTIONABLE,
    ComponentType.CHANNEL_SELECT: OptionType.CHANNEL,
}


def select_values(select: Json, values: list[str], resolved: Resolved) -> list[str]:
    """Return the chosen values and gather the entities they refer to.

    Raises:
        PageError: Too few or too many, or not among what is offered.
    """
    least, most = select["min_values"], select["max_values"]
    if not least <= len(values) <= most:
        raise _fault(select, f"Choose {least} to {most}.")
    kind = ComponentType(select["type"])
    if kind is ComponentType.STRING_SELECT:
        offered = {each["value"] for each in select["options"]}
        if not set(values) <= offered:
            raise _fault(select, "This is not among the options.")
        return values
    for value in values:
        fault = resolved.add(_POINTS_AT[kind], value, select.get("channel_types"))
        if fault is not None:
            raise _fault(select, fault)
    return values


def _fault(select: Json, message: str) -> PageError:
    return PageError(message, faults=((select["custom_id"], message),))
