"""One request to the HTTP API, its response, and its route."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.sandbox import errors
from bot.sandbox.http.attachments import Body
from bot.sandbox.interactions.actor_context import stand
from bot.sandbox.world import permissions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.sandbox.container import Container
    from bot.sandbox.interactions.actor_context import ActorContext
    from bot.sandbox.world.model import Channel, Guild, Member
    from bot.sandbox.world.permissions import Permission

NO_CONTENT = 204


@dataclass(frozen=True, slots=True)
class Response:
    """A response: JSON, or nothing with status 204."""

    value: object = None
    status: int = 200


NOTHING = Response(status=NO_CONTENT)


@dataclass(frozen=True, slots=True)
class Request:
    """One request to the HTTP API."""

    container: Container
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: Body = field(default_factory=Body)

    def id(self, name: str) -> int:
        """Return an id from the path; 0 where it is no number."""
        value = self.path[name]
        return int(value) if value.isdecimal() else 0

    def number(self, name: str, default: int, *, low: int, high: int) -> int:
        """Return a number of the query.

        Raises:
            DiscordError: 50035, it is none or out of bounds.
        """
        reader = Body({name: self.query.get(name, default)}).reader()
        number = reader[name].number(low=low, high=high)
        reader.faults.raise_if_any()
        return default if number is None else number

    def guild(self) -> tuple[Guild, Member]:
        """Return the guild of the path, and the bot as its member.

        Raises:
            DiscordError: 10004, the bot is not there.
        """
        guild = self.container.world.guild(self.id("guild_id"))
        own = self.container.world.bot_member(guild) if guild else None
        if guild is None or own is None:
            raise errors.unknown_guild()
        return guild, own

    def channel(self) -> ActorContext:
        """Return where the bot stands in the channel of the path.

        Raises:
            DiscordError: 10003, there is no such channel; 50001, the bot cannot see it.
        """
        world = self.container.world
        channel = world.channel(self.id("channel_id"))
        bot = world.application.bot
        if channel is None or (channel.guild_id is None and bot.id not in channel.recipients):
            raise errors.unknown_channel()
        actor_context = self.stand(channel)
        if not actor_context.can_view:
            raise errors.missing_access()
        return actor_context

    def stand(self, channel: Channel) -> ActorContext:
        """Return where the bot stands in a channel."""
        world = self.container.world
        return stand(world, world.application.bot, channel, now=self.container.clock.time())


def require(actor_context: ActorContext, permission: Permission) -> None:
    """Raise 50013 unless all of these are granted."""
    if actor_context.granted & permission != permission:
        raise errors.missing_permissions()


def require_sending(actor_context: ActorContext) -> None:
    """Raise 50013 unless writing there is granted."""
    require(actor_context, permissions.sending(actor_context.channel))


Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Route:
    """An endpoint: its method, its path below `/api/v10`, and its handler.

    Attributes:
        is_open: Whether it takes no bot token (its path carries an interaction's).
    """

    method: str
    path: str
    handler: Handler
    is_open: bool = False
