"""Housekeeping, once a day by one process: reconcile servers, erase old data.

At every start, it also applies new time zone rules to the moments that are stored.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from bot.scheduling.clock import Trust
from bot.scheduling.ports import AmbiguousOutcome, Refused, Temporary, Unverifiable
from bot.scheduling.recurrence import next_occurrence, occurrence_on
from bot.scheduling.storage import (
    alerts,
    deliveries,
    follow_ups,
    gaps,
    guilds,
    metadata,
    rate_limits,
    schedules,
)
from bot.scheduling.timezones import is_zone_known, rules_version

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.scheduling.models import Schedule
    from bot.scheduling.ports import Messenger
    from bot.scheduling.worker.context import WorkerContext
    from bot.scheduling.worker.deliveries import Deliveries

log = structlog.stdlib.get_logger("bot.scheduling")

GRACE = timedelta(days=7)
"""How long a server that the bot has left is kept: it may have been a mistake."""
DAILY = timedelta(days=1)
UNDO_SPAN = timedelta(days=1)
"""How long a schedule that was removed can be brought back."""
CHECK_EVERY = timedelta(hours=1)
HISTORY_KEPT = timedelta(days=400)  # a year and a bit
PAGE = 500
RECONCILED_AT = "guilds_reconciled_at"
ZONE_RULES_VERSION = "zone_rules_version"


class Housekeeper:
    """Keeps the state tidy."""

    def __init__(
        self, context: WorkerContext, deliveries: Deliveries, messenger: Messenger
    ) -> None:
        self._context = context
        self._deliveries = deliveries
        self._messenger = messenger

    async def run_daily(self) -> None:
        """Do the day's work, unless another process did.

        Raises:
            Unauthorised: the token is no good.
        """
        await self.delete_removed_schedules()
        await self.delete_outdated_gaps()
        if not await self._claim_day():
            return
        is_reconciled = await self.reconcile_guilds()
        if self._context.time_check.trust is not Trust.CONFIRMED:
            return  # by a clock that is years ahead, everything is old
        await self.delete_old_rows()
        # Only after it: a server that came back within the week is known only then.
        if is_reconciled:
            await self.delete_left_guilds()

    async def apply_zone_rules(self) -> None:
        """Compute every stored moment anew where the time zone rules have changed."""
        async with self._context.state.read() as transaction:
            if await metadata.get_value(transaction, ZONE_RULES_VERSION) == rules_version():
                return
        after = ""
        while True:
            async with self._context.state.write() as transaction:
                page = await schedules.list_waiting_schedules(transaction, after, PAGE)
                for schedule in page.rows:
                    # A zone that is gone is suspended when its schedule comes due.
                    timetable = schedule.settings.timetable
                    if schedule.next_due is None or not is_zone_known(timetable.zone):
                        continue
                    # The day stays, as it names the occurrence, unless the rules now skip it.
                    now_due = occurrence_on(timetable, schedule.next_occurrence.day)
                    now_due = now_due or next_occurrence(timetable, schedule.next_due)
                    if now_due.instant != schedule.next_due:
                        await schedules.update_schedule(
                            transaction, schedule, next_day=now_due.day, next_due=now_due.instant
                        )
                if len(page) < PAGE or not page.rows:
                    await metadata.set_value(transaction, ZONE_RULES_VERSION, rules_version())
                    return
            after = page.rows[-1].id

    async def correct_times(self) -> None:
        """Correct the times that a clock ahead has left behind.

        Nothing is due later than its timetable says, held for longer than a lease, or missed
        before its time.
        """
        now = self._context.clock.now()
        async with self._context.state.write() as transaction:
            if count := await guilds.heal_guilds(transaction):
                log.warning("damaged rows of servers were healed", rows=count)
        if self._context.time_check.trust is not Trust.CONFIRMED:
            return
        async with self._context.state.write() as transaction:
            for release in (
                deliveries.release_held_beyond,
                alerts.release_held_beyond,
                follow_ups.release_held_beyond,
            ):
                if count := await release(transaction, now + CHECK_EVERY, now):
                    log.warning("was held until a time far ahead; it is taken up now", rows=count)
            await deliveries.delete_missed_beyond(transaction, now)
            await schedules.limit_uncertainty(transaction, now)
            await rate_limits.delete_invalid_requests_beyond(transaction, now + CHECK_EVERY)
        after = ""
        while True:
            async with self._context.state.read() as transaction:
                page = await schedules.list_waiting_schedules(transaction, after, PAGE)
            for schedule in page.rows:
                await self._bring_forward(schedule, now)
            await self._deliveries.set_schedules_aside(page.damaged)
            if len(page) < PAGE or not page.rows:
                return
            after = page.rows[-1].id

    async def _bring_forward(self, schedule: Schedule, now: datetime) -> None:
        """Recompute a next time that is later than its timetable says."""
        timetable, due = schedule.settings.timetable, schedule.next_due
        if due is None or due <= now or not is_zone_known(timetable.zone):
            return
        start = max(now, schedule.paused_until or now)
        if due <= next_occurrence(timetable, start).instant:
            return
        async with self._context.state.write() as transaction:
            following = await deliveries.next_free_occurrence(
                transaction, schedule.id, timetable, start
            )
            if following.instant < due and await schedules.update_schedule(
                transaction, schedule, next_day=following.day, next_due=following.instant
            ):
                log.warning(
                    "next post was too far ahead; it is reckoned anew",
                    schedule=schedule.id,
                    was=due.isoformat(),
                    now=following.instant.isoformat(),
                )

    async def reconcile_guilds(self) -> bool:
        """Note servers left or joined again; False if they cannot be fetched."""
        async with self._context.state.read() as transaction:
            # A server set up while the list is being fetched may be missing from it.
            known = {guild.id for guild in await guilds.list_guilds(transaction)}
        acquire = self._context.rate_limiter.acquire
        try:
            joined = await self._messenger.fetch_guild_ids(acquire)
        except (Unverifiable, Refused, Temporary, AmbiguousOutcome, TimeoutError) as error:
            log.warning("servers cannot be fetched; trying again later", fault=str(error))
            async with self._context.state.write() as transaction:
                again = self._context.clock.now() - DAILY + CHECK_EVERY
                await metadata.set_value(transaction, RECONCILED_AT, again.isoformat())
            return False
        now, gone = self._context.clock.now(), known - joined
        async with self._context.state.write() as transaction:
            for guild in await guilds.list_guilds(transaction):
                if guild.id in gone and guild.left_at is None:
                    await guilds.put_guild(transaction, replace(guild, left_at=now))
                elif guild.id in joined and guild.left_at is not None:
                    await restore_guild(transaction, guild.id, now)
        return True

    async def delete_old_rows(self) -> None:
        """Erase history older than a year, and counts that no longer matter."""
        now = self._context.clock.now()
        async with self._context.state.write() as transaction:
            await deliveries.delete_history(transaction, now - HISTORY_KEPT)
            await rate_limits.delete_invalid_requests(transaction, now - DAILY)

    async def delete_removed_schedules(self) -> None:
        """Erase schedules that were removed a day ago."""
        if self._context.time_check.trust is not Trust.CONFIRMED:
            return
        before = self._context.clock.now() - UNDO_SPAN
        async with self._context.state.write() as transaction:
            for guild_id in await schedules.delete_removed_schedules(transaction, before):
                await guilds.lock_guild(transaction, guild_id)
                await guilds.delete_bare_guild(transaction, guild_id)

    async def delete_outdated_gaps(self) -> None:
        """Erase gaps after 60 days, and whatever tells members of an earlier day."""
        if self._context.time_check.trust is not Trust.CONFIRMED:
            return
        today = self._context.clock.now().date()
        async with self._context.state.write() as transaction:
            await gaps.delete_old_gaps(transaction, today)
            await gaps.delete_past_counts(transaction, today)

    async def delete_left_guilds(self) -> None:
        """Erase the servers that the bot left a week ago."""
        now = self._context.clock.now()
        async with self._context.state.write() as transaction:
            for guild in await guilds.list_guilds(transaction):
                if guild.left_at is not None and guild.left_at <= now - GRACE:
                    await guilds.delete_guild(transaction, guild.id)
                    log.info("server erased a week after it was left", guild=guild.id)

    async def _claim_day(self) -> bool:
        """Claim the day's work; False if another process has it."""
        now = self._context.clock.now()
        async with self._context.state.write() as transaction:
            last = _parse_moment(await metadata.get_value(transaction, RECONCILED_AT))
            if last is not None and last <= now + CHECK_EVERY and now < last + DAILY:
                return False
            await metadata.set_value(transaction, RECONCILED_AT, now.isoformat())
            return True


async def restore_guild(transaction: AsyncConnection, guild_id: int, now: datetime) -> None:
    """Take up a server again as it was, without the posts between.

    Posts that were due while the bot was away are let go.
    """
    guild = await guilds.get_guild(transaction, guild_id)
    await guilds.put_guild(transaction, replace(guild, left_at=None))
    for schedule in await schedules.list_schedules(transaction, guild_id):
        if schedule.next_due is not None and schedule.next_due <= now:
            following = next_occurrence(schedule.settings.timetable, now)
            await schedules.update_schedule(
                transaction,
                schedule,
                next_day=following.day,
                next_due=following.instant,
            )


def _parse_moment(value: str | None) -> datetime | None:
    """Parse a stored moment; return None if it cannot be read."""
    try:
        moment = datetime.fromisoformat(value or "")
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
