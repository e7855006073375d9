from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from bot.answering.lexicon import load_lexicon
from bot.evaluation.lint import attribute_names
from bot.packs.discovery import find_pack_files, shipped_folder
from bot.packs.loader import load_pack
from bot.packs.schema import build_json_schema, build_sidecar_json_schema
from bot.packs.sidecar import list_translations, sidecar_path

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[..., Path]


ATTRIBUTES = attribute_names(load_lexicon())


def complaints(path: Path, schema: str | None = None) -> list[str]:
    """What an editor would underline; dates are text to editors, which read YAML 1.2."""
    rules: Any = json.loads(schema or build_json_schema(ATTRIBUTES))
    Draft202012Validator.check_schema(rules)
    read: Any = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    content: Any = json.loads(json.dumps(read, default=str))
    errors = Draft202012Validator(rules).iter_errors(content)
    return [error.message for error in errors]


def test_the_editors_schema_is_current() -> None:
    shipped = (shipped_folder() / "pack.schema.json").read_text(encoding="utf-8")

    assert shipped == build_json_schema(ATTRIBUTES), (
        "run: python -m bot facts schema > facts/pack.schema.json"
    )


def test_the_editors_schema_of_sidecars_is_current() -> None:
    shipped = (shipped_folder() / "questions.schema.json").read_text(encoding="utf-8")

    assert shipped == build_sidecar_json_schema(), (
        "run: python -m bot facts schema --sidecar > facts/questions.schema.json"
    )


@pytest.mark.parametrize("path", find_pack_files([shipped_folder()]), ids=lambda path: path.stem)
def test_editors_find_no_fault_with_a_shipped_pack(path: Path) -> None:
    assert complaints(path) == []
    for file in (path, *list_translations(path)):
        assert complaints(sidecar_path(file), build_sidecar_json_schema()) == []


def test_editors_underline_what_the_check_refuses(write: Write) -> None:
    assert complaints(write()) == []
    assert complaints(write(("kind: band", "kind: bnad")))
    assert complaints(write(("    subject: ona\n", "    subjct: ona\n")))
    assert complaints(write(("date: 2020-05-04", "date: May 4")))
    assert complaints(write(("    related: [sister]\n", "    withdrawn:\n")))
    cited = "sleep]\n    paragraph: 3"
    assert complaints(write((cited, "sleep]\n    paragraphs: [2, 3]"))) == []
    assert complaints(write((cited, f"{cited}\n    paragraphs: [2, 3]")))
    assert complaints(write((cited, "sleep]")))


def test_editors_ask_for_a_note_only_where_there_is_a_date(write: Write) -> None:
    note = "    date_note: the year is the masthead's\n"

    assert complaints(write((f"    date: 2020-05-04\n{note}", ""))) == []
    assert complaints(write((note, "")))


def test_editors_take_every_form_of_a_date(write: Write) -> None:
    for date in ("2020", "2020-05", "2020-05-04"):
        path = write(("date: 2020-05-04", f"date: {date}"))
        assert load_pack(path).releases[0].date.text == date
        assert complaints(path) == []
