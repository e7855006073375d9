from __future__ import annotations

import json
import re
import shutil
import sqlite3
from typing import TYPE_CHECKING

import click
import pytest

from bot.cli import doctor
from bot.cli.doctor import AS_IT_SAYS, Finding, report
from bot.cli.program import Program
from bot.config import Config
from bot.scheduling.storage.database import State
from bot.scheduling.storage.inspection import Condition, Damage
from tests.support.packs import LANTERN_FILE, REAL_FILE

if TYPE_CHECKING:
    from pathlib import Path

WELL = Finding("disk", "9 MB free")
ILL = Finding("clock", "99 s behind Discord's", "let NTP set it")


def test_a_finding_is_one_line_with_its_remedy_said_once() -> None:
    error = Finding("database", "It is locked; stop the other process.", AS_IT_SAYS)
    assert click.unstyle(report([WELL, ILL, error], as_json=False)).splitlines() == [
        "ok   disk      9 MB free",
        "FAIL clock     99 s behind Discord's -> let NTP set it",
        "FAIL database  It is locked; stop the other process.",
    ]
    assert report([ILL], as_json=False).startswith("\x1b[31m")


async def test_without_a_network_that_is_all_that_is_said_of_discord(tmp_path: Path) -> None:
    config = Config.from_env(
        {
            "LINERNOTES_API": "http://127.0.0.1:9/api/v10",  # no service answers there
            "LINERNOTES_GATEWAY": "ws://127.0.0.1:9/gateway",
            "LINERNOTES_TOKEN": "to.k.en",
            "LINERNOTES_DATA_DIR": str(tmp_path),
        }
    )
    found = [each async for each in doctor.check_discord(config, Program())]
    assert [each.part for each in found] == ["network"]
    assert "nothing answers at http://127.0.0.1:9/api/v10 (" in found[0].says
    assert "clock, token and commands were not examined" in found[0].says


def test_a_misspelt_setting_is_told_with_the_one_that_is_meant(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LINERNOTES_TOKNE", "x")
    assert doctor.check_settings().remedy == "did you mean LINERNOTES_TOKEN?"


def test_a_program_is_told_the_same() -> None:
    told = json.loads(report([WELL, ILL], as_json=True))
    assert told["is_well"] is False
    assert told["findings"][1] == {
        "part": "clock",
        "is_well": False,
        "says": "99 s behind Discord's",
        "remedy": "let NTP set it",
    }
    assert json.loads(report([WELL], as_json=True))["is_well"] is True


def test_this_machines_versions_are_fine() -> None:
    assert doctor.check_versions().is_well


def test_an_old_sqlite_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 31, 1))
    assert doctor.check_versions().remedy == "use a Python with SQLite 3.35.0"


def test_only_what_the_settings_ask_for_must_be_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor.check_extras([]) is None
    found = doctor.check_extras(["metrics"])
    assert found is not None
    assert found.is_well
    monkeypatch.setattr("bot.cli.doctor._is_installed", lambda _: False)
    found = doctor.check_extras(["postgres", "metrics"])
    assert found is not None
    assert found.remedy == "pip install 'linernotes[metrics,postgres]'"


def test_a_full_disk_is_told_for_a_folder_that_is_not_there_yet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert doctor.check_disk(tmp_path / "not" / "there").is_well
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 0))
    found = doctor.check_disk(tmp_path / "not" / "there")
    assert found.says == f"0 MB free in {tmp_path}"
    assert not found.is_well


def test_a_data_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert doctor.check_folder(data).is_well
    data.mkdir()
    data.chmod(0o755)
    assert doctor.check_folder(data).remedy == f"chmod 700 '{data}'"
    data.chmod(0o700)
    assert doctor.check_folder(data).is_well
    (tmp_path / "file").touch()
    assert "is no folder" in doctor.check_folder(tmp_path / "file").says


def test_packs_are_counted_or_the_first_fault_is_told(tmp_path: Path) -> None:
    assert doctor.check_packs([REAL_FILE]).is_well
    text = LANTERN_FILE.read_text(encoding="utf-8")
    faulty = tmp_path / LANTERN_FILE.name
    faulty.write_text(text.replace("kind: person", "kind: cat"), encoding="utf-8")
    found = doctor.check_packs([faulty])
    assert found.says.startswith(f"{faulty}:")
    assert re.search(r" \(and \d+ more\)$", found.says)
    assert doctor.check_packs([]).remedy == "name some with LINERNOTES_PACKS"


def test_a_faulty_translation_is_a_finding_and_no_fault_of_its_pack(tmp_path: Path) -> None:
    pack = tmp_path / LANTERN_FILE.name
    shutil.copy(LANTERN_FILE, pack)
    translation = pack.with_suffix(".es.yaml")
    translation.write_text("title: Los faros\n", encoding="utf-8")
    found = doctor.check_packs([pack])
    assert not found.is_well
    assert found.says.startswith(f"served, but for parts of translations: {translation}:1: ")


async def test_damaged_rows_are_a_line_each_with_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "state.sqlite3"
    await (await State.open(f"sqlite:///{file}")).close()
    with sqlite3.connect(file) as hand:
        hand.execute("INSERT INTO guilds (id, packs) VALUES (7, '[')")
        columns = "id, guild_id, name, name_key, channel_id, minute, zone, days, window_seconds,"
        hand.executemany(
            f"INSERT INTO schedules ({columns} seed, created_by, created_at, next_day, next_due)"
            " VALUES (?, 7, ?, ?, 8, 1, 'UTC', 127, 0, 'seed', 42, 0, '1970-01-02', 1)",
            [(f"id {number}", f"{number}", f"{number}") for number in range(doctor.SHOWN_ROWS)],
        )
    hand.close()
    config = Config.from_env({"LINERNOTES_DATA_DIR": str(tmp_path)})
    database, server, schedule, *_, last = await doctor.check_database(config)
    assert database.is_well
    assert str(server).startswith("FAIL server    the settings of server 7 cannot be read (")
    assert str(schedule) == (
        "FAIL schedule  'id 0' in server 7 cannot be read ('window_seconds is 0'), "
        "and is not posted -> start the bot: it suspends it within the hour, and tells an admin "
        "there"
    )
    assert last.says == "1 more rows are damaged"


@pytest.mark.parametrize(
    ("condition", "is_well"),
    [(one, one is Condition.POST_ENDED) for one in Condition],
)
def test_damage_has_a_remedy_until_nothing_is_left_to_do(
    condition: Condition, *, is_well: bool
) -> None:
    found = doctor.describe_damage(Damage(condition, "a\x1bb", 7, "no\x1bday"))
    assert found.is_well is is_well
    assert "\x1b" not in str(found)


@pytest.mark.parametrize(
    ("ahead", "is_well", "says"),
    [
        (0.4, True, "0 s ahead of Discord's"),
        (-9.0, True, "9 s behind Discord's"),
        (-90.0, False, "90 s behind Discord's"),
        (90.0, False, "90 s ahead of Discord's"),
    ],
)
def test_a_clock_may_be_a_little_off(ahead: float, *, is_well: bool, says: str) -> None:
    found = doctor.check_clock(ahead)
    assert (found.is_well, found.says) == (is_well, says)
