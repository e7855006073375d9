"""The worker's numbers, each with the reason for its size."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers of posting; tests shrink them, nobody else needs to."""

    lease: timedelta = timedelta(seconds=60)
    """How long a delivery belongs to the process that took it up."""

    request_timeout: timedelta = timedelta(seconds=40)
    """The longest a request may take, its own retries included."""

    lease_margin: timedelta = timedelta(seconds=5)
    """Safety margin before a lease expires, for the clocks of two machines."""

    nonce_lifetime: timedelta = timedelta(seconds=120)
    """How long after a first attempt Discord surely still knows its nonce ("a few minutes")."""

    first_retry: timedelta = timedelta(seconds=2)
    longest_retry: timedelta = timedelta(minutes=5)

    search_beyond: timedelta = timedelta(hours=24)
    """How long past its window an uncertain post is searched for before it is "unknown"."""

    alert_lifetime: timedelta = timedelta(hours=24)
    """How long sending an alert is tried."""

    follow_up_lifetime: timedelta = timedelta(hours=6)
    """How long a post's thread and its publication are tried; later they help nobody."""

    suspend_after: int = 3
    """A schedule is suspended after this many due days in a row that failed for good."""

    per_second: int = 40
    """Requests over all processes; Discord's global limit is 50, and people need answers too."""

    max_under_way: int = 64
    """Posts under way in this process: 40 a second that take a second and a half each."""

    linger: timedelta = timedelta(seconds=0.1)
    """How long a finished post waits for others, to share one transaction with them."""

    max_invalid_requests: int = 1_000
    invalid_window: timedelta = timedelta(minutes=10)
    """Discord shuts an address out after 10,000 invalid requests in ten minutes."""

    max_idle: timedelta = timedelta(seconds=15)
    """The longest rest: another process may have added a schedule meanwhile."""
