"""Real processes, killed for real, on a wire that fails: nothing doubled, lost or silent.

The short version of `python -m tests.bench.daily_faults posters`.
"""

from __future__ import annotations

import pytest

from tests.scheduling.conftest import long_on_postgres
from tests.support.kills import kill_run


@long_on_postgres
@pytest.mark.parametrize("at_once", [1, pytest.param(2, marks=pytest.mark.long)])
async def test_killed_processes_neither_double_nor_lose_a_post(url: str, at_once: int) -> None:
    toll = await kill_run(url, seed=at_once, at_once=at_once)
    assert (toll.doubled, toll.lost, toll.unknown, toll.silent) == (0, 0, 0, 0), toll
    assert toll.outcomes == {"sent": toll.posts}
    assert toll.killed == 3 * at_once
