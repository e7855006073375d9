"""Schedules, as admins manage them: set, edit, pause, skip, post, remove.

Every call is one transaction: it is carried out whole, or refused with a sentence and nothing has
changed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from rapidfuzz import process
from sqlalchemy.exc import IntegrityError

from bot.errors import ScheduleError
from bot.localization.messages import message
from bot.scheduling.alert_texts import nothing_to_post
from bot.scheduling.models import Schedule, ScheduleSettings, Stopped, Trigger, new_delivery
from bot.scheduling.reasons import Reason, explain
from bot.scheduling.recurrence import Occurrence, next_occurrence
from bot.scheduling.rotation import QuotePicker
from bot.scheduling.storage import deliveries, guilds, schedules
from bot.scheduling.storage.damage import read_column
from bot.scheduling.worker.deliveries import (
    MAX_TRIES,
    create_on_demand,
    skip_occurrence,
    skip_unsent,
)
from bot.scheduling.worker.housekeeping import UNDO_SPAN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.localization.messages import Message
    from bot.scheduling.models import Delivery, Guild, Payload
    from bot.scheduling.ports import Clock, QuoteProvider
    from bot.scheduling.rotation import Draw
    from bot.scheduling.storage.damage import DamagedRow
    from bot.scheduling.storage.database import State

MAX_SCHEDULES = 10
MAX_NAME_LENGTH = 32
MIN_WINDOW = timedelta(minutes=10)
MAX_WINDOW = timedelta(hours=23)
"""Below a day, so that a late post never waits beside the next one."""
NOW_WINDOW = timedelta(minutes=15)
"""An admin who asks for a post now does not want it hours later."""
SIMILAR_NAME = 60
"""Of 100, as rapidfuzz scores: a slip of the hand, not another word."""
PREVIEW = "preview"
STOPPED = {Stopped.PAUSED: message("paused"), Stopped.SUSPENDED: message("suspended")}


class ScheduleService:
    """The schedules of every server, for the commands of admins."""

    def __init__(
        self,
        state: State,
        quotes: QuoteProvider,
        clock: Clock,
        new_id: Callable[[], str],
        wake: Callable[[], None],
    ) -> None:
        """Put the parts together.

        Args:
            state: where everything is kept.
            quotes: the quotes that may be posted.
            clock: the time.
            new_id: gives a random text of 16 to 32 characters, for ids and seeds.
            wake: wakes the worker, which may then have something to do.
        """
        self._state = state
        self._quotes = quotes
        self._clock = clock
        self._new_id = new_id
        self._wake = wake

    async def add(
        self, guild_id: int, name: str, wanted: ScheduleSettings, created_by: int
    ) -> Schedule:
        """Add a schedule.

        Raises:
            ScheduleError: the name is taken or unfit, there are ten already, or nothing to post.
        """
        kept_name = parse_name(name)
        _check_window(wanted.window)
        now = self._clock.now()
        first = next_occurrence(wanted.timetable, now)
        added = Schedule(
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
        await self._require_quotes(added)
        async with self._state.write() as transaction:
            await guilds.lock_guild(transaction, guild_id)
            others = await schedules.read_schedules(transaction, guild_id)
            if len(others) >= MAX_SCHEDULES:
                raise ScheduleError(
                    "This server has {number} schedules already; take one away with /daily remove "
                    "first.",
                    number=MAX_SCHEDULES,
                )
            damaged = [await _name_of(transaction, one) for one in others.damaged]
            _refuse_taken_name(added.name, [*(one.name for one in others.rows), *damaged])
            await schedules.insert_schedule(transaction, added)
        self._wake()
        return added

    async def edit(
        self,
        guild_id: int,
        name: str,
        wanted: ScheduleSettings,
        new_name: str | None = None,
        read: ScheduleSettings | None = None,
    ) -> Schedule:
        """Change a schedule's settings, or its name.

        A day already posted is not posted again.

        Args:
            guild_id: the server.
            name: the schedule's name.
            wanted: all its settings.
            new_name: its new name, if it gets one.
            read: the settings that `wanted` was made from; if they are others by now, nothing is
                changed.

        Raises:
            ScheduleError: there is no such schedule, or the change is unfit.
        """
        _check_window(wanted.window)
        kept_name = parse_name(name if new_name is None else new_name)
        await self._require_quotes(replace(await self.get(guild_id, name), settings=wanted))
        async with self._state.write() as transaction:
            old = await find_schedule(transaction, guild_id, name)
            if read is not None and read != old.settings:
                raise ScheduleError(_overtaken(old))
            others = await schedules.list_schedules(transaction, guild_id)
            _refuse_taken_name(kept_name, [one.name for one in others if one.id != old.id])
            if wanted.role_id != old.settings.role_id:
                # The role was taken away: an open delivery must not ping it any more.
                await deliveries.clear_role(transaction, old.id)
            changed = await self._change(
                transaction,
                old,
                name=kept_name,
                settings=wanted,
                **await _reschedule(transaction, old, wanted, self._clock.now()),
            )
        self._wake()
        return changed

    async def get(self, guild_id: int, name: str) -> Schedule:
        """Return one schedule.

        Raises:
            ScheduleError: there is none of that name; the message names the nearest.
        """
        async with self._state.read() as transaction:
            return await find_schedule(transaction, guild_id, name)

    async def list(self, guild_id: int) -> tuple[Schedule, ...]:
        """Return a server's schedules, by name."""
        async with self._state.read() as transaction:
            return await schedules.list_schedules(transaction, guild_id)

    async def list_names(self, guild_id: int) -> tuple[str, ...]:
        """Return the names of a server's schedules, those of damaged ones last."""
        async with self._state.read() as transaction:
            found = await schedules.read_schedules(transaction, guild_id)
            damaged = [await _name_of(transaction, one) for one in found.damaged]
            return (*(one.name for one in found.rows), *damaged)

    async def pause(self, guild_id: int, name: str, until: datetime | None = None) -> Schedule:
        """Stop a schedule until a moment, or until it is resumed.

        Open deliveries that are certainly not posted are skipped.
        """
        now = self._clock.now()
        if until is not None and until <= now:
            raise ScheduleError("The time to pause until has passed already; name a later one.")
        async with self._state.write() as transaction:
            old = await find_schedule(transaction, guild_id, name)
            await skip_unsent(transaction, old.id, now, explain(Reason.PAUSED))
            if until is None:
                changes: dict[str, Any] = {
                    "next_day": None,
                    "next_due": None,
                    "paused_until": None,
                    "stopped": Stopped.PAUSED,
                }
            else:
                following = await deliveries.next_free_occurrence(
                    transaction, old.id, old.settings.timetable, until
                )
                changes = {**_due_at(following), "paused_until": until, "stopped": None}
            return await self._change(transaction, old, **changes)

    async def resume(self, guild_id: int, name: str) -> Schedule:
        """Start a paused or suspended schedule again, from its next time on."""
        async with self._state.write() as transaction:
            old = await find_schedule(transaction, guild_id, name)
            now = self._clock.now()
            if old.stopped is None and (old.paused_until is None or old.paused_until <= now):
                return old
            following = await deliveries.next_free_occurrence(
                transaction, old.id, old.settings.timetable, now
            )
            resumed = await self._change(
                transaction,
                old,
                **_due_at(following),
                paused_until=None,
                stopped=None,
                failures=0,
            )
        self._wake()
        return resumed

    async def skip(self, guild_id: int, name: str) -> tuple[Occurrence, Schedule]:
        """Leave out the next post; the history shows it as skipped."""
        now = self._clock.now()
        async with self._state.write() as transaction:
            old = await find_schedule(transaction, guild_id, name)
            if old.next_due is None:
                raise ScheduleError(
                    "'{name}' is {state}; there is no post to skip.",
                    name=old.name,
                    state=STOPPED[old.stopped or Stopped.PAUSED],
                )
            skipped = old.next_occurrence
            following = await deliveries.next_free_occurrence(
                transaction, old.id, old.settings.timetable, skipped.instant, {skipped.day}
            )
            # The schedule first, as the worker does: so the two never wait for each other.
            changed = await self._change(transaction, old, **_due_at(following))
            await skip_occurrence(transaction, old, skipped, now)
            return skipped, changed

    async def list_damaged(self, guild_id: int) -> tuple[str, ...]:
        """Return the names of a server's damaged schedules."""
        async with self._state.read() as transaction:
            found = await schedules.read_schedules(transaction, guild_id)
            return tuple([await _name_of(transaction, one) for one in found.damaged])

    async def erase_damaged(self, guild_id: int, name: str) -> str | None:
        """Erase a damaged schedule; return its name, or None if none has it."""
        async with self._state.write() as transaction:
            await guilds.lock_guild(transaction, guild_id)
            for one in (await schedules.read_schedules(transaction, guild_id)).damaged:
                kept = await _name_of(transaction, one)
                if schedules.fold_name(kept) == schedules.fold_name(name):
                    await schedules.delete_damaged(transaction, one)
                    await guilds.delete_bare_guild(transaction, guild_id)
                    return kept
            await guilds.delete_bare_guild(transaction, guild_id)
        return None

    async def remove(self, guild_id: int, schedule_id: str) -> Schedule:
        """Remove a schedule; for a day it can be brought back.

        Its open deliveries that are certainly not posted are skipped.

        Raises:
            ScheduleError: it is gone, or was removed already.
        """
        now = self._clock.now()
        async with self._state.write() as transaction:
            found = await schedules.get_schedule(transaction, schedule_id)
            if found is None or found.guild_id != guild_id or found.removed_at is not None:
                raise ScheduleError("That schedule is removed already.")
            await skip_unsent(transaction, found.id, now, explain(Reason.REMOVED))
            return await self._change(transaction, found, removed_at=now)

    async def undo_removal(self, guild_id: int, schedule_id: str) -> Schedule:
        """Bring back a schedule that was removed within a day.

        Posts that came due meanwhile are let go.

        Raises:
            ScheduleError: it is erased by now, or its name or its place is taken.
        """
        now = self._clock.now()
        async with self._state.write() as transaction:
            await guilds.lock_guild(transaction, guild_id)
            found = await schedules.get_schedule(transaction, schedule_id)
            if found is not None and found.guild_id == guild_id and found.removed_at is None:
                return found
            is_erased = (
                found is None
                or found.guild_id != guild_id
                or now >= (found.removed_at or now) + UNDO_SPAN  # if housekeeping is late
            )
            if found is None or is_erased:
                raise ScheduleError("It is erased by now; set it up anew with /daily set.")
            others = await schedules.list_schedules(transaction, guild_id)
            if len(others) >= MAX_SCHEDULES:
                raise ScheduleError(
                    "This server has {number} schedules again; take one away first.",
                    number=MAX_SCHEDULES,
                )
            _refuse_taken_name(found.name, [one.name for one in others])
            changes: dict[str, Any] = {"removed_at": None}
            if found.next_due is not None and found.next_due <= now:
                changes |= _due_at(
                    await deliveries.next_free_occurrence(
                        transaction, found.id, found.settings.timetable, now
                    )
                )
            restored = await self._change(transaction, found, **changes)
        self._wake()
        return restored

    async def post_now(self, guild_id: int, name: str, interaction_id: int) -> Delivery:
        """Create a delivery for the worker to post immediately, once per interaction.

        `Records.get_delivery` tells how it went. The quote counts as seen.
        """
        for _ in range(MAX_TRIES):
            now = self._clock.now()
            schedule, guild, dealt = await self._read_rotation(guild_id, name)
            wanted = new_delivery(schedule, str(interaction_id), now, NOW_WINDOW, Trigger.ON_DEMAND)
            wanted = replace(wanted, available_at=now)
            pick = await QuotePicker(self._quotes).pick_entry(wanted, schedule, guild, dealt)
            if pick.drawn is None:
                raise ScheduleError(nothing_to_post(schedule.settings, pick.withheld))
            # Nothing was locked while the quote was rendered: if the schedule was changed or drew
            # another meanwhile, this pick is dropped.
            async with self._state.write() as transaction:
                is_created = await create_on_demand(transaction, schedule, pick)
            if is_created:
                self._wake()
                return pick.delivery
        raise ScheduleError("'{name}' is being changed by too many at once; try again.", name=name)

    async def preview(self, guild_id: int, name: str) -> Payload:
        """Render the quote that comes next, without drawing it or pinging anybody."""
        schedule, guild, dealt = await self._read_rotation(guild_id, name)
        delivery = new_delivery(schedule, PREVIEW, self._clock.now(), NOW_WINDOW)
        shown = replace(delivery, id=PREVIEW, role_id=None)
        pick = await QuotePicker(self._quotes).pick_entry(
            shown, schedule, guild, dealt, schedule.next_day
        )
        if pick.delivery.payload is None:
            raise ScheduleError(nothing_to_post(schedule.settings, pick.withheld))
        return pick.delivery.payload

    async def _read_rotation(
        self, guild_id: int, name: str
    ) -> tuple[Schedule, Guild, dict[str, Draw]]:
        async with self._state.read() as transaction:
            schedule = await find_schedule(transaction, guild_id, name)
            guild = await guilds.get_guild(transaction, guild_id)
            dealt = await schedules.list_draws(transaction, [schedule.id])
            return schedule, guild, dealt.get(schedule.id, {})

    async def _require_quotes(self, wanted: Schedule) -> None:
        async with self._state.read() as transaction:
            guild = await guilds.get_guild(transaction, wanted.guild_id)
        picker = QuotePicker(self._quotes)
        if not await picker.list_decks(wanted, guild):
            withheld = await picker.count_withheld(wanted, guild)
            raise ScheduleError(nothing_to_post(wanted.settings, withheld))

    async def _change(
        self,
        transaction: AsyncConnection,
        old: Schedule,
        **changes: Any,
    ) -> Schedule:
        try:
            changed = await schedules.update_schedule(transaction, old, **changes)
        except IntegrityError as error:
            raise ScheduleError("The name was taken this moment; choose another.") from error
        if changed is None:
            raise ScheduleError(_overtaken(old))
        return changed


async def find_schedule(transaction: AsyncConnection, guild_id: int, name: str) -> Schedule:
    """Find a server's schedule by its name.

    Raises:
        ScheduleError: there is none of that name, and the message names the nearest, or all; or
            its row is damaged.
    """
    read = await schedules.read_schedules(transaction, guild_id)
    found, key = read.rows, schedules.fold_name(name)
    for schedule in found:
        if schedules.fold_name(schedule.name) == key:
            return schedule
    for one in read.damaged:
        if schedules.fold_name(damaged := await _name_of(transaction, one)) == key:
            raise ScheduleError(
                "'{name}' is damaged in the bot's database, and is not posted. Remove it with "
                "/daily remove, and set it up anew with /daily set.",
                name=damaged,
            )
    if not found:
        raise ScheduleError("This server has no schedule yet; set one up with /daily set.")
    names = {schedules.fold_name(one.name): one.name for one in found}
    near = process.extractOne(key, list(names), score_cutoff=SIMILAR_NAME)
    if near is not None:
        advice = message("did you mean '{name}'?", name=names[near[0]])
    else:
        listed = ", ".join(f"'{name}'" for name in names.values())
        advice = message("here there is {names}.", names=listed)
    shown = " ".join(name.split())[:MAX_NAME_LENGTH]
    raise ScheduleError("No schedule is called '{name}'; {advice}", name=shown, advice=advice)


async def _name_of(transaction: AsyncConnection, damaged: DamagedRow) -> str:
    return str(await read_column(transaction, damaged, "name") or damaged.id)


def parse_name(name: str) -> str:
    """Normalize a name for a schedule, or raise a ScheduleError."""
    read = " ".join(name.split())
    if not read or not read.isprintable():
        raise ScheduleError("A schedule needs a name, such as 'morning'.")
    if len(read) > MAX_NAME_LENGTH:
        raise ScheduleError(
            "A name may have {most} characters; this one has {number}.",
            most=MAX_NAME_LENGTH,
            number=len(read),
        )
    return read


def _refuse_taken_name(name: str, others: Sequence[str]) -> None:
    if schedules.fold_name(name) in map(schedules.fold_name, others):
        raise ScheduleError(
            "There is a schedule called '{name}' already; choose another name.", name=name
        )


async def _reschedule(
    transaction: AsyncConnection,
    old: Schedule,
    wanted: ScheduleSettings,
    now: datetime,
) -> dict[str, Any]:
    """Return the next time under new settings, losing no overdue post."""
    if wanted.timetable == old.settings.timetable or old.next_due is None:
        return {}
    start = max(now, old.paused_until) if old.paused_until is not None else now
    following = await deliveries.next_free_occurrence(transaction, old.id, wanted.timetable, start)
    if old.next_day is not None and old.next_due <= now and following.day > old.next_day:
        return {}
    return _due_at(following)


def _due_at(following: Occurrence) -> dict[str, Any]:
    return {"next_day": following.day, "next_due": following.instant}


def _check_window(window: timedelta) -> None:
    if not MIN_WINDOW <= window <= MAX_WINDOW:
        raise ScheduleError("A window is from 10 minutes to 23 hours long.")


def _overtaken(schedule: Schedule) -> Message:
    return message("'{name}' was changed this moment by another; try again.", name=schedule.name)
