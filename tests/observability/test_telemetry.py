"""An interaction that nobody answers, and what Discord says too late."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import discord
import pytest
import yarl

from bot.client.responding import DEFERRED, TRIED_AGAIN
from bot.client.telemetry import Telemetry, metric_name
from tests.support.tally import Tally


class Watched:
    """Telemetry whose clock is moved by hand."""

    def __init__(self) -> None:
        self.tally = Tally()
        self.seconds = 100.0
        self.telemetry = Telemetry(self.tally, lambda: self.seconds)

    def receive(self, token: str, **extras: Any) -> None:
        interaction = SimpleNamespace(
            token=token,
            extras=extras,
            type=discord.InteractionType.component,
            data={"custom_id": "ln1:fact:a:b"},
        )
        self.telemetry.on_event("interaction", (interaction,))

    async def request(self, path: str, status: int, **headers: str) -> None:
        response = SimpleNamespace(status=status, headers=headers)
        url = yarl.URL(f"http://127.0.0.1/api/v10{path}")
        end = SimpleNamespace(response=response, url=url)
        await self.telemetry._on_request_end(None, None, end)


@pytest.fixture
def watched() -> Watched:
    return Watched()


async def test_after_three_seconds_it_is_unanswered(watched: Watched) -> None:
    watched.receive("one")
    watched.seconds += 3.1
    watched.receive("two")
    assert watched.tally.interactions == [("fact (pressed)", "unanswered")]
    assert list(watched.telemetry._unanswered) == ["two"]


async def test_a_deferred_one_is_given_a_quarter_of_an_hour(watched: Watched) -> None:
    watched.receive("one", **{DEFERRED: True})
    await watched.request("/interactions/1/one/callback", 204)
    watched.seconds += 800
    watched.receive("two")
    assert ("fact (pressed)", "unanswered") not in watched.tally.interactions
    watched.seconds += 101
    watched.receive("three")
    assert watched.tally.interactions == [("fact (pressed)", "unanswered")] * 2
    assert watched.telemetry._deferred == {}


@pytest.mark.parametrize(("status", "outcome"), [(404, "too late"), (400, "not accepted")])
async def test_what_discord_does_not_take_is_counted_so(
    watched: Watched, status: int, outcome: str
) -> None:
    watched.receive("one")
    await watched.request("/interactions/1/one/callback", status)
    assert watched.tally.interactions == [("fact (pressed)", outcome)]


async def test_what_was_sent_twice_and_came_twice_is_an_answer(watched: Watched) -> None:
    watched.receive("one", **{TRIED_AGAIN: True})
    await watched.request("/interactions/1/one/callback", 400)
    assert watched.tally.interactions == [("fact (pressed)", "answered")]


async def test_a_fault_of_discords_is_no_end_for_it_is_tried_again(watched: Watched) -> None:
    watched.receive("one")
    await watched.request("/interactions/1/one/callback", 502)
    assert watched.tally.interactions == []
    await watched.request("/interactions/1/one/callback", 204)
    assert watched.tally.interactions == [("fact (pressed)", "answered")]


def test_a_shard_that_never_connects_shows_all_the_same(watched: Watched) -> None:
    watched.telemetry.on_event("shard_ready", (0,))
    watched.telemetry.expect_shards(range(2))
    assert watched.tally.shards == [(0, "ready"), (1, "connecting")]


async def test_requests_of_others_are_not_counted(watched: Watched) -> None:
    await watched.request("/interactions/1/unheard-of/callback", 204)
    await watched.request("/webhooks/1/unheard-of/messages/@original", 200)
    await watched.request("/channels/1/messages", 200)
    assert watched.tally == Tally()


@pytest.mark.parametrize(("header", "seconds"), [("2.5", 2.5), ("", 0.0), ("soon", 0.0)])
async def test_a_wait_is_read_from_the_header(
    watched: Watched, header: str, seconds: float
) -> None:
    headers = {"Retry-After": header, "X-RateLimit-Scope": "user"}
    await watched.request("/channels/1/messages", 429, **headers)
    assert watched.tally.rate_limits == [("user", seconds)]


def test_a_custom_id_of_others_makes_no_metric_name_its_own() -> None:
    for custom_id in ("typed words", "", "lnx:fact"):
        pressed: Any = SimpleNamespace(
            type=discord.InteractionType.modal_submit, data={"custom_id": custom_id}
        )
        assert metric_name(pressed) == "unknown"
