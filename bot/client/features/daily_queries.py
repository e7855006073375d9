"""/daily list, history, doctor, alerts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui

from bot.client.features.admin_options import PostableChannel, choose_name, complete_names
from bot.client.features.schedule_options import fetch_problems, require_postable
from bot.client.permissions import require_admin
from bot.client.responding import reply
from bot.client.views.history import render_checkup, render_history
from bot.client.views.layout import notice
from bot.client.views.schedules import render_schedules

if TYPE_CHECKING:
    from bot.client.permissions import AdminGroup

Name = app_commands.Range[str, 1, 32]
Place = app_commands.Transform[int, PostableChannel]
LINES = 20

BY_MESSAGE = (
    "Whoever set a daily quote up is told by direct message when a post fails. "
    "`/daily alerts channel:` chooses a channel instead."
)


def add_list(group: AdminGroup) -> None:
    """Add /daily list."""

    @group.command(name="list", description="The daily quotes of this server.")
    async def command(interaction: discord.Interaction[Any]) -> None:
        await reply(interaction, _list(interaction), private=True)


def add_history(group: AdminGroup) -> None:
    """Add /daily history."""

    @group.command(name="history", description="What was due, what was sent, and why not.")
    @app_commands.describe(name="Which one; all of them if left out.")
    async def command(interaction: discord.Interaction[Any], name: Name | None = None) -> None:
        await reply(interaction, _history(interaction, name), private=True)

    command.autocomplete("name")(complete_names())


def add_doctor(group: AdminGroup) -> None:
    """Add /daily doctor."""

    @group.command(name="doctor", description="What is wrong with a daily quote, and what to do.")
    @app_commands.describe(name="Which one.")
    async def command(interaction: discord.Interaction[Any], name: Name | None = None) -> None:
        await reply(interaction, _doctor(interaction, name), private=True)

    command.autocomplete("name")(complete_names())


def add_alerts(group: AdminGroup) -> None:
    """Add /daily alerts."""

    @group.command(name="alerts", description="Where you are told when a post fails.")
    @app_commands.describe(channel="A channel; left out: by direct message to who set it up.")
    async def command(interaction: discord.Interaction[Any], channel: Place | None = None) -> None:
        await reply(interaction, _alerts(interaction, channel), private=True)


async def _list(interaction: discord.Interaction[Any]) -> ui.LayoutView:
    guild_id, office = await require_admin(interaction)
    found = await office.schedules.list(guild_id)
    return render_schedules([(one, office.records.list_upcoming(one, 1)) for one in found])


async def _history(interaction: discord.Interaction[Any], name: str | None) -> ui.LayoutView:
    guild_id, office = await require_admin(interaction)
    deliveries = await office.records.history(guild_id, name, LINES)
    names = {one.id: one.name for one in await office.schedules.list(guild_id)}
    return render_history(deliveries, names, await office.records.list_undelivered(deliveries))


async def _doctor(interaction: discord.Interaction[Any], typed: str | None) -> ui.LayoutView:
    guild_id, office = await require_admin(interaction)
    checkup = await office.records.check_schedule(
        guild_id, await choose_name(office, guild_id, typed)
    )
    wanted = checkup.schedule.settings
    faults = await fetch_problems(interaction.client, guild_id, wanted.channel_id, wanted.role_id)
    return render_checkup(checkup, faults, office.clock.now())


async def _alerts(interaction: discord.Interaction[Any], channel: int | None) -> ui.LayoutView:
    guild_id, office = await require_admin(interaction)
    if channel is not None:
        await require_postable(interaction.client, guild_id, channel, None)
    await office.guilds.set_alerts(guild_id, channel)
    if channel is None:
        return notice(BY_MESSAGE)
    return notice(f"You are told in <#{channel}> when a post fails.")
