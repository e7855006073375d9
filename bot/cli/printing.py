"""What commands put out: lines for people, JSON for programs, new files."""

from __future__ import annotations

import json
import shutil
import sys
from typing import TYPE_CHECKING

import click

from bot.errors import LinerNotesError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

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


def print_json(value: object) -> None:
    """Print one value as JSON, with paths and dates as texts."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def write_new_file(target: Path, text: str, *, remedy: str = "choose another name") -> None:
    """Write a file that is not there yet.

    Raises:
        LinerNotesError: It is there, or cannot be written.
    """
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise LinerNotesError(f"{target} is there already; {remedy}") from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise LinerNotesError(f"{target} cannot be written ({reason}); check the folder") from error


def break_line(line: str, width: int, hang: int | None = None) -> str:
    """Break a line between words; escape sequences of colours take no room."""
    bare = click.unstyle(line)
    indent = len(bare) - len(bare.lstrip())
    further = " " * ((indent + 2 if indent else 0) if hang is None else hang)
    return click.wrap_text(line, width, subsequent_indent=further) if bare.strip() else line
