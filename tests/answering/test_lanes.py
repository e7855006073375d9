"""Sums by lanes are the sums number by number."""

from __future__ import annotations

from array import array

from hypothesis import given
from hypothesis import strategies as some

from bot.answering.packed_vector import apart, lessened, row_of, weighed

LANES = 7
BYTES = some.lists(some.integers(0, 255), min_size=LANES, max_size=LANES)
NUMBERS = some.lists(some.integers(0, 1_000), min_size=LANES, max_size=LANES)


@given(some.lists(some.tuples(BYTES, some.integers(0, 255)), max_size=150))
def test_rows_add_up_lane_by_lane_each_lessened(rows: list[tuple[list[int], int]]) -> None:
    together = sum(
        lessened(row_of(enumerate(numbers), LANES), most, LANES) for numbers, most in rows
    )

    plain = [sum(min(numbers[lane], most) for numbers, most in rows) for lane in range(LANES)]
    assert apart(together, LANES) == plain


def test_a_lane_without_a_number_is_zero() -> None:
    one = row_of([(2, 255)], LANES)

    assert apart(one.together, LANES) == [0, 0, 255, 0, 0, 0, 0]
    assert one.most == 255


def test_a_row_of_no_lanes_is_empty() -> None:
    assert apart(row_of([], 0).together, 0) == []


@given(some.lists(some.tuples(some.integers(0, 100), NUMBERS), max_size=300))
def test_weighted_rows_add_up_lane_by_lane(rows: list[tuple[int, list[int]]]) -> None:
    found = weighed([(weight, array("I", numbers)) for weight, numbers in rows], LANES)

    plain = [sum(weight * numbers[lane] for weight, numbers in rows) for lane in range(LANES)]
    assert list(found) == plain
