"""The worker's loop: take up, deliver, alert, rest, and again.

The promise: never twice; late rather than lost within a window; and the admin is told when it
could not be done. Every step writes before it acts, so a process may be killed at any instant,
and any other process, or the next one, goes on from what is written. Everything due is in the
database alone; the loop holds only the posts under way.

Outside the promise: a process that is frozen for minutes in the middle of a request, and a
channel whose history the bot may not read.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import structlog

from bot.errors import DiscordError, LinerNotesError
from bot.scheduling.clock import TELLINGS
from bot.scheduling.limits import Limits
from bot.scheduling.ports import AmbiguousOutcome, Refused, Temporary, Unauthorised
from bot.scheduling.storage.deliveries import read_agenda
from bot.scheduling.worker.alerts import AlertSender
from bot.scheduling.worker.breaker import CircuitBreaker
from bot.scheduling.worker.context import WorkerContext
from bot.scheduling.worker.deliver import Deliverer
from bot.scheduling.worker.deliveries import Deliveries
from bot.scheduling.worker.follow_ups import FollowUps
from bot.scheduling.worker.housekeeping import CHECK_EVERY, Housekeeper
from bot.scheduling.worker.rate_limiter import RateLimiter

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from datetime import datetime

    from bot.scheduling.ports import Ports
    from bot.scheduling.storage.database import State

log = structlog.stdlib.get_logger("bot.scheduling")

BATCH_SHARE = 4  # take more when a quarter of the room is free: large batches are cheap
SHORT_REST = 1.0
MANY_FAILURES = 3
"""After as many turns, or posts and alerts, that failed one after the other, all is not well."""


class WorkerLoop:
    """Posts due deliveries for as long as it runs.

    Several processes may run one on the same state.
    """

    def __init__(
        self,
        state: State,
        ports: Ports,
        worker_id: str,
        limits: Limits | None = None,
        wake_event: asyncio.Event | None = None,
    ) -> None:
        """Put the parts together.

        Args:
            state: The state database.
            ports: Everything outside.
            worker_id: This process's own random name.
            limits: The limits of posting; the usual ones if left out.
            wake_event: Set by others to have the loop look for work at once.
        """
        self._limits = limits or Limits()
        self._state = state
        self._clock = ports.clock
        self._breaker = CircuitBreaker(state, ports.clock, self._limits)
        context = WorkerContext(
            worker_id,
            state,
            ports.clock,
            ports.time_check,
            self._limits,
            RateLimiter(state, ports.clock, self._limits.per_second),
            self._breaker,
            ports.chance,
            ports.on_completed,
        )
        self._context = context
        self._messenger = ports.messenger
        self._deliveries = Deliveries(context, ports.quotes)
        self._deliverer = Deliverer(context, self._deliveries, ports.messenger)
        self._alert_sender = AlertSender(context, ports.messenger)
        self._follow_ups = FollowUps(context, ports.messenger)
        self._housekeeper = Housekeeper(context, self._deliveries, ports.messenger)
        self._under_way: set[asyncio.Task[None]] = set()
        self._wake = wake_event or asyncio.Event()
        self._next_work: datetime | None = None
        self._next_housekeeping: datetime | None = None
        self._is_stopping = False
        self._is_halted = False
        self._is_prepared = False
        self._has_more = False
        self._unconfirmed_turns = 0
        self._corrected_jumps = 0
        self._failed_turns = 0
        self._failed_works = 0
        self._last_fault = ""

    @property
    def is_halted(self) -> bool:
        """Return whether Discord has refused the token."""
        return self._is_halted

    async def check(self) -> None:
        """Raise DiscordError where nothing is posted any more."""
        if self._is_halted:
            raise DiscordError(
                "Nothing is posted: Discord does not accept the bot's token any more. Give the "
                "bot a valid one and start it again; what is due is kept."
            )
        if max(self._failed_turns, self._failed_works) >= MANY_FAILURES:
            raise LinerNotesError(
                f"Posting fails again and again: {self._last_fault} The log has the details."
            )

    async def check_clock(self) -> None:
        """Raise DiscordError where this machine's clock is off, or is not confirmed."""
        if (problem := self._context.time_check.problem) is not None:
            raise DiscordError(str(problem))

    def wake(self) -> None:
        """Look immediately: something was added, or the clock was moved."""
        self._wake.set()

    def stop(self) -> None:
        """Take up nothing more; `run` returns when everything under way has ended."""
        self._is_stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Post until `stop` is called, surviving any failure on the way."""
        try:
            while not self._is_stopping:
                self._wake.clear()
                await self._rest(await self._take_turn())
            await self.finish()
        finally:  # cancelled: everything under way goes with it, and is taken up as after a crash
            await self._cancel_under_way()

    async def take(self) -> bool:
        """Take up due work as room allows; return whether more is due."""
        if self._is_halted or await self._breaker.is_open():
            # Resting long, whatever is due: it could not be posted now.
            self._next_work = None
            return False
        if not await self._confirm_time():
            # Discord cannot be asked, so nothing could be posted either; and nothing is given up.
            self._next_work = self._context.retry_at(self._unconfirmed_turns)
            self._unconfirmed_turns += 1
            return False
        self._unconfirmed_turns = 0
        await self._prepare()
        room = self._limits.max_under_way - len(self._under_way)
        if room <= 0:
            self._next_work = None
            return True
        resumed = await self._deliveries.take_up(room)
        for delivery in resumed:
            self._start(self._deliverer.deliver(delivery), f"delivery {delivery.id}")
        room -= len(resumed)
        has_more = room <= 0
        if room > 0:
            claimed, has_more = await self._deliveries.claim_due(room)
            for delivery in claimed:
                self._start(self._deliverer.deliver(delivery), f"delivery {delivery.id}")
            room -= len(claimed)
        async with self._state.read() as transaction:
            agenda = await read_agenda(transaction)
        # Alerts and follow-ups come last: a post that waits behind them may miss its window.
        now, following = self._clock.now(), (agenda.alert, agenda.follow_up)
        due = [moment for moment in following if moment is not None and moment <= now]
        if due:
            alerts = await self._alert_sender.take_up(max(room, 0))
            for alert in alerts:
                self._start(self._alert_sender.send(alert), f"alert {alert.id}")
            follow_ups = await self._follow_ups.take_up(max(room, 0) - len(alerts))
            for follow_up in follow_ups:
                self._start(self._follow_ups.make(follow_up), f"follow-up {follow_up.id}")
            has_more = has_more or len(alerts) + len(follow_ups) >= room
        moments = (agenda.schedule, agenda.delivery, *following)
        later = [one for one in moments if one is not None and one not in due]
        self._next_work = min(later, default=None)
        return has_more

    async def finish(self) -> None:
        """Wait for everything under way; it ends inside its lease."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=self._limits.lease.total_seconds())
        await self._cancel_under_way()

    async def _take_turn(self) -> float:
        """Take up what is due; return the seconds to rest."""
        try:
            self._has_more = await self.take()
        except LinerNotesError as error:
            self._failed_turns, self._last_fault = self._failed_turns + 1, str(error)
            log.error("posting goes on after a fault", fault=str(error))  # noqa: TRY400 - a sentence
        except Exception as error:
            # An exception that left this method would end posting for good.
            self._failed_turns, self._last_fault = self._failed_turns + 1, f"{error!r}."
            log.exception("posting goes on after something unexpected")
        else:
            self._failed_turns = 0
            if not self._has_more:
                longest = self._limits.max_idle.total_seconds()
                if self._next_work is None:
                    return longest
                seconds = (self._next_work - self._clock.now()).total_seconds()
                if seconds > 0:
                    return min(longest, seconds)
                # Due, and yet not taken up: a damaged row that cannot be set aside just now.
        return SHORT_REST

    async def _confirm_time(self) -> bool:
        """Return whether the time is certain, asking Discord if needed."""
        for _ in range(TELLINGS):
            if self._context.may_give_up:
                return True
            try:
                async with asyncio.timeout(self._limits.request_timeout.total_seconds()):
                    await self._messenger.ask_time(self._context.rate_limiter.acquire)
            except (Refused, Unauthorised) as refused:  # an answer all the same, and it has a date
                await self._breaker.record(refused.status)
            except Temporary as later:
                await self._breaker.record(later.status)
            except (AmbiguousOutcome, TimeoutError):
                pass
        return self._context.may_give_up

    async def _prepare(self) -> None:
        """Apply new time zone rules before anything is taken.

        Housekeeping follows once in a while.
        """
        if not self._is_prepared:
            await self._housekeeper.apply_zone_rules()
            self._is_prepared = True
        now, jumps = self._clock.now(), self._context.time_check.jumps
        is_due = self._next_housekeeping is None or now >= self._next_housekeeping
        if is_due or jumps != self._corrected_jumps:  # what was written by a wrong clock
            await self._housekeeper.correct_times()
            self._corrected_jumps = jumps
        if is_due or self._next_housekeeping is None or self._next_housekeeping > now + CHECK_EVERY:
            self._next_housekeeping = now + CHECK_EVERY
            self._start(self._housekeeper.run_daily(), "housekeeping")

    def _start(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(self._guard(work, name), name=name)
        self._under_way.add(task)
        task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        room = self._limits.max_under_way - len(self._under_way)
        has_room = room >= self._limits.max_under_way // BATCH_SHARE
        if not self._under_way or (self._has_more and has_room):
            self._wake.set()

    async def _guard(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Let no failure of one post or alert reach the others."""
        try:
            await work
        except Unauthorised:
            self._is_halted = True
            log.critical(
                "Discord does not accept the bot's token any more (401): nothing is posted. "
                "Give the bot a valid token and start it again; what is due is kept.",
            )
        except LinerNotesError as error:
            self._failed_works, self._last_fault = self._failed_works + 1, str(error)
            log.error("work failed", work=name, fault=str(error))  # noqa: TRY400 - a sentence
        except Exception as error:
            self._failed_works, self._last_fault = self._failed_works + 1, f"{error!r}."
            log.exception("work failed unexpectedly; it is taken up again later", work=name)
        else:
            self._failed_works = 0

    async def _cancel_under_way(self) -> None:
        for task in tuple(self._under_way):
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _rest(self, seconds: float) -> None:
        """Wait, or less if woken."""
        rest = asyncio.ensure_future(self._clock.sleep(seconds))
        woken = asyncio.ensure_future(self._wake.wait())
        try:
            await asyncio.wait({rest, woken}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            rest.cancel()
            woken.cancel()
