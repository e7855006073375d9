"""A crash at every single step, and what the next process makes of it.

A step is a request to Discord, before and after it is carried out, or a commit, before and after
it is made. A crash is a BaseException that nothing catches, after which the poster is dropped
where it stands; the next one knows only what the database does.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from bot.scheduling.models import Outcome
from bot.scheduling.storage.database import State
from tests.scheduling.conftest import CHANNEL, Harness
from tests.support.discord import Fate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.scheduling.models import Payload

ENOUGH = 60


class Crashed(BaseException):
    """The process was killed here."""


@dataclass
class Fuse:
    """Count steps and crash at one of them; from then on every step crashes."""

    at: int
    steps: int = 0

    def step(self) -> None:
        self.steps += 1
        if self.steps >= self.at:
            raise Crashed

    @property
    def has_blown(self) -> bool:
        return self.steps >= self.at


class FusedState(State):
    """A state whose commits may be the last thing a process does, or fails to do."""

    fuse: Fuse

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        async with super().write() as connection:
            yield connection
            self.fuse.step()  # all is written, nothing committed
        self.fuse.step()  # committed, and nobody was told


def fused(state: State, fuse: Fuse) -> State:
    """Give another view of an open state, with a fuse in it."""
    view = object.__new__(FusedState)
    view.__dict__.update(state.__dict__)
    view.fuse = fuse
    return view


def fused_sending(harness: Harness, fuse: Fuse) -> Callable[..., object]:
    """Give a `send` that may crash before or after Discord accepts."""
    accept = harness.discord.send

    async def send(channel_id: int, payload: Payload, nonce: str, role_id: int | None) -> int:
        fuse.step()
        message = await accept(channel_id, payload, nonce, role_id)
        fuse.step()
        return message

    return send


@contextmanager
def tasks_begun() -> Iterator[list[asyncio.Task[object]]]:
    """Keep every task that begins in the block: those of a killed process have nobody else."""
    begun: list[asyncio.Task[object]] = []
    loop = asyncio.get_running_loop()

    def begin(loop: asyncio.AbstractEventLoop, coroutine: Any, **more: Any) -> asyncio.Task[Any]:
        begun.append(task := asyncio.Task(coroutine, loop=loop, **more))
        return task

    loop.set_task_factory(begin)
    try:
        yield begun
    finally:
        loop.set_task_factory(None)


async def crash_at(harness: Harness, step: int) -> bool:
    """Run a poster that is killed at a step; say whether it lived to see it."""
    fuse = Fuse(step)
    untouched = harness.discord.send
    harness.discord.send = fused_sending(harness, fuse)  # type: ignore[method-assign,assignment] # the fuse
    worker = harness.worker("killed", fused(harness.state, fuse))
    with tasks_begun() as begun:
        try:
            await worker.take()
            await asyncio.gather(*worker._under_way)
            await worker.take()
            await asyncio.gather(*worker._under_way)
        except Crashed:
            pass  # this is where the process ends
        finally:
            harness.discord.send = untouched  # type: ignore[method-assign] # the fuse is out again
        ends: list[object] = []
        while rest := begun[len(ends) :]:  # the last ones may begin others
            ends += await asyncio.gather(*rest, return_exceptions=True)
    assert {type(end) for end in ends if isinstance(end, BaseException)} <= {Crashed}
    return fuse.has_blown


@pytest.mark.parametrize(
    ("fate", "pause"),
    [
        (Fate.FINE, 200),
        (Fate.LOST_REPLY, 61),
        *(
            pytest.param(*each, marks=pytest.mark.long)
            for each in (
                *((Fate.FINE, pause) for pause in (1, 61, 3600)),
                *((Fate.LOST_REPLY, pause) for pause in (1, 200, 3600)),
            )
        ),
    ],
)
async def test_a_crash_at_any_step_neither_doubles_nor_loses(
    harness: Harness, pause: int, fate: Fate
) -> None:
    await harness.add()
    crashed = 0
    for step in range(1, ENOUGH):
        harness.discord.messages.clear()
        harness.clock.moment = harness.clock.moment.replace(hour=9, minute=0, second=0)
        harness.discord.fates.append(fate)
        crashed += await crash_at(harness, step)
        harness.discord.fates.clear()
        harness.clock.forward(seconds=pause)
        await harness.work_for(minutes=6)
        assert len(harness.discord.messages[CHANNEL]) == 1, f"step {step}"
        (*_, last) = await harness.history()
        assert last.outcome is Outcome.SENT, f"step {step}"
        assert last.message_id == harness.discord.messages[CHANNEL][0].id
        if not crashed or step > crashed:
            break
        harness.clock.forward(days=1)
    assert crashed >= 8, "a run has at least four commits and a request"
    assert harness.discord.alerts == []


@pytest.mark.long
@pytest.mark.parametrize("pause", [1, 200])
async def test_a_crash_while_a_refusal_is_written_is_not_silent(
    harness: Harness, pause: int
) -> None:
    harness.discord.always = lambda kind, _: Fate.FORBIDDEN if kind == "send" else Fate.FINE
    for step in range(1, ENOUGH):
        harness.discord.alerts.clear()
        harness.clock.moment = harness.clock.moment.replace(hour=8, minute=0, second=0)
        await harness.add(f"try {step}")
        harness.clock.forward(hours=1)
        has_crashed = await crash_at(harness, step)
        harness.clock.forward(seconds=pause)
        await harness.work_for(minutes=6)
        (last,) = await harness.history(f"try {step}")
        assert last.outcome is Outcome.FAILED, f"step {step}"
        assert harness.discord.alerts, f"step {step}: nobody was told"
        tried = await harness.schedules.get(1, f"try {step}")
        await harness.schedules.remove(1, tried.id)
        harness.clock.forward(days=1)
        if not has_crashed:
            assert step > 8
            return
    raise AssertionError("no run ever came to its end")
