"""Endpoints about the messages of a channel."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.sandbox import errors
from bot.sandbox.http.request import NOTHING, Answer, Call, Route, require, require_sending
from bot.sandbox.world.channels import HOLDS_MESSAGES, ChannelType
from bot.sandbox.world.message_input import Draft, MessageFlag, read_draft
from bot.sandbox.world.permissions import Permission

if TYPE_CHECKING:
    from bot.sandbox.http.attachments import Upload
    from bot.sandbox.interactions.actor_context import Standpoint
    from bot.sandbox.validation import Spot
    from bot.sandbox.world.messages import Message

MOST_HISTORY = 100
USUAL_HISTORY = 50
_MESSAGES = "/channels/{channel_id}/messages"


async def list_messages(call: Call) -> Answer:
    """Read back a channel's messages, newest first; nothing without the permission to read."""
    standpoint = call.channel()
    limit = call.number("limit", USUAL_HISTORY, low=1, high=MOST_HISTORY)
    if not standpoint.granted & Permission.READ_MESSAGE_HISTORY:
        return Answer([])
    shown = [call.parts.payloads.json(each) for each in _history(call, standpoint, limit)]
    return Answer(shown)


async def create_message(call: Call) -> Answer:
    """Send a message."""
    standpoint = call.channel()
    channel = standpoint.channel
    if channel.type not in HOLDS_MESSAGES:
        raise errors.not_a_text_channel()
    require_sending(standpoint)
    if channel.thread is not None and channel.thread.archived and channel.thread.locked:
        raise errors.thread_is_archived()
    draft = read_sendable(standpoint, call.body.spot(), call.body.files)
    missing = draft.reply_to and not call.parts.messages.find(channel.id, draft.reply_to)
    if missing and draft.must_exist:
        spot = call.body.spot()
        spot["message_reference"].fault("REPLIES_UNKNOWN_MESSAGE", "Unknown message")
        spot.faults.raise_if_any()
    message = call.parts.messages.write(channel, call.parts.world.application.bot, draft)
    return Answer(call.parts.payloads.json(message))


async def get_message(call: Call) -> Answer:
    """Return one message."""
    standpoint = call.channel()
    require(standpoint, Permission.READ_MESSAGE_HISTORY)
    return Answer(call.parts.payloads.json(_message(call, standpoint)))


async def edit_message(call: Call) -> Answer:
    """Change a message of the bot's own."""
    standpoint = call.channel()
    message = _message(call, standpoint)
    if message.author.id != call.parts.world.application.bot.id:
        raise errors.not_the_author()
    spot = call.body.spot()
    were_v2 = bool(message.flags & MessageFlag.COMPONENTS_V2)
    draft = read_draft(spot, call.body.files, were_v2=were_v2)
    spot.faults.raise_if_any()
    return Answer(call.parts.payloads.json(call.parts.messages.edit(message, draft)))


async def delete_message(call: Call) -> Answer:
    """Delete a message of the bot's own, or somebody's with the permission to."""
    standpoint = call.channel()
    message = _message(call, standpoint)
    if message.author.id != call.parts.world.application.bot.id:
        require(standpoint, Permission.MANAGE_MESSAGES)
    call.parts.messages.delete(message)
    return NOTHING


async def crosspost(call: Call) -> Answer:
    """Publish a message of an announcement channel to those who follow it."""
    standpoint = call.channel()
    if standpoint.channel.type is not ChannelType.ANNOUNCEMENT:
        raise errors.not_in_this_channel()
    message = _message(call, standpoint)
    is_own = message.author.id == call.parts.world.application.bot.id
    require(standpoint, Permission.SEND_MESSAGES if is_own else Permission.MANAGE_MESSAGES)
    if message.flags & MessageFlag.CROSSPOSTED:
        raise errors.already_crossposted()
    published = replace(message, flags=message.flags | MessageFlag.CROSSPOSTED)
    return Answer(call.parts.payloads.json(call.parts.messages.put(published)))


def read_sendable(standpoint: Standpoint, spot: Spot, files: dict[int, Upload]) -> Draft:
    """Read a message that is about to be sent as the bot, and check its rights to send it.

    Raises:
        DiscordError: 50035 with the path of each fault; 50013, embeds or files are not granted.
    """
    draft = read_draft(spot, files)
    spot.faults.raise_if_any()
    if draft.embeds:
        require(standpoint, Permission.EMBED_LINKS)
    if files:
        require(standpoint, Permission.ATTACH_FILES)
    return replace(draft, flags=(draft.flags or 0) & ~MessageFlag.EPHEMERAL)


def _message(call: Call, standpoint: Standpoint) -> Message:
    message = call.parts.messages.get(standpoint.channel.id, call.id("message_id"))
    if message.visible_to is not None:
        raise errors.unknown_message()
    return message


def _history(call: Call, standpoint: Standpoint, limit: int) -> list[Message]:
    messages, channel_id = call.parts.messages, standpoint.channel.id
    after = call.number("after", 0, low=0, high=2**63)
    before = call.number("before", 2**63, low=0, high=2**63)
    around = call.number("around", 0, low=0, high=2**63)
    if around:
        older = messages.newest(
            channel_id, (limit + 1) // 2, lambda each: each.visible_to is None and each.id <= around
        )
        newer = messages.oldest(
            channel_id, limit // 2, lambda each: each.visible_to is None and each.id > around
        )
        return [*reversed(newer), *older]

    def wanted(message: Message) -> bool:
        return message.visible_to is None and after < message.id < before

    if after:
        return list(reversed(messages.oldest(channel_id, limit, wanted)))
    return messages.newest(channel_id, limit, wanted)


ROUTES = (
    Route("GET", _MESSAGES, list_messages),
    Route("POST", _MESSAGES, create_message),
    Route("GET", f"{_MESSAGES}/{{message_id}}", get_message),
    Route("PATCH", f"{_MESSAGES}/{{message_id}}", edit_message),
    Route("DELETE", f"{_MESSAGES}/{{message_id}}", delete_message),
    Route("POST", f"{_MESSAGES}/{{message_id}}/crosspost", crosspost),
)
