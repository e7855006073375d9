"""A shuffled rotation of quotes without repeats, and picking from it.

No order is stored. In each round every quote has a rank, a hash of seed, round and quote, and the
lowest rank not yet drawn in the round is next. So a quote added to the pack joins the round under
way, a removed one drops out, and the same seed with the same draws gives the same order.

Across rounds a quote rests for half a deck: of `n` quotes, one drawn within the last `n // 2`
draws is passed over. Some quote is always left: those not drawn in this round were drawn at
different times before it, so the one that rested longest has rested for at least `n` draws.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bot.scheduling.models import Delivery, Guild, Payload, Schedule
    from bot.scheduling.ports import QuoteProvider

log = structlog.stdlib.get_logger("bot.scheduling")


@dataclass(frozen=True, slots=True)
class Draw:
    """One quote drawn, with its number among the draws and its round.

    The numbers of a schedule's draws begin with 1.
    """

    quote: str
    number: int
    round: int


@dataclass(frozen=True, slots=True)
class Pick:
    """A delivery with its quote, and the draw to remember.

    There is no draw where no quote is left.
    """

    delivery: Delivery
    drawn: Draw | None
    withheld: int = 0
    """Where nothing was drawn: how many quotes would fit, but for `daily: false`."""


class QuotePicker:
    """Picks and renders quotes, looking up the eligible ones once a batch."""

    def __init__(self, quotes: QuoteProvider) -> None:
        self._quotes = quotes
        self._eligible: dict[tuple[frozenset[str] | None, str | None], Collection[str]] = {}

    async def list_eligible(self, schedule: Schedule, guild: Guild) -> Collection[str]:
        """Return the quotes that a schedule may post.

        They are of its own pack, or of all packs that answer in its server.
        """
        key = _filter_of(schedule, guild)
        if key not in self._eligible:
            self._eligible[key] = await self._quotes.eligible(*key)
        return self._eligible[key]

    async def count_withheld(self, schedule: Schedule, guild: Guild) -> int:
        """Count a schedule's quotes that are marked `daily: false`."""
        return await self._quotes.withheld(*_filter_of(schedule, guild))

    async def pick_quote(
        self,
        delivery: Delivery,
        schedule: Schedule,
        guild: Guild,
        last: Mapping[str, Draw],
    ) -> Pick:
        """Give a delivery the next quote of its schedule, rendered."""
        left = set(await self.list_eligible(schedule, guild))
        while (drawn := draw_next(left, last, schedule.seed)) is not None:
            payload = await self._render(drawn.quote, delivery)
            if payload is not None:
                picked = replace(
                    delivery, quote_id=drawn.quote, draw_number=drawn.number, payload=payload
                )
                return Pick(picked, drawn)
            left.discard(drawn.quote)
        return Pick(delivery, None, await self.count_withheld(schedule, guild))

    async def _render(self, quote_id: str, delivery: Delivery) -> Payload | None:
        """Render a quote; return None if it was withdrawn meanwhile."""
        try:
            return await self._quotes.payload(quote_id, delivery.id, delivery.role_id)
        except Exception:
            # One quote that cannot be rendered must not keep a whole server from its post.
            log.exception("quote cannot be rendered; another is posted instead", quote=quote_id)
            return None


def draw_next(quotes: Collection[str], last: Mapping[str, Draw], seed: str) -> Draw | None:
    """Draw the next quote; None if there is none to draw.

    Args:
        quotes: the ids that may be drawn now.
        last: each quote's last draw, also of quotes no longer among `quotes`.
        seed: the schedule's own, stored with it.
    """
    if not quotes:
        return None
    number = 1 + max((drawn.number for drawn in last.values()), default=0)
    this_round = max((drawn.round for drawn in last.values()), default=1)
    left = list_unseen(quotes, last)
    if not left:
        this_round += 1
        left = frozenset(quotes)
    rest = len(quotes) // 2
    rested = [quote for quote in left if quote not in last or number - last[quote].number > rest]
    chosen = min(rested, key=lambda quote: (_rank(quote, this_round, seed), quote))
    return Draw(chosen, number, this_round)


def list_unseen(quotes: Collection[str], last: Mapping[str, Draw]) -> frozenset[str]:
    """Return the quotes not yet drawn in the round under way."""
    this_round = max((drawn.round for drawn in last.values()), default=1)
    return frozenset(
        quote for quote in quotes if quote not in last or last[quote].round < this_round
    )


def _rank(quote: str, this_round: int, seed: str) -> bytes:
    return blake2b(f"{seed}\n{this_round}\n{quote}".encode(), digest_size=8).digest()


def _filter_of(schedule: Schedule, guild: Guild) -> tuple[frozenset[str] | None, str | None]:
    """Return the packs and the speaker that a schedule may quote.

    None stands for all packs, or for anybody.
    """
    packs = guild.packs
    if schedule.settings.pack is not None:
        own = frozenset({schedule.settings.pack})
        packs = own if packs is None else packs & own
    return packs, schedule.settings.speaker
