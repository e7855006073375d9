"""Nested values, damaged: any part taken away, or something else put in its place."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as some

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

GONE = "\x00gone"
"""Put in the place of a part that is taken away."""

SCRAPS = (
    some.none()
    | some.booleans()
    | some.integers(-3, 12)
    | some.sampled_from([2**31, 2**63, 2**64, -(2**63), 10**40])
    | some.floats(allow_nan=False, allow_infinity=False)
    | some.text(max_size=12)
    | some.sampled_from(["", "\x00", "\u202e", "'; --", '" OR *', "../..", "@everyone", "x" * 5000])
)
VALUES = some.just(GONE) | some.recursive(
    SCRAPS,
    lambda inside: (
        some.lists(inside, max_size=3)
        | some.dictionaries(some.text(max_size=6), inside, max_size=3)
    ),
    max_leaves=6,
)


def cuts(values: some.SearchStrategy[Any] = VALUES) -> some.SearchStrategy[list[tuple[int, Any]]]:
    """Return where to cut, and what to put there."""
    return some.lists(some.tuples(some.integers(0, 5000), values), min_size=1, max_size=5)


def damaged(whole: Any, cut: Sequence[tuple[int, Any]], spared: Collection[str] = ()) -> Any:
    """Return a copy with some parts replaced; the keys `spared` at the top are left alone."""
    whole = copy.deepcopy(whole)
    for place, value in cut:
        spots = list(_spots(whole, spared))
        if not spots:
            break
        inside, key = spots[place % len(spots)]
        if value == GONE:
            del inside[key]
        else:
            inside[key] = copy.deepcopy(value)
    return whole


def _spots(part: Any, spared: Collection[str] = ()) -> Iterator[tuple[Any, Any]]:
    """Yield (container, key) of every part, however deep."""
    keys = part if isinstance(part, dict) else range(len(part)) if isinstance(part, list) else ()
    for key in list(keys):
        if key not in spared:
            yield part, key
            yield from _spots(part[key])
