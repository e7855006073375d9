"""The world as one person sees it, for the page's first drawing."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from bot.sandbox.gateway.announcements import connection_json
from bot.sandbox.interactions.actor_context import ActorContext, Context, stand
from bot.sandbox.wire import timestamp
from bot.sandbox.world import permissions
from bot.sandbox.world.model import HOLDS_MESSAGES
from bot.sandbox.world.payloads import member_json, role_json, user_json
from bot.sandbox.world.permissions import Permission

if TYPE_CHECKING:
    from bot.sandbox.container import Container
    from bot.sandbox.wire import Json
    from bot.sandbox.world.model import Actor, Channel, Guild, User


MOST_GUILDS = 20
"""Shown on the page; a benchmark's world has thousands."""


def state_json(container: Container, user: User) -> Json:
    """Return everything a person may see, but for messages and commands."""
    return _View(container, user).json()


class _View:
    """The world as one person sees it."""

    def __init__(self, container: Container, user: User) -> None:
        self._container = container
        self._world = container.world
        self._user = user

    def json(self) -> Json:
        application, user, actors = self._world.application, self._user, self._world.actors
        guilds = (self._world.guild(guild_id) for guild_id in self._world.guild_ids())
        own = (each for each in guilds if each is not None and user.id in each.members)
        return {
            "now": timestamp(self._container.clock.time()),
            "last_event": self._container.feed.last_id,
            "title": application.name,
            "application": {
                "id": str(application.id),
                "name": application.name,
                "bot": user_json(application.bot),
            },
            "actor": self.actor_json(
                next((each for each in actors if each.user_id == user.id), None), user
            ),
            "actors": [self.actor_json(each, self._world.users[each.user_id]) for each in actors],
            "guilds": [self.guild_json(each) for each in islice(own, MOST_GUILDS)],
            "dms": [
                self.dm_json(each)
                for each in self._world.dms.values()
                if user.id in each.recipients
            ],
            "faults": [each.json() for each in self._container.faults.active()],
            "ratelimits": {"enabled": self._container.ratelimits.enabled},
        } | connection_json(self._container)

    def actor_json(self, actor: Actor | None, user: User) -> Json:
        return {
            "key": actor.key if actor else str(user.id),
            "user": user_json(user),
            "note": actor.note if actor else "",
            "locale": user.locale,
            "installed": user.id in self._world.user_installs,
        }

    def guild_json(self, guild: Guild) -> Json:
        member = guild.members[self._user.id]
        granted = permissions.in_guild(guild, member)
        contexts = map(self.stand, guild.channels.values())
        return {
            "id": str(guild.id),
            "name": guild.name,
            "icon": None,
            "owner_id": str(guild.owner_id),
            "bot_present": self._world.bot_member(guild) is not None,
            "member": member_json(member),
            "can_manage": bool(granted & Permission.MANAGE_GUILD),
            "roles": [role_json(each) for each in guild.roles.values()],
            "members": [member_json(each) for each in guild.members.values()],
            "channels": [self.channel_json(each) for each in contexts if each.can_view],
        }

    def channel_json(self, actor_context: ActorContext) -> Json:
        channel = actor_context.channel
        return {
            "id": str(channel.id),
            "type": int(channel.type),
            "name": channel.name,
            "position": channel.position,
            "parent_id": None if channel.parent_id is None else str(channel.parent_id),
            "topic": channel.topic,
        } | _abilities(actor_context)

    def dm_json(self, channel: Channel) -> Json:
        actor_context = self.stand(channel)
        others = [self._world.users[each] for each in channel.recipients if each != self._user.id]
        return {
            "id": str(channel.id),
            "type": int(channel.type),
            "recipients": [user_json(each) for each in others],
            "with_bot": actor_context.context is Context.BOT_DM,
        } | _abilities(actor_context)

    def stand(self, channel: Channel) -> ActorContext:
        return stand(self._world, self._user, channel, now=self._container.clock.time())


def _abilities(actor_context: ActorContext) -> Json:
    holds_messages = actor_context.channel.type in HOLDS_MESSAGES
    may_use = actor_context.guild is None or bool(
        actor_context.granted & Permission.USE_APPLICATION_COMMANDS
    )
    return {
        "can_send": holds_messages and actor_context.can_send,
        "can_use_commands": holds_messages and may_use and bool(actor_context.installs),
        "bot_can_see": bool(actor_context.bot_granted & Permission.VIEW_CHANNEL)
        and (actor_context.guild is None or 0 in actor_context.installs)
        and actor_context.context is not Context.PRIVATE_CHANNEL,
    }
