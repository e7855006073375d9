"""The bot's side of an interaction: its first answer, the original message, follow-ups."""

from __future__ import annotations

from dataclasses import replace
from enum import IntEnum
from typing import TYPE_CHECKING

from bot.sandbox import errors
from bot.sandbox.components.modals import read_modal
from bot.sandbox.interactions.command_definitions import OptionType
from bot.sandbox.interactions.interactions import InteractionType
from bot.sandbox.world.message_input import MessageFlag, MessageInput, read_message_input
from bot.sandbox.world.messages import CHAT_INPUT_COMMAND, CONTEXT_MENU_COMMAND, REPLY, Message

if TYPE_CHECKING:
    from bot.sandbox.http.attachments import Body
    from bot.sandbox.interactions.interactions import Interaction, Interactions
    from bot.sandbox.validation import FieldReader
    from bot.sandbox.wire import Json
    from bot.sandbox.world.messages import Messages
    from bot.sandbox.world.model import World
    from bot.sandbox.world.snowflakes import Snowflakes

MOST_CHOICES = 25


class CallbackType(IntEnum):
    """Kinds of first answer, by Discord's numbers."""

    PONG = 1
    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


_EPHEMERAL = MessageFlag.EPHEMERAL
_MESSAGES = {CallbackType.MESSAGE, CallbackType.DEFERRED_MESSAGE}
_UPDATES = {CallbackType.UPDATE, CallbackType.DEFERRED_UPDATE}
_FITTING = {
    InteractionType.COMMAND: _MESSAGES | {CallbackType.MODAL},
    InteractionType.COMPONENT: _MESSAGES | _UPDATES | {CallbackType.MODAL},
    InteractionType.AUTOCOMPLETE: {CallbackType.CHOICES},
    InteractionType.MODAL: _MESSAGES | _UPDATES,
}


class Callbacks:
    """Turns the bot's replies into messages, forms and choices."""

    def __init__(
        self, world: World, interactions: Interactions, messages: Messages, ids: Snowflakes
    ) -> None:
        self._world = world
        self._interactions = interactions
        self._messages = messages
        self._ids = ids

    def respond(self, interaction: Interaction, body: Body) -> None:
        """Take the first answer to an interaction.

        Raises:
            DiscordError: 50035 with the path of each fault.
        """
        reader = body.reader()
        reader["type"].require()
        fitting = set(_FITTING[interaction.action.type])
        if interaction.action.message_id is None:
            fitting -= _UPDATES
        chosen = reader["type"].one_of([int(each) for each in fitting])
        reader.faults.raise_if_any()
        kind, data = CallbackType(chosen or 0), reader["data"]
        # Nothing changes before all of it is read: a refused answer leaves the interaction open.
        if kind is CallbackType.CHOICES:
            choices = _read_choices(data, interaction)
            reader.faults.raise_if_any()
            interaction.choices = choices
        elif kind is CallbackType.MODAL:
            data.require()
            modal = read_modal(data)
            reader.faults.raise_if_any()
            interaction.modal = modal
        elif kind in _MESSAGES:
            self._first_message(interaction, kind, data, body)
        else:
            message_id = interaction.action.message_id or 0
            message = self._messages.get(interaction.channel_id, message_id)
            interaction.original_id = message_id
            if kind is CallbackType.UPDATE:
                self._messages.edit(message, self._message_input(body, data, message))
        interaction.callback_type = int(kind)
        is_deferred = kind in (CallbackType.DEFERRED_MESSAGE, CallbackType.DEFERRED_UPDATE)
        self._interactions.settle(interaction, "thinking" if is_deferred else "answered")

    def original(self, interaction: Interaction) -> Message:
        """Return the message that answered an interaction, or that it updated.

        Raises:
            DiscordError: 10008, there is none or it is gone.
        """
        if interaction.original_id is None:
            raise errors.unknown_message()
        return self._messages.get(interaction.channel_id, interaction.original_id)

    def message(self, interaction: Interaction, message_id: int) -> Message:
        """Return the original or one of the follow-ups.

        Raises:
            DiscordError: 10008, it is none of them or gone.
        """
        if message_id not in (interaction.original_id, *interaction.followups):
            raise errors.unknown_message()
        return self._messages.get(interaction.channel_id, message_id)

    def edit(self, interaction: Interaction, message: Message, body: Body) -> Message:
        """Change a message of an interaction; a thinking one becomes the answer."""
        message_input = self._message_input(body, body.reader(), message)
        edited = self._messages.edit(message, message_input)
        self._interactions.settle(interaction, "answered")
        return edited

    def delete(self, interaction: Interaction, message: Message) -> None:
        """Delete a message of an interaction."""
        self._messages.delete(message)
        self._interactions.settle(interaction, "answered")

    def follow_up(self, interaction: Interaction, body: Body) -> Message:
        """Send another message; while the original is thinking it becomes that instead."""
        original = self._messages.find(interaction.channel_id, interaction.original_id or 0)
        # As Discord has it: the first follow-up to a deferral fills the place that it holds.
        if original is not None and original.is_loading:
            return self.edit(interaction, original, body)
        message_input = self._message_input(body, body.reader())
        blank = self._blank(interaction, is_private=bool((message_input.flags or 0) & _EPHEMERAL))
        blank = replace(blank, type=REPLY, reply_to=interaction.original_id)
        message = self._messages.create(self._messages.filled(blank, message_input))
        interaction.followups.append(message.id)
        self._interactions.settle(interaction, "answered")
        return message

    def _first_message(
        self, interaction: Interaction, kind: CallbackType, data: FieldReader, body: Body
    ) -> None:
        message_input = self._message_input(body, data)
        is_private = bool((message_input.flags or 0) & _EPHEMERAL)
        blank = self._blank(interaction, is_private=is_private)
        if interaction.action.type is InteractionType.COMMAND:
            is_slash = interaction.action.data["type"] == 1
            blank = replace(blank, type=CHAT_INPUT_COMMAND if is_slash else CONTEXT_MENU_COMMAND)
        elif interaction.action.message_id is not None:
            blank = replace(blank, type=REPLY, reply_to=interaction.action.message_id)
        if kind is CallbackType.DEFERRED_MESSAGE:
            filled = replace(blank, flags=blank.flags | MessageFlag.LOADING)
        else:
            filled = self._messages.filled(blank, message_input)
        interaction.original_id = self._messages.create(filled).id

    def _message_input(
        self, body: Body, reader: FieldReader, message: Message | None = None
    ) -> MessageInput:
        were_v2 = message is not None and bool(message.flags & MessageFlag.COMPONENTS_V2)
        message_input = read_message_input(reader, body.files, were_v2=were_v2)
        reader.faults.raise_if_any()
        if message is not None:
            # An edit can never hide a message from others, or show a hidden one.
            kept_flags = (message_input.flags or 0) & ~_EPHEMERAL
            message_input = replace(message_input, flags=kept_flags)
        return message_input

    def _blank(self, interaction: Interaction, *, is_private: bool) -> Message:
        is_private = is_private or interaction.action.actor_context.must_be_ephemeral
        return Message(
            id=self._ids.make(),
            channel_id=interaction.channel_id,
            author=self._world.application.bot,
            application_id=self._world.application.id,
            cause={"id": str(interaction.id)} | interaction.action.cause,
            flags=int(_EPHEMERAL) if is_private else 0,
            visible_to=interaction.user_id if is_private else None,
        )


def callback_json(interaction: Interaction, message: Json | None) -> Json:
    """Return the JSON for a callback with `with_response`."""
    about: Json = {
        "id": str(interaction.id),
        "type": int(interaction.action.type),
        "channel_id": str(interaction.channel_id),
    }
    guild = interaction.action.actor_context.guild
    if guild is not None:
        about["guild_id"] = str(guild.id)
    if message is None:
        return {"interaction": about}
    about |= {
        "response_message_id": message["id"],
        "response_message_loading": bool(message["flags"] & MessageFlag.LOADING),
        "response_message_ephemeral": bool(message["flags"] & MessageFlag.EPHEMERAL),
    }
    if interaction.callback_type not in (CallbackType.MESSAGE, CallbackType.UPDATE):
        return {"interaction": about}  # Discord describes a resource for these two only
    resource = {"type": interaction.callback_type, "message": message}
    return {"interaction": about, "resource": resource}


def _read_choices(reader: FieldReader, interaction: Interaction) -> list[Json]:
    reader["choices"].require()
    expects_text = _focused_type(interaction.action.data) == OptionType.STRING
    choices = []
    for each in reader["choices"].items(most=MOST_CHOICES):
        each["value"].require()
        value = each["value"].value
        if expects_text:
            value = each["value"].text(least=1, most=100)
        name = each["name"].text(least=1, most=100, required=True)
        choices.append({"name": name, "value": value})
    return choices


def _focused_type(part: Json) -> int | None:
    for option in part.get("options", ()):
        found = option["type"] if option.get("focused") else _focused_type(option)
        if found is not None:
            return int(found)
    return None
