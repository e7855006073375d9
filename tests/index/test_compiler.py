from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.answering.language import ensure_language
from bot.answering.lexicon import ENGLISH
from bot.answering.pack_set import compile_packs
from bot.answering.text import deletion_variants
from bot.errors import StoreError
from bot.index.compiler import (
    APPLICATION_ID,
    SCHEMA_VERSION,
    compile_index,
    is_current,
    touch_index,
)
from bot.index.connection import ReadConnection, seal_of
from tests.support.packs import (
    WITHDRAWN,
    little_fact,
    little_pack,
    little_quote,
    little_release,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.index.writer import IndexedPack


@pytest.fixture
def store(little_store: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(little_store, tmp_path / "facts.sqlite"))


def rows(store: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(f"{store.as_uri()}?mode=ro", uri=True)) as connection:
        return connection.execute(sql).fetchall()


def change(store: Path, sql: str) -> None:
    with closing(sqlite3.connect(store, isolation_level=None)) as connection:
        connection.executescript(sql)


def test_a_store_is_current_for_its_key_and_no_other(store: Path) -> None:
    assert is_current(store, "key")
    assert is_current(store, None)
    assert not is_current(store, "another key")


def test_a_store_that_is_not_there_is_not_current(tmp_path: Path) -> None:
    assert not is_current(tmp_path / "none.sqlite", None)
    assert not is_current(tmp_path, None)


def truncate(store: Path) -> None:
    os.truncate(store, store.stat().st_size // 2)


def scribble(store: Path) -> None:
    with store.open("r+b") as file:
        file.seek(3 * 8192)
        file.write(b"\xde\xad\xbe\xef" * 8192)


def empty(store: Path) -> None:
    store.write_bytes(b"")


def fill_with_text(store: Path) -> None:
    store.write_text("This is no database.\n" * 500)


def make_foreign(store: Path) -> None:
    change(store, f"PRAGMA application_id = {APPLICATION_ID + 1}")


def make_older(store: Path) -> None:
    change(store, f"PRAGMA user_version = {SCHEMA_VERSION - 1}")


def lose_the_key(store: Path) -> None:
    change(store, "DELETE FROM metadata")


def lose_a_table(store: Path) -> None:
    change(store, "DROP TABLE metadata")


@pytest.mark.parametrize(
    "spoil",
    [
        truncate,
        scribble,
        empty,
        fill_with_text,
        make_foreign,
        make_older,
        lose_the_key,
        lose_a_table,
    ],
)
def test_a_spoilt_foreign_or_older_store_is_not_current(
    store: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(store)

    assert not is_current(store, "key")
    assert not is_current(store, None)


def test_looking_at_a_store_leaves_its_seal_beside_it_alone(store: Path) -> None:
    is_current(store, "key")

    assert set(store.parent.iterdir()) == {store, seal_of(store)}
    assert seal_of(store).stat().st_mode & 0o777 == 0o600


def scribble_unseen(store: Path) -> None:
    """Damage a store as a disk does, whose file then is as old as before."""
    stat = store.stat()
    scribble(store)
    os.utime(store, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def test_a_sound_store_is_not_checked_as_a_whole_again(store: Path) -> None:
    assert is_current(store, "key")
    scribble_unseen(store)

    assert is_current(store, "key")


def test_a_store_that_is_used_stays_sealed(store: Path) -> None:
    os.utime(store, (1, 1))
    assert is_current(store, "key")
    touch_index(store)
    assert store.stat().st_mtime > 1
    scribble_unseen(store)

    assert is_current(store, "key")


def test_a_spoilt_store_that_is_used_gets_no_seal(store: Path) -> None:
    scribble(store)
    touch_index(store)

    assert not is_current(store, "key")


def test_a_store_that_could_not_be_read_is_checked_again(store: Path) -> None:
    assert is_current(store, "key")
    scribble_unseen(store)
    tables = rows(store, "SELECT name FROM sqlite_master WHERE type = 'table'")
    with closing(ReadConnection(store)) as connection, pytest.raises(StoreError):
        list(map(connection.fetch_all, (f"SELECT * FROM {table}" for (table,) in tables)))

    assert not is_current(store, "key")


def test_a_store_that_was_spoilt_after_it_was_sealed_is_not_current(store: Path) -> None:
    assert is_current(store, "key")
    scribble(store)

    assert not is_current(store, "key")


def test_a_store_holds_its_own_rules(store: Path) -> None:
    assert rows(store, "PRAGMA integrity_check") == [("ok",)]
    assert rows(store, "PRAGMA foreign_key_check") == []
    not_null = rows(
        store,
        "SELECT m.name, t.name FROM sqlite_master AS m, pragma_table_info(m.name) AS t"
        " WHERE m.type = 'table' AND m.sql LIKE '%STRICT%' AND NOT t.'notnull' AND NOT t.pk",
    )
    assert not_null == []


@pytest.mark.parametrize(
    "intruder",
    [
        "INSERT INTO entry VALUES (9, 99, 'fact', 'x', '{}')",
        "INSERT INTO entry VALUES (9, 1, 'rumour', 'x', '{}')",
        "INSERT INTO entry VALUES (9, 1, 'fact', 'x', 'no json')",
        "INSERT INTO entry VALUES (9, 1, 'fact', NULL, '{}')",
        "INSERT INTO entry VALUES (9, 1, 'fact', 'sister', '{}')",
        "INSERT INTO document VALUES (9999, '{}', x'')",
    ],
)
def test_the_store_refuses_what_is_no_entry(store: Path, intruder: str) -> None:
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(intruder)


def test_what_was_withdrawn_is_nowhere_in_the_store(tmp_path: Path) -> None:
    pack = little_pack(
        facts=[
            little_fact(),
            little_fact("secret", statement="Ona dives for zanzibarite.", withdrawn=WITHDRAWN),
        ],
        quotes=[little_quote(words="I never said zanzibarite aloud", withdrawn=WITHDRAWN)],
        releases=[little_release(withdrawn=WITHDRAWN)],
    )
    store = tmp_path / "facts.sqlite"

    compile_packs([pack], store, "key")

    assert rows(store, "SELECT kind, id FROM entry") == [("fact", "sister")]
    assert rows(store, "SELECT fact_count, quote_count, release_count FROM pack") == [(1, 0, 0)]
    assert rows(store, "SELECT count(*) FROM document") == [(1,)]
    assert rows(store, "SELECT rowid FROM entry_fts WHERE entry_fts MATCH 'zanzibarite'") == []


def test_several_documents_fit_a_page(store_of_both: Path) -> None:
    # The size can only be set before anything else is, and is silently left as it was afterwards.
    assert rows(store_of_both, "PRAGMA page_size") == [(8192,)]


def test_entries_are_numbered_in_one_run_a_pack_and_kind(store_of_both: Path) -> None:
    runs = rows(
        store_of_both,
        "SELECT kind, pack, min(number), max(number), count(*) FROM entry GROUP BY kind, pack",
    )

    assert len(runs) == 6
    for _, _, first, last, count in runs:
        assert last - first + 1 == count


def test_a_store_is_replaced_whole_while_others_read_the_old_one(store: Path) -> None:
    with closing(sqlite3.connect(f"{store.as_uri()}?mode=ro", uri=True)) as reader:
        assert reader.execute("SELECT id FROM pack").fetchall() == [("mira-vale",)]

        compile_packs([little_pack("mira-later")], store, "another key")

        assert reader.execute("SELECT id FROM pack").fetchall() == [("mira-vale",)]
    assert rows(store, "SELECT id FROM pack") == [("mira-later",)]
    assert is_current(store, "another key")


def test_a_store_that_fails_half_way_leaves_the_old_one_and_no_draft(store: Path) -> None:
    before = store.read_bytes()
    twice = [little_pack(), little_pack()]

    with pytest.raises(StoreError, match="cannot be written"):
        compile_packs(twice, store, "another key")

    assert store.read_bytes() == before
    assert list(store.parent.iterdir()) == [store]


def test_a_folder_that_cannot_be_written_is_told_with_its_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    target = tmp_path / "file" / "facts.sqlite"

    with pytest.raises(StoreError) as caught:
        compile_packs([little_pack()], target, "key")

    assert str(caught.value) == (
        f"{target}: the fact store cannot be written (File exists); "
        "see what stands in its way there, or choose another data folder (LINERNOTES_DATA_DIR)"
    )


def test_a_folder_in_the_stores_place_is_told_without_the_drafts_name(tmp_path: Path) -> None:
    target = tmp_path / "facts.sqlite"
    target.mkdir()

    with pytest.raises(StoreError, match=r"cannot be written \(Is a directory\); see") as caught:
        compile_packs([little_pack()], target, "key")

    assert "draft" not in str(caught.value)
    assert "Errno" not in str(caught.value)


def full_disk() -> Iterator[IndexedPack]:
    yield from ()
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def full_database() -> Iterator[IndexedPack]:
    yield from ()
    with closing(sqlite3.connect(":memory:")) as small:
        small.execute("PRAGMA max_page_count = 1")
        small.execute("CREATE TABLE one_too_many (number)")


@pytest.mark.parametrize("packs", [full_disk, full_database])
def test_only_a_full_disk_is_told_to_be_freed(
    tmp_path: Path, packs: Callable[[], Iterator[IndexedPack]]
) -> None:
    language = ensure_language(tmp_path / "languages", ENGLISH)
    target = tmp_path / "facts" / "facts.sqlite"

    with pytest.raises(StoreError, match=r"(No space left on device|is full)\); free some space"):
        compile_index(target, packs(), language, deletion_variants, "key")

    assert list(target.parent.iterdir()) == []


def test_a_draft_that_a_killed_process_left_is_written_over(tmp_path: Path) -> None:
    store = tmp_path / "facts.sqlite"
    store.with_name(f"{store.name}.draft-{os.getpid()}").write_text("half a store")

    compile_packs([little_pack()], store, "key")

    assert list(tmp_path.iterdir()) == [store]
    assert is_current(store, "key")


def test_the_same_packs_make_the_same_store(store: Path, tmp_path: Path) -> None:
    compile_packs([little_pack()], tmp_path / "again.sqlite", "key")

    tables = (
        "pack",
        "entry",
        "document",
        "name",
        "word_frequency",
        "vocabulary",
        "deletion",
        "metadata",
    )
    for table in tables:
        sql = f"SELECT * FROM {table} ORDER BY 1, 2"
        assert rows(store, sql) == rows(tmp_path / "again.sqlite", sql)


def test_a_store_of_no_packs_is_a_store(tmp_path: Path) -> None:
    compile_packs([], tmp_path / "facts.sqlite", "key")

    assert is_current(tmp_path / "facts.sqlite", "key")
