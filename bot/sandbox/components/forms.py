"""Filled-in forms (modals) and choices in selects, checked as a Discord client checks them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.components.controls import ComponentType
from bot.sandbox.errors import PageError
from bot.sandbox.interactions.command_definitions import OptionType

if TYPE_CHECKING:
    from bot.sandbox.interactions.options import Resolved
    from bot.sandbox.wire import Json

MOST_CHARACTERS = 4000
_POINTS_AT = {
    ComponentType.USER_SELECT: OptionType.USER,
    ComponentType.ROLE_SELECT: OptionType.ROLE,
    ComponentType.MENTIONABLE_SELECT: OptionType.MENTIONABLE,
    ComponentType.CHANNEL_SELECT: OptionType.CHANNEL,
}


def fill_in(modal: Json, values: Json, resolved: Resolved) -> list[Json]:
    """Return a form's components as its submission carries them.

    Args:
        modal: The form as the bot sent it.
        values: Text, a list of values, or true or false for a box, by custom id.
        resolved: Gathers what chosen values point at.

    Raises:
        PageError: A field is at fault.
    """
    return [_filled(each, values, resolved) for each in modal["components"]]


def _filled(component: Json, values: Json, resolved: Resolved) -> Json:
    shown: Json = {"type": component["type"], "id": component["id"]}
    if "components" in component:
        inside = component["components"]
        return shown | {"components": [_filled(each, values, resolved) for each in inside]}
    if "component" in component:
        return shown | {"component": _filled(component["component"], values, resolved)}
    if "custom_id" not in component:
        return shown
    value = values.get(component["custom_id"])
    return shown | {"custom_id": component["custom_id"]} | check_value(component, value, resolved)


def check_value(component: Json, value: Any, resolved: Resolved) -> Json:
    """Check the value of one input by its kind."""
    if component["type"] == ComponentType.TEXT_INPUT:
        return {"value": check_text(component, value)}
    if component["type"] == ComponentType.CHECKBOX:
        return {"value": check_flag(component, value)}
    if component["type"] == ComponentType.RADIO_GROUP:
        return {"value": check_single_choice(component, value)}
    if component["type"] == ComponentType.CHECKBOX_GROUP:
        return {"values": check_choices(component, value)}
    if value is None:  # nobody touched it: it is sent as it stood
        options = [each["value"] for each in component.get("options", []) if each.get("default")]
        value = options or [str(each["id"]) for each in component.get("default_values", [])]
    is_left_out = not value and component.get("required") is False
    if is_left_out or component["type"] == ComponentType.FILE_UPLOAD:
        return {"values": []}
    return {"values": select_values(component, _listed(value), resolved)}


def select_values(select: Json, values: list[str], resolved: Resolved) -> list[str]:
    """Return the chosen values and gather the entities they refer to.

    Raises:
        PageError: Too few or too many, or not among what is offered.
    """

    def fault(message: str) -> PageError:
        return PageError(message, faults=((select["custom_id"], message),))

    least, most = select["min_values"], select["max_values"]
    if not least <= len(values) <= most:
        raise fault(f"Choose {least} to {most}.")
    kind = ComponentType(select["type"])
    if kind is ComponentType.STRING_SELECT:
        offered = {each["value"] for each in select["options"]}
        if not set(values) <= offered:
            raise fault("This is not among the options.")
        return values
    for value in values:
        problem = resolved.add(_POINTS_AT[kind], value, select.get("channel_types"))
        if problem is not None:
            raise fault(problem)
    return values


def check_text(component: Json, value: Any) -> str:
    """Check the text typed into an input."""
    text = component.get("value", "") if value is None else str(value)
    least = component.get("min_length") or 0
    most = component.get("max_length") or MOST_CHARACTERS
    if not text:
        if component.get("required", True):
            raise _fault(component, "This field is required.")
    elif len(text) < least:
        raise _fault(component, f"Must be {least} or more characters long.")
    elif len(text) > most:
        raise _fault(component, f"Must be {most} or fewer characters long.")
    return str(text)


def check_flag(component: Json, value: Any) -> bool:
    """Check the value of a checkbox."""
    if value is not None and not isinstance(value, bool):
        raise _fault(component, "A box is ticked (true) or not (false).")
    return bool(component["default"] if value is None else value)


def check_single_choice(component: Json, value: Any) -> str | None:
    """Check the choice of a radio group."""
    chosen = _chosen(component, value)
    if len(chosen) > 1:
        raise _fault(component, "Choose one.")
    if not chosen and component["required"]:
        raise _fault(component, "This field is required.")
    return chosen[0] if chosen else None


def check_choices(component: Json, value: Any) -> list[str]:
    """Check the choices of a checkbox group."""
    chosen = _chosen(component, value)
    least, most = component["min_values"], component["max_values"]
    is_left_out = not chosen and not component["required"]
    if not is_left_out and not least <= len(set(chosen)) <= most:
        raise _fault(component, f"Choose {least} to {most}.")
    return chosen


def _chosen(component: Json, value: Any) -> list[str]:
    """Return the chosen options, or the defaults where none were given."""
    options = component["options"]
    if value is None:
        return [each["value"] for each in options if each.get("default")]
    chosen = _listed(value)
    if not set(chosen) <= {each["value"] for each in options}:
        raise _fault(component, "This is not among the options.")
    return chosen


def _listed(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def _fault(component: Json, message: str) -> PageError:
    return PageError("The form was not sent.", faults=((component["custom_id"], message),))
