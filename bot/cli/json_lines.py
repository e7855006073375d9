"""`--jsonl`: a JSON object a line from standard input, and one a line to standard output."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


async def each_line(
    wanted: str, reply: Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]
) -> int:
    """Answer each line of standard input; return 1 where any of them was malformed, else 0.

    A line is an object with an id and the text `wanted`; `reply` makes another object of it.
    """
    status = 0
    for number, line in enumerate(sys.stdin.buffer, start=1):
        row, fault = _object_in(line, wanted)
        if fault is not None:
            status = 1
            click.echo(json.dumps({"line": number, "error": fault}))
        elif row is not None:
            # In ASCII: an id may hold what no encoding can write, such as half a surrogate pair.
            click.echo(json.dumps(await reply(row)))
    return status


def _object_in(line: bytes, wanted: str) -> tuple[dict[str, Any] | None, str | None]:
    """Return the object on a line, or what is wrong with it; neither for an empty line."""
    if not line.strip():
        return None, None
    try:
        row = json.loads(line.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None, "this line is not JSON in UTF-8"
    if not isinstance(row, dict) or not isinstance(row.get(wanted), str) or "id" not in row:
        return None, f"this line is not an object with 'id' and a text '{wanted}'"
    if not isinstance(row["id"], str | int) or isinstance(row["id"], bool):
        return None, "the 'id' on this line is neither a text nor a whole number"
    return row, None


def _no_number(name: str) -> NoReturn:
    """Refuse NaN and Infinity, which Python reads and no other JSON reader does."""
    raise ValueError(f"{name} is no number in JSON")
