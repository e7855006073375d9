"""What is done once a day, by one of the processes: see which servers were left, and tidy up."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.scheduling.ports import AmbiguousOutcome, Refused, Temporary, Unverifiable
from bot.scheduling.recurrence import next_due, on_day
from bot.scheduling.storage import deliveries as ledger
from bot.scheduling.storage import guilds, schedules
from bot.scheduling.storage import metadata as marks
from bot.scheduling.storage import rate_limits as quota
from bot.scheduling.timezones import rules_version, zone_names

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.scheduling.models import Schedule
    from bot.scheduling.ports import Servers
    from bot.scheduling.worker.context import Means

log = logging.getLogger(__name__)

GRACE = timedelta(days=7)
ONCE = timedelta(days=1)
SOON = timedelta(hours=1)
KEPT = timedelta(days=400)  # the ledger of a year and a bit
PAGE = 500
ROLL_CALL = "roll_call"
ZONE_RULES = "load_zone"


class Housekeeper:
    """Keep the state tidy."""

    def __init__(self, means: Means, servers: Servers) -> None:
        self._means = means
        self._servers = servers
        self._look_again: datetime | None = None

    def is_due(self) -> bool:
        """Say whether it is time to look whether anything is to be tidied, and note the time."""
        now = self._means.clock.now()
        if self._look_again is not None and now < self._look_again:
            return False
        self._look_again = now + SOON
        return True

    async def tidy(self) -> None:
        """Do the day's work, if no other process did.

        Raises:
            Unauthorised: the token is no good.
        """
        if await self._is_my_turn():
            await self.forget_old()
            if await self.call_roll():  # who came back within the week is known only then
                await self.erase_left()

    async def apply_zone_rules(self) -> None:
        """Reckon every stored instant anew where the zones' rules have changed since."""
        async with self._means.state.read() as transaction:
            if await marks.mark(transaction, ZONE_RULES) == rules_version():
                return
        after = ""
        while True:
            async with self._means.state.write() as transaction:
                page = await schedules.waiting_schedules(transaction, after, PAGE)
                for schedule in page:
                    if schedule.settings.timetable.zone in zone_names():  # the claimer suspends it
                        await _reckon_anew(transaction, schedule)
                if len(page) < PAGE:
                    await marks.put_mark(transaction, ZONE_RULES, rules_version())
                    return
            after = page[-1].id

    async def call_roll(self) -> bool:
        """Note which servers the bot left and came back to; False if they cannot be fetched now."""
        async with self._means.state.read() as transaction:
            # A server set up while the list is being fetched may be missing from it.
            known = {guild.id for guild in await guilds.every_guild(transaction)}
        try:
            joined = await self._servers.joined(self._means.pace.turn)
        except (Unverifiable, Refused, Temporary, AmbiguousOutcome, TimeoutError) as error:
            log.warning("The bot's servers could not be fetched (%s); trying again later.", error)
            async with self._means.state.write() as transaction:
                again = self._means.clock.now() - ONCE + SOON
                await marks.put_mark(transaction, ROLL_CALL, again.isoformat())
            return False
        now, gone = self._means.clock.now(), known - joined
        async with self._means.state.write() as transaction:
            for guild in await guilds.every_guild(transaction):
                if guild.id in gone and guild.left_at is None:
                    await guilds.put_guild(transaction, replace(guild, left_at=now))
                elif guild.id in joined and guild.left_at is not None:
                    await welcome_back(transaction, guild.id, now)
        return True

    async def forget_old(self) -> None:
        """Erase what is older than a year of the ledger, and counts that no longer matter."""
        now = self._means.clock.now()
        async with self._means.state.write() as transaction:
            await ledger.forget_before(transaction, now - KEPT)
            await quota.forget_invalid(transaction, now - ONCE)

    async def erase_left(self) -> None:
        """Erase servers left a week ago."""
        now = self._means.clock.now()
        async with self._means.state.write() as transaction:
            for guild in await guilds.every_guild(transaction):
                if guild.left_at is not None and guild.left_at <= now - GRACE:
                    await guilds.erase_guild(transaction, guild.id)
                    log.info("Server %s, left a week ago, is erased.", guild.id)

    async def _is_my_turn(self) -> bool:
        now = self._means.clock.now()
        async with self._means.state.write() as transaction:
            last = await marks.mark(transaction, ROLL_CALL)
            if last is not None and now < datetime.fromisoformat(last) + ONCE:
                return False
            await marks.put_mark(transaction, ROLL_CALL, now.isoformat())
            return True


async def welcome_back(transaction: AsyncConnection, guild_id: int, now: datetime) -> None:
    """Take up a server again as it was; what was due while the bot was away is let go."""
    guild = await guilds.guild(transaction, guild_id)
    await guilds.put_guild(transaction, replace(guild, left_at=None))
    for schedule in await schedules.schedules_of(transaction, guild_id):
        if schedule.next_due is not None and schedule.next_due <= now:
            following = next_due(schedule.settings.timetable, now)
            await schedules.change_schedule(
                transaction,
                schedule,
                next_day=following.day,
                next_due=following.instant,
            )


async def _reckon_anew(transaction: AsyncConnection, schedule: Schedule) -> None:
    """Keep the day, which names the occurrence, and correct its instant."""
    if schedule.next_day is None or schedule.next_due is None:
        return
    timetable = schedule.settings.timetable
    again = on_day(timetable, schedule.next_day) or next_due(timetable, schedule.next_due)
    if again.instant != schedule.next_due:
        await schedules.change_schedule(
            transaction,
            schedule,
            next_day=again.day,
            next_due=again.instant,
        )
