"""Who may import whom: imports point down only, and this table is the one place that says so."""

from __future__ import annotations

import ast
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import pytest

from tests.support.packs import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Each part of bot/, from the top down, and the parts below it that it may import.
MAY_IMPORT: dict[str, frozenset[str]] = {
    "__main__": frozenset({"cli"}),
    "cli": frozenset(
        {
            "answering",
            "cli_demo",
            "cli_doctor",
            "cli_facts",
            "cli_run",
            "cli_sandbox",
            "cli_settings",
            "config",
            "errors",
            "knowledge",
            "terminal",
        }
    ),
    "cli_doctor": frozenset(
        {
            "cli_run",
            "cli_settings",
            "client",
            "config",
            "daily",
            "errors",
            "knowledge",
            "logs",
            "settings",
            "terminal",
        }
    ),
    "cli_demo": frozenset({"answering", "cli_settings", "client", "config", "demo", "logs"}),
    "demo": frozenset({"answering", "client", "config", "daily", "errors", "private", "sandbox"}),
    "cli_run": frozenset(
        {
            "answering",
            "cli_settings",
            "client",
            "config",
            "daily",
            "errors",
            "logs",
            "ops",
            "private",
        }
    ),
    "cli_settings": frozenset({"config", "settings"}),
    "cli_sandbox": frozenset({"client", "errors", "sandbox"}),
    "cli_facts": frozenset({"answering", "cli_show", "errors", "knowledge", "terminal"}),
    "cli_show": frozenset({"knowledge"}),
    "client": frozenset({"answering", "config", "daily", "errors", "knowledge", "ops", "settings"}),
    "terminal": frozenset({"answering", "daily", "errors", "knowledge", "private"}),
    "ops": frozenset({"daily", "errors"}),
    "daily": frozenset({"errors"}),
    "answering": frozenset({"errors", "knowledge"}),
    "knowledge": frozenset({"errors", "private"}),
    "sandbox": frozenset(),
    "config": frozenset({"errors", "settings"}),
    "settings": frozenset({"errors"}),
    "logs": frozenset({"errors"}),
    "private": frozenset(),
    "errors": frozenset(),
}

# Libraries that only some may touch, and where; "bot.x" stands for all that is in it.
ONLY_IN = {
    "discord": ("bot.client",),
    "aiohttp": ("bot.client", "bot.ops.listener", "bot.sandbox"),
    "prometheus_client": ("bot.ops.prometheus",),
    "aiosqlite": (),
    "sqlite3": (
        "bot.knowledge.reader",
        "bot.knowledge.rows",
        "bot.knowledge.store",
        "bot.daily.state",
        "bot.terminal.doctor",
    ),
    "sqlalchemy": ("bot.daily.state", "bot.daily.migrations"),
    "sqlalchemy.exc": ("bot.daily",),
    "alembic": ("bot.daily.state", "bot.daily.migrations"),
    "pydantic": ("bot.knowledge.schema", "bot.knowledge.shape", "bot.knowledge.fields"),
    "yaml": ("bot.knowledge.yaml_source", "bot.answering.lexicon", "bot.answering.beyond"),
    "click": (
        "bot.cli",
        "bot.cli_run",
        "bot.cli_demo",
        "bot.cli_doctor",
        "bot.cli_facts",
        "bot.cli_sandbox",
        "bot.cli_settings",
        "bot.terminal",
    ),
    "structlog": ("bot.client", "bot.daily", "bot.logs"),
}

# What only validating a pack needs: nobody imports it until a pack is validated.
LAZY = frozenset({"bot.knowledge.schema", "bot.knowledge.shape", "bot.knowledge.fields"})


@dataclass(frozen=True, slots=True)
class Import:
    """One import statement's target, and where it stands."""

    importer: str
    imported: str
    where: str
    is_for_types: bool
    """Whether it stands under `if TYPE_CHECKING:`."""
    is_at_top: bool
    """Whether it runs when the module is imported."""


def files() -> list[Path]:
    return sorted((REPOSITORY / "bot").rglob("*.py"))


def module_of(path: Path) -> str:
    parts = path.relative_to(REPOSITORY).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


@cache
def imports() -> tuple[Import, ...]:
    return tuple(
        found
        for path in files()
        for found in _imports(ast.parse(path.read_text(encoding="utf-8")), path)
    )


def _imports(
    tree: ast.AST, path: Path, *, is_for_types: bool = False, is_at_top: bool = True
) -> Iterator[Import]:
    for node in ast.iter_child_nodes(tree):
        for name in _targets(node):
            where = f"{path.relative_to(REPOSITORY)}:{getattr(node, 'lineno', 0)}"
            yield Import(module_of(path), name, where, is_for_types, is_at_top)
        types = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        inside = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        yield from _imports(
            node,
            path,
            is_for_types=is_for_types or types,
            is_at_top=is_at_top and not inside,
        )


def _targets(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Import():
            yield from (alias.name for alias in node.names)
        case ast.ImportFrom(level=0, module=str(module)) if module == "bot":
            yield from (f"bot.{alias.name}" for alias in node.names if alias.name != "__version__")
        case ast.ImportFrom(level=0, module=str(module)):
            yield module
        case _:
            pass


def part_of(module: str) -> str:
    return [*module.split("."), ""][1]


def is_in(module: str, place: str) -> bool:
    return module == place or module.startswith(f"{place}.")


def test_every_part_stands_in_the_table() -> None:
    parts = {part_of(module_of(path)) for path in files()} - {""}

    assert parts <= MAY_IMPORT.keys()


def test_imports_point_down_only() -> None:
    order = list(MAY_IMPORT)

    for part, others in MAY_IMPORT.items():
        assert others <= set(order[order.index(part) + 1 :]), part


def test_nobody_imports_whom_they_may_not() -> None:
    assert [
        f"{found.where}: {found.importer} imports {found.imported}"
        for found in imports()
        if is_in(found.imported, "bot")
        and part_of(found.importer) not in ("", part_of(found.imported))
        and part_of(found.imported) not in MAY_IMPORT[part_of(found.importer)]
    ] == []


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_stays_where_it_belongs(library: str) -> None:
    assert [
        f"{found.where}: {found.importer} imports {found.imported}"
        for found in imports()
        if is_in(found.imported, library)
        and not found.is_for_types
        and found.imported not in ONLY_IN.keys() - {library}
        and not any(is_in(found.importer, place) for place in ONLY_IN[library])
    ] == []


def test_what_validates_packs_is_imported_only_when_it_is_used() -> None:
    assert [
        found.where
        for found in imports()
        if found.imported in LAZY
        and found.importer not in LAZY
        and found.is_at_top
        and not found.is_for_types
    ] == []


def test_imports_are_absolute() -> None:
    assert [
        f"{path}:{node.lineno}"
        for path in files()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level
    ] == []


def test_every_module_says_what_it_holds() -> None:
    assert [
        module_of(path)
        for path in files()
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ] == []


WATCHED = """
import importlib, sys

FORBIDDEN = ("socket.", "subprocess.", "os.system", "sqlite3.connect", "os.mkdir", "os.remove")

def watch(event, args):
    if event.startswith(FORBIDDEN) and event not in ("socket.__new__", "socket.gethostname"):
        raise RuntimeError(f"importing {module} did {event} {args}")
    if event == "open" and isinstance(args[0], str):
        path, mode = args[0], args[1] or "r"
        ours = "/bot/" in path and not path.endswith((".py", ".pyc"))
        if ours or any(letter in mode for letter in "wax+"):
            raise RuntimeError(f"importing {module} opened {path}")

sys.addaudithook(watch)
for module in sys.argv[1:]:
    importlib.import_module(module)
print("quiet")
"""


def python(program: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a program with nothing in its environment: no token, no settings, no home."""
    return subprocess.run(
        [sys.executable, "-B", "-W", "ignore", "-c", program, *words],
        cwd=REPOSITORY,
        env={"PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_importing_any_module_does_nothing() -> None:
    modules = [
        module
        for path in files()
        if not is_in(module := module_of(path), "bot.daily.migrations")  # Alembic runs these
        and module != "bot.__main__"
    ]

    result = python(WATCHED, *modules)

    assert result.stderr == ""
    assert result.stdout == "quiet\n"


HEAVY = ("pydantic", "alembic", "sqlalchemy", "discord", "aiohttp", "spellchecker")
WEIGHED = "import sys, {}; print(*sorted(set(sys.argv[1:]) & sys.modules.keys()))"


def test_the_command_line_loads_nothing_heavy_before_it_is_needed() -> None:
    result = python(WEIGHED.format("bot.cli"), *HEAVY)

    assert result.stderr == ""
    assert result.stdout.split() == []


def test_a_bot_whose_store_is_compiled_never_loads_what_compiles_it() -> None:
    serving = "bot.client.app, bot.answering.notes, bot.answering.stores, bot.cli_run"

    result = python(WEIGHED.format(serving), "pydantic", "alembic", "spellchecker")

    assert result.stderr == ""
    assert result.stdout.split() == []
