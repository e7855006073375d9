"""The sandbox knows Discord, not us."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import bot.sandbox

FOLDER = Path(bot.sandbox.__file__).parent
ALLOWED = {"aiohttp", "__future__", *sys.stdlib_module_names}
SHARED = "bot.loopback"
"""The one module of ours that it shares: which senders a server on this machine answers."""


def _imported(file: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


def test_it_imports_nothing_of_the_bots_own() -> None:
    foreign = {
        f"{file.name}: {name}"
        for file in FOLDER.rglob("*.py")
        for name in _imported(file)
        if not name.startswith(("bot.sandbox", SHARED)) and name.split(".")[0] not in ALLOWED
    }
    assert foreign == set()
    assert len(list(FOLDER.rglob("*.py"))) > 10
