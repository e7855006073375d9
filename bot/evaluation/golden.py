"""Read golden questions from files, and report every fault with its line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bot.errors import Fault, QuestionsError
from bot.evaluation.scoring import EvalCase
from bot.packs.files import read_text
from bot.packs.yaml_source import format_value, parse_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

Row = tuple[int, Any]
"""A line number and the value on that line."""

_SHAPE = "write {id, question, facts: [ids]}, or {id, request, quotes: [ids]}"


def load_questions(paths: Iterable[Path]) -> tuple[EvalCase, ...]:
    """Read the golden questions of several files, in their order.

    A file is JSON lines, or YAML with a list under `questions:`. An entry is `{id, question,
    facts}`, where `facts` is empty or missing if there is no answer and `ok` may list what is a
    fine reply all the same; or `{id, request, quotes}`.

    Raises:
        QuestionsError: with every fault of every file.
        PackError: where a file cannot be read at all.
    """
    cases: dict[str, EvalCase] = {}
    faults: list[Fault] = []
    for path in paths:
        rows = _yaml_rows(path) if path.suffix in {".yaml", ".yml"} else _json_rows(path, faults)
        for line, row in rows:
            case = _read_case(row)
            if isinstance(case, str):
                faults.append(Fault(path, line, case, _SHAPE))
            elif case.id in cases:
                faults.append(
                    Fault(path, line, f"the id {format_value(case.id)} stands twice", "rename")
                )
            else:
                cases[case.id] = case
    if faults:
        raise QuestionsError(faults)
    return tuple(cases.values())


def _json_rows(path: Path, faults: list[Fault]) -> Iterator[Row]:
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield number, json.loads(line)
        except (ValueError, RecursionError):
            faults.append(Fault(path, number, "this line is not JSON", _SHAPE))


def _yaml_rows(path: Path) -> Iterator[Row]:
    source = parse_yaml(read_text(path), path)
    listed = source.content.get("questions")
    if source.faults or not isinstance(listed, tuple):
        missing = Fault(path, 1, "there is no list under 'questions:'", _SHAPE)
        raise QuestionsError(source.faults or [missing])
    yield from ((source.line_at(("questions", at)), row) for at, row in enumerate(listed))


def _read_case(row: Any) -> EvalCase | str:
    """Return the question in a row, or a description of its fault."""
    if not isinstance(row, dict) or not isinstance(row.get("id"), str):
        return "this is no object with a text 'id'"
    is_quote = "request" in row
    text = row.get("request" if is_quote else "question")
    expected, acceptable = row.get("quotes" if is_quote else "facts", []), row.get("ok", [])
    if not isinstance(text, str) or not text.strip():
        return f"{format_value(row['id'])} asks nothing"
    if not (_are_ids(expected) and _are_ids(acceptable)):
        return f"what {format_value(row['id'])} wants is no list of ids"
    kind, style = row.get("kind"), row.get("style")
    return EvalCase(
        id=row["id"],
        text=text,
        expected=frozenset(expected),
        acceptable=frozenset(acceptable),
        is_quote=is_quote,
        kind=kind if isinstance(kind, str) else "",
        style=style if isinstance(style, str) else "",
    )


def _are_ids(listed: Any) -> bool:
    return isinstance(listed, list | tuple) and all(isinstance(key, str) for key in listed)
