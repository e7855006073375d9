"""Which quote a claim gets: what is eligible, what the deck deals, and how it is rendered."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.scheduling.rotation import Draw, draw

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bot.scheduling.models import Delivery, Guild, Payload, Schedule
    from bot.scheduling.ports import Quotes

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A quote for a claim, and the draw that the deck remembers."""

    delivery: Delivery
    drawn: Draw | None
    withheld: int = 0
    """Where nothing was drawn: how many quotes would fit, but for `daily: false`."""


class Deck:
    """Choose and render quotes; what is eligible is asked once for a batch."""

    def __init__(self, quotes: Quotes) -> None:
        self._quotes = quotes
        self._eligible: dict[tuple[frozenset[str] | None, str | None], Collection[str]] = {}

    async def eligible(self, schedule: Schedule, guild: Guild) -> Collection[str]:
        """Give the quotes that a schedule may post: of its own pack, or of all that answer."""
        key = _wanted(schedule, guild)
        if key not in self._eligible:
            self._eligible[key] = await self._quotes.eligible(*key)
        return self._eligible[key]

    async def withheld(self, schedule: Schedule, guild: Guild) -> int:
        """Count the quotes that a schedule might post, were they not marked `daily: false`."""
        return await self._quotes.withheld(*_wanted(schedule, guild))

    async def choose(
        self,
        delivery: Delivery,
        schedule: Schedule,
        guild: Guild,
        last: Mapping[str, Draw],
    ) -> Chosen:
        """Give the claim a quote and its payload; no draw where there is nothing to choose."""
        left = set(await self.eligible(schedule, guild))
        while (drawn := draw(left, last, schedule.seed)) is not None:
            payload = await self._payload(drawn.quote, delivery)
            if payload is not None:
                chosen = replace(
                    delivery, quote_id=drawn.quote, draw_number=drawn.number, payload=payload
                )
                return Chosen(chosen, drawn)
            left.discard(drawn.quote)
        return Chosen(delivery, None, await self.withheld(schedule, guild))

    async def _payload(self, quote: str, delivery: Delivery) -> Payload | None:
        """Render a quote; None if it was withdrawn meanwhile, or cannot be rendered."""
        try:
            return await self._quotes.payload(quote, delivery.id, delivery.role_id)
        except Exception:
            log.exception("Quote %s cannot be rendered; another one is posted instead.", quote)
            return None


def _wanted(schedule: Schedule, guild: Guild) -> tuple[frozenset[str] | None, str | None]:
    """Return the packs and the speaker that a schedule may quote; None: all, any."""
    packs = guild.packs
    if schedule.settings.pack is not None:
        own = frozenset({schedule.settings.pack})
        packs = own if packs is None else packs & own
    return packs, schedule.settings.speaker
