"""Signals to the process: stop, and read files anew."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import structlog

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

log = structlog.stdlib.get_logger("bot.client")

T = TypeVar("T")

STOPPED_WITHIN_S = 9.0
"""Seconds after which a stop no longer waits for anything; hosts kill after ten."""

_STOP_SIGNALS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name)
]  # SIGBREAK is how Windows asks


@contextmanager
def handle_hangup(reload: Callable[[], object]) -> Iterator[None]:
    """Call `reload` at every SIGHUP."""
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
    """Call `stop` at the first signal; a second ends the process."""
    loop = asyncio.get_running_loop()

    def on_first() -> None:
        _restore_handlers(loop)
        stop()

    for number in _STOP_SIGNALS:
        try:
            loop.add_signal_handler(number, on_first)
        except NotImplementedError:  # Windows: its loop knows no signals
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(on_first))
    try:
        yield
    finally:
        _restore_handlers(loop)


def leave_later(within: float = STOPPED_WITHIN_S) -> None:
    """End the process after some seconds, whatever it still waits for.

    Python itself waits for its threads at the end, and one may hang in a disk that does not answer.
    """

    def leave() -> None:
        time.sleep(within)
        log.warning("left without an orderly end, something did not stop in time", seconds=within)
        os._exit(1)

    threading.Thread(target=leave, name="leave later", daemon=True).start()


async def run_until(stop: asyncio.Event, work: Awaitable[T]) -> T | None:
    """Return the result of work, or None if stopped before."""
    working, stopping = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if working.done():
        return working.result()
    from bot.answering.child_process import stop_children  # noqa: PLC0415  # seldom needed

    working.cancel()
    stop_children()
    await asyncio.wait({working})
    return None


def _restore_handlers(loop: asyncio.AbstractEventLoop) -> None:
    for number in _STOP_SIGNALS:
        try:
            loop.remove_signal_handler(number)
        except NotImplementedError:
            usual = signal.default_int_handler if number is signal.SIGINT else signal.SIG_DFL
            signal.signal(number, usual)
