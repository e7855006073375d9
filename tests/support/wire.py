"""A wire to kill posters on: Discord's messages over real HTTP, and a real process that posts.

The server remembers a nonce for a while, as Discord does, and answers badly on purpose. The
poster is `python -m tests.support.wire STATE ADDRESS OWNER [STEPS]`: the real poster on this
machine's clocks, with every wait shortened in proportion; STEPS make its clocks go wrong.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, Self

import aiohttp
from aiohttp import web

from bot.client.adapters.request_tracer import read_date
from bot.localization.messages import Message
from bot.scheduling.clock import VerifiedClock
from bot.scheduling.limits import Limits
from bot.scheduling.ports import AmbiguousOutcome, Ports, Refused, Temporary, Unverifiable
from bot.scheduling.storage.database import State
from bot.scheduling.worker.loop import WorkerLoop
from tests.support.discord import FakeQuotes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.scheduling.models import Payload
    from bot.scheduling.ports import AcquireSlot

NONCE_KNOWN_S = 12.0
FAST = Limits(
    lease=timedelta(seconds=3),
    request_timeout=timedelta(seconds=1.5),
    lease_margin=timedelta(seconds=0.5),
    nonce_lifetime=timedelta(seconds=5),
    first_retry=timedelta(seconds=0.1),
    longest_retry=timedelta(seconds=1),
    max_idle=timedelta(seconds=0.2),
)
FAULTS = ("lost", "error", "error after", "limited", "slow", "never arrives")


class RealClock:
    """The time of this machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass(frozen=True)
class Step:
    """A time in which one of a process's clocks is off, in seconds since its start."""

    clock: str
    """`wall` or `monotonic`."""
    begins: float
    ends: float
    ahead: float


class SteppedClocks:
    """This machine's two clocks as a process sees them, each off in its steps."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self._steps = steps
        self._start = time.monotonic()

    def wall(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._ahead("wall"))

    def monotonic(self) -> float:
        return time.monotonic() + self._ahead("monotonic")

    def _ahead(self, clock: str) -> float:
        age = time.monotonic() - self._start
        mine = [step for step in self._steps if step.clock == clock]
        return sum(step.ahead for step in mine if step.begins <= age < step.ends)


def stepped_clock(steps: str) -> VerifiedClock:
    """Give a process the clock that the bot has, on clocks with steps, written as JSON."""
    clocks = SteppedClocks([Step(*step) for step in json.loads(steps)])
    return VerifiedClock(clocks.wall, clocks.monotonic)


@dataclass
class WireServer:
    """Accept messages over HTTP; a share of the requests goes wrong, by a seed."""

    chance: random.Random
    faulty: float = 0.4
    messages: dict[int, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    requests: int = 0
    is_out: bool = False
    address: str = ""
    date_is_wrong: float = 0.0
    """The share of the answers whose date is years off, or is not there."""
    is_moderated: bool = False
    """Whether a moderator deletes some of the messages whose answer was lost."""
    followed: dict[tuple[int, str], int] = field(default_factory=lambda: defaultdict(int))
    """How often something was done to a channel's message: `threads`, or `crosspost`."""
    deleted: set[int] = field(default_factory=set)
    """The channels in which a message was deleted."""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.on_response_prepare.append(self._date)
        app.router.add_post("/channels/{channel}/messages", self._post)
        app.router.add_get("/channels/{channel}/messages", self._history)
        app.router.add_post("/channels/{channel}/messages/{message}/{what}", self._follow_up)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.address = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _date(self, _request: web.Request, answer: web.StreamResponse) -> None:
        """Tell the time, as every answer does; or a wrong one, by chance."""
        if self.chance.random() < self.date_is_wrong:
            wrong = datetime.now(UTC) + timedelta(days=self.chance.choice((-400, 900)))
            answer.headers["Date"] = self.chance.choice((format_datetime(wrong), "no date"))

    async def _post(self, request: web.Request) -> web.StreamResponse:
        self.requests += 1
        body = await request.json()
        channel = int(request.match_info["channel"])
        fault = self.chance.choice(FAULTS) if self.chance.random() < self.faulty else ""
        if self.is_out or fault == "error":
            return web.Response(status=503)
        if fault == "limited":
            return web.json_response({"retry_after": 0.2}, status=429)
        if fault == "never arrives":
            return _cut(request)
        if fault == "slow":
            await asyncio.sleep(self.chance.random())
        number = self._accept(channel, body)
        if fault in {"error after", "lost"}:
            self._moderate(channel, number)
        if fault == "error after":
            return web.Response(status=500)
        if fault == "lost":
            return _cut(request)
        return web.json_response({"id": number})

    async def _follow_up(self, request: web.Request) -> web.StreamResponse:
        """Do something to a message, once, as Discord does; or go wrong."""
        self.requests += 1
        channel, message = (int(request.match_info[each]) for each in ("channel", "message"))
        fault = self.chance.choice(FAULTS) if self.chance.random() < self.faulty else ""
        if self.is_out or fault == "error":
            return web.Response(status=503)
        if fault == "limited":
            return web.json_response({"retry_after": 0.2}, status=429)
        if fault == "never arrives":
            return _cut(request)
        what = channel, request.match_info["what"]
        is_there = message in [one["id"] for one in self.messages[channel]]
        if not is_there or self.followed[what]:
            return web.Response(status=400 if is_there else 404)
        self.followed[what] += 1
        if fault == "lost":
            return _cut(request)
        return web.json_response({"id": message}, status=500 if fault == "error after" else 200)

    async def _history(self, request: web.Request) -> web.StreamResponse:
        if self.is_out:
            return web.Response(status=503)
        return web.json_response(self.messages[int(request.match_info["channel"])])

    def _moderate(self, channel: int, number: int) -> None:
        """Delete a message in a while, if this server is moderated."""
        if not self.is_moderated or self.chance.random() < 0.5:
            return

        def delete() -> None:
            kept = [one for one in self.messages[channel] if one["id"] != number]
            self.messages[channel] = kept
            self.deleted.add(channel)

        asyncio.get_running_loop().call_later(self.chance.random() * 2, delete)

    def _accept(self, channel: int, body: dict[str, Any]) -> int:
        now = time.monotonic()
        for message in self.messages[channel]:
            if message["nonce"] == body["nonce"] and now - message["at"] < NONCE_KNOWN_S:
                return int(message["id"])
        number = 10**17 + self.requests
        self.messages[channel].append({**body, "id": number, "at": now, "on": time.time()})
        return number


def _cut(request: web.Request) -> web.Response:
    """Close the connection without a word."""
    if request.transport is not None:
        request.transport.close()
    return web.Response()


class WireClient:
    """The edge to that server; what the adapter to the real Discord does, in small."""

    def __init__(self, session: aiohttp.ClientSession, address: str, clock: VerifiedClock) -> None:
        self._session = session
        self._clock = clock
        self._address = address

    async def send(self, channel_id: int, payload: Payload, nonce: str, role_id: int | None) -> int:
        body = {"payload": dict(payload), "nonce": nonce}
        answer = await self._ask("POST", channel_id, body)
        return int(answer["id"])

    async def find(
        self, channel_id: int, delivery_id: str, since: datetime, acquire: AcquireSlot
    ) -> int | None:
        await acquire()
        for message in await self._ask("GET", channel_id, None):
            if message["on"] < since.timestamp():  # as Discord's search begins there
                continue
            if delivery_id in message["payload"]["custom_id"]:
                return int(message["id"])
        return None

    async def alert_channel(self, channel_id: int, text: str, nonce: str) -> None:
        raise Unverifiable(Message("nobody is told here"))

    async def alert_user(self, user_id: int, text: str, nonce: str) -> None:
        await self.send(user_id, {"custom_id": "", "text": text}, nonce, None)

    async def open_thread(self, channel_id: int, message_id: int, name: str) -> None:
        await self._follow_up(channel_id, message_id, "threads")

    async def publish(self, channel_id: int, message_id: int) -> None:
        await self._follow_up(channel_id, message_id, "crosspost")

    async def _follow_up(self, channel: int, message: int, what: str) -> None:
        try:
            await self._ask("POST", channel, {}, f"/{message}/{what}")
        except Refused as refused:
            if refused.status != 400:  # done already
                raise

    async def fetch_guild_ids(self, acquire: AcquireSlot) -> frozenset[int]:
        await acquire()
        return frozenset({1, 2})

    async def has_role(self, guild_id: int, role_id: int, acquire: AcquireSlot) -> bool:
        return True

    async def find_timeout(self, guild_id: int, acquire: AcquireSlot) -> datetime | None:
        return None

    async def ask_time(self, acquire: AcquireSlot) -> None:
        await acquire()
        await self._ask("GET", 0, None)

    async def _ask(self, method: str, channel: int, body: object, below: str = "") -> Any:
        url = f"{self._address}/channels/{channel}/messages{below}"
        try:
            async with self._session.request(method, url, json=body) as answer:
                self._clock.note_reference(read_date(answer.headers))
                if answer.status == 429:
                    wait = (await answer.json())["retry_after"]
                    raise Temporary("asked to wait", wait, 429)
                if answer.status >= 500:
                    raise AmbiguousOutcome(f"Discord answered {answer.status}")
                if answer.status >= 400:
                    raise Refused(Message("refused"), answer.status)
                return await answer.json()
        except aiohttp.ClientConnectorError as error:
            raise Temporary(f"not connected: {error}") from error
        except aiohttp.ClientError as error:
            raise AmbiguousOutcome(f"connection lost: {error!r}") from error


async def post(url: str, address: str, owner: str, steps: str = "[]") -> None:
    """Be a posting process until killed."""
    clock = stepped_clock(steps)
    async with await State.open(url) as state, aiohttp.ClientSession() as session:
        client = WireClient(session, address, clock)
        ports = Ports(client, FakeQuotes(), clock, random.random, time_check=clock)
        print("ready", flush=True)  # noqa: T201 - whoever started this waits for it
        await WorkerLoop(state, ports, owner, FAST).run()


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    asyncio.run(post(*sys.argv[1:]))
