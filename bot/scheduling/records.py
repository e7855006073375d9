"""What was posted, what is to come, and what is wrong: all that admins look up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.scheduling.models import AlertKind, Outcome, alert_id
from bot.scheduling.recurrence import UpcomingPost, list_upcoming
from bot.scheduling.rotation import unseen
from bot.scheduling.service import find_schedule
from bot.scheduling.storage import alerts, draws, guilds, schedules
from bot.scheduling.storage import deliveries as ledger
from bot.scheduling.worker.choosing import Deck

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bot.scheduling.models import Alert, Delivery, Schedule
    from bot.scheduling.ports import Clock, Quotes
    from bot.scheduling.storage.database import State

TROUBLES = (Outcome.FAILED, Outcome.MISSED, Outcome.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Checkup:
    """What `/daily doctor` knows without asking Discord."""

    schedule: Schedule
    upcoming: tuple[UpcomingPost, ...]
    quotes: int
    unseen: int
    last_failure: Delivery | None
    open_claims: tuple[Delivery, ...]
    alerts: tuple[Alert, ...]
    alerts_channel_id: int | None
    withheld: int = 0
    """Quotes that would fit, but for `daily: false`; counted where there are no others."""


class Records:
    """The ledger and the outlook of every server's schedules."""

    def __init__(self, state: State, quotes: Quotes, clock: Clock) -> None:
        self._state = state
        self._quotes = quotes
        self._clock = clock

    def list_upcoming(self, schedule: Schedule, count: int = 3) -> tuple[UpcomingPost, ...]:
        """List a schedule's next posts, each marked where the clock changed before it."""
        if schedule.next_due is None:
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
        """Read the ledger of one schedule, or of all, the newest first."""
        async with self._state.read() as transaction:
            found = (
                await schedules.schedules_of(transaction, guild_id)
                if name is None
                else (await find_schedule(transaction, guild_id, name),)
            )
            return await ledger.history(transaction, [one.id for one in found], limit)

    async def list_undelivered(self, deliveries: Collection[Delivery]) -> Mapping[str, str]:
        """Say, by claim, why nobody could be told of what became of it."""
        about = {alert_id(kind, one.id): one.id for one in deliveries for kind in AlertKind}
        async with self._state.read() as transaction:
            found = await alerts.undelivered(transaction, about.keys())
        return {about[alert.id]: alert.reason or "" for alert in found}

    async def get_delivery(self, delivery_id: str) -> Delivery | None:
        """Give a claim: how it went, and which quote it was; None if it is gone."""
        async with self._state.read() as transaction:
            return await ledger.delivery(transaction, delivery_id)

    async def check_schedule(self, guild_id: int, name: str) -> Checkup:
        """Gather what is known about a schedule's health."""
        async with self._state.read() as transaction:
            schedule = await find_schedule(transaction, guild_id, name)
            guild = await guilds.guild(transaction, guild_id)
            dealt = await draws.last_draws(transaction, [schedule.id])
            bad = await ledger.history(transaction, [schedule.id], 20, TROUBLES)
            told = await alerts.last_notices(transaction, [schedule.id], 5)
        deck = Deck(self._quotes)
        eligible = await deck.eligible(schedule, guild)
        ended = (delivery for delivery in bad if delivery.outcome is not None)
        return Checkup(
            schedule=schedule,
            upcoming=self.list_upcoming(schedule),
            quotes=len(eligible),
            unseen=len(unseen(eligible, dealt.get(schedule.id, {}))),
            last_failure=next(ended, None),
            open_claims=tuple(delivery for delivery in bad if delivery.outcome is None),
            alerts=told,
            alerts_channel_id=guild.alerts_channel_id,
            withheld=0 if eligible else await deck.withheld(schedule, guild),
        )
