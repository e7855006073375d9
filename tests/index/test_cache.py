from __future__ import annotations

from typing import TYPE_CHECKING

from bot.index.cache import BatchCache

if TYPE_CHECKING:
    from collections.abc import Sequence


class Loader:
    """Squares of even numbers, and what was looked up."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, ...]] = []

    def load(self, keys: Sequence[int]) -> dict[int, int]:
        self.asked.append(tuple(keys))
        return {key: key * key for key in keys if key % 2 == 0}


def test_values_come_in_the_order_of_their_keys_and_strangers_are_left_out() -> None:
    cache = BatchCache(8, Loader().load)
    cache.get_many([4])

    assert list(cache.get_many([6, 3, 4, 2]).values()) == [36, 16, 4]


def test_only_what_is_not_at_hand_is_looked_up() -> None:
    loader = Loader()
    cache = BatchCache(8, loader.load)

    cache.get_many([2, 4])
    cache.get_many([4, 2])
    cache.get_many([4, 6])

    assert loader.asked == [(2, 4), (6,)]


def test_what_was_used_longest_ago_is_forgotten_first() -> None:
    loader = Loader()
    cache = BatchCache(2, loader.load)
    cache.get_many([2, 4])
    cache.get_many([2])

    cache.get_many([6])
    cache.get_many([2])
    cache.get_many([4])

    assert loader.asked == [(2, 4), (6,), (4,)]


def test_a_key_asked_for_twice_in_one_call_is_looked_up_once() -> None:
    loader = Loader()
    cache = BatchCache(8, loader.load)

    assert cache.get_many([2, 2, 3]) == {2: 4}
    assert loader.asked == [(2, 3)]


def test_only_a_key_that_the_index_has_as_well_is_kept_as_it_is() -> None:
    hidden: list[str] = []

    def hide(key: str) -> str:
        hidden.append(key)
        return key.upper()

    known = {"owl": "in the index"}
    loaded: list[str] = []

    def load(keys: Sequence[str]) -> dict[str, str]:
        loaded.extend(keys)
        return {key: known.get(key, "") for key in keys}

    cache = BatchCache(8, load, hide, is_indexed=bool)
    cache.get_many(["owl", "zebra"])
    hidden.clear()

    assert [cache.get("owl"), cache.get("zebra")] == ["in the index", ""]
    assert hidden == ["zebra"]
    assert loaded == ["owl", "zebra"]
