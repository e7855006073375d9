"""Members' actions: use a command, press, choose, fill in a form, write.

The page and the driver for tests both act through here, checked as a Discord client checks.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.sandbox.components.controls import SELECTS, ComponentType
from bot.sandbox.components.forms import fill_in, select_values
from bot.sandbox.components.layouts import walk
from bot.sandbox.errors import PageError
from bot.sandbox.interactions.actor_context import ActorContext, stand
from bot.sandbox.interactions.command_definitions import CHAT_INPUT, USER_MENU, OptionType
from bot.sandbox.interactions.interactions import Action, Interaction, InteractionType
from bot.sandbox.interactions.options import OptionReader, Resolved
from bot.sandbox.world.message_input import MessageInput
from bot.sandbox.world.payloads import user_json

if TYPE_CHECKING:
    from bot.sandbox.container import Container
    from bot.sandbox.interactions.options import TypedOptions
    from bot.sandbox.wire import Json
    from bot.sandbox.world.messages import Message
    from bot.sandbox.world.model import Channel, User

MOST_CHARACTERS = 2000
CONFLICT = 409
FORBIDDEN = 403
NOT_FOUND = 404


class Actions:
    """Carries out the actions of any person, wherever they may act."""

    def __init__(self, container: Container) -> None:
        self._container = container

    def stand(self, user: User, channel: Channel) -> ActorContext:
        """Return where a person stands in a channel.

        Raises:
            PageError: They cannot see it.
        """
        actor_context = stand(
            self._container.world, user, channel, now=self._container.clock.time()
        )
        if not actor_context.can_view:
            raise PageError("This person cannot see that channel.", status=FORBIDDEN)
        return actor_context

    def use(
        self,
        actor_context: ActorContext,
        command_id: int,
        options: list[Json],
        *,
        target: int | None = None,
        nonce: str | None = None,
    ) -> Interaction:
        """Use a command.

        Args:
            actor_context: Who, and where.
            command_id: Which.
            options: Names and values, nested below subcommands.
            target: The user or message of a menu command.
            nonce: What the page calls this action.

        Raises:
            PageError: It is not offered there, or an option is at fault.
        """
        command = self._offered(actor_context, command_id)
        typed = OptionReader(self._container.world, actor_context).read(command, options)
        name = " ".join(typed.path)
        cause = self._cause(actor_context, InteractionType.COMMAND) | {"name": name}
        if command["type"] == USER_MENU:
            if typed.resolved.add(OptionType.USER, target):
                raise PageError("There is no such user.", status=NOT_FOUND)
            cause["target_user"] = user_json(self._container.world.users[target or 0])
        elif command["type"] != CHAT_INPUT:
            aimed_at = self.message(actor_context, target or 0)
            typed.resolved.add_message(self._container.payloads.json(aimed_at))
            cause["target_message_id"] = str(target)
        data = _command_data(command, typed)
        if command["type"] != CHAT_INPUT:
            data["target_id"] = str(target)
        action = Action(
            InteractionType.COMMAND, actor_context, data, name, cause=cause, nonce=nonce
        )
        return self._container.interactions.send(action)

    def complete(
        self, actor_context: ActorContext, command_id: int, options: list[Json], focused: str
    ) -> Interaction:
        """Ask for choices for an option that is being typed."""
        command = self._offered(actor_context, command_id)
        reader = OptionReader(self._container.world, actor_context, focused=focused)
        typed = reader.read(command, options)
        data = _command_data(command, typed)
        action = Action(InteractionType.AUTOCOMPLETE, actor_context, data, " ".join(typed.path))
        return self._container.interactions.send(action)

    def press(
        self,
        actor_context: ActorContext,
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
            resolved = Resolved(self._container.world, actor_context)
            data["values"] = select_values(component, values or [], resolved)
            if resolved.json():
                data["resolved"] = resolved.json()
        cause = self._cause(actor_context, InteractionType.COMPONENT)
        cause["interacted_message_id"] = str(message.id)
        action = Action(
            InteractionType.COMPONENT,
            actor_context,
            data,
            custom_id,
            message=self._container.payloads.json(message),
            message_id=message.id,
            cause=cause,
            nonce=nonce,
        )
        return self._container.interactions.send(action)

    def submit(
        self, user: User, opened: Interaction, values: Json, *, nonce: str | None = None
    ) -> Interaction:
        """Send a form that an earlier action opened.

        Raises:
            PageError: It opened none for this person, or a field is at fault.
        """
        # A form opens for one person, and the page may still show one that was answered.
        if opened.modal is None or opened.user_id != user.id:
            raise PageError("There is no such form open.", status=CONFLICT)
        actor_context = opened.action.actor_context
        resolved = Resolved(self._container.world, actor_context)
        components = fill_in(opened.modal, values, resolved)
        custom_id = opened.modal["custom_id"]
        data: Json = {"custom_id": custom_id, "components": components}
        if resolved.json():
            data["resolved"] = resolved.json()
        cause = self._cause(actor_context, InteractionType.MODAL)
        cause["triggering_interaction_metadata"] = {"id": str(opened.id)} | opened.action.cause
        action = Action(
            InteractionType.MODAL,
            actor_context,
            data,
            custom_id,
            message=opened.action.message,
            message_id=opened.action.message_id,
            cause=cause,
            nonce=nonce,
        )
        return self._container.interactions.send(action)

    def write(
        self,
        actor_context: ActorContext,
        content: str,
        *,
        reply_to: int | None = None,
        nonce: str | None = None,
    ) -> Message:
        """Send a plain message, in reply to another if one is named.

        Raises:
            PageError: It is empty, too long, or not allowed there; what it answers is gone.
        """
        if not actor_context.can_send:
            raise PageError("This person may not write here.", status=FORBIDDEN)
        if reply_to is not None and self.message(actor_context, reply_to).visible_to is not None:
            raise PageError("Nobody else sees that message, so it cannot be replied to.")
        message_input = replace(_plain(content), nonce=nonce, reply_to=reply_to)
        return self._container.messages.write(
            actor_context.channel, actor_context.user, message_input
        )

    def edit(self, actor_context: ActorContext, message: Message, content: str) -> Message:
        """Put other words into a message.

        Raises:
            PageError: It is somebody else's, or the words are none or too many.
        """
        if message.author.id != actor_context.user.id:
            raise PageError("Only one's own message can be edited.", status=FORBIDDEN)
        return self._container.messages.edit(message, _plain(content))

    def delete(self, actor_context: ActorContext, message: Message) -> None:
        """Delete a message.

        Raises:
            PageError: It is somebody else's.
        """
        if message.author.id != actor_context.user.id:
            raise PageError("Only one's own message can be deleted.", status=FORBIDDEN)
        self._container.messages.delete(message)

    def dismiss(self, user: User, message: Message) -> None:
        """Put an ephemeral message away."""
        if message.visible_to != user.id:
            raise PageError("Only a message that you alone see can be dismissed.", status=FORBIDDEN)
        self._container.messages.delete(message)

    def message(self, actor_context: ActorContext, message_id: int) -> Message:
        """Return a message that a person sees.

        Raises:
            PageError: It is gone, or not for them.
        """
        message = self._container.messages.find(actor_context.channel.id, message_id)
        if message is None or message.visible_to not in (None, actor_context.user.id):
            raise PageError("This message is gone.", status=CONFLICT)
        return message

    def _offered(self, actor_context: ActorContext, command_id: int) -> Json:
        command = self._container.commands.find(command_id)
        if command is None:
            raise PageError("This command is gone.", status=CONFLICT)
        if not actor_context.offers(command):
            name = command["name"]
            raise PageError(f"This person cannot use {name} here.", status=FORBIDDEN)
        return command

    def _cause(self, actor_context: ActorContext, kind: InteractionType) -> Json:
        return {
            "type": int(kind),
            "user": user_json(actor_context.user),
            "authorizing_integration_owners": actor_context.owners(),
        }


def _plain(content: str) -> MessageInput:
    """Return a message of words alone.

    Raises:
        PageError: It is empty or too long.
    """
    words = content.strip()
    if not 0 < len(words) <= MOST_CHARACTERS:
        raise PageError(f"A message has 1 to {MOST_CHARACTERS} characters.")
    return MessageInput(words, None, None, None, None, {})


def _command_data(command: Json, typed: TypedOptions) -> Json:
    data: Json = {"id": command["id"], "name": command["name"], "type": command["type"]}
    if typed.options:
        data["options"] = typed.options
    if "guild_id" in command:
        data["guild_id"] = command["guild_id"]
    if typed.resolved.json():
        data["resolved"] = typed.resolved.json()
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
