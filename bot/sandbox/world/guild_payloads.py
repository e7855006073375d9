"""Guilds as Discord's JSON: over HTTP, over the gateway, and in a list of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.wire import timestamp
from bot.sandbox.world import permissions
from bot.sandbox.world.payloads import channel_json, member_json, role_json
from bot.sandbox.world.snowflakes import made_at

if TYPE_CHECKING:
    from bot.sandbox.wire import Json
    from bot.sandbox.world.model import Guild, Member, World

_EMPTY = (
    "icon",
    "description",
    "home_header",
    "splash",
    "discovery_splash",
    "banner",
    "application_id",
    "afk_channel_id",
    "widget_channel_id",
    "max_presences",
    "vanity_url_code",
    "system_channel_id",
    "rules_channel_id",
    "safety_alerts_channel_id",
    "public_updates_channel_id",
    "incidents_data",
)
_ZERO = (
    "verification_level",
    "default_message_notifications",
    "mfa_level",
    "explicit_content_filter",
    "premium_tier",
    "premium_subscription_count",
    "nsfw_level",
    "system_channel_flags",
)
"""What a guild of the sandbox does not have, and what is at its lowest."""


def guild_json(guild: Guild) -> Json:
    """Return a guild as HTTP knows it: roles, but neither channels nor members."""
    return (
        dict.fromkeys(_EMPTY)
        | dict.fromkeys(_ZERO, 0)
        | {
            "id": str(guild.id),
            "name": guild.name,
            "owner_id": str(guild.owner_id),
            "region": "deprecated",
            "afk_timeout": 300,
            "widget_enabled": False,
            "roles": [role_json(each) for each in guild.roles.values()],
            "emojis": [],
            "stickers": [],
            "features": [],
            "max_members": 500_000,
            "max_video_channel_users": 25,
            "max_stage_video_channel_users": 50,
            "preferred_locale": guild.locale,
            "premium_progress_bar_enabled": False,
            "nsfw": False,
        }
    )


def gateway_guild_json(guild: Guild, world: World) -> Json:
    """Return a guild as GUILD_CREATE tells of it, with channels, threads and the bot."""
    shown = [channel_json(each, world) for each in guild.channels.values() if not each.is_thread]
    threads = [channel_json(each, world) for each in guild.channels.values() if each.is_thread]
    own = world.bot_member(guild)
    joined = own.joined_at if own else made_at(guild.id)
    return guild_json(guild) | {
        "joined_at": timestamp(joined),
        "large": False,
        "unavailable": False,
        "member_count": len(guild.members),
        "voice_states": [],
        "members": [member_json(own)] if own else [],
        "channels": shown,
        "threads": threads,
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def own_guild_json(guild: Guild, member: Member) -> Json:
    """Return a guild as the list of one's own guilds shows it."""
    return {
        "id": str(guild.id),
        "name": guild.name,
        "icon": None,
        "banner": None,
        "owner": guild.owner_id == member.user.id,
        "permissions": str(permissions.in_guild(guild, member)),
        "features": [],
    }
