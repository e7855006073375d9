"""Users, guilds, roles, the application, and the world that holds them.

The things are frozen; guilds and the world hold them and are the only places that change.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True, slots=True)
class User:
    """An account: a person or a bot."""

    id: int
    name: str
    display_name: str | None = None
    bot: bool = False
    locale: str = "en-US"


@dataclass(frozen=True, slots=True)
class Role:
    """A role of a guild; the one with the guild's own id is @everyone."""

    id: int
    name: str
    permissions: int = 0
    position: int = 0
    color: int = 0
    mentionable: bool = False
    hoist: bool = False
    bot_id: int | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A user in a guild."""

    user: User
    joined_at: float
    roles: tuple[int, ...] = ()
    nick: str | None = None
    timed_out_until: float | None = None


@dataclass(slots=True)
class Guild:
    """A server with its roles, channels (threads too) and members, by id."""

    id: int
    name: str
    owner_id: int
    locale: str = "en-US"
    roles: dict[int, Role] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)

    @property
    def everyone(self) -> Role:
        """Return the role that all members have."""
        return self.roles[self.id]


@dataclass(frozen=True, slots=True)
class Actor:
    """A person that a visitor or a test may act as."""

    key: str
    user_id: int
    note: str


@dataclass(frozen=True, slots=True)
class Application:
    """The application under test and its bot user."""

    id: int
    name: str
    bot: User
    owner: User
    description: str = ""


@dataclass(frozen=True, slots=True)
class ManyGuilds:
    """Guilds that are only made when somebody asks for them.

    Attributes:
        ids: Their ids, in order.
        make: Build the guild of that id; the same at every call.
        holding: Return the id of the guild that a channel's id belongs to.
    """

    ids: range
    make: Callable[[int], Guild]
    holding: Callable[[int], int]


class World:
    """Everything there is, by id."""

    def __init__(
        self,
        application: Application,
        actors: tuple[Actor, ...] = (),
        many: ManyGuilds | None = None,
    ) -> None:
        self.application = application
        self.actors = actors
        self.users: dict[int, User] = {application.bot.id: application.bot}
        self.users[application.owner.id] = application.owner
        self.user_installs: set[int] = set()
        self.dms: dict[int, Channel] = {}
        self._guilds: dict[int, Guild] = {}
        self._homes: dict[int, int] = {}
        self._many = many

    def add_guild(self, guild: Guild) -> None:
        """Take in a guild, its channels and its members' accounts."""
        self._guilds[guild.id] = guild
        for channel in guild.channels.values():
            self._homes[channel.id] = guild.id
        for member in guild.members.values():
            self.users.setdefault(member.user.id, member.user)

    def change_locale(self, user_id: int, locale: str) -> User:
        """Set the language of a person's Discord; return the changed account."""
        changed = replace(self.users[user_id], locale=locale)
        self.users[user_id] = changed
        for guild in self._guilds.values():
            if (member := guild.members.get(user_id)) is not None:
                guild.members[user_id] = replace(member, user=changed)
        return changed

    def add_channel(self, channel: Channel) -> None:
        """Take in a channel, or a changed version of it."""
        if channel.guild_id is None:
            self.dms[channel.id] = channel
            return
        guild = self.guild(channel.guild_id)
        if guild is not None:
            guild.channels[channel.id] = channel
            self._homes[channel.id] = guild.id

    def remove_channel(self, channel: Channel) -> None:
        """Forget a channel and the threads under it."""
        guild = self.guild_of(channel)
        if guild is None:
            self.dms.pop(channel.id, None)
            return
        for each in list(guild.channels.values()):
            if channel.id in (each.id, each.parent_id if each.is_thread else None):
                del guild.channels[each.id]
                self._homes.pop(each.id, None)

    def guild(self, guild_id: int) -> Guild | None:
        """Return that guild, making it now if it is one of many."""
        guild = self._guilds.get(guild_id)
        if guild is None and self._many is not None and guild_id in self._many.ids:
            guild = self._many.make(guild_id)
            self.add_guild(guild)
        return guild

    def guild_ids(self) -> Iterator[int]:
        """Yield the ids of all guilds without making one."""
        if self._many is not None:
            yield from self._many.ids
        for guild_id in self._guilds:
            if self._many is None or guild_id not in self._many.ids:
                yield guild_id

    def bot_guild_ids(self) -> Iterator[int]:
        """Yield the ids of the guilds that the bot is a member of."""
        for guild_id in self.guild_ids():
            is_one_of_many = self._many is not None and guild_id in self._many.ids
            if is_one_of_many or self.application.bot.id in self._guilds[guild_id].members:
                yield guild_id

    def channel(self, channel_id: int) -> Channel | None:
        """Return that channel, of a guild or a direct message."""
        if channel_id in self.dms:
            return self.dms[channel_id]
        home = self._homes.get(channel_id)
        if home is None and self._many is not None:
            home = self._many.holding(channel_id)
        guild = self.guild(home) if home is not None else None
        return guild.channels.get(channel_id) if guild else None

    def guild_of(self, channel: Channel) -> Guild | None:
        """Return the guild that a channel belongs to, None for direct messages."""
        return self.guild(channel.guild_id) if channel.guild_id is not None else None

    def bot_member(self, guild: Guild) -> Member | None:
        """Return the bot as a member of that guild, None where it was never invited."""
        return guild.members.get(self.application.bot.id)

    def dm_between(self, *user_ids: int) -> Channel | None:
        """Return the direct message between exactly these."""
        wanted = set(user_ids)
        found = (each for each in self.dms.values() if set(each.recipients) == wanted)
        return next(found, None)


class ChannelType(IntEnum):
    """Kinds of channel, by Discord's numbers."""

    TEXT = 0
    DM = 1
    VOICE = 2
    GROUP_DM = 3
    CATEGORY = 4
    ANNOUNCEMENT = 5
    ANNOUNCEMENT_THREAD = 10
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12
    STAGE = 13
    FORUM = 15
    MEDIA = 16


THREADS = frozenset(
    {ChannelType.ANNOUNCEMENT_THREAD, ChannelType.PUBLIC_THREAD, ChannelType.PRIVATE_THREAD}
)
HOLDS_MESSAGES = THREADS | {
    ChannelType.TEXT,
    ChannelType.DM,
    ChannelType.GROUP_DM,
    ChannelType.VOICE,
    ChannelType.STAGE,
    ChannelType.ANNOUNCEMENT,
}
HOLDS_POSTS = frozenset({ChannelType.FORUM, ChannelType.MEDIA})


@dataclass(frozen=True, slots=True)
class Overwrite:
    """A channel's permission overwrite for a role or a member."""

    target: int
    is_member: bool = False
    allow: int = 0
    deny: int = 0


@dataclass(frozen=True, slots=True)
class ThreadDetails:
    """The fields that only threads have."""

    owner_id: int
    archived: bool = False
    locked: bool = False
    auto_archive_duration: int = 1440
    members: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of a guild, a thread, or a direct message."""

    id: int
    type: ChannelType
    name: str = ""
    guild_id: int | None = None
    parent_id: int | None = None
    position: int = 0
    topic: str | None = None
    overwrites: tuple[Overwrite, ...] = ()
    slowmode: int = 0
    nsfw: bool = False
    thread: ThreadDetails | None = None
    recipients: tuple[int, ...] = ()

    @property
    def is_thread(self) -> bool:
        """Say whether it hangs under another channel."""
        return self.type in THREADS
