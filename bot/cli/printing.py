"""Lines for people, broken between words at the terminal's edge."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_WIDTH = 100
"""Longer lines are hard to read."""
MIN_WIDTH = 20
"""A narrower terminal breaks lines as it likes."""


def print_lines(lines: Iterable[str], *, hang: int | None = None, err: bool = False) -> None:
    """Print lines, broken between words on a terminal and left whole elsewhere.

    Args:
        lines: The lines; each may hold line breaks of its own.
        hang: The columns by which the rest of a broken line is indented; by default as far as
            the line itself, and a little further where it is indented.
        err: Whether they go to standard error.
    """
    stream = sys.stderr if err else sys.stdout
    is_terminal = stream is not None and stream.isatty()  # None where it is closed
    width = min(shutil.get_terminal_size().columns, MAX_WIDTH)
    for text in lines:
        for line in text.split("\n"):
            is_broken = is_terminal and width >= MIN_WIDTH
            click.echo(break_line(line, width, hang) if is_broken else line, err=err)


def break_line(line: str, width: int, hang: int | None = None) -> str:
    """Break a line between words; escape sequences of colours take no room."""
    bare = click.unstyle(line)
    indent = len(bare) - len(bare.lstrip())
    further = " " * ((indent + 2 if indent else 0) if hang is None else hang)
    return click.wrap_text(line, width, subsequent_indent=further) if bare.strip() else line
