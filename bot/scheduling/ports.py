"""The ports of the daily post: Discord, the quotes and the clock.

The outcomes of a request are types. An adapter to Discord maps every answer to one of them:

=====================================  ====================================================
Discord's answer                       outcome
=====================================  ====================================================
2xx                                    the message's id is returned
403, 404, 400                          `Refused`: final for this post
401                                    `Unauthorised`: the token is no good, nothing will work
429; never connected                   `Temporary`: certainly not posted
5xx, time-out, connection lost         `AmbiguousOutcome`: it may have been posted
=====================================  ====================================================
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias

from bot.scheduling.clock import TrustedTime

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection
    from datetime import date, datetime

    from bot.localization.messages import Message
    from bot.scheduling.clock import Trust
    from bot.scheduling.models import Delivery, Payload, PostStyle

INVALID = frozenset({401, 403, 429})
"""The statuses that Discord counts against an address: 10,000 in ten minutes and it is shut out."""


class Refused(Exception):  # noqa: N818 - an outcome of a request, not an error of ours
    """Discord said no, and would say it again.

    `reason` is fit to show an admin.
    """

    def __init__(self, reason: Message, status: int) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.status = status


class Unauthorised(Exception):  # noqa: N818 - as above
    """Discord does not accept the bot's token."""

    status = 401


class Temporary(Exception):  # noqa: N818 - as above
    """Discord took nothing now, and may later.

    `status` is 429, or None if never connected.
    """

    def __init__(self, reason: str, retry_after: float = 0.0, status: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after
        self.status = status


class AmbiguousOutcome(Exception):  # noqa: N818 - as above
    """The request may have been carried out, and the answer is lost."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unverifiable(Exception):  # noqa: N818 - as above
    """The channel's history may not be read, so whether a post is there stays open."""

    def __init__(self, reason: Message, status: int | None = None) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.status = status


AcquireSlot: TypeAlias = "Callable[[], Awaitable[None]]"
"""Waits until the rate limit allows one more request."""


class Messenger(Protocol):
    """Discord: posting, finding the bot's own posts, alerting admins, listing its servers."""

    async def send(self, channel_id: int, payload: Payload, nonce: str, role_id: int | None) -> int:
        """Post a message once for each nonce (`enforce_nonce`), and return its id.

        Only `role_id` may be pinged. The call is cancelled when the lease runs short.

        Raises:
            Refused, Unauthorised, Temporary, AmbiguousOutcome: see the module.
        """
        ...

    async def find(
        self, channel_id: int, delivery_id: str, since: datetime, acquire: AcquireSlot
    ) -> int | None:
        """Find the bot's own message with the delivery in a `custom_id`.

        It takes several requests, and calls `acquire` before each.

        None means it is certainly not there: the bot may view the channel *and* read its
        history, which was verified, and every message since then was looked at.

        Raises:
            Unverifiable: the channel or its history may not be read, or is gone.
            Unauthorised, Temporary, AmbiguousOutcome: nothing learned; to be tried again.
        """
        ...

    async def alert_channel(self, channel_id: int, text: str, nonce: str) -> None:
        """Post plain text in the server's alerts channel, pinging nobody.

        Raises as `send`.
        """
        ...

    async def alert_user(self, user_id: int, text: str, nonce: str) -> None:
        """Send plain text by direct message; raises as `send`."""
        ...

    async def open_thread(self, channel_id: int, message_id: int, name: str) -> None:
        """Open a message's thread, if it has none; raises as `send`."""
        ...

    async def publish(self, channel_id: int, message_id: int) -> None:
        """Publish a message, unless it was published already; raises as `send`."""
        ...

    async def fetch_guild_ids(self, acquire: AcquireSlot) -> frozenset[int]:
        """Fetch the ids of the bot's servers, a slot a request.

        Raises as `find`.
        """
        ...

    async def has_role(self, guild_id: int, role_id: int, acquire: AcquireSlot) -> bool:
        """Return whether a server still has a role; raises as `send`."""
        ...

    async def find_timeout(self, guild_id: int, acquire: AcquireSlot) -> datetime | None:
        """Return the end of the bot's time-out in a server, or None.

        Raises as `send`.
        """
        ...

    async def ask_time(self, acquire: AcquireSlot) -> None:
        """Make a small request, as every answer bears Discord's time.

        Raises as `find`.
        """
        ...


class QuoteProvider(Protocol):
    """The quotes and other entries that may be posted, and their messages."""

    async def eligible(self, packs: frozenset[str] | None, speaker: str | None) -> Collection[str]:
        """Return the ids of quotes that may stand in a daily post.

        Without `packs` they are of all packs, without `speaker` by anybody.
        """
        ...

    async def facts(self, packs: frozenset[str] | None) -> Collection[str]:
        """Return the ids of the facts of some packs; None: all packs."""
        ...

    async def on_this_day(self, packs: frozenset[str] | None, today: date) -> Collection[str]:
        """Return the ids of facts and releases whose day it is."""
        ...

    async def withheld(self, packs: frozenset[str] | None, speaker: str | None) -> int:
        """Count the same packs' quotes that are marked `daily: false`."""
        ...

    async def payload(
        self, entry_id: str, delivery: Delivery, style: PostStyle, today: date | None
    ) -> Payload | None:
        """Render an entry, perhaps of this day, with the delivery in its button.

        None if it is gone or withheld.
        """
        ...


class Clock(Protocol):
    """The time, and waiting."""

    def now(self) -> datetime:
        """Return the moment, in UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class TimeCheck(Protocol):
    """How far the clock's time is confirmed by Discord's."""

    @property
    def trust(self) -> Trust:
        """How far the present time is confirmed."""
        ...

    @property
    def jumps(self) -> int:
        """How often the time was found to have been wrong, and was corrected."""
        ...

    @property
    def problem(self) -> Message | None:
        """A sentence on this machine's clock; None if nothing is wrong."""
        ...


def _ignore(_delivery: Delivery) -> None:
    """Do nothing about a completed delivery."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything outside: Discord, the quotes, the time, chance, and a listener."""

    messenger: Messenger
    quotes: QuoteProvider
    clock: Clock
    chance: Callable[[], float]
    """A number from 0 up to 1, for jitter."""
    on_completed: Callable[[Delivery], None] = _ignore
    """Called with every delivery that this process completed, once that is written."""
    time_check: TimeCheck = field(default_factory=TrustedTime)
