"""Progress of long commands, for people at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

T = TypeVar("T")
Report = Callable[[int, int], None]
"""Takes how much of a total is done."""


def is_terminal() -> bool:
    """Return whether standard error is a terminal, where a bar is seen."""
    return sys.stderr.isatty()


@contextmanager
def show_progress(items: Collection[T], label: str) -> Iterator[Iterable[T]]:
    """Give the items, with a bar on standard error that follows them.

    Where standard error is no terminal there is none: a log has no use for it.
    """
    if not is_terminal():
        yield items
        return
    with click.progressbar(items, label=label, file=sys.stderr) as bar:
        yield bar


@contextmanager
def show_count(label: str) -> Iterator[Report]:
    """Give a function that moves a bar to a count of a total.

    Where standard error is no terminal it does nothing.
    """
    if not is_terminal():
        yield lambda _count, _total: None
        return
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def move(count: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(count - bar.pos)

        yield move


def report_part(report: Report, part: int, parts: int) -> Report:
    """Return a report on one of several parts of a work."""
    return lambda done, total: report(part * total + done, parts * total)
