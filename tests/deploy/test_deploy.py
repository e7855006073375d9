"""What hosts run is held against the program: files parse, names exist, images are pinned."""

from __future__ import annotations

import configparser
import importlib.util
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from bot import __version__
from bot.client.serve import CLOSE_SECONDS, DRAIN_SECONDS
from bot.config import Config
from bot.observability import probe
from bot.settings import SETTINGS, Shards
from tests.support.packs import REPOSITORY
from tests.support.waiting import PATIENCE_S

if TYPE_CHECKING:
    from pathlib import Path

DEPLOY = REPOSITORY / "deploy"
DOCKERFILE = DEPLOY / "Dockerfile"
UNIT = DEPLOY / "linernotes.service"
INSTANCES = DEPLOY / "linernotes@.service"
UNITS = [UNIT, INSTANCES]
COMPOSES = [DEPLOY / "compose.sqlite.yaml", DEPLOY / "compose.postgres.yaml"]
HOSTING = REPOSITORY / "docs" / "hosting.md"
SCALE = REPOSITORY / "docs" / "scale.md"
PINNED = re.compile(r"[a-z/]+:\d+\.\d+(\.\d+)?(-[a-z0-9.]+)*")
KNOWN = {setting.variable for setting in SETTINGS} | {"LINERNOTES_CONFIG"}


def compose(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def instructions() -> list[tuple[str, str]]:
    """Return the Dockerfile's instructions: word and rest, comments gone, lines joined."""
    text = re.sub(r"(?m)^\s*#.*\n", "", DOCKERFILE.read_text(encoding="utf-8"))
    lines = text.replace("\\\n", " ").splitlines()
    return [(words[0], words[2]) for line in lines if (words := line.partition(" "))[0]]


def unit(path: Path) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign] # how the library has it
    parser.read_string(path.read_text(encoding="utf-8"))
    return parser


@pytest.mark.parametrize(
    "path", [*sorted(DEPLOY.iterdir()), HOSTING, SCALE], ids=lambda path: path.name
)
def test_every_setting_named_exists(path: Path) -> None:
    named = set(re.findall(r"LINERNOTES_[A-Z_]+", path.read_text(encoding="utf-8")))
    assert named <= KNOWN


@pytest.mark.parametrize("path", COMPOSES, ids=lambda path: path.name)
def test_every_image_bears_a_version(path: Path) -> None:
    images = [service["image"] for service in compose(path)["services"].values()]
    assert [image for image in images if not PINNED.fullmatch(image)] == []
    assert f"linernotes:{__version__}" in images


def test_the_image_is_built_from_pinned_images() -> None:
    bases = [rest.split()[0] for word, rest in instructions() if word == "FROM"]
    assert len(set(bases)) == 1
    assert PINNED.fullmatch(bases[0])


def test_the_image_runs_as_nobody_special_and_knows_its_health() -> None:
    said = dict(instructions())
    assert said["USER"] == "10001:10001"
    assert said["ENTRYPOINT"] == '["linernotes"]'
    health = said["HEALTHCHECK"]
    module, page = re.findall(r'"-m", "([a-z.]+)", "([a-z]+)"', health)[0]
    assert importlib.util.find_spec(module) is not None
    assert page in probe.PAGES
    timeout = re.search(r"--timeout=(\d+)s", health)
    assert timeout
    assert int(timeout[1]) > probe.TIMEOUT


def test_what_the_image_copies_is_there_and_not_ignored() -> None:
    ignored = (REPOSITORY / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in ignored
    wanted = [
        name
        for word, rest in instructions()
        if word == "COPY" and not rest.startswith("--from")
        for name in rest.split()[:-1]
    ]
    assert wanted
    for name in wanted:
        assert (REPOSITORY / name).exists()
        assert f"!{name}" in ignored


@pytest.mark.parametrize("path", COMPOSES, ids=lambda path: path.name)
def test_the_container_can_do_little(path: Path) -> None:
    bot = compose(path)["services"]["bot"]
    assert bot["read_only"] is True
    assert bot["cap_drop"] == ["ALL"]
    assert bot["security_opt"] == ["no-new-privileges:true"]
    assert "ports" not in bot
    assert (path.parent / bot["build"]["context"] / bot["build"]["dockerfile"]).is_file()


@pytest.mark.parametrize("path", COMPOSES, ids=lambda path: path.name)
def test_no_secret_stands_in_a_file(path: Path) -> None:
    environment = compose(path)["services"]["bot"]["environment"]
    assert environment["LINERNOTES_TOKEN_FILE"] == "/run/secrets/token"
    assert "LINERNOTES_TOKEN" not in environment
    passwords = re.findall(r"(?i)password: *(\S+)|//linernotes:([^@]+)@", path.read_text("utf-8"))
    assert all((a or b).startswith("${POSTGRES_PASSWORD:?") for a, b in passwords)


def test_whoever_stops_it_waits_long_enough() -> None:
    slowest = DRAIN_SECONDS + CLOSE_SECONDS
    for path in COMPOSES:
        assert int(compose(path)["services"]["bot"]["stop_grace_period"][:-1]) > slowest
    for path in UNITS:
        assert int(unit(path)["Service"]["TimeoutStopSec"]) > slowest
    assert slowest < 10


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_the_unit_is_one_that_systemd_takes(tmp_path: Path, path: Path) -> None:
    analyse = shutil.which("systemd-analyze")
    if analyse is None:
        pytest.skip("there is no systemd-analyze here")
    text = path.read_text(encoding="utf-8")
    copied = tmp_path / path.name.replace("@", "@0-3")
    # The program is not installed here, and a missing one is all that would be told.
    copied.write_text(re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", text), encoding="utf-8")
    done = subprocess.run(
        [analyse, "verify", copied], capture_output=True, text=True, check=False, timeout=PATIENCE_S
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_the_unit_keeps_the_token_out_of_its_environment(path: Path) -> None:
    service = unit(path)["Service"]
    assert service["LoadCredential"].startswith("token:")
    assert service["StateDirectoryMode"] == "0700"
    assert service["UMask"] == "0077"


def test_one_of_several_processes_is_confined_as_a_single_one_is() -> None:
    own = {"Description", "StateDirectory", "EnvironmentFile", "ExecStart", "Environment"}
    one, several = unit(UNIT), unit(INSTANCES)
    assert one.sections() == several.sections()
    for section in one.sections():
        assert {
            name
            for name in one[section].keys() | several[section].keys()
            if one[section].get(name) != several[section].get(name)
        } <= own


def test_an_instance_is_named_by_shards_as_the_program_takes_them() -> None:
    words = unit(INSTANCES)["Service"]["ExecStart"].split()
    shards = words[words.index("--shards") + 1].replace("%i", "0-3").replace("${SHARDS}", "8")
    config = Config.from_env({"LINERNOTES_SHARDS": shards})
    assert config.shards == Shards((0, 1, 2, 3), 8)


def test_the_page_tells_of_every_metric() -> None:
    page = HOSTING.read_text(encoding="utf-8")
    source = (REPOSITORY / "bot" / "observability" / "prometheus.py").read_text(encoding="utf-8")
    kinds = {"_counter": "_total", "_histogram": ""}
    for kind, name in re.findall(r'self\.(_counter|_histogram)\(\s*"(\w+)"', source):
        assert f"linernotes_{name}{kinds[kind]}" in page
