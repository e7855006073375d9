"""Users, roles, members, channels and guilds as Discord's JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.wire import timestamp
from bot.sandbox.world import permissions
from bot.sandbox.world.model import HOLDS_MESSAGES, HOLDS_POSTS, ChannelType
from bot.sandbox.world.snowflakes import made_at

if TYPE_CHECKING:
    from bot.sandbox.wire import Json
    from bot.sandbox.world.model import Channel, Guild, Member, Role, ThreadDetails, User, World


def user_json(user: User) -> Json:
    """Return a user as everyone sees them."""
    shown: Json = {
        "id": str(user.id),
        "username": user.name,
        "global_name": user.display_name,
        "discriminator": "0000" if user.bot else "0",
        "avatar": None,
        "avatar_decoration_data": None,
        "collectibles": None,
        "primary_guild": None,
        "banner": None,
        "accent_color": None,
        "public_flags": 0,
        "flags": 0,
    }
    return shown | {"bot": True} if user.bot else shown


def own_user_json(user: User) -> Json:
    """Return the bot's user as it sees itself."""
    return user_json(user) | {
        "mfa_enabled": True,
        "locale": user.locale,
        "verified": True,
        "email": None,
    }


def application_json(world: World) -> Json:
    """Return the application as its own bot sees it."""
    application = world.application
    install: Json = {"scopes": ["applications.commands", "bot"], "permissions": "0"}
    return {
        "id": str(application.id),
        "name": application.name,
        "icon": None,
        "description": application.description,
        "type": None,
        "bot": user_json(application.bot),
        "bot_public": True,
        "bot_require_code_grant": False,
        "integration_types_config": {
            "0": {"oauth2_install_params": install},
            "1": {"oauth2_install_params": install | {"scopes": ["applications.commands"]}},
        },
        "verify_key": "0" * 64,
        "flags": 0,
        "flags_new": "0",
        "max_participants": None,
        "tags": [],
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": user_json(application.owner),
        "approximate_guild_count": sum(1 for _ in world.bot_guild_ids()),
        "approximate_user_install_count": len(world.user_installs),
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": ["applications.commands", "bot"],
    }


def role_json(role: Role) -> Json:
    """Return a role."""
    shown: Json = {
        "id": str(role.id),
        "name": role.name,
        "permissions": str(role.permissions),
        "position": role.position,
        "color": role.color,
        "colors": {
            "primary_color": role.color,
            "secondary_color": None,
            "tertiary_color": None,
        },
        "hoist": role.hoist,
        "managed": role.bot_id is not None,
        "mentionable": role.mentionable,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }
    return shown | ({"tags": {"bot_id": str(role.bot_id)}} if role.bot_id else {})


def member_json(member: Member) -> Json:
    """Return a member together with their user."""
    muted = member.timed_out_until
    return {
        "user": user_json(member.user),
        "nick": member.nick,
        "roles": [str(each) for each in member.roles],
        "joined_at": timestamp(member.joined_at),
        "premium_since": None,
        "pending": False,
        "flags": 0,
        "avatar": None,
        "banner": None,
        "communication_disabled_until": None if muted is None else timestamp(muted),
        "mute": False,
        "deaf": False,
    }


def channel_json(channel: Channel, world: World, last_message_id: int | None = None) -> Json:
    """Return a channel of any kind."""
    shown: Json = {"id": str(channel.id), "type": int(channel.type), "flags": 0}
    if channel.type in HOLDS_MESSAGES or channel.type in HOLDS_POSTS:
        shown["last_message_id"] = None if last_message_id is None else str(last_message_id)
    if channel.guild_id is None:
        others = [each for each in channel.recipients if each != world.application.bot.id]
        return shown | {"recipients": [user_json(world.users[each]) for each in others]}
    shown |= {
        "guild_id": str(channel.guild_id),
        "name": channel.name,
        "parent_id": None if channel.parent_id is None else str(channel.parent_id),
        "rate_limit_per_user": channel.slowmode,
    }
    if channel.thread is not None:
        return shown | _thread_fields(channel, channel.thread)
    return shown | _guild_channel_fields(channel)


def _guild_channel_fields(channel: Channel) -> Json:
    fields: Json = {
        "position": channel.position,
        "nsfw": channel.nsfw,
        "topic": channel.topic,
        "permission_overwrites": [
            {
                "id": str(each.target),
                "type": int(each.is_member),
                "allow": str(each.allow),
                "deny": str(each.deny),
            }
            for each in channel.overwrites
        ],
    }
    if channel.type in HOLDS_POSTS:
        fields |= {
            "available_tags": [],
            "default_reaction_emoji": None,
            "default_sort_order": None,
            "default_forum_layout": 0,
        }
    if channel.type in (ChannelType.VOICE, ChannelType.STAGE):
        fields |= {"bitrate": 64000, "user_limit": 0, "rtc_region": None}
    return fields


def _thread_fields(channel: Channel, thread: ThreadDetails) -> Json:
    made = timestamp(made_at(channel.id))
    return {
        "owner_id": str(thread.owner_id),
        "thread_metadata": {
            "archived": thread.archived,
            "archive_timestamp": made,
            "auto_archive_duration": thread.auto_archive_duration,
            "locked": thread.locked,
            "create_timestamp": made,
        },
        "message_count": 0,
        "member_count": len(thread.members),
        "total_message_sent": 0,
        "applied_tags": [],
    }


def thread_member_json(channel: Channel, user_id: int) -> Json:
    """Return somebody's membership of a thread."""
    return {
        "id": str(channel.id),
        "user_id": str(user_id),
        "join_timestamp": timestamp(made_at(channel.id)),
        "flags": 0,
    }


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
