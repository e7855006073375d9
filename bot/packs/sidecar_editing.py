"""Write ways of asking and tests into a sidecar.

Text is put in where the parser says, and nothing else is touched: a library that
reads a document and writes it anew loses comments, line ends and the author's own layout
(ruamel.yaml, tried with the shipped pack, rewrites 700 lines of its sidecar).
"""

from __future__ import annotations

import codecs
import json
import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import yaml

from bot.errors import Fault, PackError
from bot.packs.files import read_bytes, read_text, refuse_unprintable
from bot.packs.sidecar import sidecar_path
from bot.packs.yaml_source import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from bot.packs.yaml_source import Value

    Entry = str | Mapping[str, str | None]
    """An entry of a list: a way of asking, or a test."""
    Addition = Mapping[str, "Addition"] | Sequence[Entry]
    """What is added, by the keys under which it belongs."""

LONGEST_LINE = 100
"""Beyond it, further entries between brackets stand on a line of their own."""
# As libyaml counts lines.
_LINE_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_WRITABLE = 0o222
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
_END = re.compile(r"^\.\.\.", re.MULTILINE)


def add_questions(
    pack_file: Path,
    added: Mapping[str, Sequence[str]],
    unanswered: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> Path:
    """Add questions to a pack's sidecar, by fact.

    `added` are ways of asking for the facts, `unanswered` questions near them that nothing answers.
    All else stays as it is. The file is replaced in one step, or left as it was.

    Raises:
        PackError: The sidecar is a link, has faults, or cannot be read or written.
    """
    addition = {
        key: {fact: new for fact, new in questions.items() if new}
        for key, questions in (("questions", added), ("unanswered", unanswered))
    }
    return _edit(pack_file, {key: questions for key, questions in addition.items() if questions})


def add_test(pack_file: Path, question: str, fact: str | None) -> Path:
    """Add a test to a pack's sidecar, and return its path.

    All else stays as it is. The file is replaced in one step, or left as it was.

    Raises:
        PackError: The sidecar is a link, has faults, or cannot be read or written.
    """
    return _edit(pack_file, {"tests": [{"question": question, "fact": fact}]})


def format_question(question: str, *, is_in_brackets: bool = False) -> str:
    """Return a way of asking as an item of a YAML list."""
    return _format(question, in_flow=True) if is_in_brackets else f"- {_format(question)}"


def format_test(question: str, fact: str | None) -> str:
    """Return a test as an item of a YAML list."""
    return f"- {_format({'question': question, 'fact': fact})}"


def render_questions(fact: str, questions: Sequence[str], indent: int = 2) -> list[str]:
    """Return the lines of a sidecar that ask for one fact."""
    return list(_block({fact: questions}, indent))


def find_obstacle(pack_file: Path) -> Fault | None:
    """Return why a pack's sidecar cannot be replaced, if so."""
    path = sidecar_path(pack_file)
    if path.is_symlink():
        # Replaced, the link would be gone; followed, a file elsewhere would change.
        what = "is a link to another file"
        return Fault(path, None, what, "write into the file it leads to by hand")
    try:
        status = path.stat()
    except OSError:
        return None  # told when it is read
    if status.st_nlink > 1:
        # Replaced, it would be another file than its other name, and nobody would know.
        what = "is one file under several names"
        return Fault(path, None, what, "write into it by hand, or make a copy take its place")
    # Asked of the file, as a folder lets its files be replaced that are not to be written.
    if not status.st_mode & _WRITABLE or not os.access(path, os.W_OK):
        return Fault(path, None, "is protected against writing", "allow writing to it first")
    return None


def _edit(pack_file: Path, addition: Mapping[str, Addition]) -> Path:
    """Replace a pack's sidecar by one with an addition."""
    path = sidecar_path(pack_file)
    if obstacle := find_obstacle(pack_file):
        raise PackError([obstacle])
    before, text = b"", _begin_sidecar(pack_file)
    if path.exists():
        before, text = read_bytes(path), read_text(path)
    changed = _add_to_text(text, path, addition)
    mark = codecs.BOM_UTF8 if before.startswith(codecs.BOM_UTF8) else b""
    _replace(path, before, mark + changed.encode())
    return path


def _replace(path: Path, before: bytes, content: bytes) -> None:
    """Replace a file in one step, unless it changed."""
    # Nobody can have put a link there, which "x" would refuse as well.
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with draft.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            draft.chmod(path.stat().st_mode)
            if read_bytes(path) != before:
                # An editor, or a second program of ours, saved it in these milliseconds.
                raise PackError([Fault(path, None, "has just been changed", "try again")])
        draft.replace(path)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        fault = Fault(path, None, f"cannot be written ({reason})", "check the folder")
        raise PackError([fault]) from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def _begin_sidecar(pack_file: Path) -> str:
    has_schema = pack_file.with_name("questions.schema.json").exists()
    text = "# yaml-language-server: $schema=questions.schema.json\n" if has_schema else ""
    return f"{text}# Further ways of asking for the facts of {pack_file.name}.\n"


def _add_to_text(text: str, path: Path, addition: Mapping[str, Addition]) -> str:
    """Return a sidecar's text with an addition.

    Raises:
        PackError: The text has faults, or would have some.
    """
    # Imported only now: who adds nothing needs no pydantic.
    from bot.packs.schema import SidecarSchema  # noqa: PLC0415
    from bot.packs.validation import validate_schema  # noqa: PLC0415

    content: dict[str, Value] = {}
    if any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines()):
        source = parse_yaml(text, path, begins_with="questions")
        if source.faults:
            raise PackError(source.faults)  # what is guessed to be meant is not written into
        content = source.content
    root = yaml.compose(text, yaml.CSafeLoader)  # it is safe
    newline = "\r\n" if 2 * text.count("\r\n") > text.count("\n") else "\n"
    if root is None:
        insertions = [_append(text, addition, 0)]
    else:
        insertions = list(_plan(_Document(text, path, root), root, addition))
    parts, at = [], 0
    # Those at the same place stay in their order: first the inner list grows, then the outer.
    for insertion in sorted(insertions, key=lambda each: each.at):
        parts += [text[at : insertion.at], insertion.text.replace("\n", newline)]
        at = insertion.until
    changed = "".join([*parts, text[at:]])
    refuse_unprintable(changed, path)
    after = parse_yaml(changed, path)
    checked = validate_schema(SidecarSchema, after, path)
    if isinstance(checked, tuple) or after.faults:
        raise PackError([*after.faults, *(checked if isinstance(checked, tuple) else ())])
    if after.content != _merge(content, addition):
        what = "is laid out in a way that cannot be added to"
        raise PackError([Fault(path, None, what, "write into it by hand")])
    return changed


def _merge(content: Mapping[str, Value], addition: Mapping[str, Addition]) -> dict[str, Value]:
    """Return a document's values with an addition."""
    merged = dict(content)
    for key, added in addition.items():
        own = merged.get(key)
        if isinstance(added, dict):
            merged[key] = _merge(own if isinstance(own, dict) else {}, added)
        else:
            merged[key] = (*(own if isinstance(own, tuple) else ()), *added)
    return merged


@dataclass(frozen=True, slots=True)
class _Insertion:
    """A text for a place in another."""

    at: int
    until: int
    text: str


@dataclass(frozen=True, slots=True)
class _Document:
    """A document that is added to."""

    text: str
    path: Path
    root: yaml.Node

    def end_of_line(self, at: int) -> int:
        """Return where the line of a place ends, behind its comment."""
        found = _LINE_BREAK.search(self.text, at)
        return found.start() if found else len(self.text)

    def begin_of_line(self, at: int) -> int:
        """Return where the line of a place begins."""
        return max((found.end() for found in _LINE_BREAK.finditer(self.text, 0, at)), default=0)


def _plan(
    document: _Document,
    node: yaml.Node,
    addition: Addition,
    indent: int = 0,
    *,
    in_flow: bool = False,
) -> Iterator[_Insertion]:
    """Yield the insertions that add to a value.

    `indent` is the one of the value's key, `in_flow` whether that stands between brackets.
    """
    if isinstance(node, yaml.ScalarNode) and not node.style and node.value in _NOTHING:
        yield from _fill(document, node, addition, indent, in_flow=in_flow)
        return
    fitting = yaml.MappingNode if isinstance(addition, dict) else yaml.SequenceNode
    if not isinstance(node, fitting):
        return  # told by the schema: a text stands where a list belongs
    if isinstance(addition, dict):
        own = {str(key.value): (key, value) for key, value in reversed(node.value)}
        missing = {key: added for key, added in addition.items() if key not in own}
        in_flow = in_flow or bool(node.flow_style)
        for key in addition.keys() - missing.keys():
            name, value = own[key]
            column = name.start_mark.column
            yield from _plan(document, value, addition[key], column, in_flow=in_flow)
        addition = missing
    if addition:
        yield _extend(document, node, addition)


def _fill(
    document: _Document, node: yaml.Node, addition: Addition, indent: int, *, in_flow: bool
) -> Iterator[_Insertion]:
    """Yield the insertions that give an empty value its content."""
    begin, end = node.start_mark.index, node.end_mark.index
    if in_flow:
        space = "" if document.text[begin - 1 : begin].isspace() else " "
        yield _Insertion(begin, end, f"{space}{_format(addition, in_flow=True)}")
        return
    if end > begin:  # "~" or "null"
        bare = len(document.text[:begin].rstrip(" "))
        yield _Insertion(bare, end, "")
    at = document.end_of_line(end)
    yield _Insertion(at, at, "".join(f"\n{line}" for line in _block(addition, indent + 2)))


def _extend(document: _Document, node: yaml.CollectionNode, addition: Addition) -> _Insertion:
    """Return the insertion behind the last entry of a list or mapping."""
    if not node.flow_style:
        if node is document.root:
            return _append(document.text, addition, node.start_mark.column)
        at = document.end_of_line(_end_of(document.text, node))
        lines = _block(addition, node.start_mark.column)
        return _Insertion(at, at, "".join(f"\n{line}" for line in lines))
    line = document.begin_of_line(node.start_mark.index)
    begun = document.text[line : node.start_mark.index]
    space = " " * (len(begun) - len(begun.lstrip(" -")) + 2)
    at = node.start_mark.index + 1
    if node.value:
        last = node.value[-1]
        at = (last[1] if isinstance(last, tuple) else last).end_mark.index
    width = at - document.begin_of_line(at)
    added = ""
    for number, entry in enumerate(_list_entries(addition)):
        comma = "," if number or node.value else ""
        width += len(entry) + 2
        if width > LONGEST_LINE:
            width = len(space) + len(entry)
            added += f"{comma}\n{space}{entry}"
        else:
            added += f"{comma} {entry}" if comma else entry
    return _Insertion(at, at, added)


def _append(text: str, addition: Addition, indent: int) -> _Insertion:
    """Return the insertion at the end of a document."""
    lines = "".join(f"{line}\n" for line in _block(addition, indent))
    found = _END.search(text)
    at = found.start() if found else len(text)
    is_ended = not at or text[at - 1] in "\n\r"
    return _Insertion(at, at, lines if is_ended else f"\n{lines}")


def _end_of(text: str, node: yaml.Node) -> int:
    """Return where the last word of a value ends."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    end = int(node.end_mark.index)
    while end and text[end - 1].isspace():  # a block of lines ends behind its line break
        end -= 1
    return end


def _block(addition: Addition, indent: int) -> Iterator[str]:
    """Yield the lines of an addition outside brackets."""
    space = " " * indent
    if isinstance(addition, dict):
        for key, added in addition.items():
            yield f"{space}{_format(key)}:"
            yield from _block(added, indent + 2)
    else:
        yield from (f"{space}- {_format(entry)}" for entry in addition)


def _list_entries(value: Addition | Entry) -> list[str]:
    """Return the entries of a list or mapping between brackets."""
    if isinstance(value, dict):
        return [
            f"{_format(key, in_flow=True)}: {_format(each, in_flow=True)}"
            for key, each in value.items()
        ]
    return [_format(entry, in_flow=True) for entry in value]


def _format(value: Addition | Entry | None, *, in_flow: bool = False) -> str:
    """Return a value as YAML, quoted only where it must be."""
    if value is None:
        return "null"
    if isinstance(value, str):
        written = f"[{value}]" if in_flow else value
        item = [value] if in_flow else value
        return value if _reads_as(written, item) else json.dumps(value, ensure_ascii=False)
    entries = ", ".join(_list_entries(value))
    return f"{{{entries}}}" if isinstance(value, dict) else f"[{entries}]"


def _reads_as(written: str, value: object) -> bool:
    """Return whether a text stands for a value."""
    try:
        is_read = yaml.load(f"- {written}", Loader=yaml.CSafeLoader) == [value]  # it is safe
    except (yaml.YAMLError, ValueError):
        return False  # also a date that is in no calendar
    # A reader takes " #" for a comment, even where YAML does not.
    return is_read and " #" not in written
