"""Discord's rate limits: 50 requests a second in all, and a bucket for each route.

https://discord.com/developers/docs/topics/rate-limits
"""

from __future__ import annotations

import hashlib
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.sandbox.clock import Clock
    from bot.sandbox.wire import Json

GLOBAL_LIMIT = 50
GLOBAL_SECONDS = 1.0
MAX_CONCURRENCY = 16
IDENTIFY_SECONDS = 5.0
STARTS = 1_000
STARTS_SECONDS = 86_400.0
MOST_REMEMBERED = 10_000
_USUAL = (10, 10.0)
_LIMITS = {
    ("POST", "/channels/{channel_id}/messages"): (5, 5.0),
    ("PATCH", "/channels/{channel_id}/messages/{message_id}"): (5, 5.0),
    ("POST", "/webhooks/{webhook_id}/{webhook_token}"): (5, 2.0),
    ("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/@original"): (5, 2.0),
    ("POST", "/users/@me/channels"): (10, 10.0),
    ("PUT", "/applications/{application_id}/commands"): (2, 20.0),
    ("PUT", "/applications/{application_id}/guilds/{guild_id}/commands"): (2, 20.0),
}
"""Requests and seconds for a route, as Discord was seen to send them; it publishes none."""


@dataclass(frozen=True, slots=True)
class RateLimitResult:
    """Whether a request may pass, and the headers it is answered with."""

    headers: dict[str, str]
    retry_after: float | None = None
    is_global: bool = False

    def body(self) -> Json:
        """Return the JSON of a 429."""
        return limited_body(self.retry_after or 0.0, is_global=self.is_global)


def limited_body(retry_after: float, *, is_global: bool) -> Json:
    """Return the JSON of a 429."""
    return {
        "message": "You are being rate limited.",
        "retry_after": round(retry_after, 3),
        "global": is_global,
        "code": 0,
    }


def limited_headers(retry_after: float, scope: str) -> dict[str, str]:
    """Return the headers of a 429; discord.py takes one without `Via` for a ban."""
    headers = {
        "Retry-After": str(max(1, round(retry_after))),
        "X-RateLimit-Scope": scope,
        "Via": "1.1 google",
    }
    return headers | ({"X-RateLimit-Global": "true"} if scope == "global" else {})


@dataclass(frozen=True, slots=True)
class Start:
    """An IDENTIFY, and whether it was let in."""

    at: float
    shard: int
    key: int
    """What the shard's number leaves by `max_concurrency`."""
    is_accepted: bool


class RateLimits:
    """Counts requests; off unless switched on.

    Attributes:
        max_concurrency: How many shards may identify in five seconds, each with a key of its own.
        starts: Every IDENTIFY, in order, also while limits are off.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seen: dict[str, deque[float]] = {}
        self.enabled = False
        self.max_concurrency = MAX_CONCURRENCY
        self.starts: deque[Start] = deque(maxlen=MOST_REMEMBERED)

    def switch(self, *, enabled: bool) -> None:
        """Switch the limits on or off and reset their counts."""
        self.enabled = enabled
        self._seen.clear()

    def check(self, method: str, route: str, major: str) -> RateLimitResult:
        """Count a request of a route and judge it.

        Args:
            method: The request's method.
            route: The route's template.
            major: The major parameters' values; each has a bucket of its own.
        """
        if not self.enabled:
            return RateLimitResult({})
        # Discord exempts what answers interactions from the global limit.
        if not route.startswith(("/interactions", "/webhooks")):
            wait = self._wait("global", GLOBAL_LIMIT, GLOBAL_SECONDS)
            if wait is not None:
                return RateLimitResult(limited_headers(wait, "global"), wait, is_global=True)
        limit, seconds = _LIMITS.get((method, route), _USUAL)
        bucket = f"{method} {route}"
        key = f"{bucket} {major}"
        wait = self._wait(key, limit, seconds)
        seen = self._seen[key]
        after = max(0.0, seen[0] + seconds - self._clock.monotonic())
        headers = {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(limit - len(seen)),
            "X-RateLimit-Reset": f"{self._clock.time() + after:.3f}",
            "X-RateLimit-Reset-After": f"{after:.3f}",
            # Without the major parameters, as Discord's: clients add them to the hash themselves.
            "X-RateLimit-Bucket": hashlib.blake2b(bucket.encode(), digest_size=16).hexdigest(),
        }
        if wait is None:
            return RateLimitResult(headers)
        return RateLimitResult(headers | limited_headers(wait, "user"), wait)

    def may_identify(self, shard: int) -> bool:
        """Count a shard's IDENTIFY; one in five seconds for each of `max_concurrency` keys."""
        key = shard % self.max_concurrency
        wait = self._wait(f"identify {key}", 1, IDENTIFY_SECONDS) if self.enabled else None
        now = self._clock.monotonic()
        self.starts.append(Start(now, shard, key, is_accepted=wait is None))
        return wait is None

    def start_limit(self) -> Json:
        """Return the session start limit as JSON."""
        now = self._clock.monotonic()
        recent = [each.at for each in self.starts if now - each.at < STARTS_SECONDS]
        after = recent[0] + STARTS_SECONDS - now if recent else 0.0
        return {
            "total": STARTS,
            "remaining": max(0, STARTS - len(recent)),
            "reset_after": round(after * 1000),
            "max_concurrency": self.max_concurrency,
        }

    def _wait(self, key: str, limit: int, seconds: float) -> float | None:
        """Count one in a window; return the wait if the window is full."""
        now = self._clock.monotonic()
        seen = self._seen.setdefault(key, deque())
        while seen and now - seen[0] >= seconds:
            seen.popleft()
        if len(seen) >= limit:
            return seen[0] + seconds - now
        seen.append(now)
        return None
