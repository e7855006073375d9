"""/daily set and edit: nothing is saved before Discord says that posting there will work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui

from bot.client.features.admin_options import (
    PingableRole,
    PostableChannel,
    choose_name,
    complete_names,
    complete_packs,
    complete_speakers,
    complete_zones,
)
from bot.client.features.schedule_options import ScheduleOptions, require_postable
from bot.client.markdown import escape
from bot.client.permissions import require_admin
from bot.client.responding import reply
from bot.client.views.layout import OPTION
from bot.client.views.schedules import render_schedule
from bot.errors import ScheduleError

if TYPE_CHECKING:
    from bot.client.adapters.wiring import AdminServices
    from bot.client.permissions import AdminGroup
    from bot.scheduling.models import Schedule

Place = app_commands.Transform[int, PostableChannel]
Role = app_commands.Transform[int, PingableRole]
Text = app_commands.Range[str, 1, OPTION]
Hours = app_commands.Range[int, 1, 23]

OPTIONS = {
    "channel": "Where it is posted: a text or announcement channel, or a thread.",
    "time": "The local time, such as 09:00 or 9am.",
    "zone": "The time zone: a city, a name such as Europe/Berlin, or UTC.",
    "pack": "Only quotes of this pack.",
    "by": "Only quotes of this person.",
    "days": "Such as weekdays, or mon, wed, fri; every day if left out.",
    "role": "The one role to ping.",
    "window": "For how many hours a late post is still tried; 6 if left out.",
}


def add_set(group: AdminGroup) -> None:
    """Add /daily set."""

    @group.command(
        name="set", description="Post a quote every day, at a local time of your choice."
    )
    @app_commands.describe(name="What you call it, such as morning.", **OPTIONS)
    async def command(  # noqa: PLR0913, PLR0917  # the options of the command
        interaction: discord.Interaction[Any],
        name: app_commands.Range[str, 1, 32],
        channel: Place,
        time: Text,
        zone: Text,
        pack: Text | None = None,
        by: Text | None = None,
        days: Text | None = None,
        role: Role | None = None,
        window: Hours | None = None,
    ) -> None:
        wish = ScheduleOptions(channel, time, zone, pack, by, days, role, window)
        await reply(interaction, _set(interaction, name, wish), private=True)

    command.autocomplete("zone")(complete_zones())
    command.autocomplete("pack")(complete_packs())
    command.autocomplete("by")(complete_speakers())


def add_edit(group: AdminGroup) -> None:
    """Add /daily edit."""

    @group.command(name="edit", description="Change a daily quote; what you leave out stays.")
    @app_commands.describe(
        name="Which one.",
        rename="Its new name.",
        no_ping="Ping no role any more.",
        **OPTIONS
        | {
            "pack": "Only quotes of this pack, or: any.",
            "by": "Only quotes of this person, or: any.",
            "days": "Such as weekdays, or mon, wed, fri.",
            "window": "For how many hours a late post is still tried.",
        },
    )
    async def command(  # noqa: PLR0913, PLR0917  # the options of the command
        interaction: discord.Interaction[Any],
        name: app_commands.Range[str, 1, 32] | None = None,
        channel: Place | None = None,
        time: Text | None = None,
        zone: Text | None = None,
        pack: Text | None = None,
        by: Text | None = None,
        days: Text | None = None,
        role: Role | None = None,
        window: Hours | None = None,
        no_ping: bool = False,  # noqa: FBT001, FBT002  # an option of the command, given by name
        rename: app_commands.Range[str, 1, 32] | None = None,
    ) -> None:
        wish = ScheduleOptions(channel, time, zone, pack, by, days, role, window, no_ping)
        await reply(interaction, _edit(interaction, name, wish, rename), private=True)

    command.autocomplete("name")(complete_names())
    command.autocomplete("zone")(complete_zones())
    command.autocomplete("pack")(complete_packs())
    command.autocomplete("by")(complete_speakers())


async def _set(
    interaction: discord.Interaction[Any], name: str, wish: ScheduleOptions
) -> ui.LayoutView:
    guild_id, office = await require_admin(interaction)
    services = interaction.client.services
    wanted = wish.settings(services.knowledge, await services.scope_for(guild_id))
    await require_postable(interaction.client, guild_id, wanted.channel_id, wanted.role_id)
    added = await office.schedules.add(guild_id, name, wanted, interaction.user.id)
    return _saved(office, f"{escape(added.name, 80)} is set", added)


async def _edit(
    interaction: discord.Interaction[Any],
    typed: str | None,
    wish: ScheduleOptions,
    rename: str | None,
) -> ui.LayoutView:
    guild_id, office = await require_admin(interaction)
    services = interaction.client.services
    name = await choose_name(office, guild_id, typed)
    if wish == ScheduleOptions() and rename is None:
        raise ScheduleError("Nothing to change was given; add an option, such as time or channel.")
    old = (await office.schedules.get(guild_id, name)).settings
    wanted = wish.changes(old, services.knowledge, await services.scope_for(guild_id))
    await require_postable(interaction.client, guild_id, wanted.channel_id, wanted.role_id)
    changed = await office.schedules.edit(guild_id, name, wanted, rename, read=old)
    return _saved(office, f"{escape(changed.name, 80)} is changed", changed)


def _saved(office: AdminServices, heading: str, schedule: Schedule) -> ui.LayoutView:
    return render_schedule(heading, schedule, office.records.list_upcoming(schedule))
