"""Write ways of asking and tests into a sidecar, and keep all else that stands in it."""

from __future__ import annotations

import json
import os
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

import yaml

from bot.errors import Fault, PackError
from bot.packs.files import read_text
from bot.packs.sidecar import sidecar_path
from bot.packs.yaml_source import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path


def add_questions(pack_file: Path, added: Mapping[str, Sequence[str]]) -> Path:
    """Add ways of asking to a pack's sidecar, by fact, and return its path.

    Comments stay where they are. The file is replaced in one step, or left as it was.

    Raises:
        PackError: The sidecar is a link, or cannot be read or written.
    """

    def add_all(text: str, path: Path) -> str:
        for fact, questions in added.items():
            if questions:
                text = _add_to_fact(text, path, fact, questions)
        return text

    return _edit(pack_file, add_all)


def add_test(pack_file: Path, question: str, fact: str | None) -> Path:
    """Add a test to a pack's sidecar, and return its path.

    Comments stay where they are. The file is replaced in one step, or left as it was.

    Raises:
        PackError: The sidecar is a link, or cannot be read or written.
    """
    return _edit(
        pack_file, lambda text, path: _add_to_tests(text, path, format_test(question, fact))
    )


def format_question(question: str) -> str:
    """Return a way of asking as an item of a YAML list."""
    if _reads_as(f"- {question}", question):
        return f"- {question}"
    return f"- {json.dumps(question, ensure_ascii=False)}"


def format_test(question: str, fact: str | None) -> str:
    """Return a test as an item of a YAML list."""
    line = f"- {{question: {question}, fact: {fact or 'null'}}}"
    if _reads_as(line, {"question": question, "fact": fact}):
        return line
    quoted = json.dumps(question, ensure_ascii=False)
    return f"- {{question: {quoted}, fact: {fact or 'null'}}}"


def _reads_as(line: str, item: object) -> bool:
    """Return whether a line is a YAML list of just that item."""
    try:
        is_read = yaml.load(line, Loader=yaml.CSafeLoader) == [item]  # it is safe
    except yaml.YAMLError:
        return False
    # A reader takes " #" for a comment, even where YAML does not.
    return is_read and " #" not in line


def _edit(pack_file: Path, change: Callable[[str, Path], str]) -> Path:
    """Replace a pack's sidecar by its changed text."""
    path = sidecar_path(pack_file)
    if path.is_symlink():
        # Replaced, the link would be gone; followed, a file elsewhere would change.
        remedy = "write into the file it leads to by hand, or put that file in its place"
        raise PackError([Fault(path, None, "is a link to another file", remedy)])
    if path.exists():
        text = read_text(path)
    else:
        has_schema = pack_file.with_name("questions.schema.json").exists()
        text = "# yaml-language-server: $schema=questions.schema.json\n" if has_schema else ""
        text += f"# Further ways of asking for the facts of {pack_file.name}.\nquestions:\n"
    text = change(text, path)
    # Nobody can have put a link there, which "x" would refuse as well.
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with draft.open("x", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            draft.chmod(path.stat().st_mode)
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        reason = error.strerror or type(error).__name__
        fault = Fault(path, None, f"cannot be written ({reason})", "check the folder")
        raise PackError([fault]) from error
    return path


def render_questions(fact: str, questions: Sequence[str], indent: int = 2) -> list[str]:
    """Return the lines of a sidecar that ask for one fact."""
    space = " " * indent
    return [f"{space}{fact}:", *(f"{space}  {format_question(text)}" for text in questions)]


def _add_to_fact(text: str, path: Path, fact: str, questions: Sequence[str]) -> str:
    """Return a sidecar's text with more questions for one fact."""
    lines = text.split("\n")
    section = _find(yaml.compose(text, yaml.CSafeLoader), "questions")
    if section is None:
        while lines and not lines[-1]:
            lines.pop()
        lines += ["questions:", *render_questions(fact, questions, 2), ""]
    elif not isinstance(section, yaml.MappingNode) or not section.value:
        at = section.start_mark.line if section.value == "" else section.end_mark.line
        lines[at] = "questions:"
        lines[at + 1 : at + 1] = render_questions(fact, questions, 2)
    elif (listed := _find(section, fact)) is None:
        last = section.value[-1][1]
        indent = section.start_mark.column
        at = _last_line(last) + 1
        lines[at:at] = render_questions(fact, questions, indent)
    elif isinstance(listed, yaml.SequenceNode) and not listed.flow_style:
        at = _last_line(listed.value[-1]) + 1
        space = " " * listed.start_mark.column
        lines[at:at] = [f"{space}{format_question(question)}" for question in questions]
    else:
        begin, end = listed.start_mark, listed.end_mark
        own = [str(item.value) for item in listed.value]
        indent = section.start_mark.column + 2
        block = [f"{' ' * indent}{format_question(text)}" for text in (*own, *questions)]
        tail = lines[end.line][end.column :]
        head = lines[begin.line][: begin.column].rstrip()
        lines[begin.line : end.line + 1] = [*([head + tail] if head else []), *block]
    changed = "\n".join(lines)
    parse_yaml(changed, path)  # what cannot be read again is never written
    return changed


def _add_to_tests(text: str, path: Path, item: str) -> str:
    """Return a sidecar's text with one more test."""
    lines = text.split("\n")
    root = yaml.compose(text, yaml.CSafeLoader)
    section = _find(root, "tests")
    if section is None:
        questions = _find(root, "questions")
        if questions is not None and questions.value == "":
            # A new sidecar begins with the key of its questions, which must not stand empty.
            lines = [line for line in lines if line != "questions:"]
        while lines and not lines[-1]:
            lines.pop()
        lines += ["tests:", f"  {item}", ""]
    elif isinstance(section, yaml.SequenceNode) and section.value and not section.flow_style:
        lines.insert(_last_line(section) + 1, f"{' ' * section.start_mark.column}{item}")
    else:
        own = section.value if isinstance(section, yaml.SequenceNode) else ()
        kept = [text[each.start_mark.index : each.end_mark.index] for each in own]
        begin, end = section.start_mark, section.end_mark
        head = lines[begin.line][: begin.column].rstrip()
        tail = lines[end.line][end.column :]
        items = [f"  - {' '.join(each.split())}" for each in kept]
        lines[begin.line : end.line + 1] = [head + tail, *items, f"  {item}"]
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
