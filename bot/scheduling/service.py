"""What admins do with schedules: add, edit, pause, skip, remove. No Discord here.

Every call is one transaction: it is done whole, or refused with a sentence and nothing changed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import IntegrityError

from bot.errors import ScheduleError
from bot.scheduling.alert_texts import nothing_to_post
from bot.scheduling.lookup import named, read_name, refuse_taken
from bot.scheduling.models import Outcome, Schedule, Settings, Stopped, claim_for
from bot.scheduling.recurrence import Occurrence, next_due
from bot.scheduling.reschedule import due_at, next_free, retimed
from bot.scheduling.storage import deliveries as ledger
from bot.scheduling.storage import draws, guilds, schedules
from bot.scheduling.worker.choosing import Deck
from bot.scheduling.worker.settling import PAUSED

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.scheduling.ports import Clock, Quotes
    from bot.scheduling.storage.database import State

MOST_SCHEDULES = 10
SHORTEST_WINDOW = timedelta(minutes=10)
LONGEST_WINDOW = timedelta(hours=23)
"""Below a day, so that a late post never waits beside the next one."""


class Schedules:
    """The schedules of every server, for the commands of admins."""

    def __init__(
        self,
        state: State,
        quotes: Quotes,
        clock: Clock,
        new_id: Callable[[], str],
        nudge: Callable[[], None],
    ) -> None:
        """Put the parts together.

        Args:
            state: where everything is kept.
            quotes: what there is to post.
            clock: the time.
            new_id: gives a random text of 16 to 32 characters, for ids and seeds.
            nudge: wakes the poster, which may then have something to do.
        """
        self._state = state
        self._quotes = quotes
        self._clock = clock
        self._new_id = new_id
        self._nudge = nudge

    async def add(self, guild_id: int, name: str, wanted: Settings, created_by: int) -> Schedule:
        """Add a schedule.

        Raises:
            ScheduleError: the name is taken or unfit, there are ten already, or nothing to post.
        """
        added = self._new_schedule(guild_id, name, wanted, created_by)
        await self._check_quotes(added)
        async with self._state.write() as transaction:
            await guilds.lock_guild(transaction, guild_id)
            others = await schedules.schedules_of(transaction, guild_id)
            if len(others) >= MOST_SCHEDULES:
                raise ScheduleError(
                    f"This server has {MOST_SCHEDULES} schedules already; take one away with "
                    "/daily remove first.",
                )
            refuse_taken(added.name, others)
            await schedules.add_schedule(transaction, added)
        self._nudge()
        return added

    async def edit(
        self,
        guild_id: int,
        name: str,
        wanted: Settings,
        new_name: str | None = None,
        read: Settings | None = None,
    ) -> Schedule:
        """Change a schedule's settings, or its name; a day already posted is not posted again.

        Args:
            guild_id: the server.
            name: which schedule.
            wanted: all its settings.
            new_name: its new name, if it gets one.
            read: what `wanted` was made from; if they are others by now, nothing is changed.

        Raises:
            ScheduleError: there is no such schedule, or the change is unfit.
        """
        _check_window(wanted.window)
        kept_name = read_name(name if new_name is None else new_name)
        await self._check_quotes(replace(await self.get(guild_id, name), settings=wanted))
        async with self._state.write() as transaction:
            old = await named(transaction, guild_id, name)
            if read is not None and read != old.settings:
                raise ScheduleError(_overtaken(old))
            others = await schedules.schedules_of(transaction, guild_id)
            refuse_taken(kept_name, [one for one in others if one.id != old.id])
            if wanted.role_id != old.settings.role_id:
                await ledger.ping_nobody(transaction, old.id)
            changed = await self._change(
                transaction,
                old,
                name=kept_name,
                settings=wanted,
                **await retimed(transaction, old, wanted, self._clock.now()),
            )
        self._nudge()
        return changed

    async def get(self, guild_id: int, name: str) -> Schedule:
        """Give one schedule.

        Raises:
            ScheduleError: there is none of that name; the message names the nearest.
        """
        async with self._state.read() as transaction:
            return await named(transaction, guild_id, name)

    async def list(self, guild_id: int) -> tuple[Schedule, ...]:
        """Give a server's schedules, by name."""
        async with self._state.read() as transaction:
            return await schedules.schedules_of(transaction, guild_id)

    async def pause(self, guild_id: int, name: str, until: datetime | None = None) -> Schedule:
        """Stop a schedule until a moment, or until it is resumed; what is open is let go."""
        now = self._clock.now()
        if until is not None and until <= now:
            raise ScheduleError("The time to pause until has passed already; name a later one.")
        async with self._state.write() as transaction:
            old = await named(transaction, guild_id, name)
            for dropped in await ledger.drop_unsent(transaction, old.id, PAUSED, now):
                await draws.put_back(transaction, dropped)
            if until is None:
                changes: dict[str, Any] = {
                    "next_day": None,
                    "next_due": None,
                    "paused_until": None,
                    "stopped": Stopped.PAUSED,
                }
            else:
                following = await next_free(transaction, old, old.settings, until)
                changes = {**due_at(following), "paused_until": until, "stopped": None}
            return await self._change(transaction, old, **changes)

    async def resume(self, guild_id: int, name: str) -> Schedule:
        """Start a paused or suspended schedule again, from its next time on."""
        async with self._state.write() as transaction:
            old = await named(transaction, guild_id, name)
            now = self._clock.now()
            if old.stopped is None and (old.paused_until is None or old.paused_until <= now):
                return old
            following = await next_free(transaction, old, old.settings, now)
            resumed = await self._change(
                transaction,
                old,
                **due_at(following),
                paused_until=None,
                stopped=None,
                failures=0,
            )
        self._nudge()
        return resumed

    async def skip(self, guild_id: int, name: str) -> tuple[Occurrence, Schedule]:
        """Leave out the next post; it stands in the ledger as skipped."""
        now = self._clock.now()
        async with self._state.write() as transaction:
            old = await named(transaction, guild_id, name)
            if old.next_day is None or old.next_due is None:
                raise ScheduleError(f"'{old.name}' is {old.stopped}; there is no post to skip.")
            skipped = Occurrence(old.next_day, old.next_due)
            claim = replace(
                claim_for(old, skipped.day.isoformat(), skipped.instant, old.settings.window),
                outcome=Outcome.SKIPPED,
                reason="An admin skipped it.",
                finished_at=now,
            )
            following = await next_free(
                transaction, old, old.settings, skipped.instant, {skipped.day}
            )
            # The schedule first, as whoever posts does: so the two wait, and never for each other.
            changed = await self._change(transaction, old, **due_at(following))
            await ledger.add_claim(transaction, claim)
            return skipped, changed

    async def remove(self, guild_id: int, name: str) -> Schedule:
        """Erase a schedule with its deck and ledger, and the server with its last."""
        async with self._state.write() as transaction:
            await guilds.lock_guild(transaction, guild_id)
            removed = await named(transaction, guild_id, name)
            await schedules.remove_schedule(transaction, removed.id)
            await guilds.forget_bare_guild(transaction, guild_id)
            return removed

    def _new_schedule(
        self, guild_id: int, name: str, wanted: Settings, created_by: int
    ) -> Schedule:
        kept_name = read_name(name)
        now = self._clock.now()
        _check_window(wanted.window)
        first = next_due(wanted.timetable, now)
        return Schedule(
            id=self._new_id(),
            guild_id=guild_id,
            name=kept_name,
            settings=wanted,
            seed=self._new_id(),
            created_by=created_by,
            created_at=now,
            next_day=first.day,
            next_due=first.instant,
        )

    async def _check_quotes(self, wanted: Schedule) -> None:
        async with self._state.read() as transaction:
            guild = await guilds.guild(transaction, wanted.guild_id)
        deck = Deck(self._quotes)
        if not await deck.eligible(wanted, guild):
            withheld = await deck.withheld(wanted, guild)
            raise ScheduleError(nothing_to_post(wanted.settings, withheld))

    async def _change(
        self,
        transaction: AsyncConnection,
        old: Schedule,
        **changes: Any,
    ) -> Schedule:
        try:
            changed = await schedules.change_schedule(transaction, old, **changes)
        except IntegrityError as error:
            raise ScheduleError("The name was taken this moment; choose another.") from error
        if changed is None:
            raise ScheduleError(_overtaken(old))
        return changed


def _check_window(window: timedelta) -> None:
    if not SHORTEST_WINDOW <= window <= LONGEST_WINDOW:
        raise ScheduleError("A window is from 10 minutes to 23 hours long.")


def _overtaken(schedule: Schedule) -> str:
    return f"'{schedule.name}' was changed this moment by another; try again."
