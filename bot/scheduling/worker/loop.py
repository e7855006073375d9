"""The loop that posts: take what is due, deliver it, tell who must be told, rest, again.

The promise: never twice; late rather than lost within a window; and the admin is told when it
could not be done. Every step writes before it acts, so a process may be killed at any instant,
and any other process, or the next one, goes on from what is written. What is due lies in the
database alone; the loop holds only the posts under way.

Outside the promise: a process that is frozen for minutes in the middle of a request, and a
channel whose history the bot may not read.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.errors import DiscordError, LinerNotesError
from bot.scheduling.limits import Limits
from bot.scheduling.ports import Unauthorised
from bot.scheduling.storage import alerts, schedules
from bot.scheduling.storage import deliveries as ledger
from bot.scheduling.worker.alerts import Teller
from bot.scheduling.worker.breaker import Breaker
from bot.scheduling.worker.claiming import Claimer
from bot.scheduling.worker.context import Means
from bot.scheduling.worker.deliver import Deliverer
from bot.scheduling.worker.housekeeping import Housekeeper
from bot.scheduling.worker.rate_limiter import Pace

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from bot.scheduling.models import Delivery
    from bot.scheduling.ports import Alerts, Channels, Clock, Quotes, Servers
    from bot.scheduling.storage.database import State

log = logging.getLogger(__name__)

FULL = 4  # take more when a quarter of the places is free: large batches are cheap
SHORT_NAP = 1.0


def _unheard(_claim: Delivery) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything outside: Discord, the quotes, the time, chance."""

    channels: Channels
    alerts: Alerts
    servers: Servers
    quotes: Quotes
    clock: Clock
    chance: Callable[[], float]
    """A number from 0 up to 1, for jitter."""
    ended: Callable[[Delivery], None] = _unheard
    """Hears of every claim that came to its end here, once that is written."""


class WorkerLoop:
    """Post what is due, for as long as it runs. Several processes may, on one state."""

    def __init__(
        self,
        state: State,
        ports: Ports,
        owner: str,
        limits: Limits | None = None,
        wake_event: asyncio.Event | None = None,
    ) -> None:
        """Put the parts together.

        Args:
            state: The state database.
            ports: Everything outside.
            owner: This process's own random name.
            limits: The limits of posting; the usual ones if left out.
            wake_event: Set by others to have the loop look for work at once.
        """
        self._limits = limits or Limits()
        self._state = state
        self._clock = ports.clock
        self._breaker = Breaker(state, ports.clock, self._limits)
        means = Means(
            state,
            ports.clock,
            self._limits,
            Pace(state, ports.clock, self._limits.per_second),
            self._breaker,
            ports.chance,
            ports.ended,
        )
        self._claimer = Claimer(means, ports.quotes, owner)
        self._deliverer = Deliverer(means, ports.channels)
        self._teller = Teller(means, ports.alerts)
        self._housekeeper = Housekeeper(means, ports.servers)
        self._under_way: set[asyncio.Task[None]] = set()
        self._wake = wake_event or asyncio.Event()
        self._stopping = False
        self._halted = False
        self._prepared = False
        self._is_more = False

    @property
    def is_halted(self) -> bool:
        """Say whether Discord refused the token, so that nothing is posted any more."""
        return self._halted

    async def check(self) -> None:
        """Raise DiscordError where nothing is posted any more."""
        if self._halted:
            raise DiscordError(
                "Nothing is posted: Discord does not accept the bot's token any more. Give the "
                "bot a valid one and start it again; what is due is kept."
            )

    async def run(self) -> None:
        """Post until `stop` is called; survive anything that goes wrong on the way."""
        try:
            while not self._stopping:
                self._wake.clear()
                await self._nap(await self._turn())
            await self.finish()
        finally:  # cancelled: what is under way goes with it, and is taken up as after a crash
            await self._let_go()

    async def _turn(self) -> float:
        """Take what is due; give how long to rest."""
        try:
            self._is_more = await self.take()
            return SHORT_NAP if self._is_more else await self._until_next()
        except LinerNotesError as error:
            log.error("Posting goes on after: %s", error)  # noqa: TRY400 - the sentence says it
        except Exception:
            log.exception("Posting goes on after something unexpected.")
        return SHORT_NAP

    def wake(self) -> None:
        """Look at once: something was added, or the clock was moved."""
        self._wake.set()

    def stop(self) -> None:
        """Take nothing more; `run` returns once what is under way has ended."""
        self._stopping = True
        self._wake.set()

    async def take(self) -> bool:
        """Take up what is due, as far as there is room; say whether there is more."""
        await self._prepare()
        room = self._limits.at_once - len(self._under_way)
        if self._halted or room <= 0 or await self._breaker.is_open():
            return room <= 0
        resumed = await self._claimer.take_free(room)
        for delivery in resumed:
            self._start(self._deliverer.deliver(delivery), f"claim {delivery.id}")
        room -= len(resumed)
        is_more = room <= 0
        if room > 0:
            deliveries, is_more = await self._claimer.take_due(room)
            for delivery in deliveries:
                self._start(self._deliverer.deliver(delivery), f"claim {delivery.id}")
            room -= len(deliveries)
        for alert in await self._teller.take(max(room, 0)):
            self._start(self._teller.tell(alert), f"notice {alert.id}")
        return is_more

    async def finish(self) -> None:
        """Wait for what is under way; it ends inside its lease."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=self._limits.lease.total_seconds())
        await self._let_go()

    async def _let_go(self) -> None:
        """Cancel what is still under way."""
        for task in tuple(self._under_way):
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _prepare(self) -> None:
        """Before anything is taken: the zones' rules; and once in a while, tidy up beside it."""
        if not self._prepared:
            await self._housekeeper.apply_zone_rules()
            self._prepared = True
        if self._housekeeper.is_due() and not self._halted:
            self._start(self._housekeeper.tidy(), "housekeeping")

    def _start(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(self._guard(work, name), name=name)
        self._under_way.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        free = self._limits.at_once - len(self._under_way)
        if not self._under_way or (self._is_more and free >= self._limits.at_once // FULL):
            self._wake.set()

    async def _guard(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Let no failure of one post or notice reach the others."""
        try:
            await work
        except Unauthorised:
            self._halted = True
            log.critical(
                "Discord does not accept the bot's token any more (401): nothing is posted. "
                "Give the bot a valid token and start it again; what is due is kept.",
            )
        except LinerNotesError as error:
            log.error("%s: %s", name, error)  # noqa: TRY400 - an expected error is its sentence
        except Exception:
            log.exception("%s failed unexpectedly; it is taken up again later.", name)

    async def _until_next(self) -> float:
        """Say how many seconds there is nothing to do, as far as is known."""
        async with self._state.read() as transaction:
            moments = [
                await schedules.first_due(transaction),
                await ledger.first_free(transaction),
                await alerts.first_notice(transaction),
            ]
        longest = self._limits.idle.total_seconds()
        now = self._clock.now()
        waits = [(moment - now).total_seconds() for moment in moments if moment is not None]
        if self._halted or await self._breaker.is_open():
            return longest
        return min(longest, max(0.0, min(waits, default=longest)))

    async def _nap(self, seconds: float) -> None:
        """Wait, or less if woken."""
        nap = asyncio.ensure_future(self._clock.sleep(seconds))
        woken = asyncio.ensure_future(self._wake.wait())
        try:
            await asyncio.wait({nap, woken}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            nap.cancel()
            woken.cancel()
