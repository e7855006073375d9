"""Endpoints about the bot itself: gateway, its user, its application, its direct messages."""

from __future__ import annotations

from bot.sandbox import errors
from bot.sandbox.http.request import NOTHING, Request, Response, Route
from bot.sandbox.world.model import Channel, ChannelType
from bot.sandbox.world.payloads import (
    application_json,
    channel_json,
    own_guild_json,
    own_user_json,
    user_json,
)

MOST_GUILDS = 200
GUILDS_PER_SHARD = 1_000


async def get_gateway(request: Request) -> Response:
    """Tell where the gateway is."""
    return Response({"url": request.container.gateway.url})


async def get_gateway_bot(request: Request) -> Response:
    """Tell where the gateway is and how many shards to start."""
    guilds = sum(1 for _ in request.container.world.bot_guild_ids())
    limit = request.container.ratelimits.start_limit()
    shards = max(1, -(-guilds // GUILDS_PER_SHARD))
    return Response(
        {"url": request.container.gateway.url, "shards": shards, "session_start_limit": limit}
    )


async def get_own_user(request: Request) -> Response:
    """Return the bot's own user."""
    return Response(own_user_json(request.container.world.application.bot))


async def get_user(request: Request) -> Response:
    """Return a user."""
    user = request.container.world.users.get(request.id("user_id"))
    if user is None:
        raise errors.unknown_user()
    return Response(user_json(user))


async def get_application(request: Request) -> Response:
    """Tell about the application."""
    return Response(application_json(request.container.world))


async def list_own_guilds(request: Request) -> Response:
    """List the bot's guilds, a page at a time."""
    world = request.container.world
    limit = request.number("limit", MOST_GUILDS, low=1, high=MOST_GUILDS)
    after = request.number("after", 0, low=0, high=2**63)
    before = request.number("before", 2**63, low=0, high=2**63)
    later = sorted(each for each in world.bot_guild_ids() if after < each < before)
    shown = []
    for guild_id in later[:limit]:
        guild = world.guild(guild_id)
        own = world.bot_member(guild) if guild else None
        if guild is not None and own is not None:
            shown.append(own_guild_json(guild, own))
    return Response(shown)


async def leave_guild(request: Request) -> Response:
    """Take the bot out of a guild."""
    guild, own = request.guild()
    del guild.members[own.user.id]
    request.container.gateway.dispatch(
        "GUILD_DELETE", {"id": str(guild.id)}, guild_id=guild.id, intent=1
    )
    request.container.feed.publish({"type": "world", "guild_id": str(guild.id)})
    return NOTHING


async def open_dm(request: Request) -> Response:
    """Open a direct message with somebody, or return the one there is."""
    world = request.container.world
    reader = request.body.reader()
    recipient = reader["recipient_id"].snowflake()
    reader["recipient_id"].require()
    reader.faults.raise_if_any()
    user = world.users.get(recipient or 0)
    if user is None or user.bot:
        raise errors.cannot_message_user() if user else errors.unknown_user()
    bot = world.application.bot
    channel = world.dm_between(bot.id, user.id)
    if channel is None:
        channel = Channel(
            request.container.ids.make(), ChannelType.DM, recipients=(bot.id, user.id)
        )
        world.add_channel(channel)
        request.container.feed.publish({"type": "world", "guild_id": None})
    last = request.container.messages.last_id(channel.id)
    return Response(channel_json(channel, world, last))


ROUTES = (
    Route("GET", "/gateway", get_gateway, is_open=True),
    Route("GET", "/gateway/bot", get_gateway_bot),
    Route("GET", "/users/@me", get_own_user),
    Route("GET", "/users/{user_id}", get_user),
    Route("GET", "/users/@me/guilds", list_own_guilds),
    Route("DELETE", "/users/@me/guilds/{guild_id}", leave_guild),
    Route("POST", "/users/@me/channels", open_dm),
    Route("GET", "/applications/@me", get_application),
    Route("GET", "/oauth2/applications/@me", get_application),
)
