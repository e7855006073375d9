"""The real notes: the shipped pack and an invented one, compiled once for the whole run."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING

import pytest
import structlog
from hypothesis import settings

from bot.answering.knowledge_base import KnowledgeBase
from bot.answering.lexicon import load_lexicon
from bot.packs.discovery import shipped_folder
from bot.packs.loader import load_pack
from tests.support import loop_errors, prerequisites
from tests.support.heartbeats import stop_heartbeats
from tests.support.packs import HIDE, LANTERN_FILE, REAL_FILE, little_pack
from tests.support.shared import VARIABLE
from tests.support.stores import Stores

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from bot.answering.lexicon import Lexicon
    from bot.packs.models import Pack


# A deadline is a timed assert, and this machine may be busy with anything.
settings.register_profile("quick", deadline=None, max_examples=20)
settings.register_profile("thorough", deadline=None, max_examples=200)
settings.load_profile("quick")


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Make our plugins known, before options are read: one of them has one."""
    for plugin in (prerequisites, loop_errors):
        pluginmanager.register(plugin)


def pytest_collection_finish() -> None:
    """Keep the collector from the tests and modules, a third of a million objects that stay."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _log_is_plain() -> None:
    """Keep structlog from drawing tracebacks with rich, which the development tools bring along.

    It writes down every variable of every frame: seconds of work on a busy machine, in the middle
    of an answer.
    """
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.dev.ConsoleRenderer(
                colors=False, exception_formatter=structlog.dev.plain_traceback
            ),
        ]
    )


@pytest.fixture(scope="session", autouse=True)
def _terminal_is_english() -> None:
    """Keep the language of whoever runs the tests from the commands that are tested."""
    os.environ["LC_ALL"] = "C.UTF-8"


@pytest.fixture(scope="session", autouse=True)
def _bot_is_not_told_where_tests_look() -> None:
    """Take our own variable away, which the bot would call a misspelt setting."""
    os.environ.pop(VARIABLE, None)


@pytest.fixture(autouse=True)
def _no_heartbeats_left() -> Iterator[None]:
    yield
    stop_heartbeats()


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return load_lexicon()


@pytest.fixture(scope="session")
def real_pack() -> Pack:
    return load_pack(REAL_FILE)


@pytest.fixture(scope="session")
def lantern_pack() -> Pack:
    return load_pack(LANTERN_FILE)


@pytest.fixture(scope="session", autouse=True)
def _what_the_bot_brings_is_compiled_once(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> None:
    """Compile the language and the shipped packs for all processes, as for a wheel."""
    # Not by the fixture `stores`: --fast leaves out whatever uses that, and compiles nothing.
    if not request.config.getoption("--fast"):
        Stores.of_run(tmp_path_factory, worker_id).build_shipped()


@pytest.fixture(scope="session")
def stores(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Stores:
    return Stores.of_run(tmp_path_factory, worker_id)


@pytest.fixture(scope="session")
def real_store(stores: Stores) -> Path:
    return stores.of_files(shipped_folder())


@pytest.fixture(scope="session")
def lantern_store(stores: Stores) -> Path:
    return stores.of_files(LANTERN_FILE)


@pytest.fixture(scope="session")
def little_store(stores: Stores) -> Path:
    return stores.named("little", [little_pack()], "key")


@pytest.fixture(scope="session")
def store_of_both(stores: Stores) -> Path:
    return stores.of_files(shipped_folder(), LANTERN_FILE)


@pytest.fixture
async def real_knowledge(real_store: Path) -> AsyncIterator[KnowledgeBase]:
    async with await KnowledgeBase.open(real_store, HIDE) as knowledge:
        yield knowledge


@pytest.fixture
async def lantern_knowledge(lantern_store: Path) -> AsyncIterator[KnowledgeBase]:
    async with await KnowledgeBase.open(lantern_store, HIDE) as knowledge:
        yield knowledge


@pytest.fixture
async def knowledge_of_both(store_of_both: Path) -> AsyncIterator[KnowledgeBase]:
    async with await KnowledgeBase.open(store_of_both, HIDE) as knowledge:
        yield knowledge
