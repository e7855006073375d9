from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement

from bot import __version__
from tests.support.packs import REPOSITORY
from tests.support.prerequisites import COSTLY
from tests.support.waiting import PATIENCE_S

if TYPE_CHECKING:
    from pathlib import Path

SECOND_COMMAND = (
    "python3 -m venv --upgrade-deps .venv"
    " && .venv/bin/pip install --quiet --no-compile --constraint constraints.txt"
    " --editable '.[dev]'"
    ' && PATH="$PWD/.venv/bin:$PATH" scripts/check'
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    backend = "import build_backend, sys; build_backend.build_wheel(sys.argv[1])"
    subprocess.run(
        [sys.executable, "-c", backend, folder],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY / "scripts")},
        check=True,
        capture_output=True,
        timeout=PATIENCE_S,
    )
    (built,) = folder.iterdir()
    return built


def test_the_wheel_holds_all_that_the_bot_reads(wheel: Path) -> None:
    kinds = {
        ".yaml",
        ".sql",
        ".json",
        ".md",
        ".html",
        ".css",
        ".js",
        ".svg",
        ".mako",
        ".po",
        ".py",
        ".txt",
    }
    needed = {
        str(path.relative_to(REPOSITORY))
        for path in (REPOSITORY / "bot").rglob("*")
        if path.suffix in kinds and "__pycache__" not in path.parts
    } | {f"bot/facts/{path.name}" for path in (REPOSITORY / "facts").iterdir()}

    inside = set(zipfile.ZipFile(wheel).namelist())

    assert needed - inside == set()
    assert {
        "bot/facts/big-time-rush-2013.yaml",
        "bot/answering/languages/en/lexicon.yaml",
        "bot/answering/languages/en/thesaurus.txt",
        "bot/index/schema.sql",
        "bot/packs/starter.yaml",
        "bot/sandbox/page/index.html",
    } <= inside


COMPILED = """
import sys
from bot.localization.catalogues import load_translations
from bot.answering.language import compiled_folder, language_key
from bot.answering.pack_set import cache_key
from bot.index.compiler import is_current
from bot.packs.discovery import find_pack_files, shipped_folder
print(is_current(compiled_folder() / "language-en.sqlite", language_key()))
shipped = find_pack_files([shipped_folder()])
print(is_current(compiled_folder() / "facts.sqlite", cache_key(shipped)))
sys.modules["babel"] = None  # nothing is left to compile
print(load_translations("es-419").pgettext("command", "ask") == "preguntar")
"""


def test_what_the_wheel_brings_compiled_is_current(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)

    told = subprocess.run(
        [sys.executable, "-c", COMPILED],
        cwd=tmp_path,  # before the checkout on the path
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE_S,
    )

    assert told.stdout.split() == ["True", "True", "True"]


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}

    assert tops == {"bot", f"linernotes-{__version__}.dist-info"}


@pytest.mark.long
def test_what_is_installed_answers_far_from_the_checkout(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "installed")
    away = tmp_path / "away"
    away.mkdir()

    result = subprocess.run(
        [sys.executable, "-m", "bot", "ask", "When does the new album come out?"],
        cwd=away,
        env={
            **os.environ,
            "PYTHONPATH": str(tmp_path / "installed"),
            "LINERNOTES_DATA_DIR": str(tmp_path / "data"),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )

    assert result.stderr == ""
    assert "June 11, 2013" in result.stdout


def test_the_command_is_installed_with_it(wheel: Path) -> None:
    inside = zipfile.ZipFile(wheel)
    (entry,) = [name for name in inside.namelist() if name.endswith("entry_points.txt")]

    assert "linernotes = bot.cli.main:main" in inside.read(entry).decode()


def test_readme_holds_the_command_that_ci_runs() -> None:
    lines = (REPOSITORY / "README.md").read_text(encoding="utf-8").splitlines()
    ci = (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8")
    (pattern,) = re.findall(r"grep --max-count=1 '(.+)' README\.md", ci)

    assert [line for line in lines if re.search(pattern, line)] == [SECOND_COMMAND]


@pytest.mark.parametrize(
    "script", [".ci/run", "scripts/check", "scripts/lint-forge", "scripts/lint-page"]
)
def test_what_people_and_ci_run_can_be_run(script: str) -> None:
    path = REPOSITORY / script

    assert path.stat().st_mode & stat.S_IXUSR
    assert subprocess.run(["bash", "-n", path], check=False).returncode == 0


@pytest.mark.parametrize(
    ("checks", "audit", "status"),
    [
        ("exit 0", 0, 0),
        ("exit 3", 0, 3),
        ("exit 0", 1, 1),
        pytest.param('[ "$1" != long ] || exit 4', 0, 4, id="a long test fails"),
    ],
)
def test_ci_ends_as_the_checks_end_and_fails_for_a_known_vulnerability(
    tmp_path: Path, checks: str, audit: int, status: int
) -> None:
    for name, lines in {
        ".ci/run": (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8"),
        "README.md": "python3 -m venv --help >/dev/null && scripts/check\n",
        "scripts/audit.py": f"raise SystemExit({audit})\n",
        "scripts/lint-forge": "#!/bin/sh\n",
        "scripts/lint-page": "#!/bin/sh\n",
        "scripts/check": f"#!/bin/sh\necho '=== 7 passed ==='\n{checks}\n",
        ".venv/bin/pip": "#!/bin/sh\n",
        "bin/chromium": "",
        "bin/initdb": "",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(lines, encoding="utf-8")
        (tmp_path / name).chmod(0o755)

    path = os.pathsep.join([str(tmp_path / "bin"), os.environ["PATH"]])
    done = subprocess.run(
        [tmp_path / ".ci" / "run"],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"PATH": path},
        timeout=PATIENCE_S,
    )

    assert done.returncode == status, done.stderr
    assert done.stdout.endswith("=== 7 passed ===\n")


def wanted() -> set[str]:
    """Return every package that the project asks for in any extra, and what those ask for."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    waiting = [Requirement(text) for text in sum(extras, project["dependencies"])]
    found: dict[str, set[str]] = {}
    while waiting:
        wish = waiting.pop()
        name = canonical(wish.name)
        if name == "linernotes" or (name in found and wish.extras <= found[name]):
            continue
        found[name] = found.get(name, set()) | wish.extras
        waiting += _wishes_of(name, wish.extras)
    return set(found)


def _wishes_of(name: str, extras: set[str]) -> list[Requirement]:
    """Return what a package asks for, on any of the Pythons that we support."""
    try:
        wishes = [Requirement(text) for text in metadata.requires(name) or ()]
    except metadata.PackageNotFoundError:
        return []  # it is for another Python than this one
    sides = [
        {"extra": extra, "python_version": python, "python_full_version": f"{python}.0"}
        for extra in ("", *extras)
        for python in ("3.11", "3.12", "3.13")
    ]
    return [
        wish
        for wish in wishes
        if wish.marker is None or any(wish.marker.evaluate(side) for side in sides)
    ]


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned() -> dict[str, str]:
    lines = (REPOSITORY / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("==") for line in lines if line and not line.startswith("#"))
    return {canonical(name): version for name, version in pairs}


def test_every_package_is_pinned_and_nothing_else() -> None:
    pins = pinned()

    assert wanted() <= pins.keys()
    if all(find_spec(name) for name in ("mutmut", "numpy")):
        # Only with every extra installed is it known what each of them brings along.
        assert wanted() == pins.keys()
    assert all(re.fullmatch(r"[0-9][0-9a-z.]*", version) for version in pins.values())


def test_the_pins_satisfy_what_the_project_asks_for() -> None:
    pins = pinned()
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()

    for wish in map(Requirement, sum(extras, project["dependencies"])):
        if wish.name != "linernotes":
            assert wish.specifier.contains(pins[canonical(wish.name)]), wish


MARKED = """
import pytest

@pytest.mark.browser
def test_drives_a_browser():
    pytest.skip("no browser here")

@pytest.mark.shared
@pytest.mark.skipif(True, reason="no folder here")
def test_reads_the_shared_folder(): ...

def test_skips_for_a_reason_of_its_own():
    pytest.skip("on this machine")
"""


def outcomes(tmp_path: Path, **env: str) -> str:
    """Return the closing line of a run of three tests that skip."""
    (tmp_path / "test_marked.py").write_text(MARKED, encoding="utf-8")
    clean = {key: text for key, text in os.environ.items() if key not in ("CI", "PYTEST_ADDOPTS")}
    plugins = ("-p", "tests.support.prerequisites", "-p", "no:cacheprovider")
    own = ("-c", os.devnull, "--rootdir", str(tmp_path), "-W", "ignore")  # not our strict settings
    result = subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, *own, "--long", "test_marked.py"],
        cwd=tmp_path,
        env={**clean, "PYTHONPATH": str(REPOSITORY), **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    return re.sub(r" in .*", "", result.stdout.splitlines()[-1]).strip("= ")


@pytest.mark.long
def test_a_test_may_skip_at_home(tmp_path: Path) -> None:
    assert outcomes(tmp_path) == "3 skipped"


@pytest.mark.long
def test_in_ci_what_must_be_there_may_not_be_missing(tmp_path: Path) -> None:
    there, gone = str(tmp_path), str(tmp_path / "gone")

    assert outcomes(tmp_path, CI="true", LINERNOTES_SHARED=there) == "1 failed, 1 skipped, 1 error"
    assert outcomes(tmp_path, CI="true", LINERNOTES_SHARED=gone) == "1 failed, 2 skipped"


def test_no_fixture_that_every_test_has_is_left_out_by_the_fast_check(
    request: pytest.FixtureRequest,
) -> None:
    assert COSTLY.isdisjoint(request.fixturenames)
