"""Messages as Discord's JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from bot.sandbox.components import embeds
from bot.sandbox.components import layouts as components
from bot.sandbox.wire import timestamp
from bot.sandbox.world.payloads import channel_json, user_json
from bot.sandbox.world.snowflakes import made_at

if TYPE_CHECKING:
    from bot.sandbox.http.attachments import Attachment
    from bot.sandbox.wire import Json
    from bot.sandbox.world.messages import Message, Messages
    from bot.sandbox.world.model import World


class MessagePayloads:
    """Turns messages into JSON with links to their files.

    Attributes:
        origin: Where this server is reached, `http://127.0.0.1:PORT`; known once it listens.
    """

    def __init__(self, world: World, messages: Messages) -> None:
        self._world = world
        self._messages = messages
        self.origin = ""

    def json(self, message: Message, *, with_reply: bool = True) -> Json:
        """Return a message, and the one it replies to."""
        files = {each.filename: each for each in message.attachments}

        def locate(url: str) -> str:
            found = files.get(url.removeprefix("attachment://"))
            return self.file_url(message.channel_id, found) if found else url

        users = self._world.users
        mentioned = [users[each] for each in message.mentions.users if each in users]
        shown: Json = {
            "id": str(message.id),
            "type": message.type,
            "channel_id": str(message.channel_id),
            "author": user_json(message.author),
            "content": message.content,
            "timestamp": timestamp(made_at(message.id)),
            "edited_timestamp": None if message.edited_at is None else timestamp(message.edited_at),
            "tts": False,
            "flags": message.flags,
            "pinned": False,
            "embeds": [embeds.locate_media(each, locate) for each in message.embeds],
            "components": components.locate_media(message.components, locate),
            "attachments": [self._attachment(message, each) for each in message.attachments],
            "mentions": [user_json(each) for each in mentioned],
            "mention_roles": [str(each) for each in message.mentions.roles],
            "mention_everyone": message.mentions.everyone,
        }
        if message.cause is not None:
            shown["interaction_metadata"] = message.cause
            # The older form of the same, deprecated but still sent.
            if "name" in message.cause:
                old_form = ("id", "type", "name", "user")
                shown["interaction"] = {key: message.cause[key] for key in old_form}
        if message.nonce is not None:
            shown["nonce"] = message.nonce
        if message.application_id is not None:
            application_id = str(message.application_id)
            shown |= {"application_id": application_id, "webhook_id": application_id}
        if message.thread_id is not None and (thread := self._world.channel(message.thread_id)):
            shown["thread"] = channel_json(thread, self._world)
        if message.reply_to is not None and with_reply:
            shown |= self._reply(message, message.reply_to)
        return shown

    def file_url(self, channel_id: int, attachment: Attachment) -> str:
        """Return the address of a file."""
        name = quote(attachment.filename)
        return f"{self.origin}/attachments/{channel_id}/{attachment.id}/{name}"

    def _attachment(self, message: Message, attachment: Attachment) -> Json:
        url = self.file_url(message.channel_id, attachment)
        shown: Json = {
            "id": str(attachment.id),
            "filename": attachment.filename,
            "size": len(attachment.data),
            "url": url,
            "proxy_url": url,
            "content_type": attachment.content_type,
        }
        if attachment.description is not None:
            shown["description"] = attachment.description
        return shown | ({"ephemeral": True} if message.visible_to is not None else {})

    def _reply(self, message: Message, reply_to: int) -> Json:
        original = self._messages.find(message.channel_id, reply_to)
        if original is not None and original.visible_to not in {None, message.visible_to}:
            original = None  # an ephemeral message is shown to nobody else, in no reply either
        return {
            "message_reference": {
                "type": 0,
                "channel_id": str(message.channel_id),
                "message_id": str(reply_to),
            },
            "referenced_message": self.json(original, with_reply=False) if original else None,
        }
