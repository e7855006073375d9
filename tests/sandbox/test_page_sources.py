"""Promises that the page's sources keep, read without a browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from bot.sandbox.page_server.files import FOLDER

if TYPE_CHECKING:
    from pathlib import Path

MODULES = sorted(FOLDER.rglob("*.js"))
STYLES = sorted(FOLDER.rglob("*.css"))
INDEX = FOLDER / "index.html"
LONGEST = 600  # lines; past this a module holds more than one idea
MARKUP_FROM_TEXT = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser"
    r"|\beval\(|new Function\("
)
ELSEWHERE = re.compile(r"""(?:from|import|src|href|url)[\s=(]*["']?(?:https?:)?//""")
IMPORT = re.compile(r"""(?:from|import)\s*\(?\s*["'](\.[^"']+)["']""")
LOADED = re.compile(r"""(?:src|href)="([^"#]+)\"""")


def named(file: Path) -> str:
    return str(file.relative_to(FOLDER))


@pytest.mark.parametrize("file", [*MODULES, INDEX], ids=named)
def test_no_text_is_ever_read_as_markup(file: Path) -> None:
    assert MARKUP_FROM_TEXT.findall(file.read_text()) == []


@pytest.mark.parametrize("file", [*MODULES, *STYLES, INDEX], ids=named)
def test_nothing_is_loaded_from_elsewhere(file: Path) -> None:
    assert ELSEWHERE.findall(file.read_text()) == []


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_a_module_opens_by_saying_what_it_holds(module: Path) -> None:
    assert module.read_text().startswith("/**")


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_a_module_imports_what_exists(module: Path) -> None:
    imported = [(module.parent / path).resolve() for path in IMPORT.findall(module.read_text())]
    assert [each for each in imported if not each.is_file()] == []


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_a_module_is_short_enough_to_read(module: Path) -> None:
    assert len(module.read_text().splitlines()) <= LONGEST


NUMBERED = re.compile(r"\bcase \d+:|\b(?:type|style|spacing) [!=]== \d|flags(?: \?\? 0\))? & \d")


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_types_and_flags_have_names(module: Path) -> None:
    assert NUMBERED.findall(module.read_text()) == []


def test_every_module_is_used() -> None:
    used = {
        (module.parent / path).resolve()
        for module in MODULES
        for path in IMPORT.findall(module.read_text())
    }
    assert [named(each) for each in MODULES if each not in used] == ["app.js"]


def test_the_page_loads_what_exists_and_has_no_inline_scripts_or_styles() -> None:
    html = INDEX.read_text()
    assert [path for path in LOADED.findall(html) if not (FOLDER / path).is_file()] == []
    assert {(FOLDER / path) for path in LOADED.findall(html)} >= set(STYLES)
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=", html) == []
