"""Find and mend the slips that keep a document from being YAML."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

MAX_LINES = 50
"""Lines on which the end of a text in quotation marks is looked for."""

_LINE = re.compile(r"(?P<lead> *(?:- +)*(?:(?P<key>[a-z0-9_][\w-]*): +)?)(?P<value>\S.*)")
_BLOCK = re.compile(r"[>|][-+0-9]{0,2}\s*(?:#.*)?")
_WHOLE = {
    '"': re.compile(r'"(?:[^"\\]|\\.)*+"\s*(?:#.*)?'),
    "'": re.compile(r"'(?:[^']|'')*+'\s*(?:#.*)?"),
}
_CLOSED = {'"': re.compile(r'"(?:[^"\\]|\\.)*+"'), "'": re.compile(r"'(?:[^']|'')*+'")}
# A lone anchor, alias or tag was meant as one, and is refused as such.
_MEANT = re.compile(r"[*&][\w-]+\s*(?:#.*|[\[{].*)?|!{1,2}[a-zA-Z].*")
_BARE_KEY = re.compile(r"[\w-]+:\s*(?:#.*)?")
_MEANINGFUL = "*&!%@`"
_NO_SPACE_BEHIND_DASH = re.compile(r"(?P<lead> *)-(?P<value>[^\W\d_].*)")
_NO_SPACE_BEHIND_COLON = re.compile(r"(?P<lead> *)(?P<key>[a-z_]+):(?P<value>[\w\"'\[].*)")
_NO_DASH = re.compile(r"(?P<lead> *)(?P<value>[^\s#:-][^:]*)")
_FIXED_SPACE_INDENT = re.compile(r" *\u00a0[ \u00a0]*")
_KEY_OR_DASH = re.compile(r" *(?:- |[a-z0-9_][\w-]*:(?: |$))")
_BEGINNING = re.compile(r" *(?P<dashes>(?:- +)*)(?P<key>[a-z0-9_][\w-]*:(?=[ \r]|$))?")
_OPENS = re.compile(r".*(?::|-)\s*(?:#.*)?")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
# Each character is looked at once: every run between two marks matches, with a '#' or without.
_RUN_IN_BRACKETS = re.compile(
    r"(?P<before>(?:[^,:\[\]{}\"' ]| (?!#))*+)(?P<comment> #[^,\[\]{}\"']*)|[^,:\[\]{}\"']++"
)
_COLON = "a colon with a space behind it ends this text for YAML"
_MARKS = "put this text in quotation marks"


@dataclass(frozen=True, slots=True)
class Slip:
    """A line that YAML does not read as it was meant."""

    line: int
    what: str
    remedy: str


def mend_slips(text: str) -> tuple[str, tuple[Slip, ...]]:
    """Return a document with its slips mended, and the slips.

    It is for documents that cannot be parsed, so that one slip hides no other fault: each line
    keeps its number, and a line that is not understood stays as it is.
    """
    mender = _Mender(text.split("\n"))
    mender.mend()
    return "\n".join(mender.lines), tuple(sorted(mender.slips, key=lambda slip: slip.line))


class _Mender:
    """Mends a document line by line."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.slips: list[Slip] = []
        self._indents = _Indents()

    def mend(self) -> None:
        """Mend every value, one after the other."""
        at = 0
        while at < len(self.lines):
            self.mend_beginning(at)
            at = self.mend_value(at) + 1

    def mend_beginning(self, at: int) -> None:
        """Mend the spaces and the dash that a line begins with."""
        if spaced := _find_spacing_slip(self.lines, at):
            self.lines[at], what, remedy = spaced
            self.slips.append(Slip(at + 1, what, remedy))
        line = self.lines[at]
        fitting = self._indents.find_fitting(line)
        if fitting is not None:
            what = f"{_count_indent(line)} spaces begin this line, which fits nothing above it"
            self.slips.append(Slip(at + 1, what, f"begin it with {fitting} spaces"))
            self.lines[at] = " " * fitting + line.lstrip(" ")

    def mend_value(self, at: int) -> int:
        """Mend a value, and return its last line."""
        match = _LINE.fullmatch(self.lines[at].rstrip("\r"))
        if match is None or match["value"].startswith("#"):
            return at
        if not match["key"] and _BARE_KEY.fullmatch(match["value"]):
            return at
        value = match["value"].rstrip()
        dashes = match["lead"].rpartition("- ")[0]
        column = len(dashes) + 2 if match["key"] and dashes else _count_indent(self.lines[at])
        if _BLOCK.fullmatch(value):
            return self.find_last_line(at, _count_indent(self.lines[at]))
        if value[0] in "[{":
            return self.mend_brackets(at, match["key"], column)
        end = self.find_end_of_quoted(at, value, column)
        if end is None and (told := _find_slip(value)):
            self.slips.append(Slip(at + 1, _name_key(match["key"], told[0]), told[1]))
            self.lines[at] = match["lead"] + _quote(value)
        elif value[0] not in _WHOLE:
            end = self.mend_further_lines(at, column)
        return end or at

    def find_end_of_quoted(self, at: int, value: str, column: int) -> int | None:
        """Return the later line on which a text in quotation marks ends, if it does on one."""
        mark = value[0]
        if mark not in _WHOLE or _CLOSED[mark].match(value):
            return None
        doubled = 2 * mark if mark == "'" else "\\" + mark
        following = range(at + 1, self.find_last_line(at, column, MAX_LINES) + 1)
        ends = (each for each in following if mark in self.lines[each].replace(doubled, ""))
        return next(ends, None)

    def mend_brackets(self, at: int, key: str | None, column: int) -> int:
        """Mend a list or mapping in brackets, and return its last line."""
        last = self.find_last_line(at, column)
        count = 0
        for each in range(at, last + 1):
            if _hides_closing_bracket(self.lines[each]):
                what = "a '#' behind a space begins a comment, and hides the bracket's end"
                remedy = "put the text with the '#' in quotation marks"
                self.slips.append(Slip(each + 1, _name_key(key, what), remedy))
                self.lines[each] = _RUN_IN_BRACKETS.sub(_quote_with_hash, self.lines[each])
            count += _count_open_brackets(self.lines[each])
            if count <= 0:
                return each
        closing = "]" if self.lines[at].rfind("[") > self.lines[at].rfind("{") else "}"
        what, remedy = "a bracket is opened and never closed", f"close it with '{closing}'"
        self.slips.append(Slip(at + 1, _name_key(key, what), remedy))
        self.lines[last] = self.lines[last].rstrip() + closing
        return last

    def mend_further_lines(self, at: int, column: int) -> int:
        """Mend the lines on which a text without marks goes on, and return the last of them."""
        for each in range(at + 1, len(self.lines)):
            line = self.lines[each]
            if not line.strip() or _count_indent(line) <= column or _KEY_OR_DASH.match(line):
                return each - 1
            if ": " in line.partition(" #")[0]:
                self.slips.append(Slip(each + 1, _COLON, _MARKS))
                self.lines[each] = line.replace(": ", " - ")
        return len(self.lines) - 1

    def find_last_line(self, at: int, column: int, at_most: int | None = None) -> int:
        """Return the last line of a block deeper than a column."""
        end = len(self.lines) if at_most is None else min(len(self.lines), at + at_most)
        for each in range(at + 1, end):
            if self.lines[each].strip() and _count_indent(self.lines[each]) <= column:
                return each - 1
        return end - 1


@dataclass(slots=True)
class _Indents:
    """The columns at which the keys and dashes above a line begin, the outermost first."""

    _levels: list[tuple[int, bool]] = field(default_factory=lambda: [(0, False)])
    """Each with whether it is a dash."""
    _may_nest: bool = False

    def find_fitting(self, line: str) -> int | None:
        """Return the nearest column of its like for a line that begins at none, and take it in."""
        match = _BEGINNING.match(line)
        if not line.strip() or match is None or not (match["dashes"] or match["key"]):
            return None
        is_dash = bool(match["dashes"])
        column = _count_indent(line)
        fitting = None
        deepest = self._levels[-1][0]
        nests = self._may_nest and (column > deepest or (is_dash and column == deepest))
        if not nests and (column, is_dash) not in self._levels:
            alike = [at for at, dash in self._levels if dash == is_dash]
            if not alike:
                return None
            fitting = column = min(reversed(alike), key=lambda at: abs(at - column))
        if nests:
            self._levels.append((column, is_dash))
        else:
            del self._levels[self._levels.index((column, is_dash)) + 1 :]
        for dash in re.finditer(r"- +", match["dashes"]):
            at = column + dash.end()
            self._levels.append((at, at < column + len(match["dashes"])))
        self._may_nest = bool(_OPENS.fullmatch(line))
        return fitting


def _count_indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _count_open_brackets(text: str) -> int:
    bare = _QUOTED.sub("", text).partition(" #")[0]
    return sum(map(bare.count, "[{")) - sum(map(bare.count, "]}"))


def _hides_closing_bracket(text: str) -> bool:
    """Return whether a list ends within a comment as YAML has it."""
    bare = _QUOTED.sub("", text)
    in_all = sum(map(bare.count, "[{")) - sum(map(bare.count, "]}"))
    return _count_open_brackets(text) > in_all and in_all <= 0


def _find_spacing_slip(lines: list[str], at: int) -> tuple[str, str, str] | None:
    """Return a line with its spaces or dash mended, what was wrong, and the remedy; or None."""
    line = lines[at]
    if indent := _FIXED_SPACE_INDENT.match(line):
        mended = indent[0].replace("\u00a0", " ") + line[indent.end() :]
        return mended, "a fixed space (U+00A0) begins this line", "type the spaces anew"
    if dash := _NO_SPACE_BEHIND_DASH.fullmatch(line):
        what, remedy = "the space behind the dash is missing", "write '- ' before the text"
        return f"{dash['lead']}- {dash['value']}", what, remedy
    if colon := _NO_SPACE_BEHIND_COLON.fullmatch(line):
        key = colon["key"]
        what, remedy = f"the space behind '{key}:' is missing", f"write '{key}: ' before the value"
        return f"{colon['lead']}{key}: {colon['value']}", what, remedy
    bare = _NO_DASH.fullmatch(line)
    if bare and at and lines[at - 1].startswith(f"{bare['lead']}- "):
        what, remedy = "the dash before this entry of a list is missing", "write '- ' before it"
        return f"{bare['lead']}- {bare['value']}", what, remedy
    return None


def _name_key(key: str | None, what: str) -> str:
    return f"'{key}': {what}" if key else what


def _find_slip(value: str) -> tuple[str, str] | None:
    """Return what YAML makes of a value that is no text for it, and the remedy."""
    first = value[0]
    if first in _MEANINGFUL and not _MEANT.fullmatch(value):
        return f"a text that begins with '{first}' means something else to YAML", _MARKS
    if first in _WHOLE:
        if _WHOLE[first].fullmatch(value):
            return None
        if _CLOSED[first].match(value):
            inner = "an apostrophe" if first == "'" else "a quotation mark"
            remedy = (
                "put this text in double quotation marks"
                if '"' not in value
                else "put all of it in single quotation marks"
            )
            return f"{inner} inside this text ends it for YAML", remedy
        what = "the quotation mark at the beginning of this text is never closed"
        return what, f"end the text with {first}, or put it in other quotation marks"
    if ": " in value.partition(" #")[0] or value.endswith(":"):
        return _COLON, _MARKS
    return None


def _quote_with_hash(run: re.Match[str]) -> str:
    """Return a run of text between two marks in quotation marks, if it has a '#' behind a space."""
    if not run["comment"]:
        return run[0]
    space = run[0][: len(run[0]) - len(run[0].lstrip())]
    return space + _quote(run[0].strip())


def _quote(value: str) -> str:
    if value[0] in _WHOLE:
        value = value.replace(value[0], "", 1).removesuffix(value[0])
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
