"""The waits before a lost connection is opened again, by a clock that is moved by hand."""

from __future__ import annotations

from random import Random

from bot.client.backoff import FIRST_WAIT, MAX_WAIT, STEADY_SECONDS, Backoff


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_however_long_the_outage_no_wait_is_longer_than_a_minute() -> None:
    backoff = Backoff(lambda: 0.999)
    waits = [backoff.next_delay() for _ in range(3000)]
    assert waits[0] < FIRST_WAIT < waits[3] < waits[6] < MAX_WAIT
    assert max(waits) <= MAX_WAIT


def test_two_bots_of_the_same_outage_do_not_come_back_together() -> None:
    one, other = Backoff(Random(1).random), Backoff(Random(2).random)
    assert all(one.next_delay() != other.next_delay() for _ in range(20))


def test_a_good_connection_sets_the_wait_back_and_one_soon_lost_does_not() -> None:
    seconds = Seconds()
    backoff = Backoff(lambda: 0.0, seconds)
    long = [backoff.next_delay() for _ in range(12)][-1]
    backoff.on_connected()
    seconds.now += STEADY_SECONDS - 1
    assert backoff.next_delay() == long
    backoff.on_connected()
    seconds.now += STEADY_SECONDS
    assert backoff.next_delay() == FIRST_WAIT / 2
