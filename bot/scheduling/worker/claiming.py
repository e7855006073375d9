"""Take what is due: write the claim with its quote, move the schedule on, all or nothing.

Nothing is locked while quotes are chosen and rendered. The schedule's revision is compared when
the claim is written, so of two processes that chose for the same occurrence one writes, and the
other's choice is dropped; the ledger's unique constraint stands behind that.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

from bot.scheduling.alert_texts import (
    missed_text,
    no_quotes_reason,
    no_zone_reason,
    no_zone_text,
    notice_about,
    restored_text,
)
from bot.scheduling.models import AlertKind, Guild, Outcome, Stopped, new_delivery
from bot.scheduling.recurrence import Occurrence, next_due, occurrences
from bot.scheduling.storage import alerts, draws, guilds, schedules
from bot.scheduling.storage import deliveries as ledger
from bot.scheduling.storage.restored import restored_at
from bot.scheduling.timezones import zone_names
from bot.scheduling.worker.choosing import Chosen, Deck
from bot.scheduling.worker.settling import settle

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.scheduling.models import Delivery, Schedule
    from bot.scheduling.ports import Quotes
    from bot.scheduling.rotation import Draw
    from bot.scheduling.worker.context import Means

log = logging.getLogger(__name__)

TOO_LATE = "The bot was not running, or could not reach Discord, until too late."
BEFORE_BACKUP = "A backup was brought back later, which does not know whether it was posted."
MOST_MISSED = 31  # ledger rows for one outage; the notice counts them all


class Claimer:
    """Write claims for one process, its `owner`."""

    def __init__(self, means: Means, quotes: Quotes, owner: str) -> None:
        self._state = means.state
        self._clock = means.clock
        self._limits = means.limits
        self._ended = means.ended
        self._quotes = quotes
        self._owner = owner

    async def take_due(self, limit: int) -> tuple[list[Delivery], bool]:
        """Claim the schedules that are due, oldest first.

        Returns:
            The claims, each leased to this process, and whether there may be more.
        """
        now = self._clock.now()
        async with self._state.read() as transaction:
            due = await schedules.due_schedules(transaction, now, limit)
            guild_of = await guilds.guilds_by_id(transaction, {one.guild_id for one in due})
            dealt = await draws.last_draws(transaction, [one.id for one in due])
            restored = await restored_at(transaction)
        if not due:
            return [], False
        deck = Deck(self._quotes)
        plans = [
            (one, _in_doubt(await self._plan(one, guild_of, dealt, deck, now), restored))
            for one in due
            if one.settings.timetable.zone in zone_names()
        ]
        async with self._state.write() as transaction:
            mine, ended = [], []
            for schedule in due:
                if schedule.settings.timetable.zone not in zone_names():
                    ended += await _suspend(transaction, schedule, now)
            for schedule, plan in plans:
                if plan is None:
                    ended += await _write_missed(transaction, schedule, now, restored)
                elif await _move_past(transaction, schedule, _due(schedule)):
                    mine.append((schedule, plan))
            deliveries, failed = await self._write_claims(transaction, mine)
        for delivery in (*ended, *failed):
            self._ended(delivery)
        return deliveries, len(due) == limit

    async def take_free(self, limit: int) -> list[Delivery]:
        """Take up claims without an outcome that nobody holds: after a crash, or to try again."""
        now = self._clock.now()
        async with self._state.read() as transaction:
            free = await ledger.free_claims(transaction, now, limit)
        taken = []
        if free:
            async with self._state.write() as transaction:
                for delivery in free:
                    held = replace(
                        delivery, locked_by=self._owner, available_at=now + self._limits.lease
                    )
                    if await ledger.change_claim(
                        transaction, delivery, owner=held.locked_by, free_at=held.available_at
                    ):
                        taken.append(held)
        return taken

    async def _plan(
        self,
        schedule: Schedule,
        guild_of: Mapping[int, Guild],
        dealt: Mapping[str, dict[str, Draw]],
        deck: Deck,
        now: datetime,
    ) -> Chosen | None:
        """Choose for one schedule; None where its window has closed."""
        if now >= _due(schedule).instant + schedule.settings.window:
            return None
        occurrence = _due(schedule)
        delivery = replace(
            new_delivery(
                schedule,
                occurrence.day.isoformat(),
                occurrence.instant,
                schedule.settings.window,
            ),
            locked_by=self._owner,
            available_at=now + self._limits.lease,
        )
        guild = guild_of.get(schedule.guild_id, Guild(schedule.guild_id))
        return await deck.choose(delivery, schedule, guild, dealt.get(schedule.id, {}))

    async def _write_claims(
        self,
        transaction: AsyncConnection,
        plans: Sequence[tuple[Schedule, Chosen]],
    ) -> tuple[list[Delivery], list[Delivery]]:
        """Write the claims of schedules that were moved on.

        Returns:
            Those to be delivered, and those that ended at once for want of a quote.
        """
        fresh = await ledger.add_claims(transaction, [plan.delivery for _, plan in plans])
        drawn = {
            schedule.id: plan.drawn
            for schedule, plan in plans
            if plan.drawn is not None and plan.delivery.id in fresh
        }
        await draws.put_draws(transaction, drawn)
        failed = [
            await self._fail(transaction, plan.delivery, no_quotes_reason(schedule, plan.withheld))
            for schedule, plan in plans
            if plan.drawn is None and plan.delivery.id in fresh
        ]
        return [plan.delivery for schedule, plan in plans if schedule.id in drawn], failed

    async def _fail(
        self, transaction: AsyncConnection, delivery: Delivery, reason: str
    ) -> Delivery:
        now = self._clock.now()
        failed = replace(delivery, outcome=Outcome.FAILED, reason=reason, finished_at=now)
        await settle(transaction, failed, self._limits.suspend_after, is_fault=True)
        return failed


def _due(schedule: Schedule) -> Occurrence:
    if schedule.next_day is None or schedule.next_due is None:
        raise AssertionError("the query gives only schedules with a next time")
    return Occurrence(schedule.next_day, schedule.next_due)


def _in_doubt(plan: Chosen | None, restored: datetime) -> Chosen | None:
    """Have a post looked for first that came due before the state was brought back."""
    if plan is None or plan.delivery.scheduled_for > restored:
        return plan
    due = plan.delivery.scheduled_for
    return replace(plan, delivery=replace(plan.delivery, first_attempt_at=due, uncertain_since=due))


async def _write_missed(
    transaction: AsyncConnection, schedule: Schedule, now: datetime, restored: datetime
) -> list[Delivery]:
    """Write down every occurrence whose window closed while nobody could post, and say so once."""
    window = schedule.settings.window
    first = _due(schedule)
    # An edit may have left an overdue day its old time; the new one is not a second post.
    later = (
        one
        for one in occurrences(schedule.settings.timetable, first.instant)
        if one.day != first.day
    )
    missed = [first, *takewhile(lambda one: one.instant + window <= now, later)]
    if not await _move_past(transaction, schedule, missed[-1]):
        return []
    deliveries = [
        replace(
            new_delivery(schedule, one.day.isoformat(), one.instant, window),
            outcome=Outcome.UNKNOWN if one.instant <= restored else Outcome.MISSED,
            reason=BEFORE_BACKUP if one.instant <= restored else TOO_LATE,
            finished_at=now,
        )
        for one in missed[-MOST_MISSED:]
    ]
    await ledger.add_claims(transaction, deliveries)
    is_restored = first.instant <= restored
    text = (restored_text if is_restored else missed_text)(schedule, missed)
    alert = notice_about(deliveries[-1], AlertKind.MISSED, text)
    await alerts.add_notice(transaction, alert)
    return deliveries


async def _suspend(
    transaction: AsyncConnection, schedule: Schedule, now: datetime
) -> list[Delivery]:
    """Stop a schedule whose zone the rules in force do not know, before it stops all others."""
    occurrence = _due(schedule)
    stopped = await schedules.change_schedule(
        transaction, schedule, stopped=Stopped.SUSPENDED, next_day=None, next_due=None
    )
    failed = replace(
        new_delivery(
            schedule, occurrence.day.isoformat(), occurrence.instant, schedule.settings.window
        ),
        outcome=Outcome.FAILED,
        reason=no_zone_reason(schedule),
        finished_at=now,
    )
    if stopped is None or not await ledger.add_claim(transaction, failed):
        return []
    text = no_zone_text(schedule)
    await alerts.add_notice(transaction, notice_about(failed, AlertKind.SUSPENDED, text))
    return [failed]


async def _move_past(
    transaction: AsyncConnection,
    schedule: Schedule,
    last: Occurrence,
) -> bool:
    """Set a schedule to its next time after an occurrence; False if somebody changed it first."""
    following = next_due(schedule.settings.timetable, last.instant, {last.day})
    moved = await schedules.change_schedule(
        transaction,
        schedule,
        next_day=following.day,
        next_due=following.instant,
    )
    return moved is not None
