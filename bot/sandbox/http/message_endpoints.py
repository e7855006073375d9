"""Endpoints about the messages of a channel."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.sandbox import errors
from bot.sandbox.http.request import NOTHING, Request, Response, Route, require, require_sending
from bot.sandbox.world.message_input import MessageFlag, MessageInput, read_message_input
from bot.sandbox.world.model import HOLDS_MESSAGES, ChannelType
from bot.sandbox.world.permissions import Permission

if TYPE_CHECKING:
    from bot.sandbox.http.attachments import Upload
    from bot.sandbox.interactions.actor_context import ActorContext
    from bot.sandbox.validation import FieldReader
    from bot.sandbox.world.messages import Message

MOST_HISTORY = 100
USUAL_HISTORY = 50
_MESSAGES = "/channels/{channel_id}/messages"


async def list_messages(request: Request) -> Response:
    """Read back a channel's messages, newest first; nothing without the permission to read."""
    actor_context = request.channel()
    limit = request.number("limit", USUAL_HISTORY, low=1, high=MOST_HISTORY)
    if not actor_context.granted & Permission.READ_MESSAGE_HISTORY:
        return Response([])  # no error: a bot that searches must check its permission first
    messages, channel_id = request.container.messages, actor_context.channel.id
    after = request.number("after", 0, low=0, high=2**63)
    before = request.number("before", 2**63, low=0, high=2**63)
    around = request.number("around", 0, low=0, high=2**63)

    def is_between(message: Message) -> bool:
        return message.visible_to is None and after < message.id < before

    if around:
        older = messages.newest(
            channel_id, (limit + 1) // 2, lambda each: each.visible_to is None and each.id <= around
        )
        newer = messages.oldest(
            channel_id, limit // 2, lambda each: each.visible_to is None and each.id > around
        )
        found = [*reversed(newer), *older]
    elif after:
        found = list(reversed(messages.oldest(channel_id, limit, is_between)))
    else:
        found = messages.newest(channel_id, limit, is_between)
    return Response([request.container.payloads.json(each) for each in found])


async def create_message(request: Request) -> Response:
    """Send a message."""
    actor_context = request.channel()
    channel = actor_context.channel
    if channel.type not in HOLDS_MESSAGES:
        raise errors.not_a_text_channel()
    require_sending(actor_context)
    if channel.thread is not None and channel.thread.archived and channel.thread.locked:
        raise errors.thread_is_archived()
    message_input = read_sendable(actor_context, request.body.reader(), request.body.files)
    missing = message_input.reply_to and not request.container.messages.find(
        channel.id, message_input.reply_to
    )
    if missing and message_input.must_exist:
        reader = request.body.reader()
        reader["message_reference"].fault("REPLIES_UNKNOWN_MESSAGE", "Unknown message")
        reader.faults.raise_if_any()
    message = request.container.messages.write(
        channel, request.container.world.application.bot, message_input
    )
    return Response(request.container.payloads.json(message))


async def get_message(request: Request) -> Response:
    """Return one message."""
    actor_context = request.channel()
    require(actor_context, Permission.READ_MESSAGE_HISTORY)
    return Response(request.container.payloads.json(_message(request, actor_context)))


async def edit_message(request: Request) -> Response:
    """Change a message of the bot's own."""
    actor_context = request.channel()
    message = _message(request, actor_context)
    # No permission lets a bot edit another's words; to delete them there is one.
    if message.author.id != request.container.world.application.bot.id:
        raise errors.not_the_author()
    reader = request.body.reader()
    were_v2 = bool(message.flags & MessageFlag.COMPONENTS_V2)
    message_input = read_message_input(reader, request.body.files, were_v2=were_v2)
    reader.faults.raise_if_any()
    return Response(
        request.container.payloads.json(request.container.messages.edit(message, message_input))
    )


async def delete_message(request: Request) -> Response:
    """Delete a message of the bot's own, or somebody's with the permission to."""
    actor_context = request.channel()
    message = _message(request, actor_context)
    if message.author.id != request.container.world.application.bot.id:
        require(actor_context, Permission.MANAGE_MESSAGES)
    request.container.messages.delete(message)
    return NOTHING


async def crosspost(request: Request) -> Response:
    """Publish a message of an announcement channel."""
    actor_context = request.channel()
    if actor_context.channel.type is not ChannelType.ANNOUNCEMENT:
        raise errors.not_in_this_channel()
    message = _message(request, actor_context)
    is_own = message.author.id == request.container.world.application.bot.id
    require(actor_context, Permission.SEND_MESSAGES if is_own else Permission.MANAGE_MESSAGES)
    if message.flags & MessageFlag.CROSSPOSTED:
        raise errors.already_crossposted()
    published = replace(message, flags=message.flags | MessageFlag.CROSSPOSTED)
    return Response(request.container.payloads.json(request.container.messages.put(published)))


def read_sendable(
    actor_context: ActorContext, reader: FieldReader, files: dict[int, Upload]
) -> MessageInput:
    """Read a message to send as the bot and check its permissions.

    Raises:
        DiscordError: 50035 with the path of each fault; 50013, embeds or files are not granted.
    """
    message_input = read_message_input(reader, files)
    reader.faults.raise_if_any()
    if message_input.embeds:
        require(actor_context, Permission.EMBED_LINKS)
    if files:
        require(actor_context, Permission.ATTACH_FILES)
    return replace(message_input, flags=(message_input.flags or 0) & ~MessageFlag.EPHEMERAL)


def _message(request: Request, actor_context: ActorContext) -> Message:
    message = request.container.messages.get(actor_context.channel.id, request.id("message_id"))
    if message.visible_to is not None:
        raise errors.unknown_message()  # an ephemeral one is reached by its interaction alone
    return message


ROUTES = (
    Route("GET", _MESSAGES, list_messages),
    Route("POST", _MESSAGES, create_message),
    Route("GET", f"{_MESSAGES}/{{message_id}}", get_message),
    Route("PATCH", f"{_MESSAGES}/{{message_id}}", edit_message),
    Route("DELETE", f"{_MESSAGES}/{{message_id}}", delete_message),
    Route("POST", f"{_MESSAGES}/{{message_id}}/crosspost", crosspost),
)
