"""Signals: the first one asks for a stop, a second one means what it always does."""

from __future__ import annotations

import asyncio
import os
import signal
import sys

import pytest

from bot.client.serve import _told_by_signals

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot signal itself")


def without_signals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the loop as Windows has it."""

    def refuse(*_: object) -> None:
        raise NotImplementedError

    loop = asyncio.get_running_loop()
    monkeypatch.setattr(loop, "add_signal_handler", refuse)
    monkeypatch.setattr(loop, "remove_signal_handler", refuse)


@pytest.mark.parametrize("is_windows", [False, True])
async def test_the_first_signal_asks_for_a_stop_and_the_second_interrupts(
    monkeypatch: pytest.MonkeyPatch, *, is_windows: bool
) -> None:
    if is_windows:
        without_signals(monkeypatch)
    stop = asyncio.Event()
    with _told_by_signals(stop.set):
        os.kill(os.getpid(), signal.SIGINT)
        async with asyncio.timeout(5):
            await stop.wait()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)


async def test_afterwards_signals_mean_what_they_meant() -> None:
    with _told_by_signals(lambda: None):
        pass
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
