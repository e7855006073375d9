"""Lost replies, outages, and what is done about a post in doubt: never twice, never silent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.scheduling.limits import Limits
from bot.scheduling.models import Outcome
from bot.scheduling.worker.deliver import SEARCHES_AT_ONCE
from tests.scheduling.conftest import CHANNEL, GUILD, Desk, long_on_postgres
from tests.support.discord import Fate


async def posted_once(desk: Desk) -> None:
    """Assert that the channel has one post, and that the ledger knows it."""
    (message,) = desk.discord.messages[CHANNEL]
    (delivery,) = await desk.ledger()
    assert delivery.outcome is Outcome.SENT
    assert delivery.message_id == message.id


@long_on_postgres
@pytest.mark.parametrize(
    "fate",
    [Fate.LOST_REPLY, Fate.LOST_REQUEST, Fate.SERVER_ERROR, Fate.RATE_LIMITED, Fate.UNREACHABLE],
)
@pytest.mark.parametrize("times", [1, 3, 12])
async def test_a_post_survives_what_passes(desk: Desk, fate: Fate, times: int) -> None:
    await desk.add()
    desk.clock.forward(hours=1)
    desk.discord.fates.extend([fate] * times)
    await desk.work_for(hours=1)
    await posted_once(desk)


async def test_soon_after_a_lost_reply_the_same_nonce_is_sent_again(desk: Desk) -> None:
    await desk.add()
    desk.clock.forward(hours=1)
    desk.discord.fates.append(Fate.LOST_REPLY)
    await desk.work()
    desk.clock.forward(seconds=30)
    await desk.work()
    assert [kind for _, kind, _ in desk.discord.requests if kind != "joined"] == ["send", "send"]
    await posted_once(desk)


async def test_later_the_channel_is_searched_and_nothing_is_sent_again(desk: Desk) -> None:
    await desk.add()
    desk.clock.forward(hours=1)
    desk.discord.fates.append(Fate.LOST_REPLY)
    await desk.work()
    desk.clock.forward(minutes=10)
    await desk.work()
    assert [kind for _, kind, _ in desk.discord.requests if kind != "joined"] == ["send", "find"]
    await posted_once(desk)


async def test_few_posts_are_searched_for_at_once_and_all_are_found(desk: Desk) -> None:
    for number in range(10):
        await desk.add(f"post {number}")
    desk.clock.forward(hours=1)
    desk.discord.fates.extend([Fate.LOST_REPLY] * 10)
    await desk.work()
    desk.clock.forward(minutes=10)
    await desk.work()
    assert 1 < desk.discord.most_searches <= SEARCHES_AT_ONCE
    assert [delivery.outcome for delivery in await desk.ledger()] == [Outcome.SENT] * 10
    assert len(desk.discord.messages[CHANNEL]) == 10


async def test_what_is_not_found_is_sent(desk: Desk) -> None:
    await desk.add()
    desk.clock.forward(hours=1)
    desk.discord.fates.append(Fate.LOST_REQUEST)
    await desk.work()
    desk.clock.forward(minutes=10)
    await desk.work()
    await desk.work()
    await posted_once(desk)


async def test_what_cannot_be_known_is_never_sent_again_and_the_admin_is_told(desk: Desk) -> None:
    await desk.add()
    desk.discord.unreadable.add(CHANNEL)
    desk.clock.forward(hours=1)
    desk.discord.fates.append(Fate.LOST_REPLY)
    await desk.work()
    desk.clock.forward(minutes=10)
    await desk.work_for(minutes=10)
    (delivery,) = await desk.ledger()
    assert delivery.outcome is Outcome.UNKNOWN
    assert len(desk.discord.messages[CHANNEL]) == 1
    ((_, _, text),) = desk.discord.alerts
    assert "may or may not have been posted" in text
    assert "may not read the history" in text


async def test_a_refusal_after_a_lost_reply_is_searched_before_it_is_called_a_failure(
    desk: Desk,
) -> None:
    await desk.add()
    desk.clock.forward(hours=1)
    desk.discord.fates.extend([Fate.LOST_REPLY, Fate.FORBIDDEN])
    await desk.work_for(minutes=2)
    await posted_once(desk)
    assert desk.discord.alerts == []


async def test_an_answer_that_never_comes_ends_inside_the_lease(desk: Desk) -> None:
    desk.limits = Limits(send=timedelta(milliseconds=50))
    await desk.add()
    desk.clock.forward(hours=1)
    desk.discord.fates.append(Fate.HANGS)
    await desk.work()
    desk.clock.forward(seconds=30)
    await desk.work()
    await posted_once(desk)


@long_on_postgres
@pytest.mark.parametrize("fate", [Fate.UNREACHABLE, Fate.SERVER_ERROR, Fate.LOST_REQUEST])
async def test_an_outage_shorter_than_the_window_makes_a_post_late_and_not_lost(
    desk: Desk, fate: Fate
) -> None:
    await desk.add()
    desk.clock.forward(hours=1)
    worker = desk.worker()
    desk.discord.always = lambda _, __: fate
    await desk.work_for(worker, hours=5)
    desk.discord.always = None
    await desk.work_for(worker, hours=1)
    await posted_once(desk)


@long_on_postgres
@pytest.mark.parametrize("fate", [Fate.UNREACHABLE, Fate.SERVER_ERROR])
async def test_an_outage_longer_than_the_window_is_told(desk: Desk, fate: Fate) -> None:
    await desk.add()
    desk.clock.forward(hours=1)
    worker = desk.worker()
    desk.discord.always = lambda _, __: fate
    await desk.work_for(worker, hours=7)
    desk.discord.always = None
    await desk.work_for(worker, hours=1)
    (delivery,) = await desk.ledger()
    assert delivery.outcome is Outcome.FAILED
    ((_, _, text),) = desk.discord.alerts
    assert "could not be reached within 360 minutes" in text
    assert desk.discord.messages[CHANNEL] == []


async def test_an_accepted_post_is_found_even_after_its_window(desk: Desk) -> None:
    await desk.add()
    desk.clock.forward(hours=1)
    worker = desk.worker()
    desk.discord.fates.append(Fate.LOST_REPLY)
    await desk.work(worker)
    desk.discord.always = lambda _, __: Fate.SERVER_ERROR
    await desk.work_for(worker, hours=8)
    desk.discord.always = None
    await desk.work_for(worker, hours=1)
    await posted_once(desk)
    assert desk.discord.alerts == []


async def test_a_search_that_never_gets_an_answer_ends_as_unknown(desk: Desk) -> None:
    desk.limits = Limits(search_beyond=timedelta(hours=1))
    await desk.add(window=timedelta(hours=1))
    desk.clock.forward(hours=1)
    worker = desk.worker()
    desk.discord.always = lambda _, __: Fate.SERVER_ERROR
    await desk.work_for(worker, hours=3)
    (delivery,) = await desk.ledger()
    assert delivery.outcome is Outcome.UNKNOWN
    desk.discord.always = None
    await desk.work_for(worker, minutes=10)
    assert len(desk.discord.alerts) == 1


async def test_two_posters_on_one_state_post_each_schedule_once(desk: Desk) -> None:
    for number in range(10):
        await desk.add(f"schedule {number}", channel_id=number + 1)
    desk.clock.forward(hours=1)
    one, two = desk.worker("one"), desk.worker("two")
    for _ in range(3):
        await one.take()
        await two.take()
        await one.finish()
        await two.finish()
    assert [len(desk.discord.posted(number + 1)) for number in range(10)] == [1] * 10


async def test_a_claim_whose_holder_died_is_taken_up_after_its_lease(desk: Desk) -> None:
    await desk.add()
    desk.clock.forward(hours=1)
    dead, living = desk.worker("dead"), desk.worker("living")
    await dead._claimer.take_due(10)
    await desk.work(living)
    assert desk.discord.posted(CHANNEL) == []
    desk.clock.forward(seconds=61)
    await desk.work(living)
    await posted_once(desk)


async def test_who_comes_back_after_its_lease_does_not_send(desk: Desk) -> None:
    await desk.add()
    desk.clock.forward(hours=1)
    slow, quick = desk.worker("slow"), desk.worker("quick")
    (deliveries, _) = await slow._claimer.take_due(10)
    desk.clock.forward(seconds=61)
    await desk.work(quick)
    await slow._deliverer.deliver(deliveries[0])
    assert sum(kind == "send" for _, kind, _ in desk.discord.requests) == 1
    await posted_once(desk)


async def test_a_post_on_the_spot_is_made_once_an_interaction(desk: Desk) -> None:
    await desk.add()
    delivery = await desk.schedules.post_now(GUILD, "morning", interaction_id=5)
    again = await desk.schedules.post_now(GUILD, "morning", interaction_id=5)
    await desk.work()
    assert delivery.id == again.id
    assert len(desk.discord.posted(CHANNEL)) == 1
    desk.clock.forward(hours=1)
    await desk.work()
    assert len(set(desk.discord.posted(CHANNEL))) == 2


async def test_the_loop_survives_a_fault_of_its_parts_and_goes_on(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    await desk.add()
    desk.clock.forward(hours=1)
    failures = iter([RuntimeError("a bug"), OSError("a disk")])
    rounds = 0

    async def eligible(packs: frozenset[str] | None, speaker: str | None) -> list[str]:
        nonlocal rounds
        rounds += 1
        if failure := next(failures, None):
            raise failure
        worker.stop()
        return ["duo-1"]

    desk.quotes.eligible = eligible  # type: ignore[method-assign] # a fault inside a port
    worker = desk.worker()
    await worker.run()
    assert rounds == 3
    assert desk.discord.posted(CHANNEL) == ["duo-1"]
    assert caplog.text.count("Posting goes on after something unexpected.") == 2
