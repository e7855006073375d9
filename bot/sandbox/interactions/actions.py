"""What people do: use a command, press, choose, fill in a form, write.

The page and the driver for tests both act through here, checked as a Discord client checks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.components.controls import SELECTS, ComponentType
from bot.sandbox.components.forms import fill_in
from bot.sandbox.components.layouts import walk
from bot.sandbox.components.selections import select_values
from bot.sandbox.errors import PageError
from bot.sandbox.interactions.actor_context import Standpoint, stand
from bot.sandbox.interactions.command_definitions import CHAT_INPUT, USER_MENU, OptionType
from bot.sandbox.interactions.interactions import Act, Interaction, InteractionType
from bot.sandbox.interactions.options import OptionReader
from bot.sandbox.interactions.resolved import Resolved
from bot.sandbox.world.message_input import Draft
from bot.sandbox.world.payloads import user_json

if TYPE_CHECKING:
    from bot.sandbox.container import Parts
    from bot.sandbox.wire import Json
    from bot.sandbox.world.channels import Channel
    from bot.sandbox.world.messages import Message
    from bot.sandbox.world.model import User

MOST_CHARACTERS = 2000
CONFLICT = 409
FORBIDDEN = 403
NOT_FOUND = 404


class Acts:
    """Acts of any person, anywhere they may act."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def stand(self, user: User, channel: Channel) -> Standpoint:
        """Return where a person stands in a channel.

        Raises:
            PageError: They cannot see it.
        """
        standpoint = stand(self._parts.world, user, channel, now=self._parts.clock.time())
        if not standpoint.can_view:
            raise PageError("This person cannot see that channel.", status=FORBIDDEN)
        return standpoint

    def use(
        self,
        standpoint: Standpoint,
        command_id: int,
        options: list[Json],
        *,
        target: int | None = None,
        nonce: str | None = None,
    ) -> Interaction:
        """Use a command.

        Args:
            standpoint: Who, and where.
            command_id: Which.
            options: Names and values, nested below subcommands.
            target: The user or message of a menu command.
            nonce: What the page calls this act.

        Raises:
            PageError: It is not offered there, or an option is at fault.
        """
        command = self._offered(standpoint, command_id)
        typed = OptionReader(self._parts.world, standpoint).read(command, options)
        data = _command_data(command, typed.options)
        name = " ".join(typed.path)
        cause = self._cause(standpoint, InteractionType.COMMAND) | {"name": name}
        if command["type"] != CHAT_INPUT:
            data |= {"target_id": str(target)}
            cause |= self._aim(command["type"], target or 0, typed.resolved, standpoint)
        if typed.resolved.json():
            data["resolved"] = typed.resolved.json()
        act = Act(InteractionType.COMMAND, standpoint, data, name, cause=cause, nonce=nonce)
        return self._parts.interactions.send(act)

    def complete(
        self, standpoint: Standpoint, command_id: int, options: list[Json], focused: str
    ) -> Interaction:
        """Ask for choices for an option that is being typed."""
        command = self._offered(standpoint, command_id)
        reader = OptionReader(self._parts.world, standpoint, focused=focused)
        typed = reader.read(command, options)
        data = _command_data(command, typed.options)
        if typed.resolved.json():
            data["resolved"] = typed.resolved.json()
        act = Act(InteractionType.AUTOCOMPLETE, standpoint, data, " ".join(typed.path))
        return self._parts.interactions.send(act)

    def press(
        self,
        standpoint: Standpoint,
        message: Message,
        custom_id: str,
        *,
        values: list[str] | None = None,
        nonce: str | None = None,
    ) -> Interaction:
        """Press a button or choose in a select.

        Raises:
            PageError: The message has no such component, or it cannot be used so.
        """
        component = _find_component(message, custom_id)
        kind = component["type"]
        data: Json = {"custom_id": custom_id, "component_type": kind, "id": component["id"]}
        if kind in SELECTS:
            resolved = Resolved(self._parts.world, standpoint)
            data["values"] = select_values(component, values or [], resolved)
            if resolved.json():
                data["resolved"] = resolved.json()
        cause = self._cause(standpoint, InteractionType.COMPONENT)
        cause["interacted_message_id"] = str(message.id)
        act = Act(
            InteractionType.COMPONENT,
            standpoint,
            data,
            custom_id,
            message=self._parts.payloads.json(message),
            message_id=message.id,
            cause=cause,
            nonce=nonce,
        )
        return self._parts.interactions.send(act)

    def submit(
        self, user: User, opened: Interaction, values: Json, *, nonce: str | None = None
    ) -> Interaction:
        """Send a form that an earlier act opened.

        Raises:
            PageError: It opened none for this person, or a field is at fault.
        """
        if opened.modal is None or opened.user_id != user.id:
            raise PageError("There is no such form open.", status=CONFLICT)
        standpoint = opened.act.standpoint
        resolved = Resolved(self._parts.world, standpoint)
        components = fill_in(opened.modal, values, resolved)
        custom_id = opened.modal["custom_id"]
        data: Json = {"custom_id": custom_id, "components": components}
        if resolved.json():
            data["resolved"] = resolved.json()
        cause = self._cause(standpoint, InteractionType.MODAL)
        cause["triggering_interaction_metadata"] = {"id": str(opened.id)} | opened.act.cause
        act = Act(
            InteractionType.MODAL,
            standpoint,
            data,
            custom_id,
            message=opened.act.message,
            message_id=opened.act.message_id,
            cause=cause,
            nonce=nonce,
        )
        return self._parts.interactions.send(act)

    def write(self, standpoint: Standpoint, content: str, *, nonce: str | None = None) -> Message:
        """Send a plain message.

        Raises:
            PageError: It is empty, too long, or not allowed there.
        """
        if not standpoint.can_send:
            raise PageError("This person may not write here.", status=FORBIDDEN)
        content = content.strip()
        if not 0 < len(content) <= MOST_CHARACTERS:
            raise PageError(f"A message has 1 to {MOST_CHARACTERS} characters.")
        draft = Draft(content, None, None, None, None, {}, nonce=nonce)
        return self._parts.messages.write(standpoint.channel, standpoint.user, draft)

    def dismiss(self, user: User, message: Message) -> None:
        """Put an ephemeral message away."""
        if message.visible_to != user.id:
            raise PageError("Only a message that you alone see can be dismissed.", status=FORBIDDEN)
        self._parts.messages.delete(message)

    def message(self, standpoint: Standpoint, message_id: int) -> Message:
        """Return a message that a person sees.

        Raises:
            PageError: It is gone, or not for them.
        """
        message = self._parts.messages.find(standpoint.channel.id, message_id)
        if message is None or message.visible_to not in (None, standpoint.user.id):
            raise PageError("This message is gone.", status=CONFLICT)
        return message

    def _offered(self, standpoint: Standpoint, command_id: int) -> Json:
        command = self._parts.commands.find(command_id)
        if command is None:
            raise PageError("This command is gone.", status=CONFLICT)
        if not standpoint.offers(command):
            name = command["name"]
            raise PageError(f"This person cannot use {name} here.", status=FORBIDDEN)
        return command

    def _cause(self, standpoint: Standpoint, kind: InteractionType) -> Json:
        return {
            "type": int(kind),
            "user": user_json(standpoint.user),
            "authorizing_integration_owners": standpoint.owners(),
        }

    def _aim(self, kind: int, target: int, resolved: Resolved, standpoint: Standpoint) -> Json:
        if kind == USER_MENU:
            if resolved.add(OptionType.USER, target):
                raise PageError("There is no such user.", status=NOT_FOUND)
            return {"target_user": user_json(self._parts.world.users[target])}
        resolved.add_message(self._parts.payloads.json(self.message(standpoint, target)))
        return {"target_message_id": str(target)}


def _command_data(command: Json, options: list[Json]) -> Json:
    data: Json = {"id": command["id"], "name": command["name"], "type": command["type"]}
    if options:
        data["options"] = options
    if "guild_id" in command:
        data["guild_id"] = command["guild_id"]
    return data


def _find_component(message: Message, custom_id: str) -> Json:
    for component in walk(message.components):
        if component.get("custom_id") == custom_id:
            if component.get("disabled"):
                raise PageError("This is disabled.", status=CONFLICT)
            if component["type"] == ComponentType.TEXT_INPUT:
                break
            return component
    raise PageError("The message has no such button or select.", status=CONFLICT)
