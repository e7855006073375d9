"""Write ways of asking into a sidecar, and keep all else that stands in it."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import yaml

from bot.errors import Fault, PackError
from bot.packs.files import read_text
from bot.packs.sidecar import sidecar_path
from bot.packs.yaml_source import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


def add_questions(pack_file: Path, added: Mapping[str, Sequence[str]]) -> Path:
    """Add ways of asking to a pack's sidecar, by fact, and return its path.

    Comments stay where they are. The file is replaced in one step, or left as it was.

    Raises:
        PackError: The sidecar cannot be read, or not be written.
    """
    path = sidecar_path(pack_file)
    before = read_text(path) if path.exists() else _begin(pack_file)
    text = before
    for fact, questions in added.items():
        if questions:
            text = _add_to_fact(text, path, fact, questions)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_text(text, encoding="utf-8")
        if path.exists():
            draft.chmod(path.stat().st_mode)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        reason = error.strerror or type(error).__name__
        fault = Fault(path, None, f"cannot be written ({reason})", "check the folder")
        raise PackError([fault]) from error
    return path


def _begin(pack_file: Path) -> str:
    has_schema = pack_file.with_name("questions.schema.json").exists()
    modeline = "# yaml-language-server: $schema=questions.schema.json\n" if has_schema else ""
    return f"{modeline}# Further ways of asking for the facts of {pack_file.name}.\nquestions:\n"


def _add_to_fact(text: str, path: Path, fact: str, questions: Sequence[str]) -> str:
    """Return a sidecar's text with more questions for one fact."""
    lines = text.split("\n")
    root = yaml.compose(text, yaml.CSafeLoader)
    section = _find(root, "questions")
    if section is None:
        while lines and not lines[-1]:
            lines.pop()
        lines += ["questions:", *_entry(fact, questions, 2), ""]
    elif not isinstance(section, yaml.MappingNode) or not section.value:
        at = section.start_mark.line if section.value == "" else section.end_mark.line
        lines[at] = "questions:"
        lines[at + 1 : at + 1] = _entry(fact, questions, 2)
    elif (listed := _find(section, fact)) is None:
        last = section.value[-1][1]
        indent = section.start_mark.column
        at = _last_line(last) + 1
        lines[at:at] = _entry(fact, questions, indent)
    elif isinstance(listed, yaml.SequenceNode) and not listed.flow_style:
        at = _last_line(listed.value[-1]) + 1
        lines[at:at] = [f"{' ' * listed.start_mark.column}- {_scalar(q)}" for q in questions]
    else:
        begin, end = listed.start_mark, listed.end_mark
        own = [str(item.value) for item in listed.value]
        indent = section.start_mark.column + 2
        block = [f"{' ' * indent}- {_scalar(question)}" for question in (*own, *questions)]
        tail = lines[end.line][end.column :]
        head = lines[begin.line][: begin.column].rstrip()
        lines[begin.line : end.line + 1] = [*([head + tail] if head else []), *block]
    changed = "\n".join(lines)
    parse_yaml(changed, path)  # what cannot be read again is never written
    return changed


def _find(node: yaml.Node | None, key: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if name.value == key), None)


def _last_line(node: yaml.Node) -> int:
    """Return the last line of a value, counted from 0."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _last_line(last[1] if isinstance(last, tuple) else last)
    end = node.end_mark
    return int(end.line if end.column else end.line - 1)


def _entry(fact: str, questions: Sequence[str], indent: int) -> list[str]:
    space = " " * indent
    return [f"{space}{fact}:", *(f"{space}  - {_scalar(question)}" for question in questions)]


def _scalar(text: str) -> str:
    """Return a text as YAML, in quotation marks where it needs them."""
    try:
        is_plain = yaml.load(f"- {text}", Loader=yaml.CSafeLoader) == [text]  # it is safe
    except yaml.YAMLError:
        is_plain = False
    return text if is_plain and " #" not in text else json.dumps(text, ensure_ascii=False)
