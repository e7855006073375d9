"""The real client over the sandbox: real HTTP, a real WebSocket, one Discord on this machine."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from bot.config import Endpoint
from bot.localization.catalogues import load_translations
from bot.sandbox.server import Sandbox
from bot.sandbox.world.fixtures import small_world
from tests.support.knowledge import KnowledgeInMemory
from tests.support.serving import serving
from tests.support.waiting import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.client.app import App
    from bot.client.serve import Bot
    from bot.sandbox.testing import Person


@pytest.fixture(autouse=True)
def _busy_machine_is_no_overload(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be late because other tests take this machine's time."""
    for deadline in (
        *("intake.CONGESTED_SECONDS", "intake.TOO_OLD_SECONDS"),
        *("knowledge.READ_SECONDS", "autocomplete.COMPLETION_SECONDS"),
    ):
        monkeypatch.setattr(f"bot.client.{deadline}", PATIENCE_S)


@pytest.fixture(autouse=True)
def _catalogues_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each bot have the languages that the first one read: a quarter of its start."""
    monkeypatch.setattr("bot.client.command_translator.load_translations", load_once)


load_once = cache(load_translations)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(small_world(), answer_seconds=PATIENCE_S)
    await sandbox.start()
    yield sandbox
    await sandbox.close()


@pytest.fixture
def knowledge() -> KnowledgeInMemory:
    return KnowledgeInMemory()


@pytest.fixture
def endpoint(sandbox: Sandbox) -> Endpoint:
    return Endpoint(sandbox.api_url, sandbox.gateway_url)


@pytest.fixture
async def bot(
    sandbox: Sandbox, knowledge: KnowledgeInMemory, endpoint: Endpoint
) -> AsyncIterator[Bot]:
    async with serving(sandbox, knowledge, endpoint) as bot:
        yield bot


@pytest.fixture
def app(bot: Bot) -> App:
    return bot.app


@pytest.fixture
def fan(sandbox: Sandbox, app: App) -> Person:
    return sandbox.user("fan", guild="Night Owls", channel="general")


@pytest.fixture
def admin(sandbox: Sandbox, app: App) -> Person:
    return sandbox.user("admin", guild="Night Owls", channel="general")
