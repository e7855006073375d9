"""A quote on the spot: posted now, or only shown to the admin who asks. No Discord here."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.errors import ScheduleError
from bot.scheduling.alert_texts import nothing_to_post
from bot.scheduling.lookup import named
from bot.scheduling.models import claim_for
from bot.scheduling.storage import deliveries as ledger
from bot.scheduling.storage import draws, guilds, schedules
from bot.scheduling.worker.choosing import Deck
from bot.scheduling.worker.settling import NOW, TRIES

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.scheduling.models import Claim, Guild, Payload, Schedule
    from bot.scheduling.ports import Clock, Quotes
    from bot.scheduling.rotation import Draw
    from bot.scheduling.storage.database import State

NOW_WINDOW = timedelta(minutes=15)
"""Who asks for a post now does not want it hours later."""

PREVIEW = "preview"


class OnTheSpot:
    """Posts and previews out of turn, for the commands of admins."""

    def __init__(
        self, state: State, quotes: Quotes, clock: Clock, nudge: Callable[[], None]
    ) -> None:
        """Put the parts together; `nudge` wakes the poster, which then has something to do."""
        self._state = state
        self._quotes = quotes
        self._clock = clock
        self._nudge = nudge

    async def post(self, guild_id: int, name: str, interaction_id: int) -> Claim:
        """Claim a post, once an interaction; the poster sends it at once.

        `Records.claim` tells how it went. It counts in the deck.
        """
        for _ in range(TRIES):
            claim = await self._claim(guild_id, name, interaction_id)
            if claim is not None:
                self._nudge()
                return claim
        raise ScheduleError(f"'{name}' is being changed by too many at once; try again.")

    async def _claim(self, guild_id: int, name: str, interaction_id: int) -> Claim | None:
        """Choose a quote and write the claim; None if the schedule was changed meanwhile."""
        now = self._clock.now()
        schedule, guild, dealt = await self._read(guild_id, name)
        occurrence = f"{NOW}{interaction_id}"
        claim = replace(claim_for(schedule, occurrence, now, NOW_WINDOW), free_at=now)
        chosen = await Deck(self._quotes).choose(claim, schedule, guild, dealt)
        if chosen.drawn is None:
            raise ScheduleError(nothing_to_post(schedule.settings, chosen.withheld))
        async with self._state.write() as transaction:
            # Nothing of it changes but its revision, which every other draw compares as well.
            if await schedules.change_schedule(transaction, schedule) is None:
                return None
            if await ledger.add_claim(transaction, chosen.claim):
                await draws.put_draws(transaction, {schedule.id: chosen.drawn})
        return chosen.claim

    async def preview(self, guild_id: int, name: str) -> Payload:
        """Render the quote that would be posted next, without drawing it or pinging anybody."""
        schedule, guild, dealt = await self._read(guild_id, name)
        claim = claim_for(schedule, PREVIEW, self._clock.now(), NOW_WINDOW)
        shown = replace(claim, id=PREVIEW, role_id=None)
        chosen = await Deck(self._quotes).choose(shown, schedule, guild, dealt)
        if chosen.claim.payload is None:
            raise ScheduleError(nothing_to_post(schedule.settings, chosen.withheld))
        return chosen.claim.payload

    async def _read(self, guild_id: int, name: str) -> tuple[Schedule, Guild, dict[str, Draw]]:
        """Read what a choice needs: the schedule, its server, and what its deck has dealt."""
        async with self._state.read() as transaction:
            schedule = await named(transaction, guild_id, name)
            guild = await guilds.guild(transaction, guild_id)
            dealt = await draws.last_draws(transaction, [schedule.id])
            return schedule, guild, dealt.get(schedule.id, {})
