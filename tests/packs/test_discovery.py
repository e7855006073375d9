from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import PackError
from bot.packs.discovery import find_hidden_packs, find_pack_files, shipped_folder

if TYPE_CHECKING:
    from pathlib import Path


def test_the_first_pack_is_shipped() -> None:
    assert "big-time-rush-2013.yaml" in [path.name for path in find_pack_files([shipped_folder()])]


def test_folders_give_their_packs_by_name_and_nothing_else(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yml", ".c.yaml", "pack.schema.json", "README.md"):
        (tmp_path / name).touch()
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "d.yaml").touch()

    found = find_pack_files([tmp_path, tmp_path / "b.yaml", tmp_path / "inside"])

    assert [path.name for path in found] == ["a.yml", "b.yaml", "d.yaml"]


def test_every_place_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(PackError) as caught:
        find_pack_files([tmp_path / "one", tmp_path, tmp_path / "two"])

    assert [str(fault) for fault in caught.value.faults] == [
        f"{tmp_path}/one: cannot be read (No such file or directory); correct the path",
        f"{tmp_path}/two: cannot be read (No such file or directory); correct the path",
    ]


def test_a_pack_that_an_editor_made_a_text_file_is_told(tmp_path: Path) -> None:
    hidden = tmp_path / "mira-vale.yaml.txt"
    hidden.touch()
    (tmp_path / "article.txt").touch()

    (fault,) = map(str, find_hidden_packs([tmp_path, hidden]))

    assert fault.startswith(f"{hidden}: the name of this file ends in .txt, so it is not read")
    assert fault.endswith("rename it to mira-vale.yaml")
