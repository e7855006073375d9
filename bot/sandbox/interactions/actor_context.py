"""Where a person acts: the channel, their rights there, and the bot's.

What decides which commands are offered, and half of what an interaction carries.
https://discord.com/developers/docs/resources/application#installation-context
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from bot.sandbox.world import permissions
from bot.sandbox.world.permissions import Permission

if TYPE_CHECKING:
    from bot.sandbox.wire import Json
    from bot.sandbox.world.model import Channel, Guild, Member, User, World


class Context(IntEnum):
    """Where an interaction happens, by Discord's numbers."""

    GUILD = 0
    BOT_DM = 1
    PRIVATE_CHANNEL = 2


class Install(IntEnum):
    """Kinds of installation, by Discord's numbers."""

    GUILD = 0
    USER = 1


@dataclass(frozen=True, slots=True)
class ActorContext:
    """A person in a channel.

    Attributes:
        guild: None in direct messages; `member` and `guild` are there together.
        granted: The person's permissions in the channel.
        bot_granted: The bot's permissions there (`app_permissions`).
        installs: The kinds of installation that reach here, with the owner's id of each:
            what an interaction carries as `authorizing_integration_owners`.
    """

    user: User
    channel: Channel
    context: Context
    granted: int
    bot_granted: int
    installs: dict[Install, int]
    guild: Guild | None = None
    member: Member | None = None

    @property
    def can_view(self) -> bool:
        """Say whether the person sees the channel."""
        return bool(self.granted & Permission.VIEW_CHANNEL)

    @property
    def can_send(self) -> bool:
        """Say whether the person may write there."""
        return bool(self.granted & permissions.sending(self.channel))

    @property
    def must_be_ephemeral(self) -> bool:
        """Say whether a user install's answers are for the person's eyes only."""
        if Install.GUILD in self.installs or self.guild is None:
            return False
        return not self.granted & Permission.USE_EXTERNAL_APPS

    def owners(self) -> Json:
        """Return the installs as an interaction carries them."""
        return {str(int(kind)): str(owner) for kind, owner in self.installs.items()}

    def offers(self, command: Json) -> bool:
        """Say whether a registered command may be used from here."""
        return self._is_installed(command) and self._fits(command) and self._is_permitted(command)

    def _is_installed(self, command: Json) -> bool:
        if "guild_id" in command:
            here = self.guild is not None and str(self.guild.id) == command["guild_id"]
            return here and Install.GUILD in self.installs
        return any(kind in self.installs for kind in command["integration_types"])

    def _fits(self, command: Json) -> bool:
        contexts = command.get("contexts")
        if contexts is not None:
            return self.context in contexts
        # What commands said before there were contexts, and still may.
        return self.context is Context.GUILD or command.get("dm_permission", True)

    def _is_permitted(self, command: Json) -> bool:
        if self.guild is None:
            return True
        if self.granted == permissions.ALL:
            return True
        if not self.granted & Permission.USE_APPLICATION_COMMANDS:
            return False
        needed = command.get("default_member_permissions")
        if needed is None:
            return True
        # "0" is no permission that anybody could have: administrators alone.
        return int(needed) != 0 and self.granted & int(needed) == int(needed)


def stand(world: World, user: User, channel: Channel, *, now: float) -> ActorContext:
    """Return a member's context in a channel, without rights where they have none."""
    guild = world.guild_of(channel)
    if guild is None:
        return _in_dm(world, user, channel)
    member = guild.members.get(user.id)
    own = world.bot_member(guild)
    granted = permissions.in_channel(guild, channel, member, now=now) if member else 0
    installs: dict[Install, int] = {Install.GUILD: guild.id} if own else {}
    if user.id in world.user_installs:
        installs[Install.USER] = user.id
    if own is not None:
        bot_granted = permissions.in_channel(guild, channel, own, now=now)
    else:
        # Installed by the person alone, the application acts by their rights.
        bot_granted = granted & permissions.USUAL
    return ActorContext(
        user=user,
        channel=channel,
        context=Context.GUILD,
        granted=granted,
        bot_granted=bot_granted,
        installs=installs,
        guild=guild,
        member=member,
    )


def _in_dm(world: World, user: User, channel: Channel) -> ActorContext:
    with_bot = world.application.bot.id in channel.recipients
    installs: dict[Install, int] = {Install.GUILD: 0} if with_bot else {}
    if user.id in world.user_installs:
        installs[Install.USER] = user.id
    return ActorContext(
        user=user,
        channel=channel,
        context=Context.BOT_DM if with_bot else Context.PRIVATE_CHANNEL,
        granted=permissions.IN_DM if user.id in channel.recipients else 0,
        bot_granted=permissions.IN_DM,
        installs=installs,
    )
