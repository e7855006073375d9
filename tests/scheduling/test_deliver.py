"""Lost replies, outages, and what is done about a post in doubt: never twice, never silent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.scheduling.limits import Limits
from bot.scheduling.models import Outcome
from bot.scheduling.worker.deliver import MAX_SEARCHES
from tests.scheduling.conftest import CHANNEL, GUILD, Harness
from tests.support.discord import Fate


async def posted_once(harness: Harness) -> None:
    """Assert that the channel has one post, and that the ledger knows it."""
    (message,) = harness.discord.messages[CHANNEL]
    (delivery,) = await harness.history()
    assert delivery.outcome is Outcome.SENT
    assert delivery.message_id == message.id


@pytest.mark.parametrize(
    "fate",
    [Fate.LOST_REPLY, Fate.LOST_REQUEST, Fate.SERVER_ERROR, Fate.RATE_LIMITED, Fate.UNREACHABLE],
)
@pytest.mark.parametrize("times", [1, 3, 12])
async def test_a_post_survives_what_passes(harness: Harness, fate: Fate, times: int) -> None:
    await harness.add()
    harness.clock.forward(hours=1)
    harness.discord.fates.extend([fate] * times)
    await harness.work_for(hours=1)
    await posted_once(harness)


async def test_soon_after_a_lost_reply_the_same_nonce_is_sent_again(harness: Harness) -> None:
    await harness.add()
    harness.clock.forward(hours=1)
    harness.discord.fates.append(Fate.LOST_REPLY)
    await harness.work()
    harness.clock.forward(seconds=30)
    await harness.work()
    assert [kind for _, kind, _ in harness.discord.requests if kind != "fetch_guild_ids"] == [
        "send",
        "send",
    ]
    await posted_once(harness)


async def test_later_the_channel_is_searched_and_nothing_is_sent_again(harness: Harness) -> None:
    await harness.add()
    harness.clock.forward(hours=1)
    harness.discord.fates.append(Fate.LOST_REPLY)
    await harness.work()
    harness.clock.forward(minutes=10)
    await harness.work()
    assert [kind for _, kind, _ in harness.discord.requests if kind != "fetch_guild_ids"] == [
        "send",
        "find",
    ]
    await posted_once(harness)


async def test_a_post_that_was_deleted_while_in_doubt_is_posted_again_and_stands_there_once(
    harness: Harness,
) -> None:
    """It cannot be told from one that never arrived: docs/hosting.md says so."""
    await harness.add()
    harness.clock.forward(hours=1)
    harness.discord.fates.append(Fate.LOST_REPLY)
    await harness.work()
    harness.discord.messages[CHANNEL].clear()
    harness.clock.forward(minutes=10)
    await harness.work()
    await harness.work()
    await posted_once(harness)


async def test_few_posts_are_searched_for_at_once_and_all_are_found(harness: Harness) -> None:
    for number in range(10):
        await harness.add(f"post {number}")
    harness.clock.forward(hours=1)
    harness.discord.fates.extend([Fate.LOST_REPLY] * 10)
    await harness.work()
    harness.clock.forward(minutes=10)
    await harness.work()
    assert 1 < harness.discord.most_searches <= MAX_SEARCHES
    assert [delivery.outcome for delivery in await harness.history()] == [Outcome.SENT] * 10
    assert len(harness.discord.messages[CHANNEL]) == 10


async def test_what_is_not_found_is_sent(harness: Harness) -> None:
    await harness.add()
    harness.clock.forward(hours=1)
    harness.discord.fates.append(Fate.LOST_REQUEST)
    await harness.work()
    harness.clock.forward(minutes=10)
    await harness.work()
    await harness.work()
    await posted_once(harness)


async def test_what_cannot_be_known_is_never_sent_again_and_the_admin_is_told(
    harness: Harness,
) -> None:
    await harness.add()
    harness.discord.unreadable.add(CHANNEL)
    harness.clock.forward(hours=1)
    harness.discord.fates.append(Fate.LOST_REPLY)
    await harness.work()
    harness.clock.forward(minutes=10)
    await harness.work_for(minutes=10)
    (delivery,) = await harness.history()
    assert delivery.outcome is Outcome.UNKNOWN
    assert len(harness.discord.messages[CHANNEL]) == 1
    ((_, _, text),) = harness.discord.alerts
    assert "may or may not have been posted" in text
    assert "may not read the channel’s history" in text


async def test_a_refusal_after_a_lost_reply_is_searched_before_it_is_called_a_failure(
    harness: Harness,
) -> None:
    await harness.add()
    harness.clock.forward(hours=1)
    harness.discord.fates.extend([Fate.LOST_REPLY, Fate.FORBIDDEN])
    await harness.work_for(minutes=2)
    await posted_once(harness)
    assert harness.discord.alerts == []


async def test_an_answer_that_never_comes_ends_inside_the_lease(harness: Harness) -> None:
    harness.limits = Limits(request_timeout=timedelta(milliseconds=50))
    await harness.add()
    harness.clock.forward(hours=1)
    harness.discord.fates.append(Fate.HANGS)
    await harness.work()
    harness.clock.forward(seconds=30)
    await harness.work()
    await posted_once(harness)


@pytest.mark.parametrize("fate", [Fate.UNREACHABLE, Fate.SERVER_ERROR, Fate.LOST_REQUEST])
async def test_an_outage_shorter_than_the_window_makes_a_post_late_and_not_lost(
    harness: Harness, fate: Fate
) -> None:
    await harness.add()
    harness.clock.forward(hours=1)
    worker = harness.worker()
    harness.discord.always = lambda _, __: fate
    await harness.work_for(worker, hours=5)
    harness.discord.always = None
    await harness.work_for(worker, hours=1)
    await posted_once(harness)


@pytest.mark.parametrize("fate", [Fate.UNREACHABLE, Fate.SERVER_ERROR])
async def test_an_outage_longer_than_the_window_is_told(harness: Harness, fate: Fate) -> None:
    await harness.add()
    harness.clock.forward(hours=1)
    worker = harness.worker()
    harness.discord.always = lambda _, __: fate
    await harness.work_for(worker, hours=7)
    harness.discord.always = None
    await harness.work_for(worker, hours=1)
    (delivery,) = await harness.history()
    assert delivery.outcome is Outcome.FAILED
    ((_, _, text),) = harness.discord.alerts
    assert "could not be reached within 360 minutes" in text
    assert harness.discord.messages[CHANNEL] == []


async def test_an_accepted_post_is_found_even_after_its_window(harness: Harness) -> None:
    await harness.add()
    harness.clock.forward(hours=1)
    worker = harness.worker()
    harness.discord.fates.append(Fate.LOST_REPLY)
    await harness.work(worker)
    harness.discord.always = lambda _, __: Fate.SERVER_ERROR
    await harness.work_for(worker, hours=8)
    harness.discord.always = None
    await harness.work_for(worker, hours=1)
    await posted_once(harness)
    assert harness.discord.alerts == []


async def test_a_search_that_never_gets_an_answer_ends_as_unknown(harness: Harness) -> None:
    harness.limits = Limits(search_beyond=timedelta(hours=1))
    await harness.add(window=timedelta(hours=1))
    harness.clock.forward(hours=1)
    worker = harness.worker()
    harness.discord.always = lambda _, __: Fate.SERVER_ERROR
    await harness.work_for(worker, hours=3)
    (delivery,) = await harness.history()
    assert delivery.outcome is Outcome.UNKNOWN
    harness.discord.always = None
    await harness.work_for(worker, minutes=10)
    assert len(harness.discord.alerts) == 1


async def test_two_posters_on_one_state_post_each_schedule_once(harness: Harness) -> None:
    for number in range(10):
        await harness.add(f"schedule {number}", channel_id=number + 1)
    harness.clock.forward(hours=1)
    one, two = harness.worker("one"), harness.worker("two")
    for _ in range(3):
        await one.take()
        await two.take()
        await one.finish()
        await two.finish()
    assert [len(harness.discord.posted(number + 1)) for number in range(10)] == [1] * 10


async def test_a_claim_whose_holder_died_is_taken_up_after_its_lease(harness: Harness) -> None:
    await harness.add()
    harness.clock.forward(hours=1)
    dead, living = harness.worker("dead"), harness.worker("living")
    await dead._deliveries.claim_due(10)
    await harness.work(living)
    assert harness.discord.posted(CHANNEL) == []
    harness.clock.forward(seconds=61)
    await harness.work(living)
    await posted_once(harness)


async def test_who_comes_back_after_its_lease_does_not_send(harness: Harness) -> None:
    await harness.add()
    harness.clock.forward(hours=1)
    slow, quick = harness.worker("slow"), harness.worker("quick")
    (deliveries, _) = await slow._deliveries.claim_due(10)
    harness.clock.forward(seconds=61)
    await harness.work(quick)
    await slow._deliverer.deliver(deliveries[0])
    assert sum(kind == "send" for _, kind, _ in harness.discord.requests) == 1
    await posted_once(harness)


async def test_a_post_on_the_spot_is_made_once_an_interaction(harness: Harness) -> None:
    await harness.add()
    delivery = await harness.schedules.post_now(GUILD, "morning", interaction_id=5)
    again = await harness.schedules.post_now(GUILD, "morning", interaction_id=5)
    await harness.work()
    assert delivery.id == again.id
    assert len(harness.discord.posted(CHANNEL)) == 1
    harness.clock.forward(hours=1)
    await harness.work()
    assert len(set(harness.discord.posted(CHANNEL))) == 2


async def test_the_loop_survives_a_fault_of_its_parts_and_goes_on(
    harness: Harness,
) -> None:
    await harness.add()
    harness.clock.forward(hours=1)
    failures = iter([RuntimeError("a bug"), OSError("a disk")])
    rounds = 0

    async def eligible(packs: frozenset[str] | None, speaker: str | None) -> list[str]:
        nonlocal rounds
        rounds += 1
        if failure := next(failures, None):
            raise failure
        worker.stop()
        return ["duo-1"]

    harness.quotes.eligible = eligible  # type: ignore[method-assign] # a fault inside a port
    worker = harness.worker()
    with capture_logs() as logs:
        await worker.run()
    assert rounds == 3
    assert harness.discord.posted(CHANNEL) == ["duo-1"]
    survived = "posting goes on after something unexpected"
    assert [one["event"] for one in logs] == [survived] * 2
