"""Which phrasings of a document say each feature, and how strongly."""

from __future__ import annotations

from array import array
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Self

from bot.answering.features import SCALE
from bot.answering.packed_vector import Row, apart, at_most, lessened, row_of

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

MANY = 12
"""A feature of so many phrasings is added up by lanes, and not one by one."""


@dataclass(slots=True)
class PhrasingMatrix:
    """The postings of one document, opened when a question is first held against them."""

    features: Sequence[str]
    sizes: Sequence[int]
    """In how many phrasings each feature stands."""
    pairs: bytes
    """Feature by feature, (phrasing, weight in hundredths), a byte each."""
    weights: array[int]
    """The total weight of each phrasing, in hundredths."""
    _opened: tuple[dict[str, bytes], dict[str, Row]] | None = field(
        default=None, init=False, repr=False, compare=False
    )

    @classmethod
    def of(cls, phrasings: Sequence[Mapping[str, float]], kept: Container[str]) -> Self:
        """Return the matrix of phrasings, given as features, for the features in `kept`."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for number, told in enumerate(phrasings):
            for feature, weight in told.items():
                if feature in kept:
                    found[feature] += (number, round(weight * SCALE))
        return cls(
            features=list(found),
            sizes=[len(pairs) // 2 for pairs in found.values()],
            pairs=b"".join(map(bytes, found.values())),
            weights=array("H", [round(sum(told.values()) * SCALE) for told in phrasings]),
        )

    def shared(self, told: Mapping[str, float]) -> list[int]:
        """Return the weight of all that a question shares with each phrasing, in hundredths.

        No lane overflows: it holds at most the phrasing's own weight, which fits one.
        """
        few, many = self._parts()
        phrasings = len(self.weights)
        together = 0
        singly: list[tuple[bytes, int]] = []
        for feature, weight in told.items():
            most = round(weight * SCALE)
            if (row := many.get(feature)) is not None:
                together += row.together if row.most <= most else lessened(row, most, phrasings)
            elif (pairs := few.get(feature)) is not None:
                singly.append((pairs, most))
        shared = apart(together, phrasings)
        for pairs, most in singly:
            lesser = pairs[1::2].translate(at_most(most))
            for phrasing, number in zip(pairs[::2], lesser, strict=True):
                shared[phrasing] += number
        return shared

    def _parts(self) -> tuple[dict[str, bytes], dict[str, Row]]:
        """Return the pairs of features that few phrasings have, and a row of each that many do."""
        if self._opened is None:
            few: dict[str, bytes] = {}
            many: dict[str, Row] = {}
            ends = accumulate((2 * size for size in self.sizes), initial=0)
            for feature, (start, end) in zip(self.features, pairwise(ends), strict=True):
                pairs = self.pairs[start:end]
                if end - start < 2 * MANY:
                    few[feature] = pairs
                else:
                    numbers = zip(pairs[::2], pairs[1::2], strict=True)
                    many[feature] = row_of(numbers, len(self.weights))
            self._opened = few, many
        return self._opened
