"""Scripted faults: by hand, and as discord.py meets them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import aiohttp
import pytest

from bot.sandbox.clock import ManualClock
from bot.sandbox.errors import PageError
from bot.sandbox.http.faults import Fault, Faults, read_fault
from tests.support.waiting import until

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox
    from tests.support.plain_bot import PlainBot


def test_a_fault_strikes_as_often_as_asked() -> None:
    faults = Faults(ManualClock())
    faults.add(Fault("error", times=2))
    struck = [faults.take_matching("GET", "/gateway") for _ in range(3)]
    assert [each.kind if each else None for each in struck] == ["error", "error", None]
    assert faults.active() == []


@pytest.mark.parametrize(
    ("method", "path", "is_met"),
    [
        ("POST", "/channels/1/messages", True),
        ("GET", "/channels/1/messages", False),
        ("POST", "/channels/1/typing", False),
    ],
)
def test_a_fault_is_narrowed_to_method_and_path(method: str, path: str, is_met: bool) -> None:  # noqa: FBT001 - a table's column
    faults = Faults(ManualClock())
    faults.add(Fault("error", method="post", path="/channels/*/messages"))
    assert (faults.take_matching(method, path) is not None) is is_met


def test_an_outage_ends_by_itself() -> None:
    clock = ManualClock()
    faults = Faults(clock)
    faults.add(Fault("outage", seconds=10))
    clock.advance(9.9)
    assert faults.is_out
    clock.advance(0.2)
    assert not faults.is_out


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"kind": "unheard"},
        {"kind": "slow", "seconds": "long"},
        {"kind": "error", "status": 200},
        {"kind": "slow", "seconds": -1},
        {"kind": "slow", "seconds": "nan"},
        {"kind": "ratelimit", "retry_after": "inf"},
        "slow",
    ],
)
def test_what_is_no_fault_is_refused(value: object) -> None:
    with pytest.raises(PageError):
        read_fault(value)


def test_faults_are_replaced_all_or_none() -> None:
    faults = Faults(ManualClock())
    faults.replace([{"kind": "slow", "seconds": 1}, {"kind": "error"}])
    with pytest.raises(PageError):
        faults.replace([{"kind": "lost_reply"}, {"kind": "unheard"}])
    assert [each.kind for each in faults.active()] == ["slow", "error"]


def test_what_the_page_sends_comes_back() -> None:
    fault = read_fault({"kind": "ratelimit", "times": 2, "retry_after": 1.5, "path": "/x/*"})
    assert fault == Fault("ratelimit", times=2, retry_after=1.5, path="/x/*")
    assert fault.json()["retry_after"] == 1.5


async def test_a_lost_reply_took_effect(sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault("lost_reply", times=1))
    channel = sandbox.user("fan").channel
    url = f"{sandbox.api_url}/channels/{channel.id}/messages"
    headers = {"Authorization": f"Bot {sandbox.token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        body = {"content": "once", "nonce": "n", "enforce_nonce": True}
        with pytest.raises(aiohttp.ClientError):
            await session.post(url, json=body)
        async with session.post(url, json=body) as again:
            assert again.status == 200
    assert [each.content for each in sandbox.user("fan").read()] == ["once"]
    assert [each["status"] for each in sandbox.log.requests("POST")] == [0, 200]


async def test_a_slow_server_is_slow(still: Sandbox, clock: ManualClock) -> None:
    still.faults.add(Fault("slow", seconds=5))
    async with aiohttp.ClientSession() as session:
        asking = asyncio.create_task(session.get(f"{still.api_url}/gateway"))
        await asyncio.sleep(0.05)
        assert not asking.done()
        clock.advance(5)
        assert (await asking).status == 200


async def test_discord_py_waits_when_it_is_limited(sandbox: Sandbox, bot: PlainBot) -> None:
    sandbox.faults.add(Fault("ratelimit", times=2, retry_after=0.02, path="/webhooks/*"))
    fan = sandbox.user("fan")
    reply = await fan.command("slowly")
    await until(lambda: reply.followups)
    assert reply.text == "at last"
    statuses = [each["status"] for each in sandbox.log.requests("PATCH")]
    assert statuses == [429, 429, 200]


async def test_discord_py_tries_again_after_a_500(sandbox: Sandbox, bot: PlainBot) -> None:
    sandbox.faults.add(Fault("error", times=1, method="GET", path="/users/@me"))
    await bot.http.get_user("@me")
    assert [each["status"] for each in sandbox.log.requests("GET", "/users/@me")] == [200, 500, 200]
