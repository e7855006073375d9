"""Worlds to start from: a small one that shows every situation, and a crowd of guilds."""

from __future__ import annotations

from dataclasses import replace

from bot.sandbox.world.model import (
    Actor,
    Application,
    Channel,
    ChannelType,
    Guild,
    ManyGuilds,
    Member,
    Overwrite,
    Role,
    ThreadDetails,
    User,
    World,
)
from bot.sandbox.world.permissions import USUAL, Permission
from bot.sandbox.world.snowflakes import EPOCH, TIME_SHIFT, at

_DAY = 86_400.0
_FOUNDED = EPOCH + 6 * 365 * _DAY  # early 2021

_HIDDEN = int(Permission.VIEW_CHANNEL)
_WRITING = int(Permission.SEND_MESSAGES | Permission.SEND_MESSAGES_IN_THREADS)
_BOT_NEEDS = int(
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.EMBED_LINKS
    | Permission.READ_MESSAGE_HISTORY
)


class _Ids:
    """Ids of one guild, each a little later than the one before."""

    def __init__(self, day: float) -> None:
        self._seconds = _FOUNDED + day * _DAY

    def next(self) -> int:
        self._seconds += 61.007
        return at(self._seconds)


class _NewGuild:
    """A guild while it is set up."""

    def __init__(self, guild_id: int, name: str, owner: User, *, locale: str = "en-US") -> None:
        everyone = Role(guild_id, "@everyone", USUAL)
        self.guild = Guild(guild_id, name, owner.id, locale, roles={guild_id: everyone})

    def add_roles(self, *roles: Role) -> None:
        self.guild.roles |= {each.id: each for each in roles}

    def join(self, *users: User) -> None:
        for number, user in enumerate(users):
            self.guild.members[user.id] = Member(user, _FOUNDED + (130 + number) * _DAY)

    def grant(self, user: User, role: Role) -> None:
        member = self.guild.members[user.id]
        self.guild.members[user.id] = replace(member, roles=(*member.roles, role.id))

    def open(self, *channels: Channel) -> None:
        for channel in channels:
            position = 0 if channel.is_thread else len(self.guild.channels)
            opened = replace(channel, guild_id=self.guild.id, position=position)
            self.guild.channels[channel.id] = opened


def small_world(name: str = "Liner Notes") -> World:
    """Return three guilds with the bot, one without, and people of different standing.

    - **admin** manages every server; **fan** is a plain member; **stranger** installed the
      application for themself and shares only the server without the bot.
    - "Night Owls" has every kind of channel, among them `backstage`, which the bot cannot see, and
      `archive`, whose history it cannot read.
    - In "Vinyl Corner" the bot may not write in `read-only` and may not embed in `plain`.
    - "Quiet Room" has one channel. "Elsewhere" never invited the bot.
    """
    ids = _Ids(0)
    admin = User(ids.next(), "ada", "Ada", locale="en-GB")
    fan = User(ids.next(), "robin", "Robin")
    stranger = User(ids.next(), "sasha", "Sasha", locale="de")
    bystander = User(ids.next(), "mika", "Mika", locale="fr")
    application_id = ids.next()
    bot = User(application_id, name, bot=True)
    actors = (
        Actor("admin", admin.id, "Manages every server."),
        Actor("fan", fan.id, "A member without special permissions."),
        Actor("stranger", stranger.id, "Installed the application for themself."),
    )
    world = World(Application(application_id, name, bot, admin), actors)
    world.user_installs.add(stranger.id)
    world.add_guild(_night_owls(admin, fan, bystander, bot))
    world.add_guild(_vinyl_corner(admin, fan, bot))
    world.add_guild(_quiet_room(admin, bystander, bot))
    world.add_guild(_elsewhere(stranger, fan))
    for one, other in ((bot, admin), (bot, fan), (bot, stranger), (fan, stranger)):
        world.add_channel(Channel(ids.next(), ChannelType.DM, recipients=(one.id, other.id)))
    return world


def crowded_world(guilds: int, name: str = "Liner Notes") -> World:
    """Return a world of that many alike guilds, each made only when somebody looks at it.

    A guild's id is its number shifted up, so that guilds spread evenly over shards, and its
    channel's id is one more.
    """
    ids = _Ids(0)
    admin = User(ids.next(), "ada", "Ada", locale="en-GB")
    fan = User(ids.next(), "robin", "Robin")
    application_id = ids.next()
    bot = User(application_id, name, bot=True)
    step = 1 << TIME_SHIFT
    first = at(_FOUNDED + _DAY)

    def make(guild_id: int) -> Guild:
        new = _NewGuild(guild_id, f"Guild {(guild_id - first) // step}", admin)
        new.join(admin, fan, bot)
        new.open(Channel(guild_id + 1, ChannelType.TEXT, "general"))
        return new.guild

    actors = (
        Actor("admin", admin.id, "Owns every server."),
        Actor("fan", fan.id, "A member of every server."),
    )
    many = ManyGuilds(
        range(first, first + guilds * step, step), make, lambda each: each - each % step
    )
    world = World(Application(application_id, name, bot, admin), actors, many)
    world.users |= {admin.id: admin, fan.id: fan}
    return world


def _night_owls(admin: User, fan: User, bystander: User, bot: User) -> Guild:
    ids = _Ids(30)
    new = _NewGuild(ids.next(), "Night Owls", admin)
    moderators = Role(
        ids.next(), "Moderators", USUAL | Permission.MANAGE_GUILD, 3, 0xF1C40F, hoist=True
    )
    fans = Role(ids.next(), "Fans", 0, 2, 0x1ABC9C, mentionable=True)
    own = Role(ids.next(), bot.name, 0, 1, bot_id=bot.id)
    new.add_roles(moderators, fans, own)
    new.join(admin, fan, bystander, bot)
    new.grant(admin, moderators)
    new.grant(fan, fans)
    new.grant(bot, own)
    front = Channel(ids.next(), ChannelType.CATEGORY, "Front of house")
    general = Channel(
        ids.next(), ChannelType.TEXT, "general", parent_id=front.id, topic="Say hello"
    )
    announcing = (
        Overwrite(new.guild.id, deny=_WRITING),
        Overwrite(moderators.id, allow=_WRITING),
        Overwrite(own.id, allow=_BOT_NEEDS),
    )
    news = Channel(
        ids.next(),
        ChannelType.ANNOUNCEMENT,
        "news",
        parent_id=front.id,
        topic="What is new",
        overwrites=announcing,
    )
    questions = Channel(ids.next(), ChannelType.FORUM, "questions", parent_id=front.id)
    listening = Channel(ids.next(), ChannelType.VOICE, "listening", parent_id=front.id)
    new.open(front, general, news, questions, listening)
    back = Channel(ids.next(), ChannelType.CATEGORY, "Back of house")
    for_moderators = (
        Overwrite(new.guild.id, deny=_HIDDEN),
        Overwrite(moderators.id, allow=_HIDDEN),
    )
    backstage = Channel(
        ids.next(),
        ChannelType.TEXT,
        "backstage",
        parent_id=back.id,
        topic="The bot cannot see this channel",
        overwrites=for_moderators,
    )
    archive = Channel(
        ids.next(),
        ChannelType.TEXT,
        "archive",
        parent_id=back.id,
        topic="The bot may write here, but not read what was written",
        overwrites=(Overwrite(own.id, deny=int(Permission.READ_MESSAGE_HISTORY)),),
    )
    new.open(back, backstage, archive)
    parents = {each.name: each.id for each in new.guild.channels.values()}
    started = ThreadDetails(owner_id=fan.id, members=frozenset({fan.id, bot.id}))
    for name, parent in (("B-sides", "general"), ("Which pressing is this?", "questions")):
        thread = Channel(
            ids.next(),
            ChannelType.PUBLIC_THREAD,
            name,
            parent_id=parents[parent],
            thread=started,
        )
        new.open(thread)
    return new.guild


def _vinyl_corner(admin: User, fan: User, bot: User) -> Guild:
    ids = _Ids(60)
    new = _NewGuild(ids.next(), "Vinyl Corner", admin, locale="de")
    own = Role(ids.next(), bot.name, 0, 1, bot_id=bot.id)
    new.add_roles(own)
    new.join(admin, fan, bot)
    new.grant(bot, own)
    lounge = Channel(ids.next(), ChannelType.TEXT, "lounge", topic="Anything goes")
    silent = Overwrite(own.id, deny=_WRITING)
    read_only = Channel(ids.next(), ChannelType.TEXT, "read-only", overwrites=(silent,))
    no_embeds = Overwrite(own.id, deny=int(Permission.EMBED_LINKS))
    plain = Channel(ids.next(), ChannelType.TEXT, "plain", overwrites=(no_embeds,))
    no_commands = Overwrite(new.guild.id, deny=int(Permission.USE_APPLICATION_COMMANDS))
    no_bots = Channel(ids.next(), ChannelType.TEXT, "no-bots", overwrites=(no_commands,))
    new.open(lounge, read_only, plain, no_bots)
    return new.guild


def _quiet_room(admin: User, bystander: User, bot: User) -> Guild:
    ids = _Ids(90)
    new = _NewGuild(ids.next(), "Quiet Room", bystander, locale="fr")
    managers = Role(ids.next(), "Managers", USUAL | Permission.MANAGE_GUILD, 1)
    new.add_roles(managers)
    new.join(admin, bystander, bot)
    new.grant(admin, managers)
    new.open(Channel(ids.next(), ChannelType.TEXT, "whispers"))
    return new.guild


def _elsewhere(stranger: User, fan: User) -> Guild:
    ids = _Ids(120)
    new = _NewGuild(ids.next(), "Elsewhere", stranger)
    new.join(stranger, fan)
    new.open(Channel(ids.next(), ChannelType.TEXT, "chat", topic="The bot was never invited"))
    return new.guild
