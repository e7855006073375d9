"""/daily pause, resume, skip, now, preview, remove."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui

from bot.client.features.admin_options import choose_name, complete_names
from bot.client.markdown import escape
from bot.client.permissions import require_admin
from bot.client.responding import reply
from bot.client.views.history import message_link
from bot.client.views.layout import OPTION, notice
from bot.client.views.post import StoredLayout
from bot.client.views.schedules import in_words, render_schedule, stamp
from bot.scheduling.models import Outcome
from bot.scheduling.parsing import parse_until
from bot.scheduling.timezones import load_zone

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from bot.client.adapters.wiring import AdminServices
    from bot.client.permissions import AdminGroup
    from bot.scheduling.models import Delivery

    Act = Callable[[AdminServices, int, str], Coroutine[Any, Any, ui.LayoutView]]

Name = app_commands.Range[str, 1, 32]
LOOK_EVERY, LOOK_FOR = 0.2, 10.0
"""Seconds between looks at how a post went, and until who asked is told to look later."""


def add_pause(group: AdminGroup) -> None:
    """Add /daily pause."""

    @group.command(name="pause", description="Post no more, until a moment or until /daily resume.")
    @app_commands.describe(
        name="Which one.", until="Such as 2027-01-07, tomorrow, or 2 weeks; its own time zone."
    )
    async def command(
        interaction: discord.Interaction[Any],
        name: Name | None = None,
        until: app_commands.Range[str, 1, OPTION] | None = None,
    ) -> None:
        async def act(office: AdminServices, guild_id: int, chosen: str) -> ui.LayoutView:
            return await _pause(office, guild_id, chosen, until)

        await _answer(interaction, name, act)

    command.autocomplete("name")(complete_names())


def add_simple(group: AdminGroup) -> None:
    """Add the commands that take nothing but a name."""
    _add(group, "resume", "Go on with a paused or suspended daily quote.", _resume)
    _add(group, "skip", "Leave out the next post.", _skip)
    _add(group, "preview", "See the next quote as it would be posted; only you see it.", _preview)


def add_now(group: AdminGroup) -> None:
    """Add /daily now."""

    @group.command(name="now", description="Post a quote now; it counts as seen.")
    @app_commands.describe(name="Which one.")
    async def command(interaction: discord.Interaction[Any], name: Name | None = None) -> None:
        async def act(office: AdminServices, guild_id: int, chosen: str) -> ui.LayoutView:
            return await _now(office, guild_id, chosen, interaction.id)

        await _answer(interaction, name, act)

    command.autocomplete("name")(complete_names())


def add_remove(group: AdminGroup) -> None:
    """Add /daily remove, for which the name must be given."""

    @group.command(name="remove", description="Remove a daily quote with its history.")
    @app_commands.describe(name="Which one.")
    async def command(interaction: discord.Interaction[Any], name: Name) -> None:
        await _answer(interaction, name, _remove)

    command.autocomplete("name")(complete_names())


def _add(group: AdminGroup, name: str, description: str, act: Act) -> None:
    @group.command(name=name, description=description)
    @app_commands.describe(name="Which one.")
    async def command(interaction: discord.Interaction[Any], name: Name | None = None) -> None:
        await _answer(interaction, name, act)

    command.autocomplete("name")(complete_names())


async def _answer(interaction: discord.Interaction[Any], typed: str | None, act: Act) -> None:
    async def card() -> ui.LayoutView:
        guild_id, office = await require_admin(interaction)
        return await act(office, guild_id, await choose_name(office, guild_id, typed))

    await reply(interaction, card(), private=True)


async def _pause(
    office: AdminServices, guild_id: int, name: str, until: str | None
) -> ui.LayoutView:
    schedule = await office.schedules.get(guild_id, name)
    timetable = schedule.settings.timetable
    moment = None if until is None else parse_until(until, timetable, office.clock.now())
    paused = await office.schedules.pause(guild_id, name, moment)
    heading = f"{escape(paused.name, 80)} is paused"
    return render_schedule(heading, paused, office.records.list_upcoming(paused))


async def _resume(office: AdminServices, guild_id: int, name: str) -> ui.LayoutView:
    resumed = await office.schedules.resume(guild_id, name)
    heading = f"{escape(resumed.name, 80)} goes on"
    return render_schedule(heading, resumed, office.records.list_upcoming(resumed))


async def _skip(office: AdminServices, guild_id: int, name: str) -> ui.LayoutView:
    skipped, schedule = await office.schedules.skip(guild_id, name)
    local = skipped.instant.astimezone(load_zone(schedule.settings.timetable.zone))
    heading = f"Skipped: {stamp(skipped.instant)} — {in_words(local)}"
    return render_schedule(heading, schedule, office.records.list_upcoming(schedule))


async def _preview(office: AdminServices, guild_id: int, name: str) -> ui.LayoutView:
    return StoredLayout(await office.schedules.preview(guild_id, name))


async def _remove(office: AdminServices, guild_id: int, name: str) -> ui.LayoutView:
    removed = await office.schedules.remove(guild_id, name)
    return notice(f"**{escape(removed.name, 80)}** is removed, with its history.")


async def _now(
    office: AdminServices, guild_id: int, name: str, interaction_id: int
) -> ui.LayoutView:
    delivery = await office.schedules.post_now(guild_id, name, interaction_id)
    waited = 0.0
    while waited < LOOK_FOR:
        found = await office.records.get_delivery(delivery.id)
        if found is None or found.outcome is not None:
            return notice(_how_it_went(found))
        await office.clock.sleep(LOOK_EVERY)
        waited += LOOK_EVERY
    return notice("It is on its way, but Discord takes long. `/daily history` shows how it went.")


def _how_it_went(delivery: Delivery | None) -> str:
    if delivery is None:
        return "The schedule was removed meanwhile; nothing was posted."
    if delivery.outcome is Outcome.SENT:
        return f"Posted in <#{delivery.channel_id}>: {message_link(delivery)}"
    reason = escape(delivery.reason or "", 480)
    return f"Not posted. {reason} `/daily doctor` says what to do about it."
