"""Signals: a stop asked for politely, and a request to read files anew."""

from __future__ import annotations

import asyncio
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

T = TypeVar("T")

_STOPS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name)
]  # SIGBREAK is how Windows asks


@contextmanager
def handle_hangup(reload: Callable[[], object]) -> Iterator[None]:
    """Call `reload` at every SIGHUP, which is how a service is asked to read its files anew."""
    if not hasattr(signal, "SIGHUP"):  # Windows has none; changed files are noticed all the same
        yield
        return
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGHUP, reload)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGHUP)


@contextmanager
def handle_signals(stop: Callable[[], object]) -> Iterator[None]:
    """Call `stop` at the first signal; a second one means what it always does: at once."""
    loop = asyncio.get_running_loop()

    def first() -> None:
        _hand_back(loop)
        stop()

    _take(loop, first)
    try:
        yield
    finally:
        _hand_back(loop)


async def run_until(stop: asyncio.Event, work: Awaitable[T]) -> T | None:
    """Return what the work comes to; None when told to stop before it is done.

    The process that compiles the facts is ended then: nobody will want what it makes.
    """
    working, stopping = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if working.done():
        return working.result()
    import multiprocessing  # noqa: PLC0415  # it is large, and at rest nobody compiles

    working.cancel()
    for child in multiprocessing.active_children():
        child.terminate()
    await asyncio.wait({working})
    return None


def _take(loop: asyncio.AbstractEventLoop, first: Callable[[], None]) -> None:
    for number in _STOPS:
        try:
            loop.add_signal_handler(number, first)
        except NotImplementedError:  # Windows: its loop knows no signals
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(first))


def _hand_back(loop: asyncio.AbstractEventLoop) -> None:
    for number in _STOPS:
        try:
            loop.remove_signal_handler(number)
        except NotImplementedError:
            usual = signal.default_int_handler if number is signal.SIGINT else signal.SIG_DFL
            signal.signal(number, usual)
