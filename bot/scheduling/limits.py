"""How long, how many, how often: every number the posting goes by, with where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers of posting; tests shrink them, nobody else needs to."""

    lease: timedelta = timedelta(seconds=60)
    """How long a claim belongs to the process that took it."""

    send: timedelta = timedelta(seconds=40)
    """The longest a request may take, its own retries included."""

    margin: timedelta = timedelta(seconds=5)
    """What must be left of the lease when a request is given up: the clocks of two machines."""

    same_nonce: timedelta = timedelta(seconds=120)
    """How long after a first attempt Discord surely still knows its nonce ("a few minutes")."""

    first_retry: timedelta = timedelta(seconds=2)
    longest_retry: timedelta = timedelta(minutes=5)

    search_beyond: timedelta = timedelta(hours=24)
    """How long after the window a post in doubt is still looked for before it is "unknown"."""

    told_within: timedelta = timedelta(hours=24)
    """How long telling an admin is tried."""

    suspend_after: int = 3
    """A schedule is suspended after so many due days in a row that failed for good."""

    per_second: int = 40
    """Requests over all processes; Discord's global limit is 50, and people need answers too."""

    at_once: int = 64
    """Posts under way in this process: what 40 a second need if each takes a second and a half."""

    company: timedelta = timedelta(seconds=0.1)
    """How long a post that was made waits for others, to be written down in one transaction."""

    invalid: int = 1_000
    invalid_within: timedelta = timedelta(minutes=10)
    """Discord shuts an address out after 10,000 invalid requests in ten minutes."""

    idle: timedelta = timedelta(seconds=15)
    """The longest nap: another process may have added a schedule meanwhile."""
