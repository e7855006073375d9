"""Picking from a shuffled rotation of quotes and facts without repeats.

No order is stored. In each round every quote has a rank, a hash of seed, round and quote, and the
lowest rank not yet drawn in the round is next. So a quote added to the pack joins the round under
way, a removed one drops out, and the same seed with the same draws gives the same order.

Across rounds a quote rests for half a deck: of `n` quotes, the last `n // 2` drawn are passed
over. Some quote is always left: those not drawn in this round were drawn at different times
before it, so the one that rested longest has rested for at least `n` draws.

Facts are a deck of their own, with rounds of their own. A schedule of both draws from the two in
turn. An entry whose day is today comes before either, and counts as a fact.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING

import structlog

from bot.scheduling.models import FACT, RELEASE, PostKind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

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
    """Picks and renders entries, each deck looked up once a batch."""

    def __init__(self, quotes: QuoteProvider) -> None:
        self._quotes = quotes
        self._eligible: dict[tuple[frozenset[str] | None, str | None], Collection[str]] = {}
        self._facts: dict[frozenset[str] | None, Collection[str]] = {}
        self._of_day: dict[tuple[frozenset[str] | None, date], Collection[str]] = {}

    async def list_decks(self, schedule: Schedule, guild: Guild) -> tuple[Collection[str], ...]:
        """Return the quotes, facts or both that a schedule may post.

        Of its own pack, or of all that answer.
        """
        key = packs, _ = _filter_of(schedule, guild)
        decks: list[Collection[str]] = []
        if schedule.settings.kind is not PostKind.FACTS:
            if key not in self._eligible:
                self._eligible[key] = await self._quotes.eligible(*key)
            decks.append(self._eligible[key])
        if schedule.settings.kind is not PostKind.QUOTES:
            if packs not in self._facts:
                self._facts[packs] = await self._quotes.facts(packs)
            decks.append(self._facts[packs])
        return tuple(deck for deck in decks if deck)

    async def count_withheld(self, schedule: Schedule, guild: Guild) -> int:
        """Count a schedule's quotes that are marked `daily: false`."""
        if schedule.settings.kind is PostKind.FACTS:
            return 0
        return await self._quotes.withheld(*_filter_of(schedule, guild))

    async def pick_entry(
        self,
        delivery: Delivery,
        schedule: Schedule,
        guild: Guild,
        last: Mapping[str, Draw],
        today: date | None = None,
    ) -> Pick:
        """Give a delivery the next entry of its schedule, rendered.

        Args:
            delivery: The delivery.
            schedule: Its schedule.
            guild: The settings of its server.
            last: Each entry's last draw.
            today: The local day of the post, where an entry of that day comes first.
        """
        if today is not None and schedule.settings.kind is not PostKind.QUOTES:
            for entry in await self._list_of_day(schedule, guild, last, today):
                payload = await self._render(entry, delivery, schedule, today)
                if payload is not None:
                    # Drawn out of its turn, in the round that is under way.
                    drawn = Draw(entry, _next_number(last), _round_of([entry], last))
                    return _picked(delivery, drawn, payload)
        decks = await self.list_decks(schedule, guild)
        for deck in sorted(decks, key=lambda deck: _was_last(deck, last)):
            left = set(deck)
            while (following := draw_next(left, last, schedule.seed)) is not None:
                payload = await self._render(following.quote, delivery, schedule, None)
                if payload is not None:
                    return _picked(delivery, following, payload)
                left.discard(following.quote)
        return Pick(delivery, None, await self.count_withheld(schedule, guild))

    async def _list_of_day(
        self, schedule: Schedule, guild: Guild, last: Mapping[str, Draw], today: date
    ) -> Sequence[str]:
        """Return the entries whose day it is, the longest unseen first."""
        packs, _ = _filter_of(schedule, guild)
        if (packs, today) not in self._of_day:
            self._of_day[packs, today] = await self._quotes.on_this_day(packs, today)
        return sorted(
            self._of_day[packs, today],
            key=lambda entry: (last[entry].number if entry in last else 0, entry),
        )

    async def _render(
        self, entry_id: str, delivery: Delivery, schedule: Schedule, today: date | None
    ) -> Payload | None:
        """Render an entry; return None if it was withdrawn meanwhile."""
        try:
            return await self._quotes.payload(entry_id, delivery, schedule.settings.style, today)
        except Exception:
            # One entry that cannot be rendered must not keep a whole server from its post.
            log.exception("entry cannot be rendered; another is posted instead", entry=entry_id)
            return None


def draw_next(quotes: Collection[str], last: Mapping[str, Draw], seed: str) -> Draw | None:
    """Draw the next quote or fact; None if there is none.

    Args:
        quotes: the ids that may be drawn now, all quotes or all facts.
        last: each entry's last draw, also of those no longer among `quotes`.
        seed: the schedule's own, stored with it.
    """
    if not quotes:
        return None
    this_round = _round_of(quotes, last)
    left = list_unseen(quotes, last)
    if not left:
        this_round += 1
        left = frozenset(quotes)
    alike = _draws_alike(quotes, last)
    alike.sort(key=lambda drawn: drawn.number, reverse=True)
    resting = {drawn.quote for drawn in alike[: len(quotes) // 2]}

    def rank(quote: str) -> tuple[bytes, str]:
        ranked = f"{seed}\n{this_round}\n{quote}".encode()
        return blake2b(ranked, digest_size=8).digest(), quote

    chosen = min(left - resting, key=rank)
    return Draw(chosen, _next_number(last), this_round)


def list_unseen(quotes: Collection[str], last: Mapping[str, Draw]) -> frozenset[str]:
    """Return the quotes or facts not yet drawn in this round."""
    this_round = _round_of(quotes, last)
    return frozenset(
        quote for quote in quotes if quote not in last or last[quote].round < this_round
    )


def _next_number(last: Mapping[str, Draw]) -> int:
    return 1 + max((drawn.number for drawn in last.values()), default=0)


def _round_of(quotes: Collection[str], last: Mapping[str, Draw]) -> int:
    return max((drawn.round for drawn in _draws_alike(quotes, last)), default=1)


def _draws_alike(quotes: Collection[str], last: Mapping[str, Draw]) -> list[Draw]:
    """Return the draws of the kind that some entries are of."""
    # A deck is all quotes or all facts: one of it tells.
    kind = _kind_of(next(iter(quotes), ""))
    return [drawn for drawn in last.values() if _kind_of(drawn.quote) == kind]


def _kind_of(entry: str) -> str:
    return next((kind for kind in (FACT, RELEASE) if entry.startswith(kind)), "")


def _was_last(deck: Collection[str], last: Mapping[str, Draw]) -> bool:
    """Return whether a deck's kind was posted last; releases are facts."""
    newest = max(last.values(), key=lambda drawn: drawn.number, default=None)
    are_facts = bool(_kind_of(next(iter(deck), "")))
    return newest is not None and are_facts == bool(_kind_of(newest.quote))


def _picked(delivery: Delivery, drawn: Draw, payload: Payload) -> Pick:
    picked = replace(delivery, quote_id=drawn.quote, draw_number=drawn.number, payload=payload)
    return Pick(picked, drawn)


def _filter_of(schedule: Schedule, guild: Guild) -> tuple[frozenset[str] | None, str | None]:
    """Return the packs and the speaker that a schedule may quote.

    None stands for all packs, or for anybody.
    """
    packs = guild.packs
    if schedule.settings.pack is not None:
        own = frozenset({schedule.settings.pack})
        packs = own if packs is None else packs & own
    return packs, schedule.settings.speaker
