"""What was posted, what is to come, and what is wrong: all that admins look up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.scheduling.lookup import named
from bot.scheduling.models import NoticeKind, Outcome, notice_id
from bot.scheduling.recurrence import Coming, coming
from bot.scheduling.rotation import unseen
from bot.scheduling.storage import alerts as notices
from bot.scheduling.storage import deliveries as ledger
from bot.scheduling.storage import draws, guilds, schedules
from bot.scheduling.worker.choosing import Deck

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bot.scheduling.models import Claim, Notice, Schedule
    from bot.scheduling.ports import Clock, Quotes
    from bot.scheduling.storage.database import State

TROUBLES = (Outcome.FAILED, Outcome.MISSED, Outcome.UNKNOWN)


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
    withheld: int = 0
    """Quotes that would fit, but for `daily: false`; counted where there are no others."""


class Records:
    """The ledger and the outlook of every server's schedules."""

    def __init__(self, state: State, quotes: Quotes, clock: Clock) -> None:
        self._state = state
        self._quotes = quotes
        self._clock = clock

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
                await schedules.schedules_of(transaction, guild_id)
                if name is None
                else (await named(transaction, guild_id, name),)
            )
            return await ledger.history(transaction, [one.id for one in found], limit)

    async def untold(self, claims: Collection[Claim]) -> Mapping[str, str]:
        """Say, by claim, why nobody could be told of what became of it."""
        about = {notice_id(kind, one.id): one.id for one in claims for kind in NoticeKind}
        async with self._state.read() as transaction:
            found = await notices.undelivered(transaction, about.keys())
        return {about[notice.id]: notice.reason or "" for notice in found}

    async def claim(self, claim_id: str) -> Claim | None:
        """Give a claim: how it went, and which quote it was; None if it is gone."""
        async with self._state.read() as transaction:
            return await ledger.claim(transaction, claim_id)

    async def checkup(self, guild_id: int, name: str) -> Checkup:
        """Gather what is known about a schedule's health."""
        async with self._state.read() as transaction:
            schedule = await named(transaction, guild_id, name)
            guild = await guilds.guild(transaction, guild_id)
            dealt = await draws.last_draws(transaction, [schedule.id])
            bad = await ledger.history(transaction, [schedule.id], 20, TROUBLES)
            told = await notices.last_notices(transaction, [schedule.id], 5)
        deck = Deck(self._quotes)
        eligible = await deck.eligible(schedule, guild)
        ended = (claim for claim in bad if claim.outcome is not None)
        return Checkup(
            schedule=schedule,
            coming=self.coming(schedule),
            quotes=len(eligible),
            unseen=len(unseen(eligible, dealt.get(schedule.id, {}))),
            last_failure=next(ended, None),
            open_claims=tuple(claim for claim in bad if claim.outcome is None),
            notices=told,
            alerts_channel=guild.alerts_channel,
            withheld=0 if eligible else await deck.withheld(schedule, guild),
        )
