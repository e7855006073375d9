"""Find and mend the slips that keep a document from being YAML."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_SHOWN = 30
"""Characters of an entry in a message."""
LOOKAHEAD = 4
"""Lines below one that tell where it was meant to begin."""
MAX_LINES = 50
"""Lines on which the end of a text in quotation marks is looked for."""

_LINE = re.compile(r"(?P<lead> *(?:- +)*(?:(?P<key>[a-z0-9_][\w-]*): +)?)(?P<value>\S.*)")
_BLOCK = re.compile(r"[>|][-+0-9]{0,2}\s*(?:#.*)?")
_BLOCK_WITH_MORE = re.compile(r"(?P<sign>[>|][-+]?)(?P<rest>\s*\S.*)")
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
_BULLET = re.compile(
    r"(?P<lead> *)(?P<sign>[*+\u2022\u00b7\u2013\u2014]) +(?P<value>(?!- |[\w-]+:(?: |$))\S.*)"
)
_STRAY_SIGN = re.compile(
    r"(?P<lead> *)(?P<sign>[*'\",;.`&%@!?>|\]}])(?P<space> *)"
    r"(?P<rest>(?:- +)?(?P<key>[a-z_]+):(?: .*)?)"
)
_NO_SPACE_BEHIND_COLON = re.compile(r"(?P<lead> *)(?P<key>[a-z_]+):(?P<value>[\w\"'\[].*)")
_NO_DASH = re.compile(r"(?P<lead> *)(?P<value>[^\s#:-][^:]*)")
_FIXED_SPACE_INDENT = re.compile(r" *\u00a0[ \u00a0]*")
_KEY_OR_DASH = re.compile(r" *(?:- |[a-z0-9_][\w-]*:(?: |$))")
_BEGINNING = re.compile(r" *(?P<dashes>(?:- +)*)(?P<key>[a-z0-9_][\w-]*:(?= |$))?")
_OPENS = re.compile(r" *(?:- +)*(?:[\"']?[\w-]+[\"']?:|-)\s*(?:#.*)?")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
# Each character is looked at once: every run between two marks matches, with a '#' or without.
_RUN_IN_BRACKETS = re.compile(
    r"(?P<before>(?:[^,:\[\]{}\"' ]| (?!#))*+)(?P<comment> #[^,\[\]{}\"']*)|[^,:\[\]{}\"']++"
)
# "subject = ona", "subject: ona" with a wide colon, and "subject ona".
_OTHER_SIGN = re.compile(
    r"(?P<lead> *(?:- +(?=id\b))?)(?P<key>[a-z_]+)(?: *= *| *\uff1a *)(?P<value>\S.*)"
)
_NO_COLON = re.compile(r"(?P<lead> *(?:- +(?=id ))?)(?P<key>[a-z_]+) +(?P<value>[^\s:].*)")
_KEY = re.compile(r"(?:^|[{,]) *(?:- +)*([a-z_]+):(?= |$)", re.MULTILINE)
_FENCE = re.compile(r"\s*```.*")
_FOREIGN_COMMENT = re.compile(r"\s*(?P<sign>//|/\*|<!--).*")
_COMMA_OF_JSON = re.compile(
    r"(?P<pair> *(?:- +)*\"?[a-z_]+\"?: +(?:\"[^\"]*\"|\d+|true|false)),\s*"
)
_LIST_BEHIND_KEY = re.compile(r"(?P<lead> *)(?P<key>[a-z_]+): +- +(?P<value>\S.*?)\s*")
_BLOCK_BEHIND_KEY = re.compile(rf" *(?:- +)*[a-z_]+: +{_BLOCK.pattern}")
_KEY_BEHIND_KEY = re.compile(r"(?P<first> *(?P<key>[\w-]+):) +(?P<second>[a-z_]+): .*")
_QUOTED_KEY = re.compile(r"\"([a-z_]+)\"(?=:)")
_ITEM_OF_TEXT = re.compile(r" *- +(?![\w-]+:(?: |$)|[{\[])")
_ITEM_WITH_SIGN = re.compile(r"(?P<before>(?:[\[,]|: )\s*)(?P<item>[@%`*&!?|>][^,\[\]{}\"']*)")
# Behind one word, a list or a text in quotation marks; more words may be a sentence.
_SECOND_ON_LINE = re.compile(
    r"(?P<value>\[[^\]]*\]|\"[^\"]*\"|'[^']*'|[^\s\[\"']+) +(?:- +)?(?P<key>[a-z_]+):(?: |$)"
)
_SECOND_KEY = re.compile(r"(?P<value>: [^,:{}\[\]\"']+?) (?P<key>[a-z_]+)(?=: )")
_COLON_IN_VALUE = re.compile(r"(?<=: )(?P<value>[^,:{}\[\]\"']+: [^,{}\[\]\"']+)(?=[,}])")
_COLON = "a colon with a space behind it ends this text for YAML"
_MARKS = "put this text in quotation marks"


Mended = tuple[str, str, str]
"""A line as it was meant, the problem, and the remedy."""


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
    mender = _Mender(text.replace("\r\n", "\n").split("\n"))
    mender.mend()
    return "\n".join(mender.lines), tuple(sorted(mender.slips, key=lambda slip: slip.line))


class _Mender:
    """Mends a document line by line."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.slips: list[Slip] = []
        self._indents = _Indents()
        self._keys = frozenset(_KEY.findall("\n".join(lines)))
        self._text_column: int | None = None
        """The column of the last key or dash, if further lines may go on with its text."""
        self._lost_list: int | None = None
        """The column of a list whose key is missing."""

    def mend(self) -> None:
        """Mend every value, one after the other."""
        self.mend_conflicts()
        at = 0
        while at < len(self.lines):
            self.mend_foreign_line(at)
            self.mend_beginning(at)
            at = self.mend_value(at) + 1

    def tell(self, at: int, what: str, remedy: str) -> None:
        """Note a slip on a line."""
        self.slips.append(Slip(at + 1, what, remedy))

    def mend_conflicts(self) -> None:
        """Take the first of two versions that Git could not merge."""
        begun = parted = -1
        for at, line in enumerate(self.lines):
            if line.startswith("<<<<<<<"):
                begun, parted = at, -1
                what = "Git could not merge two versions of the lines from here to '>>>>>>>'"
                remedy = "keep one, and delete the lines with '<<<<<<<', '=======' and '>>>>>>>'"
                self.tell(at, what, remedy)
            elif begun >= 0 and line.startswith("======="):
                parted = at
            elif begun >= 0 and line.startswith(">>>>>>>"):
                self.lines[max(begun, parted) : at] = [""] * (at - max(begun, parted))
                begun = parted = -1
            else:
                continue
            self.lines[at] = ""

    def mend_foreign_line(self, at: int) -> None:
        """Mend a line of another language than YAML."""
        line = self.lines[at]
        if _FENCE.fullmatch(line):
            self.tell(at, "a line with ``` means nothing in a pack", "delete it")
            self.lines[at] = ""
        elif comment := _FOREIGN_COMMENT.fullmatch(line):
            sign = comment["sign"]
            self.tell(at, f"'{sign}' begins no comment here", f"write '# ' instead of '{sign}'")
            self.lines[at] = ""
        elif pair := _COMMA_OF_JSON.fullmatch(line):
            self.tell(at, "a comma ends this line, as none does here", "delete the comma")
            self.lines[at] = _QUOTED_KEY.sub(r"\1", pair["pair"])

    def mend_beginning(self, at: int) -> None:
        """Mend the beginning of a line."""
        below = self.list_below(at)
        following = below[0] if below else ""
        for found in (
            _find_spacing_slip(self.lines, at),
            self.find_stray_sign(self.lines[at]),
            self.find_lost_colon(self.lines[at], following),
            self.find_lost_dash(at),
            self.find_entry_without_dash(at, following),
            _find_list_behind_key(self.lines[at], following),
            self.find_key_behind_key(self.lines[at], following),
        ):
            if found:
                self.lines[at], what, remedy = found
                self.tell(at, what, remedy)
                break
        line = self.lines[at]
        if self.is_of_list_without_key(at):
            self.lines[at] = ""
            return
        fitting = self._indents.find_fitting(line, below)
        if fitting is not None:
            if fitting.what:
                self.tell(at, fitting.what, fitting.remedy)
            self.lines[at] = " " * fitting.column + line.lstrip(" ")
        elif _is_bare(line):
            self.mend_bare_line(at)

    def list_below(self, at: int) -> tuple[str, ...]:
        """Return the next lines, without those of a text that begins below its key."""
        first = at + 1
        if _BLOCK_BEHIND_KEY.fullmatch(self.lines[at]):
            keys = (
                each
                for each in range(first, min(first + MAX_LINES, len(self.lines)))
                if _KEY_OR_DASH.match(self.lines[each])
            )
            first = next(keys, first)
        return tuple(filter(str.strip, self.lines[first : first + LOOKAHEAD]))

    def find_key_behind_key(self, line: str, following: str) -> Mended | None:
        """Find a key whose first inner key stands on its own line."""
        found = _KEY_BEHIND_KEY.fullmatch(line)
        goes_deeper = _count_indent(following) > _count_indent(line)
        if not (found and found["second"] in self._keys and goes_deeper):
            return None
        what = f"'{found['second']}:' stands on the line of '{found['key']}:'"
        return found["first"], what, f"begin a new line with '{found['second']}:'"

    def is_of_list_without_key(self, at: int) -> bool:
        """Return whether an entry belongs to a list without a key."""
        if not _ITEM_OF_TEXT.match(self.lines[at]):
            self._lost_list = self._lost_list if not self.lines[at].strip() else None
            return False
        column = _count_indent(self.lines[at])
        if column == self._lost_list:
            return True
        if not self._indents.is_too_deep(column):
            return False
        what = "a list begins here, and the line above is no key that it could belong to"
        self.tell(at, what, "write its key above it, such as 'questions:'")
        self._lost_list = column
        return True

    def find_stray_sign(self, line: str) -> Mended | None:
        """Find a sign that slipped in before a key."""
        found = _STRAY_SIGN.fullmatch(line)
        if found is None or found["key"] not in self._keys:
            return None
        space = found["space"] + " " if found["space"] else ""
        mended = found["lead"] + space + found["rest"]
        return mended, f"a {found['sign']} stands before '{found['key']}:'", "delete it"

    def find_lost_colon(self, line: str, following: str) -> Mended | None:
        """Find a key without its colon."""
        signed, unsigned = _OTHER_SIGN.fullmatch(line), _NO_COLON.fullmatch(line)
        is_at_key = self._indents.has_key_at(_count_indent(line))
        key, value = line.strip(), ""
        if key in self._keys and is_at_key and following.lstrip().startswith("- "):
            lead = line[: _count_indent(line)]
        elif signed and (is_at_key or signed["key"] in self._keys):
            lead, key, value = signed["lead"], signed["key"], f" {signed['value']}"
        # Without any sign, only a word that is a key elsewhere is one.
        elif (
            unsigned
            and unsigned["key"] in self._keys
            and self._indents.has_key_at(len(unsigned["lead"]))
        ):
            lead, key, value = unsigned["lead"], unsigned["key"], f" {unsigned['value']}"
        else:
            return None
        remedy = f"write '{key}: '" if value else f"write '{key}:'"
        return f"{lead}{key}:{value}", f"the colon behind '{key}' is missing", remedy

    def find_lost_dash(self, at: int) -> Mended | None:
        """Find a text in quotation marks without its dash."""
        text, above = self.lines[at].strip(), self.lines[at - 1] if at else ""
        mark = text[:1]
        is_whole = mark in _WHOLE and bool(_WHOLE[mark].fullmatch(text))
        if not (is_whole and _ITEM_OF_TEXT.match(above)):
            return None
        mended = f"{' ' * _count_indent(above)}- {text}"
        return mended, "the dash before this entry of a list is missing", "write '- ' before it"

    def find_entry_without_dash(self, at: int, following: str) -> Mended | None:
        """Find the first key of an entry without its dash."""
        found = re.fullmatch(r" *([a-z_]+): +[^>|\s].*", self.lines[at])
        column, inner = _count_indent(self.lines[at]), _count_indent(following)
        is_first = at > 0 and bool(_OPENS.fullmatch(self.lines[at - 1]))
        goes_deeper = _KEY_OR_DASH.match(following) and column < inner
        if not (found and is_first and goes_deeper) or following.lstrip().startswith("- "):
            return None
        mended = f"{' ' * max(inner - 2, 0)}- {self.lines[at].strip()}"
        return mended, "an entry begins here without its dash", f"write '- {found[1]}:'"

    def mend_bare_line(self, at: int) -> None:
        """Mend a line without a key or dash."""
        if self._text_column is None:
            what = "this line has neither a key nor a dash, and goes on with no text"
            self.tell(at, what, "write it as 'key: value', or delete it")
            self.lines[at] = ""
            return
        column = self._text_column + 2
        above = next(filter(str.strip, reversed(self.lines[:at])), "")
        if _ITEM_OF_TEXT.match(above):
            what = "this line goes on with the entry above it, and stands no deeper than its dash"
            dash = f"'{' ' * self._text_column}- '"
            self.tell(at, what, f"begin it with {dash} if it is an entry, or with {column} spaces")
        else:
            what = "this line goes on with the text above it, and stands no deeper than its key"
            self.tell(at, what, f"begin it with {column} spaces")
        self.lines[at] = " " * column + self.lines[at].lstrip(" ").replace(": ", " - ")

    def mend_value(self, at: int) -> int:
        """Mend a value, and return its last line."""
        match = _LINE.fullmatch(self.lines[at])
        if match is None or match["value"].startswith("#"):
            return at
        if not match["key"] and _BARE_KEY.fullmatch(match["value"]):
            self._text_column = len(match["lead"])
            return at
        value = self.cut_joined_line(at, match)
        dashes = match["lead"].rpartition("- ")[0]
        column = len(dashes) + 2 if match["key"] and dashes else _count_indent(self.lines[at])
        if (header := _BLOCK_WITH_MORE.fullmatch(value)) and not _BLOCK.fullmatch(value):
            what = f"behind '{header['sign']}' the text begins on the next line"
            self.tell(at, what, f"write nothing more behind '{header['sign']}'")
            value = header["sign"]
            self.lines[at] = match["lead"] + value
        if _BLOCK.fullmatch(value):
            self._text_column = column
            return self.mend_block(at, column)
        self._text_column = None
        if value[0] in "[{":
            return self.mend_brackets(at, match["key"], column)
        end = self.find_end_of_quoted(at, value, column)
        if end is None and (told := _find_slip(value)):
            self.tell(at, _name_key(match["key"], told[0]), told[1])
            self.lines[at] = match["lead"] + _quote(value)
        elif value[0] not in _WHOLE:
            self._text_column = column
            end = self.mend_further_lines(at, column)
        return end or at

    def cut_joined_line(self, at: int, match: re.Match[str]) -> str:
        """Cut a line before a second key, and return its value."""
        value = match["value"].rstrip()
        if not match["key"] or value[0] == "{":
            return value
        second = _SECOND_ON_LINE.match(value)
        if second and second["key"] in self._keys:
            what = f"'{second['key']}:' stands on the line of '{match['key']}:'"
            self.tell(at, what, f"begin a new line with '{second['key']}:'")
            value = second["value"]
            self.lines[at] = match["lead"] + value
        return value

    def mend_block(self, at: int, column: int) -> int:
        """Mend the indents of a block, and return its last line."""
        last = self.find_last_line(at, _count_indent(self.lines[at]))
        deep = [each for each in range(at + 1, last + 1) if self.lines[each].strip()]
        if not deep or any(map(str.isdigit, self.lines[at].rstrip()[-3:])):
            return last
        indent = _count_indent(self.lines[deep[0]])
        for each in deep:
            line = self.lines[each]
            if column < _count_indent(line) < indent and not _KEY_OR_DASH.match(line):
                what = f"{_count_indent(line)} spaces begin this line, and {indent} the first line"
                what = f"{what} of the same text"
                self.tell(each, what, f"begin it with {indent} spaces")
                self.lines[each] = " " * indent + line.lstrip(" ")
        return last

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
        self.mend_marks_in_brackets(at, last, key)
        count = 0
        for each in range(at, last + 1):
            if _hides_closing_bracket(self.lines[each]):
                what = "a '#' behind a space begins a comment, and hides the bracket's end"
                remedy = "put the text with the '#' in quotation marks"
                self.tell(each, _name_key(key, what), remedy)
                spaced = re.sub(r"(?<=[\[{,])#", " #", self.lines[each])
                self.lines[each] = _RUN_IN_BRACKETS.sub(_quote_with_hash, spaced)
            self.mend_entries_in_brackets(each, key)
            count += _count_open_brackets(self.lines[each])
            if count <= 0:
                return each
        closing = "]" if self.lines[at].rfind("[") > self.lines[at].rfind("{") else "}"
        what, remedy = "a bracket is opened and never closed", f"close it with '{closing}'"
        self.tell(at, _name_key(key, what), remedy)
        self.lines[last] = self.lines[last].rstrip() + closing
        return last

    def mend_marks_in_brackets(self, at: int, last: int, key: str | None) -> None:
        """Mend quotation marks in brackets that have no partner."""
        text = "\n".join(self.lines[at : last + 1])
        lone = _find_lone_mark(text, len(text) - len(text.lstrip()))
        if lone is None:
            return
        what = f"the quotation mark before '{_entry_at(text, lone + 1)}' has no partner"
        remedy = "put one at each end of the text, and a comma between entries"
        self.tell(at + text.count("\n", 0, lone), _name_key(key, what), remedy)
        mark = text[lone]
        rest = text[lone:].replace(mark, "")
        self.lines[at : last + 1] = (text[:lone] + rest).split("\n")

    def mend_entries_in_brackets(self, at: int, key: str | None) -> None:
        """Mend the signs, colons and commas of entries in brackets."""

        def quote_sign(found: re.Match[str]) -> str:
            item = found["item"].rstrip()
            is_sign = item[0] in "|>" or item.split()[0] == "?"
            if not is_sign and (item[0] == "?" or _MEANT.fullmatch(item)):
                return found[0]
            what = f"a text that begins with '{item[0]}' means something else to YAML"
            self.tell(at, _name_key(key, what), _MARKS)
            return found["before"] + _quote(item)

        def add_comma(found: re.Match[str]) -> str:
            if found["key"] not in self._keys:
                return found[0]
            name = found["key"]
            self.tell(at, f"the comma before '{name}:' is missing", f"write ', {name}:'")
            return f"{found['value']}, {name}"

        def quote_colon(found: re.Match[str]) -> str:
            self.tell(at, _name_key(key, _COLON), _MARKS)
            return _quote(found["value"])

        runs = re.split(rf"({_QUOTED.pattern})", self.lines[at])
        for place in range(0, len(runs), 2):
            run = _ITEM_WITH_SIGN.sub(quote_sign, runs[place])
            if "{" in self.lines[at] or "}" in self.lines[at]:
                run = _COLON_IN_VALUE.sub(quote_colon, _SECOND_KEY.sub(add_comma, run))
            runs[place] = run
        self.lines[at] = "".join(runs)

    def mend_further_lines(self, at: int, column: int) -> int:
        """Mend the lines on which a text without marks goes on, and return the last of them."""
        for each in range(at + 1, len(self.lines)):
            line = self.lines[each]
            if not line.strip() or _count_indent(line) <= column or _KEY_OR_DASH.match(line):
                return each - 1
            if ": " in line.partition(" #")[0]:
                self.tell(each, _COLON, _MARKS)
                self.lines[each] = line.replace(": ", " - ")
        return len(self.lines) - 1

    def find_last_line(self, at: int, column: int, at_most: int | None = None) -> int:
        """Return the last line of a block deeper than a column."""
        end = len(self.lines) if at_most is None else min(len(self.lines), at + at_most)
        for each in range(at + 1, end):
            if self.lines[each].strip() and _count_indent(self.lines[each]) <= column:
                return each - 1
        return end - 1


@dataclass(frozen=True, slots=True)
class _Fitting:
    """The column at which a line was meant to begin."""

    column: int
    what: str = ""
    """The problem; nothing where it was told of a line above."""
    remedy: str = ""


class _Begins(Enum):
    """The thing that a line begins with."""

    KEY = "a key"
    ENTRY = "a dash before keys"
    TEXT = "a dash before a text"


@dataclass(slots=True)
class _Indents:
    """The columns at which the keys and dashes above a line begin, the outermost first."""

    _levels: list[tuple[int, _Begins]] = field(default_factory=lambda: [(0, _Begins.KEY)])
    _may_nest: bool = False
    _moved: tuple[int, int] | None = None
    """The column of a list that was moved below its key, and the one that it was moved to."""

    def has_key_at(self, column: int) -> bool:
        """Return whether the line may have a key at a column."""
        return (column, _Begins.KEY) in self._levels

    def is_too_deep(self, column: int) -> bool:
        """Return whether an entry is deeper than any key allows."""
        is_in_list = any(each is _Begins.TEXT for _, each in self._levels)
        return not self._may_nest and not is_in_list and column > self._levels[-1][0]

    def find_fitting(self, line: str, below: Sequence[str]) -> _Fitting | None:
        """Return the column for a line that begins at none, and take it in."""
        following = below[0] if below else ""
        match = _BEGINNING.match(line)
        if not line.strip() or match is None or not (match["dashes"] or match["key"]):
            return None
        begins = _Begins.ENTRY if match["dashes"] else _Begins.KEY
        begins = _Begins.TEXT if _ITEM_OF_TEXT.match(line) else begins
        column = _count_indent(line)
        fitting = self.find_place_of_list(begins, column, below)
        nests = self.nests(begins, column)
        if fitting is None and not nests:
            fitting = self.find_place_among_keys(line, begins, column, following)
            if fitting is None and not self.fits(begins, column):
                fitting = self.find_nearest(line, begins, column, following)
                if fitting is None:
                    return None
        if fitting is not None:
            column = fitting.column
            nests = self.nests(begins, column)
        if nests:
            self._levels.append((column, begins))
        else:
            del self._levels[self.index_of(begins, column) + 1 :]
        for dash in re.finditer(r"- +", match["dashes"]):
            at, end = column + dash.end(), column + len(match["dashes"])
            if at < end or match["key"]:
                self._levels.append((at, _Begins.ENTRY if at < end else _Begins.KEY))
        self._may_nest = bool(_OPENS.fullmatch(line))
        return fitting

    def nests(self, begins: _Begins, column: int) -> bool:
        """Return whether a line begins what the line above opened."""
        deepest = self._levels[-1][0]
        is_deep = column > deepest or (begins is not _Begins.KEY and column == deepest)
        return self._may_nest and is_deep

    def index_of(self, begins: _Begins, column: int) -> int:
        """Return the place of a line's level."""
        if (column, begins) in self._levels:
            return self._levels.index((column, begins))
        other = _Begins.ENTRY if begins is _Begins.TEXT else _Begins.TEXT
        return self._levels.index((column, other))

    def fits(self, begins: _Begins, column: int) -> bool:
        """Return whether a line begins where others of its like do."""
        if begins is _Begins.TEXT and any(each is begins for _, each in self._levels):
            # Above a list of texts, "- text" is no entry of the list around it.
            return (column, begins) in self._levels
        if begins is _Begins.KEY:
            return self.has_key_at(column)
        return (column, _Begins.ENTRY) in self._levels or (column, _Begins.TEXT) in self._levels

    def find_place_of_list(
        self, begins: _Begins, column: int, below: Sequence[str]
    ) -> _Fitting | None:
        """Return the place of a misplaced list."""
        is_text = begins is _Begins.TEXT
        if is_text and self._moved and self._moved[0] == column:
            return _Fitting(self._moved[1])
        self._moved = None
        deepest = self._levels[-1][0]
        if not self._may_nest or begins is _Begins.KEY:
            return None
        if is_text and column < deepest:
            self._moved = (column, deepest + 2)
            what = "this list stands less deep than the key that it belongs to"
            return _Fitting(deepest + 2, what, f"begin each of its lines with {deepest + 2} spaces")
        dashes = takewhile(lambda line: line.lstrip().startswith("- "), below)
        others = [_count_indent(line) for line in dashes]
        other = others[0] if others else 0
        if deepest <= other < column and others.count(other) == len(others) > 1:
            what = f"{column} spaces begin this line, and {other} the other entries of the list"
            return _Fitting(other, what, f"begin it with {other} spaces")
        return None

    def find_place_among_keys(
        self, line: str, begins: _Begins, column: int, following: str
    ) -> _Fitting | None:
        """Return the place of a key among deeper ones."""
        deepest = max(at for at, each in self._levels if each is _Begins.KEY)
        after = _count_indent(following)
        is_dash = following.lstrip().startswith("- ")
        goes_on = after == deepest and _KEY_OR_DASH.match(following) and not is_dash
        # A list goes on around it.
        goes_on = goes_on or (is_dash and column < after and self.fits(_Begins.ENTRY, after))
        is_key = begins is _Begins.KEY and not _OPENS.fullmatch(line)
        if not (is_key and goes_on) or column >= deepest:
            return None
        what = f"{column} spaces begin this line, and {deepest} those above and below it"
        if is_dash:
            what = f"{column} spaces begin this line, and {deepest} the keys above it"
        elif not self.has_key_at(column):
            what = f"{column} spaces begin this line, which fits nothing above it"
        return _Fitting(deepest, what, f"begin it with {deepest} spaces")

    def find_nearest(
        self, line: str, begins: _Begins, column: int, following: str
    ) -> _Fitting | None:
        """Return the nearest column of a line's like."""
        is_key = begins is _Begins.KEY
        alike = [at for at, each in self._levels if each is begins]
        alike = alike or [at for at, each in self._levels if not is_key and each is not _Begins.KEY]
        if _OPENS.fullmatch(line) and following:
            # What it opens stands on the next line: deeper, or if it is a list, as deep.
            inner = _count_indent(following) + following.lstrip().startswith("- ")
            alike = [at for at in alike if at < inner] or alike
        if not alike:
            return None
        nearest = min(reversed(alike), key=lambda at: abs(at - column))
        what = f"{column} spaces begin this line, which fits nothing above it"
        return _Fitting(nearest, what, f"begin it with {nearest} spaces")


def _is_bare(line: str) -> bool:
    """Return whether a line is text without a key or dash."""
    text = line.strip()
    beginning = _BEGINNING.match(line)
    has_mark = beginning is not None and (beginning["dashes"] or beginning["key"])
    return (
        bool(text) and not has_mark and text[0] not in "#[{\"']}-%" and text not in {"...", "---"}
    )


def _find_lone_mark(text: str, start: int) -> int | None:
    """Return the place of a quotation mark without its partner."""
    at, opens = start, False
    while at < len(text):
        sign = text[at]
        if sign in _CLOSED and opens:
            whole = _CLOSED[sign].match(text, at)
            if whole is None or not re.match(r"\s*(?:[,\]}:#]|$)", text[whole.end() :]):
                return at
            at = whole.end()
        else:
            at += 1
        opens = sign in "[{,:" or (opens and sign.isspace())
    return None


def _entry_at(text: str, start: int) -> str:
    """Return the beginning of an entry, for a message."""
    entry = re.match(r"[^,\[\]{}\"'\n]*", text[start:])
    return entry[0].strip()[:MAX_SHOWN] if entry else ""


def _count_indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _count_open_brackets(text: str) -> int:
    bare = re.split(r"(?<=[\s\[{,])#", _QUOTED.sub("", text), maxsplit=1)[0]
    return sum(map(bare.count, "[{")) - sum(map(bare.count, "]}"))


def _hides_closing_bracket(text: str) -> bool:
    """Return whether a list ends within a comment as YAML has it."""
    bare = _QUOTED.sub("", text)
    in_all = sum(map(bare.count, "[{")) - sum(map(bare.count, "]}"))
    return _count_open_brackets(text) > in_all and in_all <= 0


def _find_spacing_slip(lines: list[str], at: int) -> Mended | None:
    """Find a space or dash that is missing, or is another character."""
    line = lines[at]
    if indent := _FIXED_SPACE_INDENT.match(line):
        mended = indent[0].replace("\u00a0", " ") + line[indent.end() :]
        return mended, "a fixed space (U+00A0) begins this line", "type the spaces anew"
    if bullet := _BULLET.fullmatch(line):
        sign = bullet["sign"]
        what = f"'{sign}' begins no entry of a list"
        return f"{bullet['lead']}- {bullet['value']}", what, f"write '- ' instead of '{sign} '"
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


def _find_list_behind_key(line: str, following: str) -> Mended | None:
    """Find a list that begins on the line of its key."""
    found = _LIST_BEHIND_KEY.fullmatch(line)
    if not found:
        return None
    goes_on = _ITEM_OF_TEXT.match(following) and _count_indent(following) >= len(found["lead"])
    mended = f"{found['lead']}{found['key']}:"
    if not goes_on:
        mended = f"{mended} [{_quote(found['value'])}]"
    what = f"a list begins on the line of '{found['key']}:'"
    return mended, what, f"put '- {found['value'][:MAX_SHOWN]}' on a line of its own below it"


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
