"""YAML text in, a tree whose every value knows its line out; hostile documents are refused.

The tree is built from libyaml's events, one by one, so that a bomb is met at its first alias and
a deep nest at its limit, before either costs memory. Plain scalars are read as YAML 1.2 has it,
which is what editors do: `no` is a word and `2013-06-11` is text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from bot.errors import Fault, PackError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

MOST_DEPTH = 12  # a pack needs six
MOST_EVENTS = 250_000  # two thousand facts with forty questions each

_WHOLE_NUMBER = re.compile(r"[-+]?[0-9]{1,18}")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS_WITH_A_VALUE: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


@dataclass(frozen=True, slots=True)
class Leaf:
    """A single value."""

    value: str | int | float | bool | None
    line: int


@dataclass(frozen=True, slots=True)
class Series:
    """A list."""

    items: tuple[Node, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping; where a key stood twice, the first is kept."""

    entries: dict[str, Node]
    key_lines: dict[str, int]
    line: int


Node = Leaf | Series | Table


def parse_yaml(text: str, path: Path) -> tuple[Table, tuple[Fault, ...]]:
    """Return the document's tree, and the faults that leave it readable (keys that stand twice).

    Raises:
        PackError: the text is no YAML, or uses what a pack has no need of.
    """
    if "\t" in text:
        line = text.count("\n", 0, text.index("\t")) + 1
        raise PackError([Fault(path, line, "there is a tab", "use spaces")])
    builder = _Builder(path)
    loader = yaml.CSafeLoader(text)
    try:
        while event := loader.get_event():
            builder.take(event)
    except yaml.YAMLError as error:
        raise PackError([_no_yaml(path, error)]) from error
    finally:
        loader.dispose()
    return builder.document(), tuple(builder.faults)


def to_plain(node: Node) -> object:
    """Return the node as bare Python values: dict, tuple and scalars."""
    match node:
        case Leaf():
            return node.value
        case Series():
            return tuple(map(to_plain, node.items))
        case Table():
            return {key: to_plain(value) for key, value in node.entries.items()}


def line_at(node: Node, steps: Sequence[str | int]) -> int:
    """Return the line where the steps lead; of the last one that exists, where they lead astray."""
    line = node.line
    for step in steps:
        match node:
            case Table() if isinstance(step, str) and step in node.entries:
                line, node = node.key_lines[step], node.entries[step]
            case Series() if isinstance(step, int) and step < len(node.items):
                node = node.items[step]
                line = node.line
            case _:
                break
    return line


class _Builder:
    """Takes events, keeps the containers still open, ends with the document's root."""

    def __init__(self, path: Path) -> None:
        self.faults: list[Fault] = []
        self._path = path
        self._open: list[_Open] = []
        self._root: Node | None = None
        self._documents = 0
        self._events = 0

    def take(self, event: yaml.Event) -> None:
        """Add one event to the tree, or refuse it."""
        line = event.start_mark.line + 1 if event.start_mark else 1
        self._refuse(event, line)
        match event:
            case yaml.ScalarEvent():
                self._add(Leaf(_value(event), line))
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._open.append(_Open(isinstance(event, yaml.MappingStartEvent), line, []))
            case yaml.CollectionEndEvent():
                self._close(self._open.pop())
            case _:
                pass  # the stream's and the document's own marks

    def document(self) -> Table:
        """Return the root, which must be a mapping."""
        if isinstance(self._root, Table):
            return self._root
        what = "the file is empty" if self._root is None else "the file is not a mapping of keys"
        remedy = "start with 'pack:'; 'linernotes facts new' writes a pack to begin with"
        raise PackError([Fault(self._path, 1, what, remedy)])

    def _refuse(self, event: yaml.Event, line: int) -> None:
        self._events += 1
        self._documents += isinstance(event, yaml.DocumentStartEvent)
        what = remedy = ""
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            what, remedy = "anchors and aliases (& and *) are not read", "write the value out"
        elif getattr(event, "tag", None) is not None:
            what, remedy = "tags (!) are not read", "remove it"
        elif len(self._open) >= MOST_DEPTH and not isinstance(event, yaml.CollectionEndEvent):
            what, remedy = f"lists and mappings nest deeper than {MOST_DEPTH}", "flatten them"
        elif self._events > MOST_EVENTS:
            what, remedy = "the file holds too many values", "split it into several packs"
        elif self._documents > 1:
            what, remedy = "a second document starts here (---)", "keep one pack to a file"
        if what:
            raise PackError([Fault(self._path, line, what, remedy)])

    def _add(self, node: Node) -> None:
        if self._open:
            self._open[-1].children.append(node)
        else:
            self._root = node

    def _close(self, container: _Open) -> None:
        if not container.is_table:
            self._add(Series(tuple(container.children), container.line))
            return
        table = Table({}, {}, container.line)
        for key, value in _pairs(container.children):
            self._enter(table, key, value)
        self._add(table)

    def _enter(self, table: Table, key: Node, value: Node) -> None:
        if not isinstance(key, Leaf):
            what, remedy = "a list or a mapping stands where a key should", "use a word as the key"
            self.faults.append(Fault(self._path, key.line, what, remedy))
            return
        name = str(key.value)
        if name in table.entries:
            what = (
                f"the key {format_value(name)} stands twice, first on line {table.key_lines[name]}"
            )
            self.faults.append(Fault(self._path, key.line, what, "remove one"))
            return
        table.entries[name] = value
        table.key_lines[name] = key.line


@dataclass(frozen=True, slots=True)
class _Open:
    """A container whose end has not come; a mapping's children are key, value, key, value."""

    is_table: bool
    line: int
    children: list[Node]


def format_value(value: object) -> str:
    """Return a value as a message may show it: short, quoted, with nothing a terminal obeys."""
    text = ascii(value) if not isinstance(value, str) else _quoted(value)
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004  # most of a line of 80


def _quoted(text: str) -> str:
    printable = "".join(c if c.isprintable() else "?" for c in text[:80])
    return f"'{printable}'"


def _pairs(children: list[Node]) -> Iterator[tuple[Node, Node]]:
    return zip(children[::2], children[1::2], strict=True)


def _value(event: yaml.ScalarEvent) -> str | int | float | bool | None:
    text = str(event.value)
    if not event.implicit[0]:  # quoted, or a block: text whatever it looks like
        return text
    if text in _WORDS_WITH_A_VALUE:
        return _WORDS_WITH_A_VALUE[text]
    if _WHOLE_NUMBER.fullmatch(text):
        return int(text)
    if _NUMBER.fullmatch(text):
        return float(text)
    return text


def _no_yaml(path: Path, error: yaml.YAMLError) -> Fault:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be read"
    line = mark.line + 1 if mark else None
    what = f"this is not YAML ({problem})"
    return Fault(path, line, what, "look at this line and the one above: indent, colon, quotes")
