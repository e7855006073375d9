"""Which quote comes next: an order without repeats, from a seed; pure.

No order is stored. In each round every quote has a rank, a hash of seed, round and quote, and
the lowest rank not yet drawn in the round is next. So a quote added to the pack joins the round
under way, a removed one drops out, and the same seed with the same draws gives the same order.

Across rounds a quote rests for half a deck: of `n` quotes, one drawn within the last `n // 2`
draws is passed over. Some quote is always left: those not drawn in this round were drawn at
different times before it, so the one that rested longest has rested for at least `n` draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


@dataclass(frozen=True, slots=True)
class Draw:
    """One quote drawn: its number among the schedule's draws, from 1, and its round."""

    quote: str
    number: int
    round: int


def draw(quotes: Collection[str], last: Mapping[str, Draw], seed: str) -> Draw | None:
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
    left = unseen(quotes, last)
    if not left:
        this_round += 1
        left = frozenset(quotes)
    rest = len(quotes) // 2
    rested = [quote for quote in left if quote not in last or number - last[quote].number > rest]
    chosen = min(rested, key=lambda quote: (_rank(quote, this_round, seed), quote))
    return Draw(chosen, number, this_round)


def unseen(quotes: Collection[str], last: Mapping[str, Draw]) -> frozenset[str]:
    """Give the quotes not yet drawn in the round under way."""
    this_round = max((drawn.round for drawn in last.values()), default=1)
    return frozenset(
        quote for quote in quotes if quote not in last or last[quote].round < this_round
    )


def _rank(quote: str, this_round: int, seed: str) -> bytes:
    return blake2b(f"{seed}\n{this_round}\n{quote}".encode(), digest_size=8).digest()
