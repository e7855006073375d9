"""Bring the catalogues of translations up to date with the sentences in the code.

    python scripts/catalogues.py            # update every .po file in bot/localization/catalogues

A sentence that is new stands in each file without a translation, one that is gone is dropped.
"""

from __future__ import annotations

import ast
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from discord import app_commands

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bot.client.app import build_commands  # noqa: E402
from bot.client.command_translator import CHOICE, COMMAND, OPTION  # noqa: E402
from bot.client.features.daily_options import COLOURS  # noqa: E402
from bot.localization.catalogues import catalogue_file  # noqa: E402
from bot.localization.languages import LANGUAGE_NAMES  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = ("es", "es_419", "pt_BR", "de", "fr")
VARIANTS = {"es_419": "es"}
"""Catalogues that hold only what differs from another."""
CALLS = {
    "say": 1,
    "message": 1,
    "sentence": 1,
    "ScheduleError": 1,
    "UserFacingError": 1,
    "plural": 2,
    "plural_message": 2,
    "term": 2,
}
"""The calls whose first texts are translated, and how many those are."""
PARTS = ("answering", "cli", "client", "scheduling")
"""The folders of bot/ with sentences that people see in their own language."""
PLURALS = {"pt_BR": "nplurals=2; plural=(n > 1)", "fr": "nplurals=2; plural=(n > 1)"}
USUAL_PLURALS = "nplurals=2; plural=(n != 1)"
"""Without the form that Spanish, Portuguese and French have for whole millions."""

TYPOGRAPHY = {
    "fr": {
        **{f" {mark}": f"\N{NARROW NO-BREAK SPACE}{mark}" for mark in ";!?"},
        **{f" {mark}": f"\N{NO-BREAK SPACE}{mark}" for mark in ":»"},
        "« ": "«\N{NO-BREAK SPACE}",
    }
}
"""The spaces in a language that no line may be broken at; translators need not type them."""


def collect() -> Catalog:
    """Return every sentence of the code and of the commands, without translations."""
    found = Catalog(project="Liner Notes", charset="utf-8")
    for part in PARTS:
        for file in sorted((ROOT / "bot" / part).rglob("*.py")):
            where = str(file.relative_to(ROOT))
            for text, context in extract(file.read_text(encoding="utf-8"), where):
                found.add(text, locations=[(where, 0)], context=context)
    for colour in COLOURS:
        found.add(colour, context="colour", locations=[("commands", 0)])
    services, directory = cast("Any", None), cast("Any", None)
    for command in build_commands(services, directory):
        _add_command(found, command)
    return found


def extract(code: str, where: str) -> Iterator[tuple[str | tuple[str, str], str | None]]:
    """Yield the sentences in a file of code, each with its context.

    Babel's own extractor reads no call within an f-string below Python 3.12.
    """
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        texts = node.args[: CALLS.get(name, 0)]
        if any(isinstance(text, ast.JoinedStr) or _chooses_texts(text) for text in texts):
            raise SystemExit(f"{where}:{node.lineno}: give {name}() a whole sentence")
        found = [
            text.value
            for text in texts
            if isinstance(text, ast.Constant) and isinstance(text.value, str) and text.value
        ]
        if name == "term" and len(found) == 2:  # noqa: PLR2004  # the context and the word
            yield found[1], found[0]
        elif name in {"plural", "plural_message"} and len(found) == 2:  # noqa: PLR2004
            yield (found[0], found[1]), None
        elif found and CALLS[name] == 1:
            yield found[0], None


def _chooses_texts(node: ast.expr) -> bool:
    return isinstance(node, ast.IfExp | ast.BinOp) and any(
        isinstance(part, ast.Constant) for part in ast.walk(node)
    )


def _add_command(found: Catalog, command: Any) -> None:
    found.add(command.name, context=COMMAND, locations=[("commands", 0)])
    if isinstance(command, app_commands.ContextMenu):
        return
    found.add(command.description, locations=[("commands", 0)])
    if isinstance(command, app_commands.Group):
        for child in command.commands:
            _add_command(found, child)
        return
    for option in command.parameters:
        found.add(option.display_name, context=OPTION, locations=[("commands", 0)])
        found.add(str(option.description), locations=[("commands", 0)])
        for choice in option.choices:
            if choice.value in LANGUAGE_NAMES:  # each language's name in itself
                continue
            found.add(choice.name, context=CHOICE, locations=[("commands", 0)])


def update(name: str, template: Catalog) -> list[str]:
    """Bring one catalogue up to date, and return the sentences that it lacks."""
    file = catalogue_file(name)
    if not file.exists():
        plural_forms = PLURALS.get(name, USUAL_PLURALS)
        header = ("Content-Type: text/plain; charset=utf-8", f"Plural-Forms: {plural_forms};")
        lines = "".join(f'"{line}\\n"\n' for line in header)
        file.write_text(f'msgid ""\nmsgstr ""\n{lines}', encoding="utf-8")
    with file.open("rb") as opened:
        catalogue = read_po(opened, locale=name)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    if name in VARIANTS:
        for message in list(catalogue):
            if message.id and not any(_texts(message.string)):
                catalogue.delete(message.id, message.context)
    if name in TYPOGRAPHY:
        for message in catalogue:
            message.string = _set_spaces(message.string, TYPOGRAPHY[name])
    moment = datetime(2026, 11, 29, tzinfo=UTC)  # a date of its own would change at every run
    catalogue.creation_date = catalogue.revision_date = moment
    catalogue.fuzzy = False
    catalogue.project, catalogue.version = "Liner Notes", "catalogue"
    catalogue.last_translator = catalogue.language_team = "The Liner Notes authors"
    catalogue.msgid_bugs_address = "https://github.com/liner-notes/linernotes/issues"
    catalogue.header_comment = f"# Liner Notes in {name}: see docs/howto/add-a-language.md"
    with file.open("wb") as opened:
        write_po(opened, catalogue, width=100, sort_output=True, include_lineno=False)
    lacking = (each for each in catalogue if each.fuzzy or not all(_texts(each.string)))
    return [str(each.id) for each in lacking if each.id]


def _set_spaces(string: Any, spaces: dict[str, str]) -> Any:
    if isinstance(string, list | tuple):
        return tuple(_set_spaces(each, spaces) for each in string)
    for plain, unbroken in spaces.items() if string else ():
        string = string.replace(plain, unbroken)
    return string


def _texts(string: Any) -> list[str]:
    return list(string) if isinstance(string, list | tuple) else [string or ""]


def main() -> None:
    """Update the catalogues, and tell how many sentences each lacks."""
    template = collect()
    for name in NAMES:
        missing = update(name, template)
        print(f"{name}: {len(template) - len(missing)} of {len(template)} translated")
        for each in missing:
            print(f"  lacks: {each}")


if __name__ == "__main__":
    main()
