"""Publish every change to the page's feed and to the bot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.interactions.callbacks import CallbackType
from bot.sandbox.interactions.interactions import KINDS, Interaction, InteractionType
from bot.sandbox.world.payloads import member_json

if TYPE_CHECKING:
    from bot.sandbox.container import Container
    from bot.sandbox.wire import Json
    from bot.sandbox.world.messages import Message

_GUILD_MESSAGES = 1 << 9
_DIRECT_MESSAGES = 1 << 12
_MESSAGE_CONTENT = 1 << 15
_FAILED = {
    InteractionType.COMMAND: "The application did not respond",
    InteractionType.COMPONENT: "This interaction failed",
    InteractionType.MODAL: "Something went wrong. Try again.",
    InteractionType.AUTOCOMPLETE: "Loading options failed",
}


def announce(container: Container) -> None:
    """Watch all parts and publish their changes."""
    teller = _Announcer(container)
    container.messages.watchers += [teller.message_to_page, teller.message_to_bot]
    container.interactions.watchers.append(teller.interaction)
    container.commands.watchers.append(teller.commands)
    container.gateway.watchers.append(teller.connection)
    container.faults.watchers.append(teller.faults)
    container.journal.watchers.append(teller.log)


def connection_json(container: Container) -> Json:
    """Return the connected shards as JSON."""
    shards = [
        {"id": each.shard, "count": each.count, "online": each.is_online}
        for each in container.gateway.sessions()
    ]
    return {"online": container.gateway.is_online, "shards": shards}


def reason_of(interaction: Interaction) -> str | None:
    """Return the sentence shown when the bot did not answer."""
    return _FAILED[interaction.action.type] if interaction.state == "failed" else None


class _Announcer:
    def __init__(self, container: Container) -> None:
        self._container = container
        self._publish = container.feed.publish

    def message_to_page(self, change: str, message: Message) -> None:
        visible_to = None if message.visible_to is None else str(message.visible_to)
        event: Json = {
            "type": f"message_{change}",
            "channel_id": str(message.channel_id),
            "visible_to": visible_to,
        }
        if change == "delete":
            self._publish(event | {"message_id": str(message.id)})
        else:
            self._publish(event | {"message": self._container.payloads.json(message)})

    def message_to_bot(self, change: str, message: Message) -> None:
        channel = self._container.world.channel(message.channel_id)
        bot = self._container.world.application.bot
        if channel is None or message.visible_to is not None:
            return
        guild = self._container.world.guild_of(channel)
        if guild is None and bot.id not in channel.recipients:
            return
        intent = _DIRECT_MESSAGES if guild is None else _GUILD_MESSAGES
        if not any(each.intents & intent for each in self._container.gateway.sessions()):
            return  # nobody would be told: spare the work
        data: Json = {"id": str(message.id), "channel_id": str(message.channel_id)}
        if change != "delete":
            data = self._container.payloads.json(message)
        if guild is not None:
            data["guild_id"] = str(guild.id)
            author = guild.members.get(message.author.id)
            if change != "delete" and author is not None:
                data["member"] = member_json(author)
        self.send_to_bot(f"MESSAGE_{change.upper()}", data, message, intent)

    def send_to_bot(self, name: str, data: Json, message: Message, intent: int) -> None:
        """Send the event, without contents where the intents do not allow them."""
        dispatch = self._container.gateway.dispatch
        guild_id = int(data["guild_id"]) if "guild_id" in data else None
        bot = self._container.world.application.bot
        is_addressed = message.author.id == bot.id or bot.id in message.mentions.users
        if is_addressed or guild_id is None or "content" not in data:
            dispatch(name, data, guild_id=guild_id, intent=intent)
            return
        dispatch(name, data, guild_id=guild_id, intent=intent | _MESSAGE_CONTENT)
        hidden = {"content": "", "embeds": [], "components": [], "attachments": []}
        dispatch(name, data | hidden, guild_id=guild_id, intent=intent, lacking=_MESSAGE_CONTENT)

    def interaction(self, interaction: Interaction) -> None:
        action = interaction.action
        if action.type is InteractionType.AUTOCOMPLETE:
            return
        message_id = interaction.original_id
        if interaction.callback_type == CallbackType.DEFERRED_UPDATE:
            message_id = None if interaction.state == "thinking" else message_id
        if interaction.state in ("sent", "failed"):
            message_id = action.message_id
        event: Json = {
            "type": "interaction",
            "interaction_id": str(interaction.id),
            "kind": KINDS[action.type],
            "state": interaction.state,
            "user_id": str(interaction.user_id),
            "visible_to": str(interaction.user_id),
            "channel_id": str(interaction.channel_id),
            "nonce": action.nonce,
            "name": action.name,
            "message_id": None if message_id is None else str(message_id),
            "reason": reason_of(interaction),
        }
        self._publish(event)
        if interaction.modal is not None and interaction.steps == 1:
            shared = ("interaction_id", "user_id", "visible_to", "channel_id", "nonce")
            form = {key: event[key] for key in shared}
            self._publish({"type": "modal"} | form | {"modal": interaction.modal})

    def commands(self, scope: int | None) -> None:
        self._publish({"type": "commands", "guild_id": None if scope is None else str(scope)})

    def connection(self) -> None:
        self._publish({"type": "connection"} | connection_json(self._container))

    def faults(self) -> None:
        active = [each.json() for each in self._container.faults.active()]
        self._publish({"type": "faults", "faults": active})

    def log(self, entry: Json) -> None:
        self._publish({"type": "log", "entry": entry})
