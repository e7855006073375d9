"""Who may import whom: imports point down only, and this table is the one place that says so."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

import pytest

from tests.support.packs import REPOSITORY
from tests.support.waiting import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Each part of bot/, from the top down, and the parts below it that it may import.
MAY_IMPORT: dict[str, frozenset[str]] = {
    "__main__": frozenset({"cli"}),
    "cli": frozenset(
        {
            "answering",
            "bootstrap",
            "client",
            "config",
            "errors",
            "evaluation",
            "index",
            "localization",
            "logging",
            "observability",
            "packs",
            "private_files",
            "sandbox",
            "scheduling",
            "settings",
        }
    ),
    "bootstrap": frozenset(
        {"answering", "client", "config", "observability", "scheduling", "settings"}
    ),
    "client": frozenset(
        {
            "answering",
            "config",
            "errors",
            "index",
            "localization",
            "observability",
            "packs",
            "scheduling",
            "settings",
        }
    ),
    "observability": frozenset({"loopback", "errors", "scheduling"}),
    "scheduling": frozenset({"errors", "localization"}),
    "evaluation": frozenset({"answering", "errors", "index", "localization", "packs"}),
    "answering": frozenset({"errors", "index", "localization", "packs"}),
    "index": frozenset({"errors", "packs", "private_files"}),
    "packs": frozenset({"errors"}),
    "sandbox": frozenset({"loopback"}),
    "config": frozenset({"errors", "settings"}),
    "settings": frozenset({"errors"}),
    "logging": frozenset({"errors"}),
    "private_files": frozenset(),
    "loopback": frozenset(),
    "errors": frozenset({"localization"}),
    "localization": frozenset(),
}

# Libraries that only some may touch, and where; "bot.x" stands for all that is in it.
ONLY_IN = {
    "discord": ("bot.client",),
    # Undocumented parts of discord.py, which may change with any release of it.
    "discord.http": ("bot.client.discord_internals",),
    "discord.gateway": ("bot.client.discord_internals",),
    "discord.state": ("bot.client.discord_internals",),
    "aiohttp": ("bot.client", "bot.observability.listener", "bot.sandbox"),
    "prometheus_client": ("bot.observability.prometheus",),
    "aiosqlite": (),
    "sqlite3": ("bot.index", "bot.scheduling.storage", "bot.cli.doctor"),
    "sqlalchemy": ("bot.scheduling.storage", "bot.scheduling.migrations"),
    "sqlalchemy.exc": ("bot.scheduling",),
    "alembic": ("bot.scheduling.storage", "bot.scheduling.migrations"),
    "pydantic": ("bot.packs.schema", "bot.packs.validation"),
    "yaml": ("bot.packs.yaml_source", "bot.packs.sidecar_editing"),
    "babel": ("bot.localization.cldr", "bot.localization.catalogues"),
    "click": ("bot.cli",),
    "structlog": ("bot.cli", "bot.client", "bot.scheduling", "bot.logging"),
}

# What only validating a pack needs, or a language other than English: nobody imports it before.
LAZY = frozenset({"bot.packs.schema", "bot.packs.validation", "bot.localization.cldr"})


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
    names: tuple[str, ...] = ()
    """The names that are imported from it."""

    def candidates(self) -> tuple[str, ...]:
        """The modules that this may import: one of its names, or the target itself."""
        return (*(f"{self.imported}.{name}" for name in self.names), self.imported)


def files() -> list[Path]:
    return sorted((REPOSITORY / "bot").rglob("*.py"))


def module_of(path: Path) -> str:
    parts = path.relative_to(REPOSITORY).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


@cache
def syntax_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports() -> tuple[Import, ...]:
    return tuple(found for path in files() for found in _imports(syntax_of(path), path))


def _imports(
    tree: ast.AST, path: Path, *, is_for_types: bool = False, is_at_top: bool = True
) -> Iterator[Import]:
    for node in ast.iter_child_nodes(tree):
        for name in _targets(node):
            where = f"{path.relative_to(REPOSITORY)}:{getattr(node, 'lineno', 0)}"
            names = tuple(alias.name for alias in getattr(node, "names", ()))
            yield Import(module_of(path), name, where, is_for_types, is_at_top, names)
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


def test_what_not_everybody_needs_is_imported_only_when_it_is_used() -> None:
    assert [
        found.where
        for found in imports()
        if found.imported in LAZY
        and found.importer not in LAZY
        and found.is_at_top
        and not found.is_for_types
    ] == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Imports that are only for types count too: who reads one file then must read them all."""
    modules = {module_of(path) for path in files()}
    imported_by: dict[str, set[str]] = {module: set() for module in modules}
    for found in imports():
        for target in found.candidates():
            if target in modules and target != found.importer:
                imported_by[found.importer].add(target)
                break
    sorter = TopologicalSorter(imported_by)

    try:
        sorter.prepare()
    except CycleError as error:
        pytest.fail(f"a circle of imports: {' -> '.join(error.args[1])}")


PRIVATE_OF_DISCORD = re.compile(r"\.http\.|\b_connection\b|\b_state\b|\._global_over\b")


def test_nothing_undocumented_of_discord_py_is_used_but_in_one_module() -> None:
    assert [
        f"{path.relative_to(REPOSITORY)}:{number}"
        for path in files()
        if is_in(module_of(path), "bot.client")
        and module_of(path) != "bot.client.discord_internals"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if PRIVATE_OF_DISCORD.search(line)
    ] == []


def test_no_pattern_is_made_of_what_people_type() -> None:
    """The module `re` remembers five hundred patterns, and with them the words inside."""
    assert [
        str(path)
        for path in files()
        if "re.escape(" in path.read_text(encoding="utf-8")
        # What authors write is no secret.
        and not is_in(module_of(path), "bot.packs")
    ] == []


def test_imports_are_absolute() -> None:
    assert [
        f"{path}:{node.lineno}"
        for path in files()
        for node in ast.walk(syntax_of(path))
        if isinstance(node, ast.ImportFrom) and node.level
    ] == []


RIDDLE = re.compile(r"\b(what|whatever|who|whoever|whom|which)\b", re.IGNORECASE)
LONGEST_SUMMARY = 12
FEW, SOME = 0.05, 0.1
"""How many summaries may lean on such a word, or be longer: some are plainest that way."""


def summaries(part: str) -> Iterator[str]:
    """Yield the first sentence of each docstring, but for commands: theirs is shown as help."""
    for path in files():
        if part_of(module_of(path)) != part:
            continue
        for node in ast.walk(syntax_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module):
                decorators = " ".join(map(ast.unparse, getattr(node, "decorator_list", [])))
                docstring = ast.get_docstring(node)
                if docstring and "command" not in decorators and "group" not in decorators:
                    yield " ".join(docstring.split("\n\n")[0].split())


@pytest.mark.parametrize("part", MAY_IMPORT)
def test_docstrings_begin_with_a_short_sentence_that_is_no_riddle(part: str) -> None:
    told = list(summaries(part))

    riddles = [summary for summary in told if RIDDLE.search(summary)]
    long = [summary for summary in told if len(summary.split()) > LONGEST_SUMMARY]

    assert len(riddles) <= FEW * len(told), f"these lean on what, who or which: {riddles}"
    assert len(long) <= SOME * len(told), f"these have over {LONGEST_SUMMARY} words: {long}"


def test_every_module_says_what_it_holds() -> None:
    assert [module_of(path) for path in files() if not ast.get_docstring(syntax_of(path))] == []


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


def python(program: str, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program with nothing else in its environment: no token, no settings, no home."""
    return subprocess.run(
        [sys.executable, "-B", "-W", "ignore", "-c", program, *words],
        cwd=REPOSITORY,
        env={"PYTHONPATH": str(REPOSITORY), **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


def test_importing_any_module_does_nothing() -> None:
    modules = [
        module
        for path in files()
        if not is_in(module := module_of(path), "bot.scheduling.migrations")  # Alembic runs these
        and module != "bot.__main__"
    ]

    result = python(WATCHED, *modules)

    assert result.stderr == ""
    assert result.stdout == "quiet\n"


HEAVY = ("babel", "pydantic", "alembic", "sqlalchemy", "discord", "aiohttp", "spellchecker")
WEIGHED = "import sys, {}; print(*sorted(set(sys.argv[1:]) & sys.modules.keys()))"


def test_the_command_line_loads_nothing_heavy_before_it_is_needed() -> None:
    result = python(WEIGHED.format("bot.cli.main"), *HEAVY)

    assert result.stderr == ""
    assert result.stdout.split() == []


RAN = """
import sys
words, names = sys.argv[1].split("|"), sys.argv[2:]
sys.argv[1:] = words
from bot.cli.main import main
try:
    main()
except SystemExit as ended:
    assert not ended.code, ended.code
print("loaded:", *sorted(set(names) & sys.modules.keys()))
"""
NOT_FOR_HELP = (
    *HEAVY,
    "asyncio",
    "sqlite3",
    "bot.answering",
    "bot.client",
    "bot.config",
    "bot.index",
)
NOT_FOR_ASK = (
    *HEAVY, "yaml", "structlog", "multiprocessing", "bot.client", "bot.scheduling", "bot.sandbox",
    "bot.localization.cldr", "bot.packs.schema", "bot.evaluation",
)  # fmt: skip  # an answer in the terminal takes a quarter of a second, and an import a tenth


@pytest.mark.parametrize("words", ["--help", "--version"])
def test_help_loads_no_command(words: str) -> None:
    result = python(RAN, words, *NOT_FOR_HELP)

    assert result.stderr == ""
    assert result.stdout.splitlines()[-1] == "loaded:"


def test_the_demo_says_what_it_does_before_it_loads_anything_large() -> None:
    result = python(WEIGHED.format("bot.cli.demo"), *NOT_FOR_HELP, "structlog", "webbrowser")

    assert result.stderr == ""
    assert result.stdout.split() == []


@pytest.mark.usefixtures("stores")  # what comes with the bot is compiled
def test_an_answer_in_the_terminal_loads_neither_discord_nor_a_database(tmp_path: Path) -> None:
    asked = "ask|When does the new album come out?"

    result = python(RAN, asked, *NOT_FOR_ASK, LINERNOTES_DATA_DIR=str(tmp_path))

    assert result.stderr == ""
    assert result.stdout.splitlines()[-1] == "loaded:"


def test_a_bot_whose_store_is_compiled_never_loads_what_compiles_it() -> None:
    serving = "bot.client.app, bot.answering.knowledge_base, bot.answering.pack_set, bot.cli.run"

    result = python(WEIGHED.format(serving), "babel", "pydantic", "alembic", "spellchecker")

    assert result.stderr == ""
    assert result.stdout.split() == []
