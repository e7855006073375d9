"""Fail a test when asyncio could only log an error, such as an exception that nobody retrieved.

A pytest plugin: `tests/conftest.py` makes it known. asyncio tells such an error to its logger when
the task is thrown away, and to nobody else: the test would pass with it.
"""

from __future__ import annotations

import gc
import logging
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

YOUNG = 1  # the generation that holds what one test made; a full collection takes ten times as long


class LoopErrors(logging.Handler):
    """Keep what asyncio logs as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.setFormatter(logging.Formatter())
        self._told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self._told.append(self.format(record))

    def take(self) -> list[str]:
        """Return what was logged since the last call."""
        told, self._told = self._told, []
        return told


_errors = LoopErrors()


def pytest_sessionstart() -> None:
    """Listen from now on."""
    logging.getLogger("asyncio").addHandler(_errors)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(
    item: pytest.Item, nextitem: pytest.Item | None
) -> Generator[None, None, None]:
    """Fail the test that has just ended for what was logged meanwhile."""
    try:
        yield
    finally:
        # A task whose exception refers back to it is thrown away by the collector alone.
        if nextitem is None:
            gc.collect()
        elif item.get_closest_marker("asyncio"):
            gc.collect(YOUNG)
        told = _errors.take()
    if told:
        pytest.fail("asyncio could only log this:\n" + "\n".join(told), pytrace=False)
