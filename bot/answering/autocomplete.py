"""Completes what somebody is typing, from memory: Discord gives no time for more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from rapidfuzz import fuzz, process

from bot.answering.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.index.scope import Scope

Item = TypeVar("Item")

MOST = 25
"""Discord shows at most 25 choices (API reference, application commands, autocomplete)."""
ALIKE = 65
"""From this likeness on, of 100, a misspelt text still finds its item."""


class Autocompleter(Generic[Item]):
    """Items by the text that stands for them, each of a pack."""

    def __init__(self, items: Sequence[tuple[str, str, Item]]) -> None:
        """Take (text, pack, item) in the order in which items are shown when nothing is typed."""
        self._items = items
        self._folded = [fold(text) for text, _, _ in items]

    def complete(self, typed: str, scope: Scope) -> tuple[Item, ...]:
        """Return at most 25 items in scope, those that fit the text best first."""
        wanted = fold(typed).strip()
        places = [at for at, (_, pack, _) in enumerate(self._items) if pack in scope]
        if wanted:
            places = self._fitting(wanted, places)
        chosen: dict[Item, None] = {}  # two packs may hold the same title or theme
        for at in places:
            chosen[self._items[at][2]] = None
            if len(chosen) == MOST:
                break
        return tuple(chosen)

    def _fitting(self, wanted: str, places: Sequence[int]) -> list[int]:
        words = wanted.split()
        exact = [at for at in places if _has_all(words, self._folded[at])]
        if len({self._folded[at] for at in exact}) >= MOST:
            return exact
        near = process.extract(
            wanted,
            {at: self._folded[at] for at in places},
            scorer=_scorer(wanted),
            score_cutoff=ALIKE,
            limit=MOST * 2,
        )
        listed = set(exact)
        return exact + [at for _, _, at in near if at not in listed]


def _has_all(words: Sequence[str], text: str) -> bool:
    """Tell whether every word begins a word of the text."""
    begun = text.replace("/", " ").replace('"', " ").split()
    return all(any(word.startswith(start) for word in begun) for start in words)


def _scorer(wanted: str) -> Callable[..., float]:
    """Return how texts are compared: part of one against the whole of what is typed."""
    return fuzz.partial_ratio if len(wanted.split()) == 1 else fuzz.token_set_ratio
