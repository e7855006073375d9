"""Read YAML safely, with the line of every value.

libyaml's events are scanned first, so that a hostile file is refused at its first alias or too deep
nest, before it costs memory. Only then is the document composed. Plain words are read as YAML 1.2
has them, and as editors show them: `no` is a word and `2013-06-11` is text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import yaml

from bot.errors import Fault, PackError
from bot.packs.yaml_quoting import mend_slips

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

MAX_DEPTH = 12
"""Lists and mappings inside each other. A pack needs six."""
MAX_EVENTS = 250_000
"""Enough for two thousand facts with forty questions each."""
MAX_SHOWN = 60
"""Characters of a value in a message, most of a terminal's line."""

_KEY = re.compile(r"^[ {-]*[\"']?[\w-]+[\"']?:(?=\s|$)", re.MULTILINE)
_BEGIN_ANEW = "'linernotes facts new NAME --source FILE' drafts a pack from a text"
_WRITE_OUT = "write the value out, or put it in quotation marks if it is a text"
_QUOTE_SIGN = "remove it, or put it in quotation marks if it is a text"
_COMMENTED_OUT = re.compile(r"(?:[:-] +|[\[,] *)#\S")
# As libyaml counts lines.
_LINE_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NAMED_VALUES: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_PLAIN_TAG = "!plain"

Scalar = str | int | float | bool | None
Value = Scalar | tuple["Value", ...] | dict[str, "Value"]


class _Loader(yaml.CSafeLoader):
    """A loader that tells plain words from quoted ones."""

    yaml_implicit_resolvers: dict[str | None, list[tuple[str, re.Pattern[str]]]] = {  # noqa: RUF012  # as PyYAML declares it
        None: [(_PLAIN_TAG, re.compile(""))]
    }


@dataclass(frozen=True, slots=True)
class WrittenText:
    """A text of a document, as it was written."""

    value: str
    steps: tuple[str | int, ...]
    """The way to it by keys and positions."""
    line: int
    rest: str
    """What stands behind it on its last line; nothing if the text is quoted."""
    further_lines: tuple[str, ...] = ()
    """Lines on which it goes on, without their spaces; none if the text is quoted."""


@dataclass(frozen=True, slots=True)
class YamlSource:
    """A YAML document: its values, and where each of them stands."""

    content: dict[str, Value]
    """The values. Of a key that stands twice, the first counts."""
    faults: tuple[Fault, ...]
    """Mistakes that leave the document readable, such as keys that stand twice."""
    _root: yaml.MappingNode
    _lines: tuple[str, ...] = field(default=(), repr=False)
    _pairs: dict[int, dict[str | None, tuple[yaml.Node, yaml.Node]]] = field(
        default_factory=dict, repr=False, compare=False
    )
    """The keys of each mapping that was looked into, with their nodes."""

    def line_at(self, steps: Sequence[str | int]) -> int:
        """Return the line of the value at a place.

        A place is the way to a value by keys and positions. If it does not exist, the line is that
        of the last step that does.
        """
        node: yaml.Node = self._root
        line = _line_of(node)
        for step in steps:
            if isinstance(node, yaml.MappingNode) and isinstance(step, str):
                pair = self._pairs_of(node).get(step)
                if pair is None:
                    break
                line, node = _line_of(pair[0]), pair[1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
                if step >= len(node.value):
                    break
                node = node.value[step]
                line = _line_of(node)
            else:
                break
        return line

    def is_commented_out(self, steps: Sequence[str | int]) -> bool:
        """Return whether a '#' makes a comment of a value."""
        at = self.line_at(steps)
        return at <= len(self._lines) and bool(_COMMENTED_OUT.search(self._lines[at - 1]))

    def list_texts(self) -> Iterator[WrittenText]:
        """Yield every text of the document, in its order."""
        yield from self._texts_in(self._root, ())

    def _texts_in(self, node: yaml.Node, steps: tuple[str | int, ...]) -> Iterator[WrittenText]:
        if isinstance(node, yaml.MappingNode):
            for name, (_, value) in self._pairs_of(node).items():
                yield from self._texts_in(value, (*steps, name or ""))
        elif isinstance(node, yaml.SequenceNode):
            for at, item in enumerate(node.value):
                yield from self._texts_in(item, (*steps, at))
        elif isinstance(text := _read_scalar(node), str):
            end = node.end_mark
            is_plain = node.tag == _PLAIN_TAG and end.line < len(self._lines)
            rest = self._lines[end.line][end.column :] if is_plain else ""
            begun = node.start_mark.line + 1
            further = map(str.strip, self._lines[begun : end.line + 1]) if is_plain else ()
            yield WrittenText(text, steps, _line_of(node), rest, tuple(further))

    def _pairs_of(self, node: yaml.MappingNode) -> dict[str | None, tuple[yaml.Node, yaml.Node]]:
        """Return a mapping's nodes by key; of a key that stands twice, the first."""
        # Sought through once for each of a hundred thousand faults, a mapping would take hours.
        if id(node) not in self._pairs:
            backwards = reversed(node.value)
            self._pairs[id(node)] = {_key_name(key): (key, value) for key, value in backwards}
        return self._pairs[id(node)]


def parse_yaml(text: str, path: Path, *, begins_with: str = "pack") -> YamlSource:
    """Return a document's values and their lines.

    Texts that lack quotation marks, brackets that are not closed, missing spaces, and tabs are
    faults of the document, and the rest of it is read all the same.

    `begins_with` is the key that an author of an empty file is told to begin with.

    Raises:
        PackError: The text is no YAML, or uses what no pack needs.
    """
    faults: list[Fault] = []
    tabbed = [at for at, line in enumerate(text.split("\n"), start=1) if "\t" in line]
    if tabbed:
        others = f", and on {len(tabbed) - 1} lines below" if len(tabbed) > 1 else ""
        faults.append(Fault(path, tabbed[0], f"there is a tab{others}", "use spaces"))
        text = text.replace("\t", "  ")
    try:
        root = _compose(text, path)
    except PackError as error:
        if not _KEY.search(text):
            raise PackError([Fault(path, 1, "this is a text, and no pack", _BEGIN_ANEW)]) from error
        text, slips = mend_slips(text)
        faults += [
            Fault(path, slip.line, slip.what, slip.remedy)
            for slip in slips
            # Told already: spaces that stand for a tab seldom fit.
            if not (slip.line in tabbed and slip.remedy.startswith("begin it with"))
        ]
        if not faults:
            raise
        try:
            root = _compose(text, path)
        except PackError as again:
            raise PackError([*faults, *again.faults]) from error
    if not isinstance(root, yaml.MappingNode):
        what = "the file has no 'key: value' line to begin with"
        remedy = f"start with '{begins_with}:'"
        if root is None:
            what = "the file is empty"
            if begins_with == "pack":
                remedy = f"{remedy}; 'linernotes facts new' writes a pack to begin with"
        elif isinstance(root, yaml.ScalarNode):
            what, remedy = "this is a text, and no pack", _BEGIN_ANEW
        raise PackError([*faults, Fault(path, 1, what, remedy)])
    _split_entries(root, path, faults)
    content = _read_mapping(root, path, faults)
    return YamlSource(content, tuple(faults), root, tuple(_LINE_BREAK.split(text)))


def format_value(value: object) -> str:
    """Return a value for a message, short and harmless to terminals."""
    if isinstance(value, str):
        # Only the beginning: a value may have megabytes.
        shown = "".join(c if c.isprintable() else "?" for c in value[: 2 * MAX_SHOWN])
        shown = f"'{shown}'"
    else:
        shown = ascii(value)
    return shown if len(shown) <= MAX_SHOWN else f"{shown[: MAX_SHOWN - 3]}..."


def _compose(text: str, path: Path) -> yaml.Node | None:
    """Compose a document.

    Raises:
        PackError: The text is no YAML, or uses what no pack needs.
    """
    try:
        _refuse_unsafe(text, path)
        root: yaml.Node | None = yaml.compose(text, _Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None)
        what = f"this is not YAML ({problem or 'cannot be read'})"
        remedy = "look at this line and the one above: indent, colon, quotes"
        raise PackError([Fault(path, mark.line + 1 if mark else None, what, remedy)]) from error
    return root


def _refuse_unsafe(text: str, path: Path) -> None:
    """Refuse a document at the first event that no pack needs."""
    depth = events = documents = 0
    loader = yaml.CSafeLoader(text)
    try:
        while event := loader.get_event():
            events += 1
            documents += isinstance(event, yaml.DocumentStartEvent)
            what = remedy = ""
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
                what, remedy = "anchors and aliases (& and *) are not read", _WRITE_OUT
            elif getattr(event, "tag", None) is not None:
                what, remedy = "tags (!) are not read", _QUOTE_SIGN
            elif depth >= MAX_DEPTH and not isinstance(event, yaml.CollectionEndEvent):
                what, remedy = f"lists and mappings nest deeper than {MAX_DEPTH}", "flatten them"
            elif events > MAX_EVENTS:
                what, remedy = "the file holds too many values", "split it into several packs"
            elif documents > 1:
                what, remedy = "a second document starts here (---)", "keep one pack to a file"
            if what:
                line = event.start_mark.line + 1 if event.start_mark else 1
                raise PackError([Fault(path, line, what, remedy)])
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
    finally:
        loader.dispose()


def _split_entries(node: yaml.Node, path: Path, faults: list[Fault]) -> None:
    """Split entries where another one begins without its dash."""
    if isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            _split_entries(value, path, faults)
    elif isinstance(node, yaml.SequenceNode):
        entries: list[yaml.Node] = []
        for entry in node.value:
            begin = 0
            pairs = entry.value if isinstance(entry, yaml.MappingNode) else []
            names = [_key_name(key) for key, _ in pairs]
            for at in range(1, len(pairs)):
                if names[at] == names[0] == "id":
                    line = _line_of(pairs[at][0])
                    what = "an entry begins here without its dash"
                    faults.append(Fault(path, line, what, "write '- id:', two columns to the left"))
                    rest = (pairs[begin:at], pairs[begin][0].start_mark, pairs[at][0].start_mark)
                    entries.append(yaml.MappingNode(entry.tag, *rest))
                    begin = at
            if begin:
                rest = (pairs[begin:], pairs[begin][0].start_mark, entry.end_mark)
                entries.append(yaml.MappingNode(entry.tag, *rest))
            else:
                entries.append(entry)
        node.value[:] = entries
        for entry in entries:
            _split_entries(entry, path, faults)


def _read_value(node: yaml.Node, path: Path, faults: list[Fault]) -> Value:
    if isinstance(node, yaml.MappingNode):
        return _read_mapping(node, path, faults)
    if isinstance(node, yaml.SequenceNode):
        return tuple(_read_value(item, path, faults) for item in node.value)
    return _read_scalar(node)


def _read_mapping(node: yaml.MappingNode, path: Path, faults: list[Fault]) -> dict[str, Value]:
    content: dict[str, Value] = {}
    key_lines: dict[str, int] = {}
    for key, value in node.value:
        name, line = _key_name(key), _line_of(key)
        if name is None:
            what, remedy = "a list or a mapping stands where a key should", "use a word as the key"
            faults.append(Fault(path, line, what, remedy))
        elif name in content:
            what = f"the key {format_value(name)} stands twice, first on line {key_lines[name]}"
            faults.append(Fault(path, line, what, "remove one"))
        else:
            content[name] = _read_value(value, path, faults)
            key_lines[name] = line
    return content


def _read_scalar(node: yaml.Node) -> Scalar:
    text = str(node.value)
    if node.tag != _PLAIN_TAG:  # quoted, or a block: text whatever it looks like
        return text
    if text in _NAMED_VALUES:
        return _NAMED_VALUES[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _NUMBER.fullmatch(text):
        return float(text)
    return text


def _key_name(node: yaml.Node) -> str | None:
    """Return a key as text, or None if it is no scalar."""
    return str(_read_scalar(node)) if isinstance(node, yaml.ScalarNode) else None


def _line_of(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
