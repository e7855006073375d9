"""The command over the invented example pack, compiled once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import linernotes

EXAMPLE = Path("tests/packs/lantern-weir.yaml").resolve()

Run = Callable[..., Result]


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture
def run(data_dir: Path) -> Run:
    """Run a command of `linernotes facts`."""

    def run_command(*words: str | Path) -> Result:
        env = {"LINERNOTES_DATA_DIR": str(data_dir)}
        return CliRunner(env=env).invoke(linernotes, ["facts", *map(str, words)])

    return run_command
