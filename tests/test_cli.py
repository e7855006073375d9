from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from bot import __version__
from bot.cli.lazy_group import LazyGroup, first_sentence
from bot.cli.main import linernotes
from bot.cli.run import posting_limits
from bot.config import NO_TOKEN, Config
from bot.scheduling.limits import Limits
from tests.support.packs import LANTERN_FILE, REPOSITORY
from tests.support.waiting import PATIENCE_S

if TYPE_CHECKING:
    from tests.support.stores import Stores

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


def commands(group: click.Command = linernotes, path: str = "") -> list[tuple[str, click.Command]]:
    """Return every command there is, with the words that call it."""
    if not isinstance(group, click.Group):
        return [(path, group)]
    context = click.Context(group)
    named = {name: group.get_command(context, name) for name in group.list_commands(context)}
    return [
        (path, group),
        *(
            found
            for name, command in named.items()
            if command is not None
            for found in commands(command, f"{path} {name}".strip())
        ),
    ]


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def compiled_dir(data_dir: Path, stores: Stores) -> Path:
    """Return the data folder of a bot that was started before."""
    stores.put_shipped(data_dir)
    return data_dir


def run(
    *words: str | Path, data_dir: Path, cwd: Path = REPOSITORY, **env: str
) -> subprocess.CompletedProcess[str]:
    """Run `python -m bot` as a person's shell would, with no other settings than these."""
    clean = {key: text for key, text in os.environ.items() if not key.startswith("LINERNOTES_")}
    return subprocess.run(
        [sys.executable, "-m", "bot", *map(str, words)],
        cwd=cwd,
        env={**clean, "LINERNOTES_DATA_DIR": str(data_dir), "PYTHONPATH": str(REPOSITORY), **env},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


def test_the_version_is_told(data_dir: Path) -> None:
    assert run("--version", data_dir=data_dir).stdout == f"linernotes, version {__version__}\n"


@pytest.mark.parametrize(("path", "command"), commands(), ids=[path for path, _ in commands()])
def test_every_command_and_option_has_help(path: str, command: click.Command) -> None:
    assert command.help, path
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help or parameter.metavar, f"{path} {parameter.name}"


def test_a_wrong_command_ends_with_2(data_dir: Path) -> None:
    result = run("sing", data_dir=data_dir)

    assert result.returncode == 2
    assert "No such command 'sing'" in result.stderr


def test_a_question_is_answered_anywhere_on_the_machine(compiled_dir: Path, tmp_path: Path) -> None:
    result = run("ask", "When does the new album come out?", data_dir=compiled_dir, cwd=tmp_path)

    assert result.returncode == 0
    assert "June 11, 2013" in result.stdout
    assert result.stderr == ""


@pytest.mark.parametrize("command", ["run", "sync"])
def test_without_a_token_one_is_told_how_to_get_one(command: str, data_dir: Path) -> None:
    result = run(command, data_dir=data_dir)

    assert result.returncode == 1
    assert result.stderr == f"{NO_TOKEN}\n"
    assert result.stdout == ""


def test_every_fault_of_the_settings_is_told_at_once(data_dir: Path) -> None:
    result = run(
        "ask", "x", data_dir=data_dir, LINERNOTES_SHARDS="many", LINERNOTES_METRICS_PORT="blue"
    )

    assert result.returncode == 1
    assert "LINERNOTES_SHARDS" in result.stderr
    assert "LINERNOTES_METRICS_PORT" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("words", [("topics",), ("facts", "find", "slow", "water"), ("config",)])
def test_every_command_reads_the_file_that_the_environment_names(
    words: tuple[str, ...], data_dir: Path, tmp_path: Path, stores: Stores
) -> None:
    stores.put_shipped(data_dir, LANTERN_FILE)
    file = tmp_path / "mine.toml"
    file.write_text(f'packs = ["{LANTERN_FILE}"]\n', encoding="utf-8")

    result = run(*words, data_dir=data_dir, LINERNOTES_CONFIG=str(file))

    assert result.returncode == 0
    assert "lantern-weir" in result.stdout.lower().replace(" ", "-")


def test_a_settings_file_that_is_not_there_is_told(data_dir: Path, tmp_path: Path) -> None:
    result = run("ask", "x", data_dir=data_dir, LINERNOTES_CONFIG=str(tmp_path / "none.toml"))

    assert result.returncode == 1
    assert "none.toml: cannot be read (No such file or directory)" in result.stderr
    assert "Traceback" not in result.stderr


def faulty(pack: Path) -> str:
    text = LANTERN_FILE.read_text(encoding="utf-8").replace("kind: person", "kind: cat", 1)
    pack.write_text(text, encoding="utf-8")
    return f"{pack}:{text[: text.index('kind: cat')].count(chr(10)) + 1}:"


def test_a_pack_that_fails_keeps_the_last_good_notes_serving(
    data_dir: Path, tmp_path: Path, stores: Stores
) -> None:
    stores.put_shipped(data_dir, LANTERN_FILE)
    pack = Path(shutil.copy(LANTERN_FILE, tmp_path / LANTERN_FILE.name))
    asked = ("ask", "who produced slow water almanac")
    good = run(*asked, data_dir=data_dir, LINERNOTES_PACKS=str(pack))
    where = faulty(pack)

    result = run(*asked, data_dir=data_dir, LINERNOTES_PACKS=str(pack))

    assert "Benedetta Orrow" in good.stdout
    assert result.returncode == 0
    assert result.stdout == good.stdout
    fault, *_, promise = result.stderr.splitlines()
    assert fault.startswith(where)
    assert promise == "The last good notes go on serving until this is put right."


def test_a_pack_that_fails_from_the_start_is_an_error(data_dir: Path, tmp_path: Path) -> None:
    where = faulty(tmp_path / LANTERN_FILE.name)

    result = run("topics", data_dir=data_dir, LINERNOTES_PACKS=str(tmp_path))

    assert result.returncode == 1
    assert result.stderr.startswith(where)
    assert "Traceback" not in result.stderr


def test_a_pack_asked_for_once_never_becomes_the_last_good_one(
    data_dir: Path, tmp_path: Path, stores: Stores
) -> None:
    stores.put(data_dir / "facts-elsewhere", LANTERN_FILE)
    run("topics", "--packs", LANTERN_FILE, data_dir=data_dir)
    faulty(tmp_path / LANTERN_FILE.name)

    result = run("topics", data_dir=data_dir, LINERNOTES_PACKS=str(tmp_path))

    assert result.returncode == 1
    assert "Lantern Weir" not in result.stdout


def test_a_data_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    result = run("ask", "x", data_dir=tmp_path / "file")

    assert result.returncode == 1
    assert "LINERNOTES_DATA_DIR" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_reader_who_has_seen_enough_hears_no_complaint(compiled_dir: Path) -> None:
    program = f"{sys.executable} -m bot topics | head -n 1"

    result = subprocess.run(
        ["bash", "-c", program],
        cwd=REPOSITORY,
        env={**os.environ, "LINERNOTES_DATA_DIR": str(compiled_dir)},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=True,
    )

    assert len(result.stdout.splitlines()) == 1
    assert result.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full to write to")
def test_output_that_finds_no_room_is_a_sentence(data_dir: Path) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        result = subprocess.run(
            [sys.executable, "-m", "bot", "config"],
            cwd=REPOSITORY,
            env={**os.environ, "LINERNOTES_DATA_DIR": str(data_dir)},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )

    assert result.returncode == 1
    assert result.stderr == (
        "The output could not be written (No space left on device); "
        "free some space, or write elsewhere.\n"
    )


def test_the_settings_in_force_are_shown_without_the_token(data_dir: Path) -> None:
    result = run("config", data_dir=data_dir, LINERNOTES_TOKEN="MTk4NjIy.Cl2FMQ.ZnCjm1XVW7vRze4b")

    assert result.returncode == 0
    assert str(data_dir) in result.stdout
    assert "ZnCjm1XVW7vRze4b" not in result.stdout + result.stderr
    assert re.search(r"^token +\S", result.stdout, re.MULTILINE)


def named_in_readme() -> list[str]:
    """Return every command that the README's tables name, in the words that call it."""
    named = []
    for row in re.findall(r"^\| (`linernotes .*?) \|", README, re.MULTILINE):
        first, *others = re.findall(r"`(.+?)`", row)
        words = [word for word in first.split()[1:] if not word.isupper()]
        group = words[:-1]
        named += [" ".join(words), *(" ".join([*group, other]) for other in others)]
    return named


def test_the_readme_names_commands() -> None:
    assert {"ask", "topics", "facts show", "state copy", "config"} <= set(named_in_readme())


@pytest.mark.parametrize("path", named_in_readme())
def test_every_command_that_the_readme_names_is_there(path: str) -> None:
    assert path in dict(commands())


def test_the_readme_holds_no_placeholder() -> None:
    assert re.findall(r"^\W*(?:[A-Z]{4,}|TODO.*|TBD.*)\W*$", README, re.MULTILINE) == []


def test_the_pace_that_a_host_sets_is_the_pace_of_posting() -> None:
    faster = Config.from_env({"LINERNOTES_REQUESTS_PER_SECOND": "200"})
    assert posting_limits(faster, None) == Limits(per_second=200)
    assert posting_limits(faster, Limits(max_under_way=3)) == Limits(
        per_second=200, max_under_way=3
    )
    assert posting_limits(Config.from_env({}), None) is None


def test_every_command_is_listed_with_its_place_name_and_first_sentence() -> None:
    for path, group in commands():
        if isinstance(group, LazyGroup):
            context = click.Context(group)
            for name, lazy in group.lazy_commands.items():
                command = group.get_command(context, name)
                assert command is not None, path
                assert (command.name, first_sentence(command)) == (name, lazy.summary)


SELDOM_USED = (
    "alembic", "prometheus_client", "pydantic", "multiprocessing", "sqlalchemy.dialects.postgresql",
    "bot.cli.demo", "bot.cli.facts", "bot.cli.sandbox", "bot.sandbox", "bot.cli.ask", "yaml",
)  # fmt: skip  # what a bot at rest would only carry about


def test_what_is_seldom_used_is_imported_when_it_is_used() -> None:
    script = (
        "import sys; from bot.cli.main import linernotes; "
        "import bot.answering.knowledge_base, bot.answering.pack_set, bot.client.app; "
        "import bot.bootstrap, bot.scheduling.storage.database; "
        "linernotes.get_command(None, 'run'); "
        f"print([name for name in {SELDOM_USED} if name in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"
