"""The deck: no repeats before all are seen, and rest across rounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from bot.scheduling.models import FACT
from bot.scheduling.rotation import Draw, draw_next, list_unseen

if TYPE_CHECKING:
    from collections.abc import Collection

SEEDS = st.text(max_size=8)


def deal(quotes: Collection[str], last: dict[str, Draw], seed: str, count: int) -> list[str]:
    """Draw `count` times, noting each draw as the ledger would."""
    dealt = []
    for _ in range(count):
        drawn = draw_next(quotes, last, seed)
        assert drawn is not None
        last[drawn.quote] = drawn
        dealt.append(drawn.quote)
    return dealt


def names(count: int) -> list[str]:
    return [f"quote-{number}" for number in range(count)]


@given(st.integers(1, 40), SEEDS)
def test_nothing_repeats_until_all_are_seen(count: int, seed: str) -> None:
    last: dict[str, Draw] = {}
    for _ in range(3):
        assert sorted(deal(names(count), last, seed, count)) == sorted(names(count))


@given(st.integers(2, 40), SEEDS)
def test_no_quote_returns_within_half_a_deck(count: int, seed: str) -> None:
    dealt = deal(names(count), {}, seed, 4 * count)
    for place, quote in enumerate(dealt):
        assert quote not in dealt[max(0, place - count // 2) : place]


@given(st.integers(1, 30), SEEDS)
def test_the_same_seed_deals_the_same_order(count: int, seed: str) -> None:
    forward = deal(names(count), {}, seed, 3 * count)
    assert deal(list(reversed(names(count))), {}, seed, 3 * count) == forward


def test_another_seed_deals_another_order_and_each_round_is_shuffled_anew() -> None:
    one, two = deal(names(20), {}, "a", 40), deal(names(20), {}, "b", 20)
    assert one[:20] != two
    assert one[:20] != one[20:]


@given(st.data(), SEEDS)
def test_additions_join_the_round_and_removals_drop_out(data: st.DataObject, seed: str) -> None:
    quotes, last, draws = set(names(10)), dict[str, Draw](), list[str]()
    for step in range(60):
        match data.draw(st.sampled_from(["draw", "draw", "draw", "add", "remove"])):
            case "add":
                quotes.add(f"added-{step}")
            case "remove" if len(quotes) > 1:
                quotes.discard(data.draw(st.sampled_from(sorted(quotes))))
            case _:
                waiting = list_unseen(quotes, last)
                drawn = draw_next(quotes, last, seed)
                assert drawn is not None
                assert drawn.quote in (waiting or quotes)
                assert (
                    drawn.quote not in draws[len(draws) - len(quotes) // 2 :]
                    or not len(quotes) // 2
                )
                last[drawn.quote] = drawn
                draws.append(drawn.quote)


def test_an_added_quote_is_seen_before_the_round_ends() -> None:
    last: dict[str, Draw] = {}
    deal(names(5), last, "seed", 3)
    assert "new" in deal([*names(5), "new"], last, "seed", 3)


def test_an_empty_deck_draws_nothing() -> None:
    assert draw_next([], {}, "seed") is None


def test_what_is_unseen_is_counted_in_the_round_under_way() -> None:
    last: dict[str, Draw] = {}
    assert len(list_unseen(names(4), last)) == 4
    deal(names(4), last, "seed", 1)
    assert len(list_unseen(names(4), last)) == 3
    deal(names(4), last, "seed", 3)
    assert not list_unseen(names(4), last)


def test_quotes_and_facts_are_decks_of_their_own() -> None:
    facts = [f"{FACT}{name}" for name in names(6)]
    last: dict[str, Draw] = {}
    for _ in range(2):
        quotes_dealt: list[str] = []
        facts_dealt: list[str] = []
        for turn in range(24):
            deck, dealt = ((names(4), quotes_dealt), (facts, facts_dealt))[turn % 2]
            dealt += deal(deck, last, "seed", 1)
        # Twelve of each: three rounds of the quotes, two of the facts, none cut short.
        assert all(sorted(quotes_dealt[at : at + 4]) == names(4) for at in (0, 4, 8))
        assert all(sorted(facts_dealt[at : at + 6]) == sorted(facts) for at in (0, 6))
    assert not list_unseen(names(4), last)
