"""The command line as a person meets it, over a data folder that is compiled once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from bot.cli.main import linernotes

if TYPE_CHECKING:
    from tests.support.stores import Stores

EXAMPLE = Path("tests/packs/lantern-weir.yaml").resolve()

Run = Callable[..., Result]


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory, stores: Stores) -> Path:
    folder = tmp_path_factory.mktemp("data")
    stores.put_shipped(folder)
    return folder


@pytest.fixture
def run(data_dir: Path) -> Run:
    """Run a command; whatever escapes it is a defect, but for an exit and an expected error."""

    def invoke(*words: str | Path, given: bytes | str = "", **env: str) -> Result:
        settings = {"LINERNOTES_DATA_DIR": str(data_dir), "LINERNOTES_TOKEN": "", **env}
        return CliRunner().invoke(linernotes, [str(word) for word in words], given, settings)

    return invoke


@pytest.fixture
def run_facts(run: Run) -> Run:
    """Run a command of `linernotes facts`."""

    def invoke(*words: str | Path) -> Result:
        return run("facts", *words)

    return invoke
