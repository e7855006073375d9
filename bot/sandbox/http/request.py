"""A call of the HTTP API: what came in, what goes out, and how the two are found."""

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

    from bot.sandbox.container import Parts
    from bot.sandbox.interactions.actor_context import Standpoint
    from bot.sandbox.world.channels import Channel
    from bot.sandbox.world.model import Guild, Member
    from bot.sandbox.world.permissions import Permission

NO_CONTENT = 204


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes out: JSON (none with status 204)."""

    value: object = None
    status: int = 200


NOTHING = Answer(status=NO_CONTENT)


@dataclass(frozen=True, slots=True)
class Call:
    """What came in."""

    parts: Parts
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: Body = field(default_factory=Body)

    def id(self, name: str) -> int:
        """Return an id of the path; what is no number is of nothing."""
        value = self.path[name]
        return int(value) if value.isdecimal() else 0

    def number(self, name: str, default: int, *, low: int, high: int) -> int:
        """Return a number of the query.

        Raises:
            DiscordError: 50035, it is none or out of bounds.
        """
        spot = Body({name: self.query.get(name, default)}).spot()
        number = spot[name].number(low=low, high=high)
        spot.faults.raise_if_any()
        return default if number is None else number

    def guild(self) -> tuple[Guild, Member]:
        """Return the guild of the path, and the bot as its member.

        Raises:
            DiscordError: 10004, the bot is not there.
        """
        guild = self.parts.world.guild(self.id("guild_id"))
        own = self.parts.world.bot_member(guild) if guild else None
        if guild is None or own is None:
            raise errors.unknown_guild()
        return guild, own

    def channel(self) -> Standpoint:
        """Return where the bot stands in the channel of the path.

        Raises:
            DiscordError: 10003, there is no such channel; 50001, the bot cannot see it.
        """
        world = self.parts.world
        channel = world.channel(self.id("channel_id"))
        bot = world.application.bot
        if channel is None or (channel.guild_id is None and bot.id not in channel.recipients):
            raise errors.unknown_channel()
        standpoint = self.stand(channel)
        if not standpoint.can_view:
            raise errors.missing_access()
        return standpoint

    def stand(self, channel: Channel) -> Standpoint:
        """Return where the bot stands in a channel."""
        world = self.parts.world
        return stand(world, world.application.bot, channel, now=self.parts.clock.time())


def require(standpoint: Standpoint, permission: Permission) -> None:
    """Raise 50013 unless all of these are granted."""
    if standpoint.granted & permission != permission:
        raise errors.missing_permissions()


def require_sending(standpoint: Standpoint) -> None:
    """Raise 50013 unless writing there is granted."""
    require(standpoint, permissions.sending(standpoint.channel))


Handler = Callable[[Call], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Route:
    """An endpoint: a method, a path below `/api/v10`, and who answers it.

    Attributes:
        is_open: Whether it takes no bot token (its path carries an interaction's).
    """

    method: str
    path: str
    handler: Handler
    is_open: bool = False
