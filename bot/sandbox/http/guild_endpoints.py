"""Endpoints about guilds: the guild, its channels, roles, members and active threads."""

from __future__ import annotations

from bot.sandbox import errors
from bot.sandbox.http.request import Request, Response, Route
from bot.sandbox.world.payloads import (
    channel_json,
    guild_json,
    member_json,
    role_json,
    thread_member_json,
)

MOST_MEMBERS = 1_000


async def get_guild(request: Request) -> Response:
    """Tell about a guild."""
    guild, _ = request.guild()
    shown = guild_json(guild)
    if request.query.get("with_counts", "").lower() in ("true", "1"):
        count = len(guild.members)
        shown |= {"approximate_member_count": count, "approximate_presence_count": count}
    return Response(shown)


async def list_channels(request: Request) -> Response:
    """List a guild's channels, without threads."""
    guild, _ = request.guild()
    last_id = request.container.messages.last_id
    return Response(
        [
            channel_json(each, request.container.world, last_id(each.id))
            for each in guild.channels.values()
            if not each.is_thread
        ]
    )


async def list_active_threads(request: Request) -> Response:
    """List the open threads that the bot can see."""
    guild, own = request.guild()
    threads = [
        each
        for each in guild.channels.values()
        if each.thread and not each.thread.archived and request.stand(each).can_view
    ]
    joined = [each for each in threads if each.thread and own.user.id in each.thread.members]
    return Response(
        {
            "threads": [channel_json(each, request.container.world) for each in threads],
            "members": [thread_member_json(each, own.user.id) for each in joined],
            "has_more": False,
        }
    )


async def list_roles(request: Request) -> Response:
    """List a guild's roles."""
    guild, _ = request.guild()
    return Response([role_json(each) for each in guild.roles.values()])


async def get_role(request: Request) -> Response:
    """Tell about one role."""
    guild, _ = request.guild()
    role = guild.roles.get(request.id("role_id"))
    if role is None:
        raise errors.unknown_role()
    return Response(role_json(role))


async def list_members(request: Request) -> Response:
    """List a guild's members, a page at a time."""
    guild, _ = request.guild()
    limit = request.number("limit", 1, low=1, high=MOST_MEMBERS)
    after = request.number("after", 0, low=0, high=2**63)
    later = sorted(each for each in guild.members if each > after)
    return Response([member_json(guild.members[each]) for each in later[:limit]])


async def get_member(request: Request) -> Response:
    """Tell about one member."""
    guild, _ = request.guild()
    member = guild.members.get(request.id("user_id"))
    if member is None:
        raise errors.unknown_member()
    return Response(member_json(member))


ROUTES = (
    Route("GET", "/guilds/{guild_id}", get_guild),
    Route("GET", "/guilds/{guild_id}/channels", list_channels),
    Route("GET", "/guilds/{guild_id}/threads/active", list_active_threads),
    Route("GET", "/guilds/{guild_id}/roles", list_roles),
    Route("GET", "/guilds/{guild_id}/roles/{role_id}", get_role),
    Route("GET", "/guilds/{guild_id}/members", list_members),
    Route("GET", "/guilds/{guild_id}/members/{user_id}", get_member),
)
