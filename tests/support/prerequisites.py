"""In CI nothing that must be there may be missing: a skip for want of it is a failure.

A pytest plugin: `tests/conftest.py` makes it known.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

BESIDE = Path(__file__).parents[2].parent / "shared"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure where the test's marker says that it must run here."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        needed = [marker.name for marker in item.iter_markers() if _must_run(marker.name)]
        if needed:
            report.outcome = "failed"
            report.longrepr = (
                f"{item.nodeid} is marked '{needed[0]}' and must run here (CI is set), "
                f"yet it was skipped: {report.longreprtext}"
            )
    return report


def _must_run(marker: str) -> bool:
    if not os.environ.get("CI"):
        return False
    if marker == "shared":
        return Path(os.environ.get("LINERNOTES_SHARED", BESIDE)).is_dir()
    return marker in {"browser", "postgres"}
