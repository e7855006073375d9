"""Interactions: whatever Discord might send, nothing of ours breaks, and the next one is answered.

The payloads are real ones of the sandbox's, damaged and handed to discord.py where the gateway
hands them over. Some damage is refused by discord.py itself; what gets past it is ours.
"""

from __future__ import annotations

import asyncio
import traceback
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
import structlog
from hypothesis import strategies as some

from bot.client.app import PERSISTENT_ITEMS
from bot.config import Endpoint
from bot.sandbox.server import Sandbox
from bot.sandbox.world.fixtures import small_world
from tests.fuzz.damage import VALUES, cuts, damaged
from tests.fuzz.target import Target
from tests.support.knowledge import PACK, KnowledgeInMemory
from tests.support.serving import serving
from tests.support.waiting import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.client.app import App
    from bot.sandbox.interactions.interactions import Interaction
    from bot.sandbox.wire import Json
    from bot.sandbox.world.messages import Message
    from tests.fuzz.target import Check

SPARED = ("id", "token", "type", "application_id", "version")
"""What says which interaction it is, of what kind; Discord signs for that much."""
CUSTOM_IDS = some.sampled_from([item.pattern.pattern for item in PERSISTENT_ITEMS]).flatmap(
    lambda pattern: some.from_regex(pattern, fullmatch=True)
) | some.sampled_from(
    [
        f"ln1:fact:{PACK}:barn",
        f"ln1:public:{PACK}:barn:{2**64 - 1}",
        f"ln1:fact:{PACK}:nothing",
        "ln1:fact:nowhere:barn",
        f"ln1:open:{PACK}:night-owls:9999",
        "ln0:older",
        "ln1:",
        "x" * 100,
    ]
)
GUARD = 0.01
"""Seconds after which what nobody answers is answered all the same: there is no time to wait."""
ASKED = some.integers(0, 7)


class Caught:
    """Takes what the sandbox would send to the gateway."""

    def __init__(self) -> None:
        self.payload: Json = {}

    def dispatch(self, _name: str, payload: Json, **_where: object) -> None:
        self.payload = payload


class Scene:
    """A bot that is served, a message of every kind to press on, and a way to catch an act."""

    def __init__(self, sandbox: Sandbox, app: App) -> None:
        self.interactions = sandbox.container.interactions
        self.app = app
        self.fan = sandbox.user("fan", guild="Night Owls", channel="general")
        self.caught = Caught()
        self.ours: list[BaseException] = []
        asyncio.get_running_loop().set_exception_handler(
            lambda _, what: self._escaped(what.get("exception"))
        )

    async def prepare(self) -> None:
        asked = await self.fan.command("ask", question="maybe")
        topics = await self.fan.command("topics")
        release = await self.fan.command("release")
        await self.fan.autocomplete("ask", "question", "where")
        typing = list(self.interactions._known.values())[-1]
        # From here on acts are caught; what the bot answers still arrives.
        self.interactions._gateway = self.caught  # type: ignore[assignment] # it only dispatches
        begun = [
            self.fan.begin("ask", question="maybe", private=True),
            self.fan.begin("quote", about="barn", by="Robin"),
            self.fan.begin("release", title="Hoot"),
            self.fan.begin("about"),
            typing,
            *(self._press(reply.message) for reply in (asked, topics, release)),
        ]
        self._actions = [interaction.action for interaction in begun]

    def act(self, number: int) -> Json:
        """Let the fan do something again, and give the payload that was to be sent."""
        self.interactions.send(self._actions[number % len(self._actions)])
        return self.caught.payload

    def _press(self, message: Message) -> Interaction:
        """Press the first button or menu of a message."""
        found = next(_pressable(message.components))
        values = [option["value"] for option in found.get("options", [])][:1]
        return self.fan._actions.press(
            self.fan.actor_context, message, found["custom_id"], values=values
        )

    async def receive(self, payload: Json) -> None:
        """Hand a payload to discord.py, and wait for all that comes of it, the guard included."""
        before = asyncio.all_tasks()
        with structlog.testing.capture_logs():
            try:
                self.app._connection.parse_interaction_create(payload)  # type: ignore[arg-type] # it is damaged
            except Exception as error:  # noqa: BLE001 - whose it is, is the question
                self._escaped(error)
            await _finished(before)
            await asyncio.sleep(2 * GUARD)
            await _finished(before)
        assert self.ours == []

    def _escaped(self, error: object) -> None:
        """Keep what was raised by our own code, wherever it was to end; discord.py's is its own."""
        if isinstance(error, BaseException) and _is_ours(error):
            self.ours.append(error)


async def _finished(before: set[asyncio.Task[Any]]) -> None:
    """Wait for every task begun since; none may end in an exception of ours."""
    while begun := {task for task in asyncio.all_tasks() - before if not _is_server(task)}:
        _, late = await asyncio.wait(begun, timeout=PATIENCE_S)
        assert not late, late
        for task in begun:
            failed = None if task.cancelled() else task.exception()
            assert failed is None or not _is_ours(failed), failed
        before |= begun


def _pressable(part: Any) -> Any:
    if isinstance(part, list):
        for each in part:
            yield from _pressable(each)
    elif isinstance(part, dict):
        if "custom_id" in part:
            yield part
        for each in part.values():
            yield from _pressable(each)


def _is_ours(error: BaseException) -> bool:
    """Whether the last frame is in the bot's own code."""
    frames = traceback.extract_tb(error.__traceback__)
    return bool(frames) and "/bot/" in frames[-1].filename


def _is_server(task: asyncio.Task[Any]) -> bool:
    """Whether a task is the sandbox's HTTP server, which lives on."""
    return "RequestHandler" in repr(task.get_coro())


@asynccontextmanager
async def opened(_folder: Path) -> AsyncIterator[Check]:
    async with AsyncExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setattr("bot.client.app.GUARD_SECONDS", GUARD)
        sandbox = await stack.enter_async_context(Sandbox(small_world()))
        endpoint = Endpoint(sandbox.api_url, sandbox.gateway_url)
        bot = serving(sandbox, KnowledgeInMemory(), endpoint)
        scene = Scene(sandbox, (await stack.enter_async_context(bot)).app)
        await scene.prepare()

        async def check(given: tuple[int, list[tuple[int, Any]], str | None]) -> None:
            number, cut, custom_id = given
            payload = scene.act(number)
            if custom_id is not None and "custom_id" in payload["data"]:
                payload["data"]["custom_id"] = custom_id
            sandbox.log.entries.clear()
            await scene.receive(damaged(payload, cut, SPARED))
            assert [each for each in sandbox.log.requests() if each["status"] in {400, 500}] == []
            assert not scene.app.is_closed()

        yield check
        payload = scene.act(0)
        await scene.receive(payload)
        assert scene.interactions.get(int(payload["id"])).state == "answered"  # type: ignore[union-attr] # it was just made


TARGET = Target(
    "interactions",
    some.tuples(ASKED, cuts(VALUES) | some.just([]), some.none() | CUSTOM_IDS),
    opened,
)
