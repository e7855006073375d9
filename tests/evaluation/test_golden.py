from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import QuestionsError
from bot.evaluation.golden import load_questions
from bot.evaluation.scoring import EvalCase

if TYPE_CHECKING:
    from pathlib import Path

JSON_LINES = """\
{"id": "a", "question": "Where was it recorded?", "facts": ["barn"], "style": "plain"}

{"id": "b", "question": "How tall is the drummer?", "kind": "near", "ok": ["drummer"]}
{"id": "c", "request": "the barn", "quotes": ["barn-words"]}
"""
YAML = """\
questions:
  - {id: a, question: Where was it recorded?, facts: [barn], style: plain}
  - id: b
    question: How tall is the drummer?
    kind: near
    ok: [drummer]
  - {id: c, request: the barn, quotes: [barn-words]}
"""
EXPECTED = (
    EvalCase("a", "Where was it recorded?", frozenset({"barn"}), style="plain"),
    EvalCase(
        "b", "How tall is the drummer?", frozenset(), acceptable=frozenset({"drummer"}), kind="near"
    ),
    EvalCase("c", "the barn", frozenset({"barn-words"}), is_quote=True),
)


@pytest.mark.parametrize(("name", "text"), [("q.jsonl", JSON_LINES), ("q.yaml", YAML)])
def test_questions_come_as_json_lines_or_yaml(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")

    assert load_questions([path]) == EXPECTED


def test_every_fault_is_told_with_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(
        '{"id": "a", "question": "why", "facts": []}\n'
        "not json\n"
        '{"question": "who"}\n'
        '{"id": "b", "question": " "}\n'
        '{"id": "c", "question": "who", "facts": "barn"}\n'
        '{"id": "a", "request": "fans", "quotes": []}\n'
    )

    with pytest.raises(QuestionsError) as caught:
        load_questions([path])

    assert [(fault.line, fault.what) for fault in caught.value.faults] == [
        (2, "this line is not JSON"),
        (3, "this is no object with a text 'id'"),
        (4, "'b' asks nothing"),
        (5, "what 'c' wants is no list of ids"),
        (6, "the id 'a' stands twice"),
    ]


@pytest.mark.parametrize(
    "text", ["facts: []\n", "questions: none\n", "questions: []\nquestions: []\n"]
)
def test_yaml_without_one_list_of_questions_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "q.yaml"
    path.write_text(text)

    with pytest.raises(QuestionsError):
        load_questions([path])
