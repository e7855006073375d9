from __future__ import annotations

import asyncio
import multiprocessing
import os
import shutil
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import psutil
import pytest

from bot.answering.language import language_key, load_frequencies
from bot.answering.pack_set import (
    KEPT_UNUSED_S,
    PackSet,
    build_index,
    cache_key,
    compile_packs,
)
from bot.errors import PackError, StoreError
from bot.index.compiler import is_current
from bot.index.connection import seal_of
from bot.packs.loader import load_pack
from tests.support.packs import little_pack, write_starter
from tests.support.waiting import until, works

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    return write_starter(tmp_path / "packs").parent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "folder"


def store_of(packs: Path, folder: Path) -> Path:
    return PackSet((packs,), folder, is_configured=True).ensure_index(in_child=False)


def spoil(packs: Path) -> Path:
    path = packs / "starter.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("kind: person", "kind: cat", 1))
    return path


def test_packs_are_compiled_once_and_found_again(packs: Path, folder: Path) -> None:
    first = store_of(packs, folder)
    written = first.stat().st_ino

    assert store_of(packs, folder) == first
    assert first.stat().st_ino == written
    assert set(folder.iterdir()) == {first, seal_of(first)}


def test_a_changed_pack_is_compiled_anew_and_the_unused_store_removed(
    packs: Path, folder: Path
) -> None:
    first = store_of(packs, folder)
    assert store_of(packs, folder) == first  # looked at, it has a seal
    with (packs / "starter.yaml").open("a", encoding="utf-8") as file:
        file.write("\n# a remark\n")
    a_while_ago = time.time() - KEPT_UNUSED_S - 1
    os.utime(first, (a_while_ago, a_while_ago))

    second = store_of(packs, folder)

    assert second != first
    assert list(folder.iterdir()) == [second]


def test_a_store_that_was_just_found_is_there_to_be_opened(packs: Path, folder: Path) -> None:
    found = store_of(packs, folder)
    a_while_ago = time.time() - KEPT_UNUSED_S - 1
    os.utime(found, (a_while_ago, a_while_ago))
    assert store_of(packs, folder) == found

    assert store_of(write_starter(packs, "other"), folder) != found

    assert is_current(found, None)


def test_a_corrupt_store_is_rebuilt(packs: Path, folder: Path) -> None:
    store = store_of(packs, folder)
    store.write_bytes(store.read_bytes()[:50_000])

    assert store_of(packs, folder) == store
    assert is_current(store, cache_key([packs / "starter.yaml"]))


def test_a_foreign_file_of_that_name_is_replaced(packs: Path, folder: Path) -> None:
    store = store_of(packs, folder)
    store.write_text("Somebody's poems.")

    assert is_current(store_of(packs, folder), None)


def test_a_pack_that_fails_leaves_the_last_good_store(packs: Path, folder: Path) -> None:
    good = store_of(packs, folder)
    path = spoil(packs)

    with pytest.raises(PackError) as caught:
        store_of(packs, folder)

    assert str(caught.value).startswith(f"{path}:")
    assert PackSet((), folder, is_configured=True).find_last_good() == good
    assert set(folder.iterdir()) == {good, seal_of(good)}


def test_the_last_good_store_is_the_newest_sound_one(folder: Path, little_store: Path) -> None:
    folder.mkdir()
    for age, name in enumerate(("facts-spoilt.sqlite", "facts-new.sqlite", "facts-old.sqlite")):
        shutil.copy(little_store, folder / name)
        os.utime(folder / name, (10_000 - age, 10_000 - age))
    (folder / "facts-spoilt.sqlite").write_bytes(b"half")
    os.utime(folder / "facts-spoilt.sqlite", (10_000, 10_000))

    assert PackSet((), folder, is_configured=True).find_last_good() == folder / "facts-new.sqlite"


def test_without_a_store_there_is_no_last_good_one(tmp_path: Path) -> None:
    assert PackSet((), tmp_path, is_configured=True).find_last_good() is None
    assert PackSet((), tmp_path / "none", is_configured=True).find_last_good() is None


def test_a_process_of_its_own_compiles_the_same(packs: Path, folder: Path) -> None:
    store = PackSet((packs,), folder, is_configured=True).ensure_index()

    assert is_current(store, cache_key([packs / "starter.yaml"]))


def test_the_faults_of_a_pack_come_back_whole_from_that_process(packs: Path, folder: Path) -> None:
    path = spoil(packs)

    with pytest.raises(PackError) as caught:
        PackSet((packs,), folder, is_configured=True).ensure_index()

    assert {fault.path for fault in caught.value.faults} == {path}
    assert str(caught.value).splitlines() == [str(fault) for fault in caught.value.faults]


ASKING = """
import resource, sys
from pathlib import Path
from bot.answering.pack_set import PackSet
from bot.errors import PackError
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))  # an endless file would fill the machine
try:
    PackSet((Path(sys.argv[1]),), Path(sys.argv[2]), is_configured=True).ensure_index()
except PackError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="pipes and devices lie elsewhere")
@pytest.mark.parametrize("kind", ["pipe", "device", "socket", "link to a pipe"])
def test_what_is_no_plain_file_is_neither_waited_for_nor_read(
    packs: Path, folder: Path, kind: str
) -> None:
    odd = packs / "odd.yaml"
    match kind:
        case "pipe":
            os.mkfifo(odd)
        case "device":
            odd.symlink_to("/dev/zero")
        case "socket":
            with socket.socket(socket.AF_UNIX) as one:
                one.bind(str(odd))
        case _:
            os.mkfifo(packs / "pipe")
            odd.symlink_to("pipe")
    # Where it is waited for, this process must not be the one that waits.
    told = subprocess.run(
        [sys.executable, "-c", ASKING, str(packs), str(folder)],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    assert told.stdout == f"{odd}: this is no plain file; name a file of text\n"


def test_a_large_file_is_read_no_further_than_a_pack_may_be(tmp_path: Path) -> None:
    endless = tmp_path / "endless.yaml"
    with endless.open("wb") as file:
        file.truncate(2**40)
    assert cache_key([endless]) == cache_key([tmp_path / "nowhere" / "endless.yaml"])


def test_what_is_changed_in_the_language_of_a_translation_makes_another_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = tmp_path / "owls.yaml"
    pack.touch()
    (tmp_path / "owls.es.yaml").touch()
    before = cache_key([pack])

    def key_of_edited(*codes: str) -> str:
        return f"{language_key(*codes)} {'edited' if 'es' in codes else ''}"

    monkeypatch.setattr("bot.answering.pack_set.language_key", key_of_edited)
    assert cache_key([pack]) != before


def test_compiling_that_takes_too_long_is_ended_in_a_sentence(packs: Path, folder: Path) -> None:
    pack_set = PackSet((packs,), folder, is_configured=True)
    with pytest.raises(StoreError, match=r"took longer than 0 seconds.*name fewer packs"):
        pack_set.ensure_index(within=0.0)

    assert multiprocessing.active_children() == []
    assert is_current(pack_set.ensure_index(), None)


COMPILING = """
import sys
from pathlib import Path
from bot.answering.pack_set import PackSet
if __name__ == "__main__":
    PackSet((Path(sys.argv[1]),), Path(sys.argv[2]), is_configured=True).ensure_index()
else:  # the compiler: busy for longer than any test
    import bot.answering.pack_set, time
    bot.answering.pack_set.build_index = lambda *_: time.sleep(600)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
async def test_the_compiler_leaves_with_a_parent_that_was_killed(
    tmp_path: Path, packs: Path, folder: Path
) -> None:
    program = tmp_path / "compiling.py"
    program.write_text(COMPILING)
    parent = await asyncio.create_subprocess_exec(sys.executable, program, packs, folder)
    children = psutil.Process(parent.pid).children
    await until(lambda: len(children()) == 2)  # multiprocessing's own tracker beside it
    left = children()
    parent.kill()
    await parent.wait()
    await until(lambda: not any(map(works, left)))


def test_the_key_follows_packs_their_names_and_their_order(tmp_path: Path) -> None:
    one, other, copy = tmp_path / "a.yaml", tmp_path / "b.yaml", tmp_path / "c" / "a.yaml"
    copy.parent.mkdir()
    one.write_text("pack: a")
    other.write_text("pack: b")
    shutil.copy(one, copy)

    keys = [
        cache_key([one]),
        cache_key([other]),
        cache_key([one, other]),
        cache_key([other, one]),
        cache_key([]),
    ]

    assert len(set(keys)) == len(keys)
    assert cache_key([copy]) == cache_key([one])


def test_a_pack_that_cannot_be_read_has_a_key_too(tmp_path: Path) -> None:
    assert cache_key([tmp_path / "none.yaml"]) != cache_key([])


def test_a_folder_that_cannot_be_written_is_told(packs: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StoreError, match="LINERNOTES_DATA_DIR"):
        PackSet((packs,), tmp_path / "file", is_configured=True).ensure_index(in_child=False)


def test_a_process_that_cannot_start_is_not_only_called_killed(packs: Path, folder: Path) -> None:
    # A program on standard input is no file that a new process could import.
    program = f"""
from pathlib import Path
from bot.answering.pack_set import PackSet
from bot.errors import StoreError
try:
    PackSet((Path({str(packs)!r}),), Path({str(folder)!r}), is_configured=True).ensure_index()
except StoreError as error:
    print(error)
"""

    told = subprocess.run(
        [sys.executable, "-"], input=program, capture_output=True, text=True, check=True
    )

    assert "could not start, or was killed; put right what it printed above" in told.stdout
    assert "<stdin>" in told.stderr


def test_every_faulty_pack_is_told_at_once(packs: Path, folder: Path) -> None:
    spoil(packs)
    (packs / "empty.yaml").touch()

    with pytest.raises(PackError) as caught:
        store_of(packs, folder)

    assert {fault.path.name for fault in caught.value.faults} == {"empty.yaml", "starter.yaml"}


def test_build_and_compile_make_the_same(tmp_path: Path, packs: Path) -> None:
    build_index([packs / "starter.yaml"], tmp_path / "built.sqlite", "starter")
    compile_packs([load_pack(packs / "starter.yaml")], tmp_path / "compiled.sqlite", "starter")

    assert is_current(tmp_path / "built.sqlite", "starter")
    assert (tmp_path / "built.sqlite").read_bytes() == (tmp_path / "compiled.sqlite").read_bytes()


def test_packs_in_many_places_live_side_by_side(tmp_path: Path, packs: Path, folder: Path) -> None:
    other = write_starter(tmp_path / "elsewhere", "other")

    store = PackSet((packs, other), folder, is_configured=True).ensure_index(in_child=False)

    assert is_current(store, cache_key([packs / "starter.yaml", other]))


def test_english_is_known_with_how_common_it_is() -> None:
    words = load_frequencies()

    assert words["the"] > 7 > words["guitar"] > 4
    assert "heronmother" not in words


def test_a_pack_without_anything_to_ask_is_compiled(tmp_path: Path) -> None:
    bare = little_pack(facts=(), quotes=(), releases=())

    compile_packs([bare], tmp_path / "facts.sqlite", "key")

    assert is_current(tmp_path / "facts.sqlite", "key")


def test_drafts_that_killed_processes_left_are_removed_at_the_next_compile(
    packs: Path, folder: Path
) -> None:
    folder.mkdir()
    old, fresh = (folder / f"facts-0123.sqlite.draft-{number}" for number in (7, 8))
    for draft in (old, fresh):
        draft.write_text("half a store")
    an_hour_ago = time.time() - 3_601
    os.utime(old, (an_hour_ago, an_hour_ago))

    store = store_of(packs, folder)

    assert set(folder.iterdir()) == {store, fresh}


@pytest.mark.skipif(sys.platform in {"darwin", "win32"}, reason="file names are Unicode there")
def test_a_pack_whose_file_name_is_not_utf_8_is_a_fault(packs: Path, folder: Path) -> None:
    shutil.copy(packs / "starter.yaml", packs / os.fsdecode(b"caf\xe9.yaml"))
    with pytest.raises(PackError, match=r"caf\\xe9\.yaml"):
        store_of(packs, folder)
