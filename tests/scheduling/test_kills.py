"""Real processes, killed for real, on a wire that fails: nothing doubled, lost or silent.

The short version of `python -m tests.bench.daily_faults posters`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.kills import KINDS, kill_run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.long
@pytest.mark.parametrize("at_once", [1, 2])
async def test_killed_processes_neither_double_nor_lose_a_post(url: str, at_once: int) -> None:
    toll = await kill_run(url, seed=at_once, at_once=at_once)
    assert (toll.doubled, toll.lost, toll.unknown, toll.silent) == (0, 0, 0, 0), toll
    assert toll.unfollowed == 0, toll
    assert toll.outcomes == {"sent": toll.posts}
    assert toll.killed == 3 * at_once


@pytest.mark.long
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "kills"])
async def test_no_wrong_clock_damaged_row_or_moderator_changes_that(
    tmp_path: Path, kind: str
) -> None:
    toll = await kill_run(f"sqlite:///{tmp_path / 'state.db'}", seed=3, kind=kind)
    assert (toll.doubled, toll.lost, toll.silent) == (0, 0, 0), toll
