"""The form of /daily set, for admins who press and do not type."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.client import errors
from bot.client.adapters.channel_access import POSTABLE
from bot.client.markdown import one_line
from bot.client.views.layout import OPTION
from bot.scheduling.parsing import parse_days
from bot.scheduling.recurrence import DAY_NAMES, EVERY_DAY
from bot.scheduling.service import MAX_NAME_LENGTH

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.client.features.daily_options import ScheduleOptions
    from bot.localization.phrases import Phrases

    Submit = Callable[[discord.Interaction[Any], str, ScheduleOptions], Awaitable[None]]
    """Carries the command out, with the name and the options filled in."""

OPEN_SECONDS = 900.0
"""How long an open form is remembered; nobody tells the bot of one that was closed."""


class ScheduleForm(ui.Modal):
    """Asks for the name, channel, time, zone and days of a schedule.

    What was typed in the command stands in it already; its other options are taken over.
    """

    def __init__(
        self, say: Phrases, name: str | None, options: ScheduleOptions, submit: Submit
    ) -> None:
        super().__init__(title=say("Set a daily quote"), timeout=OPEN_SECONDS)
        self._options = options
        self._submit = submit
        self._name: ui.TextInput[Any] = ui.TextInput(
            custom_id="name",
            default=name or say.term("schedule", "daily"),
            max_length=MAX_NAME_LENGTH,
        )
        self._channel: ui.ChannelSelect[Any] = ui.ChannelSelect(
            custom_id="channel",
            channel_types=sorted(POSTABLE, key=lambda kind: int(kind.value)),
            default_values=[discord.Object(options.channel)] if options.channel else [],
            required=True,
        )
        self._time: ui.TextInput[Any] = ui.TextInput(
            custom_id="time", default=options.time, placeholder="09:00", max_length=OPTION
        )
        self._zone: ui.TextInput[Any] = ui.TextInput(
            custom_id="zone",
            default=options.zone,
            placeholder=say.term("city", "London"),
            max_length=OPTION,
        )
        chosen = EVERY_DAY if options.days is None else parse_days(options.days, say)
        self._days: ui.Select[Any] = ui.Select(
            custom_id="days",
            max_values=len(DAY_NAMES),
            options=[
                discord.SelectOption(label=say.weekday(number), value=day, default=number in chosen)
                for number, day in enumerate(DAY_NAMES)
            ],
        )
        for label, description, field in (
            (say("Name"), say("What you call it, such as morning."), self._name),
            (
                say("Channel"),
                say("A text or announcement channel, or a thread."),
                self._channel,
            ),
            (say("Time"), say("The local time, such as 09:00 or 9am."), self._time),
            (
                say("Time zone"),
                say("A city, a name such as Europe/Berlin, or UTC."),
                self._zone,
            ),
            (say("Days"), say("The days on which it is posted."), self._days),
        ):
            self.add_item(ui.Label(text=label, description=description, component=field))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Carry the command out as it was filled in."""
        filled = replace(
            self._options,
            channel=self._channel.values[0].id,
            time=self._time.value,
            zone=self._zone.value,
            days=", ".join(self._days.values),
        )
        await self._submit(interaction, one_line(self._name.value), filled)

    async def on_error(  # type: ignore[override]  # a form's has no item, as discord.py's own
        self, interaction: discord.Interaction[Any], error: Exception, /
    ) -> None:
        """Report the failure where every failure ends."""
        await errors.report(interaction, error)
