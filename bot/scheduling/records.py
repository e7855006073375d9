"""Everything that admins look up: past posts, posts to come, present troubles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.scheduling.models import AlertKind, Outcome, alert_id
from bot.scheduling.recurrence import UpcomingPost, list_upcoming
from bot.scheduling.rotation import QuotePicker, list_unseen
from bot.scheduling.service import find_schedule
from bot.scheduling.storage import alerts, deliveries, guilds, schedules
from bot.scheduling.timezones import is_zone_known

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bot.localization.messages import Message
    from bot.scheduling.models import Alert, Delivery, Schedule
    from bot.scheduling.ports import Clock, QuoteProvider
    from bot.scheduling.storage.database import State

TROUBLES = (Outcome.FAILED, Outcome.MISSED, Outcome.UNKNOWN)
CHECKED_DELIVERIES = 20
CHECKED_ALERTS = 5


@dataclass(frozen=True, slots=True)
class Checkup:
    """The health of a schedule, without asking Discord."""

    schedule: Schedule
    upcoming: tuple[UpcomingPost, ...]
    quotes: int
    unseen: int
    last_failure: Delivery | None
    open_deliveries: tuple[Delivery, ...]
    alerts: tuple[Alert, ...]
    alerts_channel_id: int | None
    withheld: int = 0
    """Quotes that would fit, but for `daily: false`; counted where there are no others."""


class Records:
    """The history and the outlook of every server's schedules."""

    def __init__(self, state: State, quotes: QuoteProvider, clock: Clock) -> None:
        self._state = state
        self._quotes = quotes
        self._clock = clock

    def list_upcoming(self, schedule: Schedule, count: int = 3) -> tuple[UpcomingPost, ...]:
        """List a schedule's next posts, marking changes of the clock."""
        if schedule.next_due is None or not is_zone_known(schedule.settings.timetable.zone):
            return ()
        return tuple(
            list_upcoming(schedule.settings.timetable, self._clock.now(), count, schedule.next_due),
        )

    async def history(
        self,
        guild_id: int,
        name: str | None = None,
        limit: int = 20,
    ) -> tuple[Delivery, ...]:
        """Read the deliveries of one schedule, or of all, the newest first."""
        async with self._state.read() as transaction:
            found = (
                await schedules.list_schedules(transaction, guild_id)
                if name is None
                else (await find_schedule(transaction, guild_id, name),)
            )
            return await deliveries.list_history(transaction, [one.id for one in found], limit)

    async def list_undelivered(self, about: Collection[Delivery]) -> Mapping[str, Message]:
        """List the deliveries whose alerts reached nobody, each with the reason."""
        alert_ids = {alert_id(kind, one.id): one.id for one in about for kind in AlertKind}
        async with self._state.read() as transaction:
            found = await alerts.list_undelivered_alerts(transaction, alert_ids.keys())
        return {alert_ids[each.id]: each.reason for each in found if each.reason is not None}

    async def get_delivery(self, delivery_id: str) -> Delivery | None:
        """Return a delivery; None if it is gone."""
        async with self._state.read() as transaction:
            return await deliveries.get_delivery(transaction, delivery_id)

    async def check_schedule(self, guild_id: int, name: str) -> Checkup:
        """Gather everything known about a schedule's health."""
        async with self._state.read() as transaction:
            schedule = await find_schedule(transaction, guild_id, name)
            guild = await guilds.get_guild(transaction, guild_id)
            dealt = await schedules.list_draws(transaction, [schedule.id])
            bad = await deliveries.list_history(
                transaction, [schedule.id], CHECKED_DELIVERIES, TROUBLES
            )
            sent = await alerts.list_recent_alerts(transaction, [schedule.id], CHECKED_ALERTS)
        picker = QuotePicker(self._quotes)
        decks = await picker.list_decks(schedule, guild)
        dealt_here = dealt.get(schedule.id, {})
        return Checkup(
            schedule=schedule,
            upcoming=self.list_upcoming(schedule),
            quotes=sum(map(len, decks)),
            unseen=sum(len(list_unseen(deck, dealt_here)) for deck in decks),
            last_failure=next((one for one in bad if one.outcome is not None), None),
            open_deliveries=tuple(one for one in bad if one.outcome is None),
            alerts=sent,
            alerts_channel_id=guild.alerts_channel_id,
            withheld=0 if decks else await picker.count_withheld(schedule, guild),
        )
