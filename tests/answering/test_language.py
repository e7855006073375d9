from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from bot.answering import language
from bot.answering.language import compiled_folder, ensure_language, language_key
from bot.answering.pack_set import (
    SHIPPED_INDEX,
    PackSet,
    find_translated_indexes,
    translated_index,
)
from bot.errors import StoreError
from bot.index.compiler import is_current
from bot.index.reader import open_frequencies, read_lexicon
from bot.packs.discovery import shipped_folder
from tests.support.packs import LANTERN_FILE

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def little_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let English be one word, which takes no time to compile."""
    monkeypatch.setattr("bot.answering.language.load_frequencies", lambda *_: {"the": 7.5})
    monkeypatch.setattr("bot.answering.out_of_domain.learn_topics", lambda *_: {})


def test_the_language_is_kept_with_the_bot(
    little_english: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(language, "compiled_folder", lambda: tmp_path / "bot")

    file = ensure_language(tmp_path / "data")

    assert file.parent == tmp_path / "bot"
    assert is_current(file, language_key())
    with open_frequencies(file) as frequencies:
        assert frequencies == {"the": 7.5}
        assert frequencies.get("thee", 0.0) == 0.0
    assert '"spellings"' in read_lexicon(file)
    assert not (tmp_path / "data").exists()


def test_where_the_bots_own_folder_cannot_be_written_the_language_is_kept_with_the_data(
    little_english: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "bot").write_text("no folder")
    monkeypatch.setattr(language, "compiled_folder", lambda: tmp_path / "bot")

    file = ensure_language(tmp_path / "data")
    written = file.stat().st_mtime_ns

    assert file.parent == tmp_path / "data"
    assert ensure_language(tmp_path / "data") == file
    assert file.stat().st_mtime_ns == written


def test_where_neither_can_be_written_the_folder_of_the_data_is_told(
    little_english: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setattr(language, "compiled_folder", lambda: tmp_path / "file")

    with pytest.raises(StoreError, match="LINERNOTES_DATA_DIR"):
        ensure_language(tmp_path / "file")


@pytest.mark.usefixtures("stores")  # what the bot brings is compiled then
def test_the_shipped_packs_are_copied_where_they_were_compiled_before(tmp_path: Path) -> None:
    shipped = PackSet((shipped_folder(),), tmp_path, is_configured=True)

    store = shipped.ensure_index()

    assert store.read_bytes() == (compiled_folder() / SHIPPED_INDEX).read_bytes()
    spanish = translated_index(compiled_folder() / SHIPPED_INDEX, "es")
    assert translated_index(store, "es").read_bytes() == spanish.read_bytes()
    assert set(tmp_path.iterdir()) == {store, *find_translated_indexes(store)}


COMPILING = """
import sys
from pathlib import Path
from bot.answering.pack_set import build_index
build_index([Path(sys.argv[1])], Path(sys.argv[2]), "key")
"""


@pytest.mark.long
def test_the_same_packs_make_the_same_file_in_any_process(tmp_path: Path) -> None:
    stores = [tmp_path / seed / "facts.sqlite" for seed in ("1", "2")]
    for store in stores:
        subprocess.run(
            [sys.executable, "-c", COMPILING, str(LANTERN_FILE), str(store)],
            env={**os.environ, "PYTHONHASHSEED": store.parent.name},  # another order of sets
            check=True,
        )

    one, other = (store.read_bytes() for store in stores)
    assert one == other
