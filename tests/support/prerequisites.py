"""Which tests run here, and why the others do not.

A pytest plugin: `tests/conftest.py` makes it known. Tests marked `long`, and those that need a
browser or PostgreSQL, run with `--long` alone. In CI nothing that must be there may be missing: a
skip for want of it is a failure.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.support.shared import SHARED

if TYPE_CHECKING:
    from collections.abc import Generator

    from _pytest.terminal import TerminalReporter

COSTLY = frozenset({"sandbox", "stores", "url"})
"""Fixtures that start a server, compile packs or open a state database."""
LONG_MARKERS = frozenset({"long", "browser", "postgres"})
LONG = "It takes long: 'scripts/check long' runs it."


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the tests that take long as well")
    parser.addoption("--fast", action="store_true", help="leave out what starts, opens or compiles")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip the long tests unless they are asked for, and take out the costly ones for --fast."""
    if config.getoption("--fast"):
        costly = [item for item in items if COSTLY & set(getattr(item, "fixturenames", ()))]
        config.hook.pytest_deselected(items=costly)
        items[:] = [item for item in items if item not in set(costly)]
    if not config.getoption("--long"):
        for item in items:
            if LONG_MARKERS.intersection(marker.name for marker in item.iter_markers()):
                item.add_marker(pytest.mark.skip(reason=LONG))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure where the test's marker says that it must run here."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and LONG not in report.longreprtext:
        needed = [marker.name for marker in item.iter_markers() if _must_run(marker.name)]
        if needed:
            report.outcome = "failed"
            report.longrepr = (
                f"{item.nodeid} is marked '{needed[0]}' and must run here (CI is set), "
                f"yet it was skipped: {report.longreprtext}"
            )
    return report


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Say how many tests were skipped for which reason."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(_reason(report) for report in skipped)
    if reasons:
        terminalreporter.section("skipped here")
    for reason, count in reasons.most_common():
        terminalreporter.line(f"{count:5}  {reason}")


def _reason(report: pytest.TestReport) -> str:
    place_and_reason = report.longrepr if isinstance(report.longrepr, tuple) else ("", 0, "")
    return place_and_reason[2].removeprefix("Skipped: ")


def _must_run(marker: str) -> bool:
    if not os.environ.get("CI"):
        return False
    if marker == "shared":
        return SHARED.is_dir()
    return marker in {"browser", "postgres"}
