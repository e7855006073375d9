"""Many small sums at once: numbers stand side by side, each in its lane of one large integer.

Python adds and multiplies a large integer in one step of C, not number by number. A lane must be
wide enough for its sum: nothing may be carried from one into the next.
"""

from __future__ import annotations

from array import array
from functools import lru_cache
from sys import byteorder
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_IN_BYTE = 255


class Row(NamedTuple):
    """Numbers of a byte each, in lanes of two bytes: sums up to 65,535."""

    together: int
    """All of them, side by side."""
    most: int
    """The largest of them."""


def row_of(numbers: Iterable[tuple[int, int]], lanes: int) -> Row:
    """Return (lane, number) pairs as a row, zero where there is none."""
    spread = array("H", bytes(2 * lanes))
    for lane, number in numbers:
        spread[lane] = number
    return Row(int.from_bytes(spread.tobytes(), byteorder), max(spread, default=0))


def lessened(row: Row, most: int, lanes: int) -> int:
    """Return a row's numbers side by side, each at most `most`."""
    bytewise = row.together.to_bytes(2 * lanes, byteorder).translate(at_most(most))
    return int.from_bytes(bytewise, byteorder)


def apart(total: int, lanes: int) -> list[int]:
    """Return what stands in each lane of a sum of rows."""
    return array("H", total.to_bytes(2 * lanes, byteorder)).tolist()


def weighed(rows: Iterable[tuple[int, array[int]]], lanes: int) -> array[int]:
    """Return the sum of rows of four-byte numbers, each times its weight, lane by lane."""
    total = sum([weight * int.from_bytes(row.tobytes(), byteorder) for weight, row in rows])
    return array("I", total.to_bytes(4 * lanes, byteorder))


@lru_cache(MOST_IN_BYTE + 1)
def at_most(most: int) -> bytes:
    """Return the table by which `bytes.translate` lessens each byte to `most`."""
    return bytes(min(most, byte) for byte in range(MOST_IN_BYTE + 1))
