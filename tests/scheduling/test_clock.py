"""A clock that is wrong, for seconds or for years: nothing is missed, moved or erased by it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from bot.errors import DiscordError
from bot.scheduling.clock import FRESH_SECONDS, TELLINGS, Trust, VerifiedClock
from bot.scheduling.models import AlertStatus, Outcome, new_delivery
from bot.scheduling.storage import deliveries as stored_deliveries
from bot.scheduling.storage import metadata
from bot.scheduling.storage.tables import alerts, invalid_requests, schedules
from bot.scheduling.worker.housekeeping import RECONCILED_AT
from tests.scheduling.conftest import CHANNEL, GUILD, Harness
from tests.support.discord import START, Clock, Fate

if TYPE_CHECKING:
    from bot.scheduling.storage.database import State

FIVE_YEARS = timedelta(days=5 * 365)


@dataclass
class Clocks:
    """The true time, and this machine's two clocks, each as far off as a test says."""

    truth: Clock = field(default_factory=Clock)
    wall_is_ahead: timedelta = timedelta()
    monotonic_is_ahead: timedelta = timedelta()

    def wall(self) -> datetime:
        return self.truth.now() + self.wall_is_ahead

    def monotonic(self) -> float:
        return (self.truth.now() - START + self.monotonic_is_ahead).total_seconds()

    def verified(self) -> VerifiedClock:
        """Give the clock of a process that starts now."""
        return Verified(self)


class Verified(VerifiedClock):
    """A verified clock whose waits take no time of the test's."""

    def __init__(self, clocks: Clocks) -> None:
        super().__init__(clocks.wall, clocks.monotonic)
        self._clocks = clocks

    async def sleep(self, seconds: float) -> None:
        await self._clocks.truth.sleep(seconds)


@dataclass
class Machine:
    """A bot on a machine whose clocks may go wrong, and the Discord that it asks."""

    harness: Harness
    clocks: Clocks
    tells_time: bool = True

    def start(self) -> None:
        """Start the bot's process anew, as after a crash; it has logged in."""
        clock = self.clocks.verified()
        self.harness.clock = self.harness.time_check = clock
        self.harness.schedules._clock = clock
        self.harness.discord.clock = self.clocks.truth
        self.harness.discord.on_answer = lambda _: clock.note_reference(self.told())
        for _ in range(2):  # discord.py's login makes two requests
            clock.note_reference(self.told())
        self.worker = self.harness.worker()

    def told(self) -> datetime | None:
        return self.clocks.truth.now() if self.tells_time else None

    async def work(self, count: int = 1) -> None:
        for _ in range(count):
            await self.harness.work(self.worker)

    async def outcomes(self) -> list[Outcome | None]:
        return [delivery.outcome for delivery in await self.harness.history()]


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
async def machine(state: State, clocks: Clocks) -> Machine:
    machine = Machine(Harness(state), clocks)
    machine.start()
    return machine


def told(clock: VerifiedClock, clocks: Clocks, times: int = 1) -> None:
    """Let Discord tell the true time."""
    for _ in range(times):
        clock.note_reference(clocks.truth.now())


def trust_of(clock: VerifiedClock) -> Trust:
    """Give its trust anew each time; the type checker takes a property for a constant."""
    return clock.trust


# The clock by itself.


def test_a_clock_that_nothing_contradicts_is_followed(clocks: Clocks) -> None:
    clock = clocks.verified()
    told(clock, clocks)
    clocks.truth.forward(hours=1)
    clocks.wall_is_ahead += timedelta(seconds=2)  # as NTP slews it
    assert clock.now() == clocks.wall()
    told(clock, clocks)
    assert (clock.trust, clock.problem) == (Trust.CONFIRMED, None)


@pytest.mark.parametrize("by", [FIVE_YEARS, timedelta(days=1), -timedelta(hours=1)])
def test_a_step_of_the_wall_clock_alone_moves_nothing(clocks: Clocks, by: timedelta) -> None:
    clock = clocks.verified()
    told(clock, clocks)
    clocks.wall_is_ahead = by
    assert clock.now() == clocks.truth.now()
    assert trust_of(clock) is Trust.DOUBTED
    told(clock, clocks)
    assert clock.now() == clocks.truth.now()
    assert trust_of(clock) is Trust.CONFIRMED
    assert "Discord's, so posts go by Discord's" in str(clock.problem)
    clocks.wall_is_ahead = timedelta()
    told(clock, clocks)
    assert (clock.now(), clock.problem) == (clocks.truth.now(), None)


def test_a_step_that_discord_confirms_is_followed(clocks: Clocks) -> None:
    """A machine that was suspended: its monotonic time stood still."""
    clock = clocks.verified()
    told(clock, clocks)
    clocks.truth.forward(hours=8)
    clocks.monotonic_is_ahead -= timedelta(hours=8)
    assert clock.now() == START
    told(clock, clocks)
    assert clock.now() == clocks.truth.now()
    assert (clock.trust, clock.problem) == (Trust.CONFIRMED, None)


def test_a_clock_that_was_wrong_from_the_start_is_corrected_when_discord_keeps_saying_so(
    clocks: Clocks,
) -> None:
    clocks.wall_is_ahead = FIVE_YEARS
    clock = clocks.verified()
    assert trust_of(clock) is Trust.DOUBTED
    told(clock, clocks, times=TELLINGS - 1)
    assert (clock.trust, clock.now()) == (Trust.DOUBTED, clocks.wall())
    told(clock, clocks)
    assert (clock.trust, clock.now()) == (Trust.CONFIRMED, clocks.truth.now())
    assert "1,825 days ahead of Discord's" in str(clock.problem)


def test_wrong_dates_of_discords_move_nothing_even_where_two_agree(clocks: Clocks) -> None:
    clock = clocks.verified()
    told(clock, clocks)
    for _ in range(2):
        clock.note_reference(clocks.truth.now() + FIVE_YEARS)
    assert (clock.trust, clock.now()) == (Trust.DOUBTED, clocks.truth.now())
    told(clock, clocks)
    assert (clock.trust, clock.problem) == (Trust.CONFIRMED, None)


def test_both_clocks_of_a_machine_that_lie_together_are_found_out(clocks: Clocks) -> None:
    clock = clocks.verified()
    told(clock, clocks)
    clocks.wall_is_ahead = clocks.monotonic_is_ahead = FIVE_YEARS
    assert trust_of(clock) is Trust.STALE
    told(clock, clocks, times=TELLINGS)
    assert (clock.trust, clock.now()) == (Trust.CONFIRMED, clocks.truth.now())


def test_discords_word_is_relied_on_for_some_minutes(clocks: Clocks) -> None:
    clock = clocks.verified()
    told(clock, clocks)
    clocks.truth.forward(seconds=FRESH_SECONDS - 1)
    assert trust_of(clock) is Trust.CONFIRMED
    clocks.truth.forward(seconds=1)
    assert trust_of(clock) is Trust.STALE
    told(clock, clocks)
    assert trust_of(clock) is Trust.CONFIRMED


def test_without_a_date_there_is_nothing_to_confirm_the_time_by(clocks: Clocks) -> None:
    clock = clocks.verified()
    clock.note_reference(None)
    assert (clock.trust, clock.problem) == (Trust.UNTOLD, None)
    clocks.wall_is_ahead = FIVE_YEARS
    assert clock.now() == clocks.truth.now()  # a step is one all the same
    told(clock, clocks)
    assert trust_of(clock) is Trust.CONFIRMED
    clock.note_reference(None)  # one answer without a date takes nothing back
    assert trust_of(clock) is Trust.CONFIRMED


def test_a_process_held_up_between_two_clocks_reads_them_again(clocks: Clocks) -> None:
    clock = clocks.verified()
    told(clock, clocks)
    held_up = iter([True])

    def wall() -> datetime:
        if next(held_up, False):
            clocks.truth.forward(minutes=1)
        return clocks.wall()

    clock._wall = wall
    assert clock.now() == clocks.truth.now()
    assert trust_of(clock) is Trust.CONFIRMED


# The daily post by such a clock.


@pytest.mark.parametrize("ahead", [FIVE_YEARS, timedelta(days=1)])
@pytest.mark.parametrize("monotonic_share", [0, 1], ids=["wall", "wall and monotonic"])
async def test_a_clock_ahead_for_seconds_misses_moves_and_erases_nothing(
    machine: Machine, ahead: timedelta, monotonic_share: int
) -> None:
    await machine.harness.add()
    machine.clocks.truth.forward(hours=1)
    await machine.work(2)
    machine.clocks.truth.forward(hours=2)
    machine.clocks.wall_is_ahead = ahead
    machine.clocks.monotonic_is_ahead = ahead * monotonic_share
    await machine.work(5)
    with pytest.raises(DiscordError, match="ahead of Discord's"):
        await machine.worker.check_clock()
    machine.clocks.wall_is_ahead = machine.clocks.monotonic_is_ahead = timedelta()
    await machine.work(2)
    await machine.worker.check_clock()
    (schedule,) = await machine.harness.schedules.list(GUILD)
    assert schedule.next_day == date(2026, 6, 2)
    assert await machine.outcomes() == [Outcome.SENT]
    assert machine.harness.discord.alerts == []
    machine.clocks.truth.forward(hours=22)
    await machine.work(2)
    assert await machine.outcomes() == [Outcome.SENT, Outcome.SENT]


async def test_what_was_put_off_for_years_by_a_clock_that_lied_is_taken_up_when_it_is_corrected(
    machine: Machine,
) -> None:
    await machine.harness.add()
    await machine.work()
    machine.clocks.truth.forward(hours=1)
    send = machine.harness.discord.send

    async def lying(*words: Any) -> int:
        machine.clocks.wall_is_ahead = machine.clocks.monotonic_is_ahead = FIVE_YEARS
        return await send(*words)

    machine.harness.discord.send = lying  # type: ignore[method-assign,assignment]  # while it is answered
    machine.harness.discord.fates.append(Fate.UNREACHABLE)
    await machine.work()
    (put_off,) = await machine.harness.history()
    assert put_off.available_at is not None
    assert put_off.available_at > machine.clocks.truth.now() + timedelta(days=365)
    machine.harness.discord.send = send  # type: ignore[method-assign]  # it lies no more
    machine.clocks.wall_is_ahead = machine.clocks.monotonic_is_ahead = timedelta()
    machine.clocks.truth.forward(minutes=1)
    await machine.work(2)
    assert await machine.outcomes() == [Outcome.SENT]


@pytest.mark.parametrize("clock", ["wall_is_ahead", "monotonic_is_ahead"])
@pytest.mark.parametrize("ahead", [FIVE_YEARS, -FIVE_YEARS])
async def test_nothing_is_missed_by_a_clock_that_steps_between_the_question_and_the_claim(
    machine: Machine, clock: str, ahead: timedelta
) -> None:
    await machine.harness.add()
    machine.clocks.truth.forward(hours=1)
    assert await machine.worker._confirm_time()
    setattr(machine.clocks, clock, ahead)
    assert await machine.worker._deliveries.claim_due(1) == ([], False)
    await machine.work(2)
    assert await machine.outcomes() == [Outcome.SENT]


async def test_a_post_under_way_is_not_given_up_by_clocks_that_have_just_stepped(
    machine: Machine,
) -> None:
    await machine.harness.add()
    machine.clocks.truth.forward(hours=1)
    assert await machine.worker._confirm_time()
    (claimed, _) = await machine.worker._deliveries.claim_due(1)
    machine.clocks.wall_is_ahead = machine.clocks.monotonic_is_ahead = FIVE_YEARS
    await machine.worker._deliverer.deliver(claimed[0])
    assert await machine.outcomes() == [None]
    machine.clocks.truth.forward(minutes=2)
    await machine.work(3)
    assert await machine.outcomes() == [Outcome.SENT]


async def test_a_bot_that_starts_with_a_clock_years_ahead_posts_by_discords(
    machine: Machine,
) -> None:
    await machine.harness.add()
    machine.clocks.wall_is_ahead = FIVE_YEARS
    machine.start()
    machine.clocks.truth.forward(hours=1)
    await machine.work(2)
    (sent,) = await machine.harness.history()
    assert (sent.outcome, sent.occurrence) == (Outcome.SENT, "2026-06-01")


async def test_nothing_is_given_up_while_discord_cannot_be_asked_for_the_time(
    machine: Machine,
) -> None:
    await machine.harness.add()
    await machine.work()
    machine.harness.discord.always = lambda _, __: Fate.UNREACHABLE
    machine.clocks.truth.forward(hours=9)  # the window closes meanwhile
    await machine.work(3)
    assert await machine.outcomes() == []
    machine.harness.discord.always = None
    await machine.work(2)
    assert await machine.outcomes() == [Outcome.MISSED]
    assert len(machine.harness.discord.alerts) == 1


async def test_a_discord_that_does_not_tell_the_time_is_posted_to_all_the_same(
    machine: Machine,
) -> None:
    machine.tells_time = False
    machine.start()
    await machine.harness.add()
    machine.clocks.truth.forward(hours=1)
    await machine.work()
    assert await machine.outcomes() == [Outcome.SENT]


async def test_by_a_clock_that_nothing_confirms_no_row_is_erased(machine: Machine) -> None:
    await machine.harness.add()
    machine.clocks.truth.forward(hours=1)
    await machine.work()
    machine.tells_time = False
    machine.clocks.wall_is_ahead = FIVE_YEARS
    machine.start()
    await machine.work(2)
    kept = [one.occurrence for one in await machine.harness.history()]
    assert "2026-06-01" in kept


async def test_a_post_made_while_the_clock_was_ahead_is_found_by_discords_time(
    machine: Machine,
) -> None:
    """Accepted, the reply lost, the process killed, and back after the nonce's time."""
    machine.clocks.wall_is_ahead = timedelta(minutes=10)
    machine.start()
    await machine.harness.add()
    machine.clocks.truth.forward(hours=1)
    machine.harness.discord.fates.append(Fate.LOST_REPLY)
    await machine.work()
    machine.clocks.truth.forward(minutes=6)  # the nonce is forgotten
    machine.start()
    await machine.work(2)
    assert len(machine.harness.discord.messages[CHANNEL]) == 1
    assert await machine.outcomes() == [Outcome.SENT]


@pytest.mark.parametrize("ahead", [timedelta(minutes=10), timedelta(hours=20)])
async def test_without_discords_time_a_day_more_of_the_channel_is_searched(
    machine: Machine, ahead: timedelta
) -> None:
    machine.tells_time = False
    machine.clocks.wall_is_ahead = ahead
    machine.start()
    await machine.harness.add()
    await machine.harness.schedules.post_now(GUILD, "morning", interaction_id=5)
    machine.harness.discord.fates.append(Fate.LOST_REPLY)
    await machine.work()
    machine.clocks.truth.forward(minutes=6)  # the nonce is forgotten
    machine.start()
    await machine.work(2)
    assert len(machine.harness.discord.messages[CHANNEL]) == 1


# What an unchecked clock left in a state, by an older version of the program.


async def test_a_next_time_beyond_the_timetables_own_is_reckoned_anew(harness: Harness) -> None:
    kept = await harness.add()
    assert kept.next_due is not None
    await harness.work()
    async with harness.state.write() as transaction:
        await transaction.execute(
            update(schedules).values(
                next_day="2031-06-01", next_due=kept.next_due + FIVE_YEARS, uncertain_until=None
            )
        )
    harness.clock.forward(minutes=30)
    worker = harness.worker()  # a start
    await harness.work(worker)
    assert (await harness.schedules.get(GUILD, "morning")).next_due == kept.next_due
    async with harness.state.write() as transaction:
        later = kept.next_due + timedelta(days=4)
        await transaction.execute(update(schedules).values(next_day="2026-06-05", next_due=later))
    harness.clock.forward(minutes=40)
    await harness.work(worker)
    assert (await harness.schedules.get(GUILD, "morning")).next_day == date(2026, 6, 5)
    harness.clock.forward(minutes=21)  # an hour after the start
    await harness.work(worker)
    assert (await harness.schedules.get(GUILD, "morning")).next_day == date(2026, 6, 2)


async def test_a_skip_and_a_pause_are_no_times_too_far_ahead(harness: Harness) -> None:
    await harness.add("skipped")
    await harness.add("paused", channel_id=2)
    await harness.schedules.skip(GUILD, "skipped")
    await harness.schedules.pause(GUILD, "paused", START + timedelta(days=3))
    await harness.work()
    assert (await harness.schedules.get(GUILD, "skipped")).next_day == date(2026, 6, 2)
    assert (await harness.schedules.get(GUILD, "paused")).next_day == date(2026, 6, 4)


async def test_what_a_clock_ahead_has_left_behind_is_undone(harness: Harness) -> None:
    schedule = await harness.add()
    harness.discord.fates.append(Fate.FORBIDDEN)
    harness.clock.forward(hours=1)
    await harness.work()
    then, now = START + FIVE_YEARS, harness.clock.now()
    ahead = new_delivery(schedule, "2031-06-01", then, schedule.settings.window)
    held = new_delivery(schedule, "2026-06-02", now, schedule.settings.window)
    async with harness.state.write() as transaction:
        for left in (
            replace(ahead, outcome=Outcome.MISSED, finished_at=then),
            replace(held, locked_by="dead", available_at=then, payload={"quote": "duo-1"}),
        ):
            await stored_deliveries.insert_delivery(transaction, left)
        await transaction.execute(
            update(alerts).values(status=AlertStatus.PENDING, available_at=then)
        )
        await transaction.execute(update(schedules).values(uncertain_until=then))
        await transaction.execute(invalid_requests.insert().values(minute=2**31, count=10_000))
        await metadata.set_value(transaction, RECONCILED_AT, then.isoformat())
    harness.discord.alerts.clear()
    await harness.work(harness.worker("after"))
    await harness.work(harness.worker("after"))
    async with harness.state.read() as transaction:
        assert await stored_deliveries.get_delivery(transaction, ahead.id) is None
        taken = await stored_deliveries.get_delivery(transaction, held.id)
        assert taken is not None
        assert taken.outcome is Outcome.SENT
        limit = (await transaction.execute(select(schedules.c.uncertain_until))).scalar_one()
        assert limit <= harness.clock.now()
        assert (await transaction.execute(select(invalid_requests.c.minute))).all() != [(2**31,)]
        claimed = await metadata.get_value(transaction, RECONCILED_AT)
        assert claimed is not None
        assert claimed < then.isoformat()
    assert len(harness.discord.alerts) == 1


async def test_housekeeping_that_cannot_read_its_own_date_does_its_work(harness: Harness) -> None:
    await harness.add()
    async with harness.state.write() as transaction:
        await metadata.set_value(transaction, RECONCILED_AT, "no date")
    harness.discord.members_of.clear()
    await harness.work()
    assert (await harness.guilds.get(GUILD)).left_at is not None
