"""What a question shares with each phrasing, however the postings are kept."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from bot.answering.phrasing_matrix import MANY, PhrasingMatrix

FEATURES = [f"w:{letter}" for letter in "abcdefgh"]
WEIGHTS = some.integers(1, 100).map(lambda hundredths: hundredths / 100)
TOLD = some.dictionaries(some.sampled_from(FEATURES), WEIGHTS)


@given(
    some.sampled_from([0, 1, MANY - 1, MANY, MANY + 1, 255]).flatmap(
        lambda size: some.lists(TOLD, min_size=size, max_size=size)
    ),
    some.frozensets(some.sampled_from(FEATURES)),
    TOLD,
)
def test_what_is_shared_is_the_lesser_weight_of_each_kept_feature(
    phrasings: list[dict[str, float]], kept: frozenset[str], asked: dict[str, float]
) -> None:
    postings = PhrasingMatrix.of(phrasings, kept)

    assert postings.shared(asked) == [
        sum(
            min(round(100 * weight), round(100 * told.get(feature, 0.0)))
            for feature, weight in asked.items()
            if feature in kept
        )
        for told in phrasings
    ]


def test_a_phrasing_weighs_all_that_it_says_kept_or_not() -> None:
    postings = PhrasingMatrix.of([{"w:a": 0.5, "p:a b": 0.3}, {}], {"w:a"})

    assert list(postings.weights) == [80, 0]
    assert postings.features == ["w:a"]
