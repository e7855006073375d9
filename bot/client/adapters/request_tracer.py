"""The outcome of a request, from discord.py's exceptions and tries.

discord.py tries a request up to five times, and tells only of the last try. A first try that
ended with a 500 may have been carried out all the same, so a 403 or 429 after it proves nothing.
The trace of the HTTP session sees every try.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import aiohttp
import discord

from bot.scheduling.ports import AmbiguousOutcome, Refused, Temporary, Unauthorised
from bot.scheduling.reasons import Reason, explain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Outcome = Refused | Temporary | Unauthorised | AmbiguousOutcome

UNAUTHORISED, TOO_MANY_REQUESTS, SERVER_ERROR = 401, 429, 500
ASKED_TO_WAIT = "Discord asks to wait"

REASONS = {
    10003: Reason.CHANNEL_GONE,
    10004: Reason.SERVER_GONE,
    50001: Reason.CHANNEL_HIDDEN,
    10008: Reason.POST_GONE,
    50007: Reason.NO_DIRECT_MESSAGES,
    50008: Reason.NO_POSTS_IN_CHANNEL,
    50013: Reason.NOT_ALLOWED,
    50024: Reason.NOT_IN_CHANNEL,
    50083: Reason.THREAD_LOCKED,
}
"""The meaning of Discord's error codes to an admin."""


class RequestTracer:
    """Sees every try of every request, discord.py's own retries included."""

    def __init__(self, on_date: Callable[[datetime | None], None] = lambda _: None) -> None:
        """Put the parts together; `on_date` is called with the time that each answer tells."""
        self._on_date = on_date
        self._doubts: ContextVar[list[str] | None] = ContextVar("doubts", default=None)

    def trace_config(self) -> aiohttp.TraceConfig:
        """Return the trace for a client's `http_trace`."""
        trace = aiohttp.TraceConfig()
        trace.on_request_end.append(self._on_end)
        trace.on_request_exception.append(self._on_exception)
        return trace

    @contextmanager
    def outcome(self) -> Iterator[None]:
        """Raise the outcome of the block's requests, unless all went well.

        Raises:
            Refused, Temporary, Unauthorised, AmbiguousOutcome: See `bot.scheduling.ports`.
        """
        doubts: list[str] = []
        token = self._doubts.set(doubts)
        try:
            yield
        except (ValueError, TypeError, KeyError, discord.InvalidData) as error:
            # discord.py could not read the answer to a request that was carried out.
            raise AmbiguousOutcome("the answer made no sense") from error
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            # A try that may have been carried out outweighs the answer to a later one.
            raise (AmbiguousOutcome(doubts[0]) if doubts else _outcome_of(error)) from error
        finally:
            self._doubts.reset(token)

    async def _on_end(self, _session: object, _context: object, end: Any) -> None:
        self._on_date(read_date(end.response.headers))
        if end.response.status >= SERVER_ERROR:
            self._add_doubt(f"Discord answered {end.response.status}")

    async def _on_exception(self, _session: object, _context: object, failure: Any) -> None:
        if not isinstance(failure.exception, aiohttp.ClientConnectorError):
            self._add_doubt("the connection was lost")

    def _add_doubt(self, doubt: str) -> None:
        doubts = self._doubts.get()
        if doubts is not None:
            doubts.append(doubt)


def read_date(headers: Mapping[str, str]) -> datetime | None:
    """Read the time of an answer from its `Date`; None if it does not tell it."""
    return _parse_date(headers.get("Date", ""))


@lru_cache(1)  # under load, many answers come within one second
def _parse_date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _outcome_of(error: Exception) -> Outcome:  # noqa: PLR0911  # one for each kind of answer
    """Return the outcome of a request's only, or last, try."""
    match error:
        case discord.HTTPException(status=401):
            return Unauthorised(str(error))
        case discord.HTTPException(status=429):
            return Temporary(ASKED_TO_WAIT, status=TOO_MANY_REQUESTS)
        case discord.HTTPException(status=status, code=code) if status < SERVER_ERROR:
            if code in REASONS:
                return Refused(explain(REASONS[code]), status)
            return Refused(explain(Reason.REFUSED, status=status, code=code), status)
        case discord.HTTPException(status=status):
            return AmbiguousOutcome(f"Discord answered {status}")
        case discord.RateLimited():
            return Temporary(ASKED_TO_WAIT, error.retry_after, TOO_MANY_REQUESTS)
        case aiohttp.ClientConnectorError():  # never connected
            return Temporary("Discord could not be reached")
        case _:
            return AmbiguousOutcome("the connection was lost")
