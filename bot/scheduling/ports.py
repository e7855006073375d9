"""The edges of the daily post: what it needs of Discord, of the quotes, and of time.

The posts' outcomes are types. An adapter to Discord maps every answer to one of them:

=====================================  ====================================================
Discord's answer                       outcome
=====================================  ====================================================
2xx                                    the message's id is returned
403, 404, 400                          `Refused`: final for this post
401                                    `Unauthorised`: the token is no good, nothing will work
429; never connected                   `Temporary`: certainly not posted
5xx, time-out, connection lost         `Unsure`: it may have been posted
=====================================  ====================================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias

INVALID = frozenset({401, 403, 429})
"""The statuses that Discord counts against an address: 10,000 in ten minutes and it is shut out."""

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection
    from datetime import datetime

    from bot.scheduling.models import Payload


class Refused(Exception):  # noqa: N818 - an outcome of a request, not an error of ours
    """Discord said no, and would say it again; `reason` is fit to show an admin."""

    def __init__(self, reason: str, status: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


class Unauthorised(Exception):  # noqa: N818 - as above
    """Discord does not accept the bot's token."""

    status = 401


class Temporary(Exception):  # noqa: N818 - as above
    """Discord took nothing now, and may later; `status` is 429, or None if never connected."""

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

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


AcquireSlot: TypeAlias = "Callable[[], Awaitable[None]]"
"""Waits until one more request may be made."""


class Channels(Protocol):
    """Posting to Discord and reading the bot's own posts back."""

    async def send(self, channel_id: int, payload: Payload, nonce: str, role_id: int | None) -> int:
        """Post a message once for each nonce (`enforce_nonce`), and give its id.

        Only `role_id` may be pinged. The call is cancelled when the lease runs short.

        Raises:
            Refused, Unauthorised, Temporary, Unsure: see the module.
        """
        ...

    async def find(
        self, channel_id: int, delivery_id: str, since: datetime, acquire: AcquireSlot
    ) -> int | None:
        """Find the bot's own message since a moment that has the claim in a `custom_id`.

        It takes several requests, and waits for `acquire` before each.

        None means it is certainly not there: the bot may view the channel *and* read its
        history, which was verified, and every message since then was looked at.

        Raises:
            CannotKnow: the channel or its history may not be read, or is gone.
            Unauthorised, Temporary, Unsure: nothing learned; to be tried again.
        """
        ...


class Alerts(Protocol):
    """Telling an admin; both calls raise what `Channels.send` raises."""

    async def alert_channel(self, channel_id: int, text: str, nonce: str) -> None:
        """Post plain text in the server's alerts channel, pinging nobody."""
        ...

    async def alert_user(self, user_id: int, text: str, nonce: str) -> None:
        """Send plain text by direct message."""
        ...


class Quotes(Protocol):
    """The quotes there are, and how one is shown."""

    async def eligible(self, packs: frozenset[str] | None, speaker: str | None) -> Collection[str]:
        """Give the ids of the quotes of these packs (None: all) by this speaker (None: any).

        Only those that may stand alone in a daily post.
        """
        ...

    async def withheld(self, packs: frozenset[str] | None, speaker: str | None) -> int:
        """Count the other quotes of these packs by this speaker: marked `daily: false`."""
        ...

    async def payload(self, quote: str, delivery_id: str, role_id: int | None) -> Payload | None:
        """Render a quote, the claim in its button's `custom_id`; None if it is gone or withheld."""
        ...


class Servers(Protocol):
    """The servers that the bot is in."""

    async def joined(self, acquire: AcquireSlot) -> frozenset[int]:
        """Fetch the ids of all of them, a turn a request; raises what `Channels.find` raises."""
        ...


class Clock(Protocol):
    """What time it is, and waiting."""

    def now(self) -> datetime:
        """Give the moment, in UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        ...
