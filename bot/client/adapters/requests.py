"""What became of a request: discord.py's exceptions as the outcomes that the daily post knows.

discord.py tries a request up to five times, and tells only of the last. A first try that ended
with a 500 may have been carried out all the same, so a 403 or 429 after it proves nothing; the
trace of the HTTP session hears of every try.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import aiohttp
import discord

from bot.scheduling.ports import AmbiguousOutcome, Refused, Temporary, Unauthorised

if TYPE_CHECKING:
    from collections.abc import Iterator

    Outcome = Refused | Temporary | Unauthorised | AmbiguousOutcome

TOO_MANY, SERVERS_FAULT = 429, 500
ASKED_TO_WAIT = "Discord asks to wait"

REASONS = {
    10003: "The channel is gone; choose another with `/daily edit`.",
    10004: "The server is gone.",
    50001: "The bot cannot see the channel; allow it View Channel there.",
    50007: "They take no direct messages from the bot.",
    50008: "Nothing can be posted in that kind of channel; choose another with `/daily edit`.",
    50013: "The bot may not write there; allow it Send Messages, in a thread also "
    "Send Messages in Threads.",
    50083: "The thread is closed and locked; open it, or choose another with `/daily edit`.",
}
"""What Discord's codes mean to an admin."""


class RequestTracer:
    """Listens to every try of every request, for those who must know whether one arrived."""

    def __init__(self) -> None:
        self._doubts: ContextVar[list[str] | None] = ContextVar("doubts", default=None)

    def trace(self) -> aiohttp.TraceConfig:
        """Make the trace for a client's `http_trace`."""
        trace = aiohttp.TraceConfig()
        trace.on_request_end.append(self._ended)
        trace.on_request_exception.append(self._failed)
        return trace

    @contextmanager
    def outcome(self) -> Iterator[None]:
        """Raise what a request of this block came to.

        Raises:
            Refused, Temporary, Unauthorised, Unsure: see `bot.scheduling.ports`.
        """
        doubts: list[str] = []
        token = self._doubts.set(doubts)
        try:
            yield
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            raise outcome_of(error, doubts) from error
        except (ValueError, TypeError, KeyError) as error:
            raise AmbiguousOutcome("the answer made no sense") from error
        finally:
            self._doubts.reset(token)

    async def _ended(self, _session: object, _context: object, end: Any) -> None:
        if end.response.status >= SERVERS_FAULT:
            self._note(f"Discord answered {end.response.status}")

    async def _failed(self, _session: object, _context: object, failure: Any) -> None:
        if not _never_connected(failure.exception):
            self._note("the connection was lost")

    def _note(self, doubt: str) -> None:
        doubts = self._doubts.get()
        if doubts is not None:
            doubts.append(doubt)


def outcome_of(error: Exception, doubts: list[str]) -> Outcome:
    """Say what a failed request came to; `doubts` are its tries that may have been carried out."""
    return AmbiguousOutcome(doubts[0]) if doubts else _last_try(error)


def _last_try(error: Exception) -> Outcome:
    if isinstance(error, discord.HTTPException):
        return _refusal(error)
    if isinstance(error, discord.RateLimited):
        return Temporary(ASKED_TO_WAIT, error.retry_after, TOO_MANY)
    if _never_connected(error):
        return Temporary("Discord could not be reached")
    return AmbiguousOutcome("the connection was lost")


def _refusal(error: discord.HTTPException) -> Outcome:
    match error.status:
        case 401:
            return Unauthorised(str(error))
        case 429:
            return Temporary(ASKED_TO_WAIT, status=TOO_MANY)
        case status if status < SERVERS_FAULT:
            return Refused(_reason(error), status)
        case status:
            return AmbiguousOutcome(f"Discord answered {status}")


def _reason(error: discord.HTTPException) -> str:
    known = REASONS.get(error.code)
    return known or f"Discord refused it with status {error.status}, code {error.code}."


def _never_connected(error: BaseException) -> bool:
    return isinstance(error, aiohttp.ClientConnectorError)
