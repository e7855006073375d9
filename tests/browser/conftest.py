"""A real Chromium on the sandbox's page, and a real discord.py bot behind it.

Everything here runs in one event loop for the whole session: the browser is started once.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from playwright.async_api import async_playwright, expect

from bot.sandbox.clock import ManualClock
from bot.sandbox.server import Sandbox
from bot.sandbox.world.fixtures import small_world
from tests.browser.stage_bot import StageBot
from tests.browser.visitor import DESKTOP, PATIENCE_MS, Look, Visitor
from tests.support.plain_bot import pointed_at

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from playwright.async_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True, slots=True)
class Stage:
    """The sandbox, its clock that only the test moves, and the bot on it."""

    sandbox: Sandbox
    clock: ManualClock
    bot: StageBot


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the system's Chromium."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI has no browser: none of {', '.join(NAMES)} is in PATH.")
        pytest.skip(f"No browser: none of {', '.join(NAMES)} is in PATH.")
    return path


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def reader(browser: Browser) -> AsyncIterator[Visitor]:
    """Somebody on a page without a bot, for tests that only ask its modules."""
    sandbox = Sandbox(small_world())
    await sandbox.start()
    visitor = await Visitor.arrive(browser, sandbox.page_url, "fan", DESKTOP)
    yield visitor
    await visitor.leave()
    await sandbox.close()


@pytest_asyncio.fixture(loop_scope="session")
async def stage() -> AsyncIterator[Stage]:
    clock = ManualClock()

    async def move(seconds: float) -> None:
        clock.advance(seconds)

    sandbox = Sandbox(small_world(), clock=clock, move_clock=move)
    await sandbox.start()
    with pointed_at(sandbox):
        async with StageBot().running(sandbox.token) as bot:
            yield Stage(sandbox, clock, bot)
    await sandbox.close()


@pytest_asyncio.fixture(loop_scope="session")
async def visit(stage: Stage, browser: Browser) -> AsyncIterator[Callable[..., Awaitable[Visitor]]]:
    """Open the page as somebody; what the browser complained of fails the test at its end."""
    visitors: list[Visitor] = []

    async def open_page(who: str = "fan", look: Look = DESKTOP) -> Visitor:
        visitor = await Visitor.arrive(browser, stage.sandbox.page_url, who, look)
        visitors.append(visitor)
        return visitor

    yield open_page
    complaints = [each for visitor in visitors for each in visitor.complaints]
    for visitor in visitors:
        await visitor.leave()
    assert complaints == []


@pytest_asyncio.fixture(loop_scope="session")
async def fan(visit: Callable[..., Awaitable[Visitor]]) -> Visitor:
    return await visit("fan")
