"""The doctor as a host meets it: a process, over the sandbox."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from bot.sandbox.http.faults import Fault
from tests.e2e.test_process import bot

if TYPE_CHECKING:
    from pathlib import Path

    from bot.sandbox.server import Sandbox


async def examined(
    sandbox: Sandbox, data: Path, *words: str, **env: str
) -> tuple[int | None, dict[str, Any]]:
    """Return the exit status, and the findings by part."""
    settings = {"LINERNOTES_DATA_DIR": str(data)} | env
    async with bot(sandbox, "doctor", "--json", *words, **settings) as process:
        told, complaint = await process.communicate()
    assert complaint.decode() == ""
    assert sandbox.token not in told.decode()
    return process.returncode, {one["part"]: one for one in json.loads(told)["findings"]}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir(mode=0o700)
    return tmp_path / "data"


@pytest.mark.long
async def test_once_the_commands_are_published_all_is_well(sandbox: Sandbox, data: Path) -> None:
    status, before = await examined(sandbox, data)
    assert status == 1
    assert [part for part, one in before.items() if not one["is_well"]] == ["commands"]
    assert before["commands"]["remedy"] == "linernotes sync"
    async with bot(sandbox, "sync") as process:
        await process.communicate()
    status, after = await examined(sandbox, data)
    assert status == 0
    assert list(after) == [
        *("versions", "settings", "disk", "folder", "packs", "database"),
        *("clock", "token", "commands"),
    ]
    assert "starts left" in after["token"]["says"]


@pytest.mark.long
async def test_examining_changes_nothing(sandbox: Sandbox, data: Path) -> None:
    await examined(sandbox, data)
    assert list(data.iterdir()) == []
    assert {request["method"] for request in sandbox.log.requests()} == {"GET"}


@pytest.mark.long
async def test_a_wrong_token_is_told_and_the_commands_are_not_asked_for(
    sandbox: Sandbox, data: Path
) -> None:
    status, found = await examined(sandbox, data, LINERNOTES_TOKEN="wrong.to.ken")
    assert status == 1
    assert "Discord does not know this token" in found["token"]["says"]
    assert "commands" not in found


@pytest.mark.long
async def test_without_a_token_everything_else_is_examined(sandbox: Sandbox, data: Path) -> None:
    _, found = await examined(sandbox, data, LINERNOTES_TOKEN="")
    assert found["token"]["says"] == "there is none"
    assert found["clock"]["is_well"]


async def test_an_outage_is_told_in_sentences(sandbox: Sandbox, data: Path) -> None:
    sandbox.faults.add(Fault("error", status=401, path="/users/@me"))
    status, found = await examined(sandbox, data)
    assert status == 1
    assert not found["token"]["is_well"]


async def test_settings_that_cannot_be_used_end_the_examination(
    sandbox: Sandbox, data: Path
) -> None:
    status, found = await examined(sandbox, data, LINERNOTES_SHARDS="many")
    assert status == 1
    assert list(found) == ["versions", "settings"]
    assert "LINERNOTES_SHARDS is 'many'" in found["settings"]["says"]


@pytest.mark.long
async def test_a_misspelt_setting_is_noticed(sandbox: Sandbox, data: Path) -> None:
    _, found = await examined(sandbox, data, LINERNOTES_TOKN="x")
    assert found["settings"]["says"] == "LINERNOTES_TOKN: no such setting"


@pytest.mark.long
async def test_an_address_off_this_machine_is_refused(sandbox: Sandbox, data: Path) -> None:
    _, found = await examined(sandbox, data, "--api", "http://192.0.2.1/api/v10")
    assert "not on this machine" in found["discord"]["says"]
