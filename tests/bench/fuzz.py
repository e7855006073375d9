"""The long run of every fuzz target: `python -m tests.bench.fuzz MINUTES [TARGET]...`.

New inputs each time, an equal share of the minutes for each target. Ends with 1 and the smallest
input that fails, if one does; otherwise prints how many inputs were tried.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from bot import logging as logs
from tests.fuzz.target import fuzz
from tests.fuzz.targets import TARGETS

AT_ONCE = 500


def main(minutes: float, names: list[str]) -> None:
    """Fuzz the targets named, or all."""
    logs.configure({"": "critical"})
    targets = [target for target in TARGETS if not names or target.name in names]
    total = 0
    for target in targets:
        tried, begun = 0, time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            while time.monotonic() - begun < minutes * 60 / len(targets):
                tried += fuzz(target, Path(folder), AT_ONCE)
        seconds = time.monotonic() - begun
        print(f"{target.name}: {tried} inputs in {seconds:.0f} s, none failed")
        total += tried
    print(f"{total} inputs tried, no crash")


if __name__ == "__main__":
    main(float(sys.argv[1]), sys.argv[2:])
