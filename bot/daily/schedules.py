"""What admins do with schedules: add, edit, pause, look into the ledger. No Discord here.

Every call is one transaction: it is done whole, or refused with a sentence and nothing changed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from rapidfuzz import process
from sqlalchemy.exc import IntegrityError

from bot.daily.claiming import Deck
from bot.daily.deck import unseen
from bot.daily.model import (
    Claim,
    Guild,
    Notice,
    Outcome,
    Payload,
    Schedule,
    Settings,
    Stopped,
    claim_id,
)
from bot.daily.schedule import DAY, Coming, Occurrence, coming, next_due
from bot.daily.settling import NOW
from bot.daily.state import ledger, settings
from bot.errors import ScheduleError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.daily.ports import Clock, Quotes
    from bot.daily.state.database import State

MOST_SCHEDULES = 10
LONGEST_NAME = 32
SHORTEST_WINDOW = timedelta(minutes=10)
LONGEST_WINDOW = timedelta(hours=23)
"""Below a day, so that a late post never waits beside the next one."""

NOW_WINDOW = timedelta(minutes=15)
"""Who asks for a post now does not want it hours later."""

PREVIEW = "preview"


@dataclass(frozen=True, slots=True)
class Checkup:
    """What `/daily doctor` knows without asking Discord."""

    schedule: Schedule
    coming: tuple[Coming, ...]
    quotes: int
    unseen: int
    last_failure: Claim | None
    open_claims: tuple[Claim, ...]
    notices: tuple[Notice, ...]
    alerts_channel: int | None


@dataclass(frozen=True, slots=True)
class Stored:
    """What `/privacy` shows: all that is kept about a server."""

    guild: Guild
    schedules: tuple[Schedule, ...]
    ledger_rows: int


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
        kept_name = _read_name(name)
        now = self._clock.now()
        _check_window(wanted.window)
        first = next_due(wanted.timetable, now)
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
        await self._check_quotes(added)
        async with self._state.write() as transaction:
            await settings.lock_guild(transaction, guild_id)
            others = await settings.schedules_of(transaction, guild_id)
            if len(others) >= MOST_SCHEDULES:
                raise ScheduleError(
                    f"This server has {MOST_SCHEDULES} schedules already; remove one first.",
                )
            _refuse_taken(kept_name, others)
            await settings.add_schedule(transaction, added)
        self._nudge()
        return added

    async def edit(
        self,
        guild_id: int,
        name: str,
        wanted: Settings,
        new_name: str | None = None,
    ) -> Schedule:
        """Change a schedule's settings, or its name; a day already posted is not posted again.

        Raises:
            ScheduleError: there is no such schedule, or the change is unfit.
        """
        _check_window(wanted.window)
        kept_name = _read_name(name if new_name is None else new_name)
        await self._check_quotes(replace(await self.get(guild_id, name), settings=wanted))
        async with self._state.write() as transaction:
            old = await _named(transaction, guild_id, name)
            others = await settings.schedules_of(transaction, guild_id)
            _refuse_taken(kept_name, [one for one in others if one.id != old.id])
            changed = await self._change(
                transaction,
                old,
                name=kept_name,
                settings=wanted,
                **await self._retimed(transaction, old, wanted),
            )
        self._nudge()
        return changed

    async def get(self, guild_id: int, name: str) -> Schedule:
        """Give one schedule.

        Raises:
            ScheduleError: there is none of that name; the message names the nearest.
        """
        async with self._state.read() as transaction:
            return await _named(transaction, guild_id, name)

    async def list(self, guild_id: int) -> tuple[Schedule, ...]:
        """Give a server's schedules, by name."""
        async with self._state.read() as transaction:
            return await settings.schedules_of(transaction, guild_id)

    async def pause(self, guild_id: int, name: str, until: datetime | None = None) -> Schedule:
        """Stop a schedule until a moment, or until it is resumed; what is open is let go."""
        now = self._clock.now()
        if until is not None and until <= now:
            raise ScheduleError("The time to pause until has passed already; name a later one.")
        async with self._state.write() as transaction:
            old = await _named(transaction, guild_id, name)
            await ledger.drop_unsent(transaction, old.id, "The schedule was paused.", now)
            if until is None:
                changes: dict[str, Any] = {
                    "next_day": None,
                    "next_due": None,
                    "paused_until": None,
                    "stopped": Stopped.PAUSED,
                }
            else:
                following = await self._following(transaction, old, old.settings, until)
                changes = {**_due(following), "paused_until": until, "stopped": None}
            return await self._change(transaction, old, **changes)

    async def resume(self, guild_id: int, name: str) -> Schedule:
        """Start a paused or suspended schedule again, from its next time on."""
        async with self._state.write() as transaction:
            old = await _named(transaction, guild_id, name)
            now = self._clock.now()
            if old.stopped is None and (old.paused_until is None or old.paused_until <= now):
                return old
            following = await self._following(transaction, old, old.settings, now)
            resumed = await self._change(
                transaction,
                old,
                **_due(following),
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
            old = await _named(transaction, guild_id, name)
            if old.next_day is None or old.next_due is None:
                raise ScheduleError(f"'{old.name}' is {old.stopped}; there is no post to skip.")
            skipped = Occurrence(old.next_day, old.next_due)
            claim = replace(
                _claim(old, skipped.day.isoformat(), skipped.instant, old.settings.window),
                outcome=Outcome.SKIPPED,
                reason="An admin skipped it.",
                finished_at=now,
            )
            await ledger.add_claim(transaction, claim)
            following = await self._following(transaction, old, old.settings, skipped.instant)
            return skipped, await self._change(transaction, old, **_due(following))

    async def post_now(self, guild_id: int, name: str, interaction_id: int) -> Claim:
        """Claim a post on the spot, once an interaction; the poster sends it at once.

        `claim` tells how it went. It counts in the deck.
        """
        schedule = await self.get(guild_id, name)
        now = self._clock.now()
        claim = replace(
            _claim(schedule, f"{NOW}{interaction_id}", now, NOW_WINDOW),
            free_at=now,
        )
        async with self._state.read() as transaction:
            guild = await settings.guild(transaction, guild_id)
            dealt = await ledger.last_draws(transaction, [schedule.id])
        deck = Deck(self._quotes)
        chosen = await deck.choose(claim, schedule, guild, dealt.get(schedule.id, {}))
        if chosen.drawn is None:
            raise ScheduleError(_nothing(schedule.settings))
        async with self._state.write() as transaction:
            current = await _named(transaction, guild_id, name)
            if await ledger.add_claim(transaction, chosen.claim):
                await ledger.put_draws(transaction, {current.id: chosen.drawn})
        self._nudge()
        return chosen.claim

    async def claim(self, claim_id: str) -> Claim | None:
        """Give a claim: how it went, and which quote it was; None if it is gone."""
        async with self._state.read() as transaction:
            return await ledger.claim(transaction, claim_id)

    async def preview(self, guild_id: int, name: str) -> Payload:
        """Render the quote that would be posted next, without drawing it."""
        schedule = await self.get(guild_id, name)
        async with self._state.read() as transaction:
            guild = await settings.guild(transaction, guild_id)
            dealt = await ledger.last_draws(transaction, [schedule.id])
        claim = replace(
            _claim(schedule, PREVIEW, self._clock.now(), NOW_WINDOW),
            id=PREVIEW,
            role_id=None,
        )
        deck = Deck(self._quotes)
        chosen = await deck.choose(claim, schedule, guild, dealt.get(schedule.id, {}))
        if chosen.claim.payload is None:
            raise ScheduleError(_nothing(schedule.settings))
        return chosen.claim.payload

    async def remove(self, guild_id: int, name: str) -> Schedule:
        """Erase a schedule with its deck and ledger."""
        async with self._state.write() as transaction:
            removed = await _named(transaction, guild_id, name)
            await settings.remove_schedule(transaction, removed.id)
            return removed

    def coming(self, schedule: Schedule, count: int = 3) -> tuple[Coming, ...]:
        """List a schedule's next posts, each marked where the clock changed before it."""
        if schedule.next_due is None:
            return ()
        return tuple(
            coming(schedule.settings.timetable, self._clock.now(), count, schedule.next_due),
        )

    async def history(
        self,
        guild_id: int,
        name: str | None = None,
        limit: int = 20,
    ) -> tuple[Claim, ...]:
        """Read the ledger of one schedule, or of all, the newest first."""
        async with self._state.read() as transaction:
            found = (
                await settings.schedules_of(transaction, guild_id)
                if name is None
                else (await _named(transaction, guild_id, name),)
            )
            return await ledger.history(transaction, [one.id for one in found], limit)

    async def checkup(self, guild_id: int, name: str) -> Checkup:
        """Gather what is known about a schedule's health."""
        troubles = (Outcome.FAILED, Outcome.MISSED, Outcome.UNKNOWN)
        async with self._state.read() as transaction:
            schedule = await _named(transaction, guild_id, name)
            guild = await settings.guild(transaction, guild_id)
            dealt = await ledger.last_draws(transaction, [schedule.id])
            bad = await ledger.history(transaction, [schedule.id], 20, troubles)
            notices = await ledger.last_notices(transaction, [schedule.id], 5)
        eligible = await Deck(self._quotes).eligible(schedule, guild)
        ended = (claim for claim in bad if claim.outcome is not None)
        return Checkup(
            schedule=schedule,
            coming=self.coming(schedule),
            quotes=len(eligible),
            unseen=len(unseen(eligible, dealt.get(schedule.id, {}))),
            last_failure=next(ended, None),
            open_claims=tuple(claim for claim in bad if claim.outcome is None),
            notices=notices,
            alerts_channel=guild.alerts_channel,
        )

    async def guild(self, guild_id: int) -> Guild:
        """Give a server's settings."""
        async with self._state.read() as transaction:
            return await settings.guild(transaction, guild_id)

    async def set_alerts(self, guild_id: int, channel_id: int | None) -> None:
        """Choose where admins are told; None: by direct message to who set a schedule up."""
        await self._change_guild(guild_id, alerts_channel=channel_id)

    async def set_packs(self, guild_id: int, packs: frozenset[str] | None) -> None:
        """Choose which packs answer in a server; None: all that the host has."""
        await self._change_guild(guild_id, packs=packs)

    async def stored(self, guild_id: int) -> Stored:
        """Say what is kept about a server."""
        async with self._state.read() as transaction:
            found = await settings.schedules_of(transaction, guild_id)
            rows = await ledger.count_claims(transaction, guild_id)
            return Stored(await settings.guild(transaction, guild_id), found, rows)

    async def erase(self, guild_id: int) -> int:
        """Erase everything about a server at once; give how many schedules that was."""
        async with self._state.write() as transaction:
            return await settings.erase_guild(transaction, guild_id)

    async def _change_guild(self, guild_id: int, **changes: Any) -> None:
        async with self._state.write() as transaction:
            await settings.lock_guild(transaction, guild_id)
            kept = await settings.guild(transaction, guild_id)
            await settings.put_guild(transaction, replace(kept, **changes))

    async def _check_quotes(self, wanted: Schedule) -> None:
        guild = await self.guild(wanted.guild_id)
        if not await Deck(self._quotes).eligible(wanted, guild):
            raise ScheduleError(_nothing(wanted.settings))

    async def _retimed(
        self,
        transaction: AsyncConnection,
        old: Schedule,
        wanted: Settings,
    ) -> dict[str, Any]:
        """Give the next time under new settings; a post that is overdue now is not lost to it."""
        if wanted.timetable == old.settings.timetable or old.next_due is None:
            return {}
        now = self._clock.now()
        start = max(now, old.paused_until) if old.paused_until is not None else now
        following = await self._following(transaction, old, wanted, start)
        if old.next_day is not None and old.next_due <= now and following.day > old.next_day:
            return {}
        return _due(following)

    async def _following(
        self,
        transaction: AsyncConnection,
        schedule: Schedule,
        wanted: Settings,
        after: datetime,
    ) -> Occurrence:
        """Find the next occurrence whose day is not in the ledger."""
        taken = await ledger.days_taken(transaction, schedule.id, after.date() - 2 * DAY)
        return next_due(wanted.timetable, after, frozenset(map(date.fromisoformat, taken)))

    async def _change(
        self,
        transaction: AsyncConnection,
        old: Schedule,
        **changes: Any,
    ) -> Schedule:
        try:
            changed = await settings.change_schedule(transaction, old, **changes)
        except IntegrityError as error:
            raise ScheduleError("The name was taken this moment; choose another.") from error
        if changed is None:
            raise ScheduleError(f"'{old.name}' was changed this moment by another; try again.")
        return changed


async def _named(transaction: AsyncConnection, guild_id: int, name: str) -> Schedule:
    found = await settings.schedules_of(transaction, guild_id)
    key = settings.name_key(name)
    for schedule in found:
        if settings.name_key(schedule.name) == key:
            return schedule
    if not found:
        raise ScheduleError("This server has no schedule yet; set one up with /daily set.")
    nearest = process.extractOne(key, [one.name for one in found])
    shown = " ".join(name.split())[:LONGEST_NAME]
    raise ScheduleError(f"No schedule is called '{shown}'; did you mean '{nearest[0]}'?")


def _read_name(name: str) -> str:
    read = " ".join(name.split())
    if not read or not read.isprintable():
        raise ScheduleError("A schedule needs a name, such as 'morning'.")
    if len(read) > LONGEST_NAME:
        raise ScheduleError(f"A name may have {LONGEST_NAME} characters; this one has {len(read)}.")
    return read


def _refuse_taken(name: str, others: list[Schedule] | tuple[Schedule, ...]) -> None:
    if settings.name_key(name) in {settings.name_key(one.name) for one in others}:
        raise ScheduleError(f"There is a schedule called '{name}' already; choose another name.")


def _check_window(window: timedelta) -> None:
    if not SHORTEST_WINDOW <= window <= LONGEST_WINDOW:
        raise ScheduleError("A window is from 10 minutes to 23 hours long.")


def _due(following: Occurrence) -> dict[str, Any]:
    return {"next_day": following.day, "next_due": following.instant}


def _claim(schedule: Schedule, occurrence: str, due: datetime, window: timedelta) -> Claim:
    return Claim(
        id=claim_id(schedule.id, occurrence),
        schedule_id=schedule.id,
        guild_id=schedule.guild_id,
        channel_id=schedule.settings.channel_id,
        occurrence=occurrence,
        due=due,
        closes=due + window,
        role_id=schedule.settings.role_id,
    )


def _nothing(wanted: Settings) -> str:
    where = f"the pack '{wanted.pack}'" if wanted.pack else "the packs that answer here"
    by = f" by {wanted.speaker}" if wanted.speaker else ""
    return f"There is no quote{by} in {where}; choose another with /quote, or see /packs."
