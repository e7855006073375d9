"""Endpoints about channels and threads themselves; their messages are in message_endpoints."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.sandbox import errors
from bot.sandbox.http.message_endpoints import read_sendable
from bot.sandbox.http.request import NOTHING, Request, Response, Route, require, require_sending
from bot.sandbox.world.messages import Message
from bot.sandbox.world.model import HOLDS_POSTS, Channel, ChannelType, Overwrite, ThreadDetails
from bot.sandbox.world.payloads import channel_json, thread_member_json
from bot.sandbox.world.permissions import Permission

if TYPE_CHECKING:
    from bot.sandbox.validation import FieldReader

CREATED = 201
_ARCHIVE_MINUTES = (60, 1440, 4320, 10080)
_THREAD_OF = {ChannelType.ANNOUNCEMENT: ChannelType.ANNOUNCEMENT_THREAD}
_HOLDS_THREADS = HOLDS_POSTS | {ChannelType.TEXT, ChannelType.ANNOUNCEMENT}


async def get_channel(request: Request) -> Response:
    """Tell about a channel."""
    return _shown(request, request.channel().channel)


async def edit_channel(request: Request) -> Response:
    """Change a channel's name, topic or slow mode, or open and close a thread."""
    actor_context = request.channel()
    channel = actor_context.channel
    if channel.guild_id is None:
        raise errors.not_in_this_channel()
    needed = Permission.MANAGE_THREADS if channel.is_thread else Permission.MANAGE_CHANNELS
    require(actor_context, needed)
    reader, changed = request.body.reader(), channel
    if reader["name"].given:
        changed = replace(changed, name=reader["name"].text(least=1, most=100) or "")
    if "topic" in reader:  # given as null, it is taken away
        changed = replace(changed, topic=reader["topic"].text(most=4096))
    if reader["rate_limit_per_user"].given:
        seconds = reader["rate_limit_per_user"].number(low=0, high=21600)
        changed = replace(changed, slowmode=seconds or 0)
    if changed.thread is not None:
        archived, locked = reader["archived"].flag(), reader["locked"].flag()
        details = replace(
            changed.thread,
            archived=changed.thread.archived if archived is None else archived,
            locked=changed.thread.locked if locked is None else locked,
        )
        changed = replace(changed, thread=details)
    reader.faults.raise_if_any()
    _put(request, changed, "THREAD_UPDATE" if channel.is_thread else "CHANNEL_UPDATE")
    return _shown(request, changed)


async def delete_channel(request: Request) -> Response:
    """Delete a channel with its threads."""
    actor_context = request.channel()
    channel = actor_context.channel
    if channel.guild_id is not None:
        needed = Permission.MANAGE_THREADS if channel.is_thread else Permission.MANAGE_CHANNELS
        require(actor_context, needed)
        request.container.world.remove_channel(channel)
        _notify(request, channel, "THREAD_DELETE" if channel.is_thread else "CHANNEL_DELETE")
    return _shown(request, channel)


async def put_overwrite(request: Request) -> Response:
    """Allow and deny a role or member something in a channel."""
    actor_context = request.channel()
    require(actor_context, Permission.MANAGE_ROLES)
    reader = request.body.reader()
    reader["type"].require()
    overwrite = Overwrite(
        target=request.id("overwrite_id"),
        is_member=bool(reader["type"].one_of((0, 1))),
        allow=reader["allow"].number(low=0, high=2**63) or 0,
        deny=reader["deny"].number(low=0, high=2**63) or 0,
    )
    reader.faults.raise_if_any()
    _put_overwrites(request, actor_context.channel, overwrite)
    return NOTHING


async def delete_overwrite(request: Request) -> Response:
    """Remove a permission overwrite from a channel."""
    actor_context = request.channel()
    require(actor_context, Permission.MANAGE_ROLES)
    _put_overwrites(request, actor_context.channel, None)
    return NOTHING


async def type_in(request: Request) -> Response:
    """Show that the bot is typing."""
    require_sending(request.channel())
    return NOTHING


async def create_thread(request: Request) -> Response:
    """Start a thread in a channel, or a post in a forum."""
    actor_context = request.channel()
    if actor_context.channel.type in HOLDS_POSTS:
        return await _create_post(request)
    if actor_context.channel.type not in _HOLDS_THREADS:
        raise errors.not_in_this_channel()
    reader = request.body.reader()
    chosen = reader["type"].one_of((10, 11, 12))
    # Private without a type: Discord keeps to that until another version of its API.
    kind = ChannelType(chosen) if chosen else ChannelType.PRIVATE_THREAD
    is_private = kind is ChannelType.PRIVATE_THREAD
    require(
        actor_context,
        Permission.CREATE_PRIVATE_THREADS if is_private else Permission.CREATE_PUBLIC_THREADS,
    )
    thread = _thread(request, actor_context.channel, reader, kind, request.container.ids.make())
    return _shown(request, thread, CREATED)


async def create_thread_on_message(request: Request) -> Response:
    """Start a thread on a message; it takes the message's id."""
    actor_context = request.channel()
    channel = actor_context.channel
    if channel.type not in _HOLDS_THREADS - HOLDS_POSTS:
        raise errors.not_in_this_channel()
    require(actor_context, Permission.CREATE_PUBLIC_THREADS)
    message = request.container.messages.get(channel.id, request.id("message_id"))
    if message.thread_id is not None:
        raise errors.thread_already_made()
    kind = _THREAD_OF.get(channel.type, ChannelType.PUBLIC_THREAD)
    thread = _thread(request, channel, request.body.reader(), kind, message.id)
    request.container.messages.put(replace(message, thread_id=thread.id))
    return _shown(request, thread, CREATED)


async def join_thread(request: Request) -> Response:
    """Make the bot a member of a thread."""
    _change_membership(request, joins=True)
    return NOTHING


async def leave_thread(request: Request) -> Response:
    """Take the bot out of a thread."""
    _change_membership(request, joins=False)
    return NOTHING


async def _create_post(request: Request) -> Response:
    actor_context = request.channel()
    require(actor_context, Permission.SEND_MESSAGES)
    reader = request.body.reader()
    reader["message"].require()
    message_input = read_sendable(actor_context, reader["message"], request.body.files)
    kind = ChannelType.PUBLIC_THREAD
    if message_input.is_empty:
        raise errors.empty_message()
    thread = _thread(request, actor_context.channel, reader, kind, request.container.ids.make())
    blank = Message(thread.id, thread.id, request.container.world.application.bot)
    message = request.container.messages.create(
        request.container.messages.filled(blank, message_input)
    )
    shown = channel_json(thread, request.container.world, message.id)
    bot_id = request.container.world.application.bot.id
    shown |= {
        "message": request.container.payloads.json(message),
        "member": thread_member_json(thread, bot_id),
    }
    return Response(shown, CREATED)


def _thread(
    request: Request, parent: Channel, reader: FieldReader, kind: ChannelType, thread_id: int
) -> Channel:
    name = reader["name"].text(least=1, most=100, required=True) or ""
    minutes = reader["auto_archive_duration"].one_of(_ARCHIVE_MINUTES) or 1440
    slowmode = reader["rate_limit_per_user"].number(low=0, high=21600) or 0
    reader.faults.raise_if_any()
    bot_id = request.container.world.application.bot.id
    thread = Channel(
        id=thread_id,
        type=kind,
        name=name,
        guild_id=parent.guild_id,
        parent_id=parent.id,
        slowmode=slowmode,
        thread=ThreadDetails(
            owner_id=bot_id, auto_archive_duration=minutes, members=frozenset({bot_id})
        ),
    )
    _put(request, thread, "THREAD_CREATE")
    return thread


def _change_membership(request: Request, *, joins: bool) -> None:
    channel = request.channel().channel
    if channel.thread is None:
        raise errors.not_in_this_channel()
    own = {request.container.world.application.bot.id}
    members = channel.thread.members | own if joins else channel.thread.members - own
    _put(
        request, replace(channel, thread=replace(channel.thread, members=members)), "THREAD_UPDATE"
    )


def _put_overwrites(request: Request, channel: Channel, fresh: Overwrite | None) -> None:
    target = request.id("overwrite_id")
    kept = [each for each in channel.overwrites if each.target != target]
    overwrites = (*kept, fresh) if fresh is not None else tuple(kept)
    _put(request, replace(channel, overwrites=overwrites), "CHANNEL_UPDATE")


def _put(request: Request, channel: Channel, event: str) -> None:
    request.container.world.add_channel(channel)
    _notify(request, channel, event)


def _notify(request: Request, channel: Channel, event: str) -> None:
    shown = channel_json(channel, request.container.world)
    request.container.gateway.dispatch(event, shown, guild_id=channel.guild_id, intent=1)
    request.container.feed.publish({"type": "world", "guild_id": str(channel.guild_id)})


def _shown(request: Request, channel: Channel, status: int = 200) -> Response:
    last = request.container.messages.last_id(channel.id)
    shown = channel_json(channel, request.container.world, last)
    if channel.thread is not None:
        bot_id = request.container.world.application.bot.id
        if bot_id in channel.thread.members:
            shown["member"] = thread_member_json(channel, bot_id)
    return Response(shown, status)


ROUTES = (
    Route("GET", "/channels/{channel_id}", get_channel),
    Route("PATCH", "/channels/{channel_id}", edit_channel),
    Route("DELETE", "/channels/{channel_id}", delete_channel),
    Route("PUT", "/channels/{channel_id}/permissions/{overwrite_id}", put_overwrite),
    Route("DELETE", "/channels/{channel_id}/permissions/{overwrite_id}", delete_overwrite),
    Route("POST", "/channels/{channel_id}/typing", type_in),
    Route("POST", "/channels/{channel_id}/threads", create_thread),
    Route("POST", "/channels/{channel_id}/messages/{message_id}/threads", create_thread_on_message),
    Route("PUT", "/channels/{channel_id}/thread-members/@me", join_thread),
    Route("DELETE", "/channels/{channel_id}/thread-members/@me", leave_thread),
)
