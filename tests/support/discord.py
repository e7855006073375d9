"""Discord as the daily post meets it: the one fake there is, at the edge.

It accepts messages as Discord does: a nonce is known for some minutes within its channel, history
shows what was accepted, and who may not read it is told so. What goes wrong is scripted: `fates`
are used up in order, by posts, searches and alerts; when there is none left, all is well.
"""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from typing import TYPE_CHECKING, TypeVar

from bot.localization.messages import Message as Sentence
from bot.scheduling.ports import AmbiguousOutcome, Refused, Temporary, Unauthorised, Unverifiable
from bot.scheduling.reasons import Reason, explain

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import date

    from bot.scheduling.models import Delivery, Payload, PostStyle
    from bot.scheduling.ports import AcquireSlot

T = TypeVar("T")
NONCE_KNOWN = timedelta(minutes=5)
START = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)


class Fate(Enum):
    """What becomes of one request."""

    FINE = auto()
    LOST_REPLY = auto()
    """Carried out, but the answer never arrives."""
    LOST_REQUEST = auto()
    """Never arrived, though the caller cannot tell."""
    SERVER_ERROR = auto()
    RATE_LIMITED = auto()
    UNREACHABLE = auto()
    FORBIDDEN = auto()
    GONE = auto()
    UNAUTHORISED = auto()
    HANGS = auto()
    """Carried out, and no answer for longer than anybody waits."""


ANSWERS: dict[Fate, Callable[[], Exception]] = {
    Fate.LOST_REPLY: lambda: AmbiguousOutcome("the connection was lost"),
    Fate.LOST_REQUEST: lambda: AmbiguousOutcome("the connection was lost"),
    Fate.SERVER_ERROR: lambda: AmbiguousOutcome("Discord answered 500"),
    Fate.RATE_LIMITED: lambda: Temporary("Discord asks to wait", 3.0, 429),
    Fate.UNREACHABLE: lambda: Temporary("Discord could not be reached"),
    Fate.FORBIDDEN: lambda: Refused(Sentence("The bot may not send messages there."), 403),
    Fate.GONE: lambda: Refused(Sentence("The channel is gone."), 404),
    Fate.UNAUTHORISED: Unauthorised,
}


SCRIPTED = {"send", "find", "alert_channel", "alert_user", "open_thread", "publish"}
UNANSWERED = {Fate.LOST_REPLY, Fate.LOST_REQUEST, Fate.UNREACHABLE, Fate.HANGS}


@dataclass
class Clock:
    """A clock that stands still until somebody sleeps or moves it."""

    moment: datetime = START

    def now(self) -> datetime:
        return self.moment

    async def sleep(self, seconds: float) -> None:
        until = self.moment + timedelta(seconds=seconds)
        await asyncio.sleep(0)
        self.moment = max(self.moment, until)

    def forward(self, **by: float) -> None:
        self.moment += timedelta(**by)


@dataclass(frozen=True)
class Message:
    """A message that Discord has."""

    id: int
    payload: Payload
    nonce: str
    role_id: int | None
    at: datetime


@dataclass
class FakeDiscord:
    """Channels, alerts and servers, all of them accepted but for what is scripted."""

    clock: Clock
    fates: deque[Fate] = field(default_factory=deque)
    always: Callable[[str, int], Fate] | None = None
    messages: dict[int, list[Message]] = field(default_factory=lambda: defaultdict(list))
    unreadable: set[int] = field(default_factory=set)
    alerts: list[tuple[str, int, str]] = field(default_factory=list)
    closed_people: set[int] = field(default_factory=set)
    members_of: set[int] = field(default_factory=set)
    gone_roles: set[int] = field(default_factory=set)
    timed_out_until: datetime | None = None
    requests: list[tuple[datetime, str, int]] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    on_answer: Callable[[Fate], None] = lambda _: None
    """Called with every request that is answered, as each answer bears Discord's time."""
    threads: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    """The names of the threads that were asked for below each message."""
    published: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    searches: int = 0
    most_searches: int = 0

    async def send(self, channel_id: int, payload: Payload, nonce: str, role_id: int | None) -> int:
        assert len(nonce) <= 25
        return await self._fated(
            "send", channel_id, lambda: self._accept(channel_id, payload, nonce, role_id)
        )

    async def find(
        self, channel_id: int, delivery_id: str, since: datetime, acquire: AcquireSlot
    ) -> int | None:
        self.searches += 1
        self.most_searches = max(self.most_searches, self.searches)
        try:
            await acquire()
            return await self._found(channel_id, delivery_id, since)
        finally:
            self.searches -= 1

    async def _found(self, channel_id: int, delivery_id: str, since: datetime) -> int | None:
        def search() -> int | None:
            if channel_id in self.unreadable:
                raise Unverifiable(explain(Reason.HISTORY_HIDDEN))
            for message in self.messages[channel_id]:
                if message.at >= since and delivery_id in str(message.payload):
                    return message.id
            return None

        return await self._fated("find", channel_id, search)

    async def alert_channel(self, channel_id: int, text: str, nonce: str) -> None:
        await self._fated(
            "alert_channel", channel_id, lambda: self.alerts.append(("channel", channel_id, text))
        )

    async def alert_user(self, user_id: int, text: str, nonce: str) -> None:
        def tell() -> None:
            if user_id in self.closed_people:
                raise Refused(explain(Reason.NO_DIRECT_MESSAGES), 403)
            self.alerts.append(("person", user_id, text))

        await self._fated("alert_user", user_id, tell)

    async def open_thread(self, channel_id: int, message_id: int, name: str) -> None:
        assert message_id in [message.id for message in self.messages[channel_id]]
        await self._fated("open_thread", channel_id, lambda: self.threads[message_id].append(name))

    async def publish(self, channel_id: int, message_id: int) -> None:
        def publish() -> None:
            self.published[message_id] += 1

        await self._fated("publish", channel_id, publish)

    async def fetch_guild_ids(self, acquire: AcquireSlot) -> frozenset[int]:
        await acquire()
        return await self._fated("fetch_guild_ids", 0, lambda: frozenset(self.members_of))

    async def has_role(self, guild_id: int, role_id: int, acquire: AcquireSlot) -> bool:
        await acquire()
        return await self._fated("has_role", role_id, lambda: role_id not in self.gone_roles)

    async def find_timeout(self, guild_id: int, acquire: AcquireSlot) -> datetime | None:
        await acquire()
        return await self._fated("find_timeout", guild_id, lambda: self.timed_out_until)

    async def ask_time(self, acquire: AcquireSlot) -> None:
        await acquire()
        await self._fated("ask_time", 0, lambda: None)

    def posted(self, channel_id: int) -> list[str]:
        """Give the quotes that stand in a channel."""
        return [str(message.payload["quote"]) for message in self.messages[channel_id]]

    def _accept(self, channel_id: int, payload: Payload, nonce: str, role_id: int | None) -> int:
        now = self.clock.now()
        for message in self.messages[channel_id]:
            if message.nonce == nonce and now - message.at < NONCE_KNOWN:
                return message.id
        number = 10**17 + sum(map(len, self.messages.values()))
        self.messages[channel_id].append(Message(number, payload, nonce, role_id, now))
        return number

    async def _fated(self, kind: str, target: int, action: Callable[[], T]) -> T:
        self.requests.append((self.clock.now(), kind, target))
        is_scripted = self.fates and kind in SCRIPTED
        fate = self.fates.popleft() if is_scripted else Fate.FINE
        if self.always is not None:
            fate = self.always(kind, target)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(0)
            if fate not in UNANSWERED:
                self.on_answer(fate)
            return await self._befall(fate, action)
        finally:
            self.at_once -= 1

    async def _befall(self, fate: Fate, action: Callable[[], T]) -> T:
        if fate in {Fate.FINE, Fate.LOST_REPLY, Fate.HANGS}:
            done = action()
            if fate is Fate.FINE:
                return done
        if fate is Fate.HANGS:
            await asyncio.Event().wait()
        answer = ANSWERS[fate]()
        raise answer


@dataclass
class FakeQuotes:
    """A few packs of quotes; the claim stands in the payload as it would in a button."""

    packs: dict[str, list[str]] = field(
        default_factory=lambda: {"duo": [f"duo-{number}" for number in range(8)]}
    )
    gone: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    withheld_ids: set[str] = field(default_factory=set)
    fact_ids: list[str] = field(default_factory=list)
    days: dict[tuple[int, int], list[str]] = field(default_factory=dict)

    async def eligible(self, packs: frozenset[str] | None, speaker: str | None) -> Collection[str]:
        names = self.packs if packs is None else packs
        found = [quote for name in names for quote in self.packs.get(name, [])]
        return [
            quote
            for quote in found
            if (speaker is None or speaker in quote) and quote not in self.withheld_ids
        ]

    async def withheld(self, packs: frozenset[str] | None, speaker: str | None) -> int:
        return len(self.withheld_ids)

    async def facts(self, packs: frozenset[str] | None) -> Collection[str]:
        return self.fact_ids

    async def on_this_day(self, packs: frozenset[str] | None, today: date) -> Collection[str]:
        return self.days.get((today.month, today.day), [])

    async def payload(
        self, entry_id: str, delivery: Delivery, style: PostStyle, today: date | None
    ) -> Payload | None:
        if entry_id in self.broken:
            raise ValueError("a fault of the renderer")
        if entry_id in self.gone:
            return None
        return {
            "quote": entry_id,
            "custom_id": f"about:{delivery.id}",
            "role": delivery.role_id,
            "today": None if today is None else today.isoformat(),
        }


def chance() -> Callable[[], float]:
    """Give jitter that is the same in every run."""
    return random.Random(5).random
