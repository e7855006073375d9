"""Whole bots, killed for real, over a Discord in bad weather: nothing doubled, lost or silent.

The short version of `python -m tests.bench.daily_faults bots`.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.faults import fault_run
from tests.support.postgres import postgres_cluster, postgres_server

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["postgres_cluster", "postgres_server"]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'state.db'}"
    return str(request.getfixturevalue("postgres_server").new_database())


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process in another way")
@pytest.mark.parametrize("at_once", [1, 2])
async def test_killed_bots_neither_double_nor_lose_a_post(url: str, at_once: int) -> None:
    toll = await fault_run(url, seed=at_once, at_once=at_once)
    assert (toll.doubled, toll.lost, toll.unknown, toll.silent) == (0, 0, 0, 0), toll
    assert toll.outcomes == {"sent": toll.posts}
    assert toll.requests > toll.posts
