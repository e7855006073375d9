"""The real client with a real state over the sandbox, posting."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from bot.scheduling.clock import SystemClock
from bot.scheduling.storage.database import State
from tests.scheduling.conftest import migrated_file, no_power_cut
from tests.support.admins import QUICK, Days
from tests.support.serving import serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.client.app import App
    from bot.client.serve import Bot
    from bot.config import Endpoint
    from bot.sandbox.server import Sandbox
    from bot.sandbox.testing import Person
    from tests.support.knowledge import KnowledgeInMemory

__all__ = ["migrated_file", "no_power_cut"]


@pytest.fixture
def clock() -> SystemClock:
    return SystemClock()


@pytest.fixture
def state_url(tmp_path: Path, migrated_file: Path) -> str:
    shutil.copy(migrated_file, tmp_path / "state.db")  # migrating takes most of a test's time
    return f"sqlite:///{tmp_path / 'state.db'}"


@pytest.fixture
async def state(state_url: str) -> AsyncIterator[State]:
    async with await State.open(state_url) as state:
        yield state


@pytest.fixture
async def bot(
    sandbox: Sandbox,
    knowledge: KnowledgeInMemory,
    endpoint: Endpoint,
    state: State,
    clock: SystemClock,
) -> AsyncIterator[Bot]:
    async with serving(sandbox, knowledge, endpoint, state=state, clock=clock, limits=QUICK) as bot:
        yield bot


@pytest.fixture
def days(sandbox: Sandbox, bot: Bot, clock: SystemClock) -> Days:
    return Days(sandbox, clock, bot)


@pytest.fixture
def moderator(sandbox: Sandbox, app: App) -> Person:
    """Give an admin in the server whose channels refuse the bot one thing or another."""
    return sandbox.user("admin", guild="Vinyl Corner", channel="lounge")
