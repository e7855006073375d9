"""The users, members, roles and channels that an interaction's values point at, in full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.interactions.actor_context import stand
from bot.sandbox.interactions.command_definitions import OptionType
from bot.sandbox.wire import timestamp
from bot.sandbox.world import permissions
from bot.sandbox.world.payloads import member_json, role_json, user_json
from bot.sandbox.world.snowflakes import made_at

if TYPE_CHECKING:
    from bot.sandbox.interactions.actor_context import ActorContext
    from bot.sandbox.wire import Json
    from bot.sandbox.world.channels import Channel
    from bot.sandbox.world.model import User, World

_GONE = "There is no such {kind} here."


class Resolved:
    """The entities that an interaction's values refer to."""

    def __init__(self, world: World, actor_context: ActorContext) -> None:
        self._world = world
        self._actor_context = actor_context
        self._found: dict[str, Json] = {}

    def json(self) -> Json:
        """Return the `resolved` field; empty when nothing is pointed at."""
        return self._found

    def add(
        self, kind: OptionType, value: Any, channel_types: list[int] | None = None
    ) -> str | None:
        """Gather the entity of an id; return a fault where there is none."""
        if not str(value).isdecimal():
            return _GONE.format(kind=kind.name.lower())
        target = int(value)
        if kind is OptionType.CHANNEL:
            return self._add_channel(target, channel_types)
        if kind in (OptionType.USER, OptionType.MENTIONABLE) and self._add_user(target):
            return None
        if kind in (OptionType.ROLE, OptionType.MENTIONABLE) and self._add_role(target):
            return None
        return _GONE.format(kind=kind.name.lower())

    def add_message(self, message: Json) -> None:
        """Gather a message (of a message's menu)."""
        self._put("messages", message["id"], message)

    def _add_user(self, user_id: int) -> bool:
        user = self._world.users.get(user_id)
        if user is None:
            return False
        self._put("users", str(user_id), user_json(user))
        self._add_member(user)
        return True

    def _add_member(self, user: User) -> None:
        guild = self._actor_context.guild
        if guild is None or user.id not in guild.members:
            return
        member = guild.members[user.id]
        shown = member_json(member)
        for absent in ("user", "mute", "deaf"):
            del shown[absent]
        shown["permissions"] = str(permissions.in_guild(guild, member))
        self._put("members", str(user.id), shown)

    def _add_role(self, role_id: int) -> bool:
        guild = self._actor_context.guild
        if guild is None or role_id not in guild.roles:
            return False
        self._put("roles", str(role_id), role_json(guild.roles[role_id]))
        return True

    def _add_channel(self, channel_id: int, channel_types: list[int] | None) -> str | None:
        channel = self._world.channel(channel_id)
        here = self._actor_context.guild
        if channel is None or here is None or channel.guild_id != here.id:
            return _GONE.format(kind="channel")
        if channel_types and channel.type not in channel_types:
            return "Choose another kind of channel."
        self._put("channels", str(channel_id), self._partial_channel(channel))
        return None

    def _partial_channel(self, channel: Channel) -> Json:
        seen = stand(self._world, self._actor_context.user, channel, now=0)
        shown: Json = {
            "id": str(channel.id),
            "type": int(channel.type),
            "name": channel.name,
            "permissions": str(seen.granted),
            "parent_id": None if channel.parent_id is None else str(channel.parent_id),
            "flags": 0,
            "guild_id": str(channel.guild_id),
            "last_message_id": None,
            "last_pin_timestamp": None,
            "nsfw": channel.nsfw,
            "position": channel.position,
            "rate_limit_per_user": channel.slowmode,
            "topic": channel.topic,
        }
        if channel.thread is not None:
            # Not in the reference, but Discord sends them and discord.py counts on them.
            shown |= {
                "owner_id": str(channel.thread.owner_id),
                "member_count": len(channel.thread.members),
                "message_count": 0,
                "total_message_sent": 0,
            }
            shown["thread_metadata"] = {
                "archived": channel.thread.archived,
                "auto_archive_duration": channel.thread.auto_archive_duration,
                "locked": channel.thread.locked,
                "archive_timestamp": timestamp(made_at(channel.id)),
            }
        return shown

    def _put(self, kind: str, target: str, value: Json) -> None:
        self._found.setdefault(kind, {})[target] = value
