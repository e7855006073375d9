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
from bot.client.errors import autocompleting
from bot.client.features.quote import name_choices
from bot.client.markdown import shorten
from bot.client.permissions import admin_services_of, require_manager
from bot.client.views.layout import OPTION, PER_MENU
from bot.errors import ScheduleError
from bot.scheduling.timezones import suggest_zones

if TYPE_CHECKING:
    from bot.client.adapters.wiring import AdminServices
    from bot.client.errors import Completion

QUICK = 1.0
"""Seconds after which autocomplete offers nothing rather than be late."""

ANY = "any"
"""What stands for every pack and every speaker when a schedule is edited."""

Interaction: TypeAlias = "discord.Interaction[Any]"
Choice = app_commands.Choice[str]


class PostableChannel(app_commands.Transformer):
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

    @autocompleting
    async def complete(interaction: Interaction, current: str) -> list[Choice]:
        guild_id, office = require_manager(interaction), admin_services_of(interaction)
        async with asyncio.timeout(QUICK):
            found = await office.schedules.list(guild_id)
        typed = current.casefold().strip()
        return name_choices([one.name for one in found if typed in one.name.casefold()])

    return complete


def complete_zones() -> Completion:
    """Offer time zones with the offset that each has now."""

    @autocompleting
    async def complete(interaction: Interaction, current: str) -> list[Choice]:
        found = suggest_zones(current, admin_services_of(interaction).clock.now())
        return [Choice(name=shorten(each.label, OPTION), value=each.name) for each in found]

    return complete


def complete_packs() -> Completion:
    """Offer every pack of the host, by its title."""

    @autocompleting
    async def complete(interaction: Interaction, current: str) -> list[Choice]:
        require_manager(interaction)
        knowledge, typed = interaction.client.services.knowledge, current.casefold().strip()
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

    @autocompleting
    async def complete(interaction: Interaction, current: str) -> list[Choice]:
        services = interaction.client.services
        scope = await services.scope_for(interaction.guild_id)
        return name_choices(services.knowledge.complete_speaker(current, scope))

    return complete


async def choose_name(office: AdminServices, guild_id: int, typed: str | None) -> str:
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
