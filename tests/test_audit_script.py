"""The audit of the pinned packages: what a report comes to, and what CI says without one."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.packs import REPOSITORY

if TYPE_CHECKING:
    from types import ModuleType

SOUND = {"name": "click", "version": "8.5.1", "vulns": []}
SKIPPED = {"name": "yarl", "skip_reason": "Dependency not found on PyPI"}
HOLED = {
    "name": "requests",
    "version": "2.19.0",
    "vulns": [{"id": "PYSEC-2018-28", "fix_versions": ["2.20.0"], "aliases": []}],
}


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", REPOSITORY / "scripts" / "audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("packages", "status", "said"),
    [
        ([SOUND], 0, "1 packages audited, 0 known vulnerabilities."),
        ([SOUND, SKIPPED], 0, "1 packages audited (1 the service does not know), 0 known"),
        ([SOUND, HOLED], 1, "requests 2.19.0: PYSEC-2018-28, fixed in 2.20.0"),
        ([SKIPPED, SKIPPED], 2, "NOT AUDITED: the vulnerability service could not be reached"),
        ([], 2, "NOT AUDITED"),
    ],
)
def test_a_known_vulnerability_fails_and_silence_is_said(
    audit: ModuleType, packages: list[dict[str, Any]], status: int, said: str
) -> None:
    found, text = audit.verdict({"dependencies": packages, "fixes": []})
    assert found == status
    assert said in text


@pytest.mark.long
@pytest.mark.parametrize(("words", "status"), [([], 2), (["--offline"], 0)])
def test_a_tool_that_cannot_be_installed_fails_unless_the_machine_is_said_to_be_offline(
    audit: ModuleType,
    words: list[str],
    status: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    assert audit.main(words) == status
    assert capsys.readouterr().out.startswith("NOT AUDITED: pip-audit")


def test_an_unknown_argument_is_refused(
    audit: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit.main(["--ofline"]) == 2
    assert "Usage" in capsys.readouterr().out
