"""The real client over the sandbox: real HTTP, a real WebSocket, one Discord on this machine."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from bot.client.services import Services
from bot.config import Endpoint
from bot.sandbox.server import Sandbox
from bot.sandbox.world.fixtures import small_world
from tests.support.knowledge import KnowledgeInMemory
from tests.support.serving import serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.client.app import App
    from bot.sandbox.testing import Person


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(small_world())
    await sandbox.start()
    yield sandbox
    await sandbox.close()


@pytest.fixture
def knowledge() -> KnowledgeInMemory:
    return KnowledgeInMemory()


@pytest.fixture
def services(knowledge: KnowledgeInMemory) -> Services:
    return Services.for_host(knowledge, Random(1))


@pytest.fixture
def endpoint(sandbox: Sandbox) -> Endpoint:
    return Endpoint(sandbox.api_url, sandbox.gateway_url)


@pytest.fixture
async def app(sandbox: Sandbox, services: Services, endpoint: Endpoint) -> AsyncIterator[App]:
    async with serving(sandbox, services, endpoint) as app:
        yield app


@pytest.fixture
def fan(sandbox: Sandbox, app: App) -> Person:
    return sandbox.user("fan", guild="Night Owls", channel="general")


@pytest.fixture
def admin(sandbox: Sandbox, app: App) -> Person:
    return sandbox.user("admin", guild="Night Owls", channel="general")
