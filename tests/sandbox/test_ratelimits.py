"""Rate limits: windows, headers, and how discord.py lives with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp
import pytest

from bot.sandbox.gateway.sessions import Op
from bot.sandbox.http.rate_limits import RateLimits

if TYPE_CHECKING:
    from bot.sandbox.clock import ManualClock
    from bot.sandbox.server import Sandbox
    from tests.support.plain_bot import PlainBot

SEND = ("POST", "/channels/{channel_id}/messages")


@pytest.fixture
def limits(clock: ManualClock) -> RateLimits:
    limits = RateLimits(clock)
    limits.switch(enabled=True)
    return limits


def test_limits_are_off_until_switched_on(clock: ManualClock) -> None:
    limits = RateLimits(clock)
    assert all(limits.check(*SEND, "1").retry_after is None for _ in range(100))
    assert limits.check(*SEND, "1").headers == {}


def test_a_bucket_counts_down_and_refuses(limits: RateLimits) -> None:
    verdicts = [limits.check(*SEND, "1") for _ in range(6)]
    remaining = [each.headers["X-RateLimit-Remaining"] for each in verdicts]
    assert remaining == ["4", "3", "2", "1", "0", "0"]
    assert [each.retry_after for each in verdicts] == [None] * 5 + [5.0]
    assert verdicts[5].body() == {
        "message": "You are being rate limited.",
        "retry_after": 5.0,
        "global": False,
        "code": 0,
    }


def test_a_bucket_opens_again(limits: RateLimits, clock: ManualClock) -> None:
    for _ in range(6):
        limits.check(*SEND, "1")
    clock.advance(5)
    assert limits.check(*SEND, "1").retry_after is None


def test_each_channel_has_a_bucket_of_its_own(limits: RateLimits) -> None:
    for _ in range(5):
        limits.check(*SEND, "1")
    assert limits.check(*SEND, "2").retry_after is None
    one, two = limits.check(*SEND, "2"), limits.check(*SEND, "3")
    assert one.headers["X-RateLimit-Bucket"] == two.headers["X-RateLimit-Bucket"]


def test_fifty_a_second_is_the_limit_of_all(limits: RateLimits) -> None:
    verdicts = [limits.check(*SEND, str(channel)) for channel in range(51)]
    assert [each.is_global for each in verdicts] == [False] * 50 + [True]
    assert verdicts[50].headers["X-RateLimit-Global"] == "true"


def test_interactions_do_not_count_towards_the_limit_of_all(limits: RateLimits) -> None:
    path = "/interactions/{interaction_id}/{interaction_token}/callback"
    verdicts = [limits.check("POST", path, str(number)) for number in range(100)]
    assert all(each.retry_after is None for each in verdicts)


def test_identifies_of_one_key_are_five_seconds_apart(
    limits: RateLimits, clock: ManualClock
) -> None:
    assert limits.may_identify(0)
    assert limits.may_identify(1)
    assert not limits.may_identify(16)
    clock.advance(5)
    assert limits.may_identify(16)


def test_how_many_may_identify_at_once_can_be_set(limits: RateLimits) -> None:
    limits.max_concurrency = 2
    assert [limits.may_identify(shard) for shard in range(4)] == [True, True, False, False]


def test_every_identify_is_remembered_and_counts_against_the_day(
    limits: RateLimits, clock: ManualClock
) -> None:
    assert limits.start_limit() == {
        "total": 1000,
        "remaining": 1000,
        "reset_after": 0,
        "max_concurrency": 16,
    }
    limits.may_identify(17)
    clock.advance(2)
    limits.may_identify(1)
    seen = [(each.shard, each.key, each.is_accepted) for each in limits.starts]
    assert seen == [(17, 1, True), (1, 1, False)]
    assert limits.starts[1].at - limits.starts[0].at == 2
    assert limits.start_limit()["remaining"] == 998
    assert limits.start_limit()["reset_after"] == 86_398_000
    clock.advance(86_398)
    assert limits.start_limit()["remaining"] == 999


async def test_an_identify_too_soon_is_answered_with_an_invalid_session(sandbox: Sandbox) -> None:
    sandbox.container.ratelimits.switch(enabled=True)
    assert await opcode_after_identify(sandbox) == Op.DISPATCH
    assert await opcode_after_identify(sandbox) == Op.INVALID_SESSION


async def opcode_after_identify(sandbox: Sandbox) -> int:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{sandbox.gateway_url}?v=10&encoding=json") as socket,
    ):
        await socket.receive_json()  # HELLO
        asked = {"token": sandbox.token, "intents": 0, "properties": {}}
        await socket.send_json({"op": Op.IDENTIFY, "d": asked})
        return int((await socket.receive_json())["op"])


async def test_a_429_has_discords_headers_and_body(still: Sandbox) -> None:
    still.container.ratelimits.switch(enabled=True)
    channel = still.user("fan").channel
    headers = {"Authorization": f"Bot {still.token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        for _ in range(6):
            url = f"{still.api_url}/channels/{channel.id}/messages"
            async with session.post(url, json={"content": "x"}) as response:
                body = await response.json()
    assert response.status == 429
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["X-RateLimit-Scope"] == "user"
    assert response.headers["Via"]
    assert body["retry_after"] == 5.0


async def test_discord_py_heeds_the_headers_and_is_never_refused(
    sandbox: Sandbox, bot: PlainBot
) -> None:
    sandbox.container.ratelimits.switch(enabled=True)
    fan = sandbox.user("fan")
    for _ in range(4):
        await fan.command("slowly")
    assert 429 not in {each["status"] for each in sandbox.log.requests()}
