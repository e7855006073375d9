"""Endpoints about channels and threads themselves; their messages are in message_endpoints."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.sandbox import errors
from bot.sandbox.http.message_endpoints import read_sendable
from bot.sandbox.http.request import NOTHING, Answer, Call, Route, require, require_sending
from bot.sandbox.world.channels import HOLDS_POSTS, Channel, ChannelType, Overwrite, ThreadDetails
from bot.sandbox.world.messages import Message
from bot.sandbox.world.payloads import channel_json, thread_member_json
from bot.sandbox.world.permissions import Permission

if TYPE_CHECKING:
    from bot.sandbox.validation import Spot

CREATED = 201
_ARCHIVE_MINUTES = (60, 1440, 4320, 10080)
_THREAD_OF = {ChannelType.ANNOUNCEMENT: ChannelType.ANNOUNCEMENT_THREAD}
_HOLDS_THREADS = HOLDS_POSTS | {ChannelType.TEXT, ChannelType.ANNOUNCEMENT}


async def get_channel(call: Call) -> Answer:
    """Tell about a channel."""
    return _shown(call, call.channel().channel)


async def edit_channel(call: Call) -> Answer:
    """Change a channel's name, topic or slow mode, or open and close a thread."""
    standpoint = call.channel()
    channel = standpoint.channel
    if channel.guild_id is None:
        raise errors.not_in_this_channel()
    needed = Permission.MANAGE_THREADS if channel.is_thread else Permission.MANAGE_CHANNELS
    require(standpoint, needed)
    spot = call.body.spot()
    changed = _edited(channel, spot)
    spot.faults.raise_if_any()
    _put(call, changed, "THREAD_UPDATE" if channel.is_thread else "CHANNEL_UPDATE")
    return _shown(call, changed)


async def delete_channel(call: Call) -> Answer:
    """Delete a channel with its threads."""
    standpoint = call.channel()
    channel = standpoint.channel
    if channel.guild_id is not None:
        needed = Permission.MANAGE_THREADS if channel.is_thread else Permission.MANAGE_CHANNELS
        require(standpoint, needed)
        call.parts.world.remove_channel(channel)
        _tell(call, channel, "THREAD_DELETE" if channel.is_thread else "CHANNEL_DELETE")
    return _shown(call, channel)


async def put_overwrite(call: Call) -> Answer:
    """Allow and deny a role or member something in a channel."""
    standpoint = call.channel()
    require(standpoint, Permission.MANAGE_ROLES)
    spot = call.body.spot()
    spot["type"].require()
    overwrite = Overwrite(
        target=call.id("overwrite_id"),
        is_member=bool(spot["type"].one_of((0, 1))),
        allow=spot["allow"].number(low=0, high=2**63) or 0,
        deny=spot["deny"].number(low=0, high=2**63) or 0,
    )
    spot.faults.raise_if_any()
    _put_overwrites(call, standpoint.channel, overwrite)
    return NOTHING


async def delete_overwrite(call: Call) -> Answer:
    """Take back what a channel allowed and denied a role or member."""
    standpoint = call.channel()
    require(standpoint, Permission.MANAGE_ROLES)
    _put_overwrites(call, standpoint.channel, None)
    return NOTHING


async def type_in(call: Call) -> Answer:
    """Show that the bot is typing."""
    require_sending(call.channel())
    return NOTHING


async def create_thread(call: Call) -> Answer:
    """Start a thread in a channel, or a post in a forum."""
    standpoint = call.channel()
    if standpoint.channel.type in HOLDS_POSTS:
        return await _create_post(call)
    if standpoint.channel.type not in _HOLDS_THREADS:
        raise errors.not_in_this_channel()
    spot = call.body.spot()
    chosen = spot["type"].one_of((10, 11, 12))
    kind = ChannelType(chosen) if chosen else ChannelType.PRIVATE_THREAD
    is_private = kind is ChannelType.PRIVATE_THREAD
    require(
        standpoint,
        Permission.CREATE_PRIVATE_THREADS if is_private else Permission.CREATE_PUBLIC_THREADS,
    )
    thread = _thread(call, standpoint.channel, spot, kind, call.parts.ids.make())
    return _shown(call, thread, CREATED)


async def create_thread_on_message(call: Call) -> Answer:
    """Start a thread on a message; it takes the message's id."""
    standpoint = call.channel()
    channel = standpoint.channel
    if channel.type not in _HOLDS_THREADS - HOLDS_POSTS:
        raise errors.not_in_this_channel()
    require(standpoint, Permission.CREATE_PUBLIC_THREADS)
    message = call.parts.messages.get(channel.id, call.id("message_id"))
    if message.thread_id is not None:
        raise errors.thread_already_made()
    kind = _THREAD_OF.get(channel.type, ChannelType.PUBLIC_THREAD)
    thread = _thread(call, channel, call.body.spot(), kind, message.id)
    call.parts.messages.put(replace(message, thread_id=thread.id))
    return _shown(call, thread, CREATED)


async def join_thread(call: Call) -> Answer:
    """Make the bot a member of a thread."""
    _change_membership(call, joins=True)
    return NOTHING


async def leave_thread(call: Call) -> Answer:
    """Take the bot out of a thread."""
    _change_membership(call, joins=False)
    return NOTHING


async def _create_post(call: Call) -> Answer:
    standpoint = call.channel()
    require(standpoint, Permission.SEND_MESSAGES)
    spot = call.body.spot()
    spot["message"].require()
    draft = read_sendable(standpoint, spot["message"], call.body.files)
    kind = ChannelType.PUBLIC_THREAD
    if draft.is_empty:
        raise errors.empty_message()
    thread = _thread(call, standpoint.channel, spot, kind, call.parts.ids.make())
    blank = Message(thread.id, thread.id, call.parts.world.application.bot)
    message = call.parts.messages.create(call.parts.messages.filled(blank, draft))
    shown = channel_json(thread, call.parts.world, message.id)
    bot_id = call.parts.world.application.bot.id
    shown |= {
        "message": call.parts.payloads.json(message),
        "member": thread_member_json(thread, bot_id),
    }
    return Answer(shown, CREATED)


def _thread(call: Call, parent: Channel, spot: Spot, kind: ChannelType, thread_id: int) -> Channel:
    name = spot["name"].text(least=1, most=100, required=True) or ""
    minutes = spot["auto_archive_duration"].one_of(_ARCHIVE_MINUTES) or 1440
    slowmode = spot["rate_limit_per_user"].number(low=0, high=21600) or 0
    spot.faults.raise_if_any()
    bot_id = call.parts.world.application.bot.id
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
    _put(call, thread, "THREAD_CREATE")
    return thread


def _edited(channel: Channel, spot: Spot) -> Channel:
    changed = channel
    if spot["name"].given:
        changed = replace(changed, name=spot["name"].text(least=1, most=100) or "")
    if "topic" in spot:
        changed = replace(changed, topic=spot["topic"].text(most=4096))
    if spot["rate_limit_per_user"].given:
        seconds = spot["rate_limit_per_user"].number(low=0, high=21600)
        changed = replace(changed, slowmode=seconds or 0)
    if changed.thread is not None:
        archived, locked = spot["archived"].flag(), spot["locked"].flag()
        details = replace(
            changed.thread,
            archived=changed.thread.archived if archived is None else archived,
            locked=changed.thread.locked if locked is None else locked,
        )
        changed = replace(changed, thread=details)
    return changed


def _change_membership(call: Call, *, joins: bool) -> None:
    channel = call.channel().channel
    if channel.thread is None:
        raise errors.not_in_this_channel()
    own = {call.parts.world.application.bot.id}
    members = channel.thread.members | own if joins else channel.thread.members - own
    _put(call, replace(channel, thread=replace(channel.thread, members=members)), "THREAD_UPDATE")


def _put_overwrites(call: Call, channel: Channel, fresh: Overwrite | None) -> None:
    target = call.id("overwrite_id")
    kept = [each for each in channel.overwrites if each.target != target]
    overwrites = (*kept, fresh) if fresh is not None else tuple(kept)
    _put(call, replace(channel, overwrites=overwrites), "CHANNEL_UPDATE")


def _put(call: Call, channel: Channel, event: str) -> None:
    call.parts.world.add_channel(channel)
    _tell(call, channel, event)


def _tell(call: Call, channel: Channel, event: str) -> None:
    shown = channel_json(channel, call.parts.world)
    call.parts.gateway.dispatch(event, shown, guild_id=channel.guild_id, intent=1)
    call.parts.feed.publish({"type": "world", "guild_id": str(channel.guild_id)})


def _shown(call: Call, channel: Channel, status: int = 200) -> Answer:
    last = call.parts.messages.last_id(channel.id)
    shown = channel_json(channel, call.parts.world, last)
    if channel.thread is not None:
        bot_id = call.parts.world.application.bot.id
        if bot_id in channel.thread.members:
            shown["member"] = thread_member_json(channel, bot_id)
    return Answer(shown, status)


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
