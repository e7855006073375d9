#!/usr/bin/env python3
"""Hold the pinned packages against the known vulnerabilities, where those can be asked for.

    python3 scripts/audit.py [--offline]

pip-audit is installed into an environment of its own, which is thrown away: what it needs itself is
no part of the bot. Status 0 means that no vulnerability is known, 1 that one is, and 2 that nobody
could be asked. With --offline, for a machine that cannot reach the service, that is said and the
status is 0. It takes two minutes at most.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any

PINS = Path(__file__).parent.parent / "constraints.txt"
TOOL = "pip-audit==2.10.1"
INSTALLING_S = 60
ASKING_S = 60
NOBODY_ASKED = 2


def main(words: list[str]) -> int:
    """Audit, print the result, and return the status."""
    is_offline = words == ["--offline"]
    if words and not is_offline:
        print(f"Unknown arguments: {' '.join(words)}. Usage: scripts/audit.py [--offline]")
        return NOBODY_ASKED
    try:
        with tempfile.TemporaryDirectory(prefix="linernotes-audit-") as folder:
            report = ask(Path(folder))
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        said = getattr(error, "stderr", None) or str(error)
        print(f"NOT AUDITED: {TOOL} could not be installed or run: {said.strip()[-300:]}")
        return 0 if is_offline else NOBODY_ASKED
    status, said = verdict(report)
    print(said)
    return 0 if is_offline and status == NOBODY_ASKED else status


def ask(folder: Path) -> dict[str, Any]:
    """Install the tool and return its report on every pin."""
    venv.create(folder, with_pip=True)
    programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
    run([str(programs / "pip"), "install", "--quiet", TOOL], INSTALLING_S).check_returncode()
    done = run(
        [
            *(str(programs / "pip-audit"), "--requirement", str(PINS)),
            *("--no-deps", "--disable-pip", "--timeout", "5"),
            *("--progress-spinner", "off", "--format", "json"),
        ],
        ASKING_S,
    )
    # Its status is 1 for a vulnerability and for a failure alike; only the first has a report.
    if not done.stdout.strip():
        done.check_returncode()
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def run(command: list[str], seconds: float) -> subprocess.CompletedProcess[str]:
    """Run a command for so many seconds at most."""
    return subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)


def verdict(report: dict[str, Any]) -> tuple[int, str]:
    """Return the status and what to say about a report."""
    packages = report["dependencies"]
    asked = [each for each in packages if "skip_reason" not in each]
    if not asked:
        return (
            NOBODY_ASKED,
            "NOT AUDITED: the vulnerability service could not be reached (it knew no package).",
        )
    found = [
        f"{each['name']} {each['version']}: {one['id']}, fixed in "
        f"{', '.join(one['fix_versions']) or 'no version yet'}"
        for each in asked
        for one in each["vulns"]
    ]
    skipped = len(packages) - len(asked)
    unknown = f" ({skipped} the service does not know)" if skipped else ""
    lines = [f"{len(asked)} packages audited{unknown}, {len(found)} known vulnerabilities.", *found]
    return int(bool(found)), "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
