"""Progress of long commands, for people at a terminal."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

T = TypeVar("T")


@contextmanager
def show_progress(items: Collection[T], label: str) -> Iterator[Iterable[T]]:
    """Give the items, with a bar on standard error that follows them.

    Where standard error is no terminal there is none: a log has no use for it.
    """
    if not sys.stderr.isatty():
        yield items
        return
    with click.progressbar(items, label=label, file=sys.stderr) as bar:
        yield bar


@contextmanager
def show_count(label: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function that moves a bar to a count of a total.

    Where standard error is no terminal it does nothing.
    """
    if not sys.stderr.isatty():
        yield lambda _count, _total: None
        return
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def move(count: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(count - bar.pos)

        yield move
