"""The real notes: the shipped pack and an invented one, compiled once for the whole run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from bot.answering.knowledge_base import KnowledgeBase
from bot.answering.lexicon import load_lexicon
from bot.answering.pack_set import compile_packs
from bot.packs.loader import load_pack
from tests.support.packs import HIDE, LANTERN_FILE, REAL_FILE, little_pack
from tests.support.prerequisites import pytest_runtest_makereport

__all__ = ["pytest_runtest_makereport"]  # pytest finds it here

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.answering.lexicon import Lexicon
    from bot.packs.models import Pack


# A deadline is a timed assert, and this machine may be busy with anything.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return load_lexicon()


@pytest.fixture(scope="session")
def real_pack() -> Pack:
    return load_pack(REAL_FILE)


@pytest.fixture(scope="session")
def lantern_pack() -> Pack:
    return load_pack(LANTERN_FILE)


@pytest.fixture(scope="session")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stores")


@pytest.fixture(scope="session")
def real_store(stores: Path, real_pack: Pack) -> Path:
    compile_packs([real_pack], stores / "real.sqlite", "real")
    return stores / "real.sqlite"


@pytest.fixture(scope="session")
def lantern_store(stores: Path, lantern_pack: Pack) -> Path:
    compile_packs([lantern_pack], stores / "lantern.sqlite", "lantern")
    return stores / "lantern.sqlite"


@pytest.fixture(scope="session")
def little_store(stores: Path) -> Path:
    compile_packs([little_pack()], stores / "little.sqlite", "key")
    return stores / "little.sqlite"


@pytest.fixture(scope="session")
def store_of_both(stores: Path, real_pack: Pack, lantern_pack: Pack) -> Path:
    compile_packs([real_pack, lantern_pack], stores / "both.sqlite", "both")
    return stores / "both.sqlite"


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
