"""The options of admins' commands: read, and completed while they are typed.

Autocomplete cannot be deferred. Zones, packs and speakers are in memory. The names of a server's
schedules are asked of the state each time: at most ten rows by an index, read without waiting for
whoever writes, and given up after a second; a cache would be wrong as soon as a second process
serves the same server.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeAlias

import discord
from discord import app_commands

from bot.client.adapters.channel_access import POSTABLE
from bot.client.errors import completing
from bot.client.features.quote import choices_of
from bot.client.markdown import shorten
from bot.client.permissions import office_of, server_managed
from bot.client.views.layout import OPTION, PER_MENU
from bot.errors import ScheduleError
from bot.scheduling.timezones import zone_choices

if TYPE_CHECKING:
    from bot.client.adapters.wiring import Office
    from bot.client.errors import Completion

QUICK = 1.0
"""Seconds after which autocomplete offers nothing rather than be late."""

ANY = "any"
"""What stands for every pack and every speaker when a schedule is edited."""

Interaction: TypeAlias = "discord.Interaction[Any]"
Choice = app_commands.Choice[str]


class PostablePlace(app_commands.Transformer):
    """A text or announcement channel, or a thread, by its id; nothing about it is believed."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """Say that it is a channel."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """Say which kinds the picker offers."""
        return sorted(POSTABLE, key=lambda kind: int(kind.value))

    async def transform(self, _interaction: Interaction, value: Any, /) -> int:
        """Take the id alone: what the bot may do there is fetched."""
        return int(value.id)


class PingableRole(app_commands.Transformer):
    """A role, by its id."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """Say that it is a role."""
        return discord.AppCommandOptionType.role

    async def transform(self, _interaction: Interaction, value: Any, /) -> int:
        """Take the id alone."""
        return int(value.id)


def complete_names() -> Completion:
    """Offer the names of the server's schedules."""

    @completing
    async def complete(interaction: Interaction, current: str) -> list[Choice]:
        guild_id, office = server_managed(interaction), office_of(interaction)
        async with asyncio.timeout(QUICK):
            found = await office.schedules.list(guild_id)
        typed = current.casefold().strip()
        return choices_of([one.name for one in found if typed in one.name.casefold()])

    return complete


def complete_zones() -> Completion:
    """Offer time zones with the offset that each has now."""

    @completing
    async def complete(interaction: Interaction, current: str) -> list[Choice]:
        found = zone_choices(current, office_of(interaction).clock.now())
        return [Choice(name=shorten(each.label, OPTION), value=each.name) for each in found]

    return complete


def complete_packs() -> Completion:
    """Offer every pack of the host, by its title."""

    @completing
    async def complete(interaction: Interaction, current: str) -> list[Choice]:
        server_managed(interaction)
        knowledge, typed = interaction.client.desk.knowledge, current.casefold().strip()
        titles = {pack: knowledge.pack_title(pack) for pack in sorted(knowledge.packs)}
        found = [
            Choice(name=shorten(title, OPTION), value=pack)
            for pack, title in titles.items()
            if typed in title.casefold() or typed in pack
        ]
        return found[:PER_MENU]

    return complete


def complete_speakers() -> Completion:
    """Offer those whose quotes there are."""

    @completing
    async def complete(interaction: Interaction, current: str) -> list[Choice]:
        desk = interaction.client.desk
        scope = await desk.scope_for(interaction.guild_id)
        return choices_of(desk.knowledge.complete_speaker(current, scope))

    return complete


async def chosen_name(office: Office, guild_id: int, typed: str | None) -> str:
    """Return the name typed; where there is one schedule only, it need not be.

    Raises:
        ScheduleError: nothing was typed, and the server has several schedules, or none.
    """
    if typed is not None:
        return typed
    found = await office.schedules.list(guild_id)
    if not found:
        raise ScheduleError("This server has no schedule yet; set one up with /daily set.")
    if len(found) > 1:
        names = ", ".join(f"'{one.name}'" for one in found)
        raise ScheduleError(f"Which one? Give its name: {names}.")
    return found[0].name
