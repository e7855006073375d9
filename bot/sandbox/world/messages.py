"""The messages of all channels: created, changed, deleted, read back."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.sandbox import errors
from bot.sandbox.components.layouts import walk
from bot.sandbox.http.attachments import Attachment
from bot.sandbox.watchers import Watchers
from bot.sandbox.world.message_input import MessageFlag

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.clock import Clock
    from bot.sandbox.wire import Json
    from bot.sandbox.world.message_input import MessageInput
    from bot.sandbox.world.model import Channel, User
    from bot.sandbox.world.snowflakes import Snowflakes

MOST_KEPT = 1_000
"""Messages a channel remembers; a long benchmark does not fill the memory."""

NONCE_SECONDS = 300.0
"""How long `enforce_nonce` recognises a nonce; Discord says "a few minutes"."""

DEFAULT_MESSAGE = 0
REPLY = 19
CHAT_INPUT_COMMAND = 20
CONTEXT_MENU_COMMAND = 23


@dataclass(frozen=True, slots=True)
class Mentions:
    """The users and roles a message pings, and whether it pings everyone."""

    users: tuple[int, ...] = ()
    roles: tuple[int, ...] = ()
    everyone: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it stands.

    Attributes:
        visible_to: The only person who sees it (ephemeral), None for all.
        cause: The interaction it answers, as `interaction_metadata` tells it, with the `name`
            that a client shows.
        application_id: The application whose webhook wrote it, if one did.
    """

    id: int
    channel_id: int
    author: User
    type: int = DEFAULT_MESSAGE
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    flags: int = 0
    attachments: tuple[Attachment, ...] = ()
    mentions: Mentions = field(default_factory=Mentions)
    nonce: str | int | None = None
    edited_at: float | None = None
    visible_to: int | None = None
    cause: Json | None = None
    application_id: int | None = None
    reply_to: int | None = None
    thread_id: int | None = None

    @property
    def is_loading(self) -> bool:
        """Say whether the bot is still thinking about it."""
        return bool(self.flags & MessageFlag.LOADING)


class Messages:
    """All messages there are, by channel.

    Attributes:
        watchers: Told of every change, `create`, `update` or `delete`, and of its message.
    """

    def __init__(self, clock: Clock, ids: Snowflakes) -> None:
        self._clock = clock
        self._ids = ids
        self._channels: dict[int, dict[int, Message]] = {}
        self._nonces: dict[tuple[int, int, str | int | None], tuple[float, int]] = {}
        self.watchers = Watchers[[str, Message]]()

    def create(self, message: Message) -> Message:
        """Take in a new message."""
        kept = self._channels.setdefault(message.channel_id, {})
        kept[message.id] = message
        while len(kept) > MOST_KEPT:
            del kept[next(iter(kept))]
        self.watchers.notify("create", message)
        return message

    def write(self, channel: Channel, author: User, message_input: MessageInput) -> Message:
        """Create a message from its input; an enforced nonce seen before returns the first."""
        nonce_key = (channel.id, author.id, message_input.nonce)
        if message_input.enforce_nonce and nonce_key in self._nonces:
            sent_at, earlier_id = self._nonces[nonce_key]
            earlier = self.find(channel.id, earlier_id)
            # Discord forgets a nonce after a few minutes: then the same one posts a second time,
            # which is why the bot searches the channel before it tries again that late.
            if earlier and self._clock.monotonic() - sent_at <= NONCE_SECONDS:
                return earlier
        reply = (
            message_input.reply_to is not None
            and self.find(channel.id, message_input.reply_to) is not None
        )
        blank = Message(
            id=self._ids.make(),
            channel_id=channel.id,
            author=author,
            type=REPLY if reply else DEFAULT_MESSAGE,
            nonce=message_input.nonce,
            reply_to=message_input.reply_to if reply else None,
        )
        message = self.create(self.filled(blank, message_input))
        if message_input.nonce is not None:
            self._nonces[nonce_key] = (self._clock.monotonic(), message.id)
        return message

    def edit(self, message: Message, message_input: MessageInput) -> Message:
        """Change the given fields of a message."""
        # What fills a deferred answer is its first text, and no edit.
        edited_at = None if message.is_loading else self._clock.time()
        flags = message.flags & ~MessageFlag.LOADING
        return self.put(
            self.filled(replace(message, flags=flags, edited_at=edited_at), message_input)
        )

    def put(self, message: Message) -> Message:
        """Replace a message by a changed version of it."""
        self._channels[message.channel_id][message.id] = message
        self.watchers.notify("update", message)
        return message

    def delete(self, message: Message) -> None:
        """Forget a message."""
        if self._channels.get(message.channel_id, {}).pop(message.id, None) is not None:
            self.watchers.notify("delete", message)

    def find(self, channel_id: int, message_id: int) -> Message | None:
        """Return that message, None when it is gone."""
        return self._channels.get(channel_id, {}).get(message_id)

    def get(self, channel_id: int, message_id: int) -> Message:
        """Return that message.

        Raises:
            DiscordError: 10008, it is gone.
        """
        message = self.find(channel_id, message_id)
        if message is None:
            raise errors.unknown_message()
        return message

    def newest(
        self, channel_id: int, limit: int, wanted: Callable[[Message], bool]
    ) -> list[Message]:
        """Return up to `limit` of the wanted messages, newest first."""
        kept = self._channels.get(channel_id, {}).values()
        found = (each for each in sorted(kept, key=lambda each: -each.id) if wanted(each))
        return [each for each, _ in zip(found, range(limit), strict=False)]

    def oldest(
        self, channel_id: int, limit: int, wanted: Callable[[Message], bool]
    ) -> list[Message]:
        """Return up to `limit` of the wanted messages, oldest first."""
        kept = self._channels.get(channel_id, {}).values()
        found = (each for each in sorted(kept, key=lambda each: each.id) if wanted(each))
        return [each for each, _ in zip(found, range(limit), strict=False)]

    def last_id(self, channel_id: int) -> int | None:
        """Return the id of the channel's last message."""
        seen = (each.id for each in self._channels.get(channel_id, {}).values())
        return max(seen, default=None)

    def attachment(self, channel_id: int, attachment_id: int) -> Attachment | None:
        """Return a file of a channel."""
        for message in self._channels.get(channel_id, {}).values():
            for each in message.attachments:
                if each.id == attachment_id:
                    return each
        return None

    def filled(self, message: Message, message_input: MessageInput) -> Message:
        """Return the message with the given fields filled in."""
        content = message.content if message_input.content is None else message_input.content
        components = (
            message.components if message_input.components is None else message_input.components
        )
        filled = replace(
            message,
            content=content,
            components=components,
            embeds=message.embeds if message_input.embeds is None else message_input.embeds,
            flags=message.flags | (message_input.flags or 0),
            attachments=self._attachments(message, message_input),
            mentions=find_mentions(content, components, message_input.allowed_mentions),
        )
        shown = filled.content or filled.embeds or filled.components or filled.attachments
        if not shown:
            raise errors.empty_message()
        return filled

    def _attachments(self, message: Message, message_input: MessageInput) -> tuple[Attachment, ...]:
        named = {each.id: each for each in message_input.kept or ()}
        old = [
            each for each in message.attachments if message_input.kept is None or each.id in named
        ]
        new = []
        for number, upload in sorted(message_input.files.items()):
            about = named.get(number)
            new.append(
                Attachment(
                    id=self._ids.make(),
                    filename=(about.filename if about else None) or upload.filename,
                    content_type=upload.content_type,
                    data=upload.data,
                    description=about.description if about else None,
                )
            )
        return (*old, *new)


_USER = re.compile(r"<@!?(\d+)>")
_ROLE = re.compile(r"<@&(\d+)>")
_EVERYONE = re.compile(r"@(everyone|here)\b")


def find_mentions(content: str, components: list[Json], allowed: Json | None) -> Mentions:
    """Read the mentions in all text of a message, as far as the sender allows them."""
    text = "\n".join([content, *(each.get("content", "") for each in walk(components))])
    return Mentions(
        users=_allowed(_USER.findall(text), "users", allowed),
        roles=_allowed(_ROLE.findall(text), "roles", allowed),
        everyone=bool(_EVERYONE.search(text)) and _parses("everyone", allowed),
    )


def _allowed(found: list[str], kind: str, allowed: Json | None) -> tuple[int, ...]:
    unique = dict.fromkeys(int(each) for each in found)
    if _parses(kind, allowed):
        return tuple(unique)
    named = set((allowed or {}).get(kind) or ())
    return tuple(each for each in unique if each in named)


def _parses(kind: str, allowed: Json | None) -> bool:
    return allowed is None or kind in (allowed.get("parse") or ())
