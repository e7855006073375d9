"""Four real processes on one PostgreSQL, killed and divided anew while the day's quotes go out.

The short version of `python -m tests.bench.fleet`.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from bot.sandbox.http.rate_limits import IDENTIFY_SECONDS
from tests.support.fleet import daily_minute
from tests.support.postgres import postgres_cluster, postgres_server

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.postgres import PostgresServer

__all__ = ["postgres_cluster", "postgres_server"]


@pytest.mark.long
@pytest.mark.postgres
@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process in another way")
async def test_processes_killed_and_resharded_post_everything_once_and_identify_in_turn(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    count = await daily_minute(postgres_server.new_database(), tmp_path, posts=400, seed=1)
    assert (count.sent, count.doubled, count.lost, count.unknown) == (400, 0, 0, 0), count
    assert (count.kills, count.starts - count.fell) == (6, 9)
    assert count.identifies >= 4 + 6  # one killed at once may not have come to it
    assert count.refused == 0, count
    assert count.closest >= IDENTIFY_SECONDS
    # Each at a pace of its own would be three times what Discord takes; a busy machine sends heaps.
    assert count.limited < 100, count
    assert count.unanswered == 0
